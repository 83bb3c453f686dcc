"""What a run measured with, as flat text: a changed threshold explains a changed level."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from mailwatch import __version__
from mailwatch.catalog.catalog import Catalog
from mailwatch.config import Config
from mailwatch.model import ACCOUNT
from mailwatch.text.inert import inert
from mailwatch.text.units import limit_text

_LEFT_OUT = ("history",)
"""Where the history is says nothing about the figures."""


def settings_of(config: Config, catalog: Catalog) -> Mapping[str, str]:
    """Each setting by name. Of a secret only where it is, as everywhere."""
    return {
        "mailwatch": __version__,
        **dict(_configured(config)),
        **dict(_numbers(catalog)),
    }


def _configured(config: Config) -> Iterator[tuple[str, str]]:
    for part in fields(config):
        value = getattr(config, part.name)
        if part.name in _LEFT_OUT or value is None:
            continue
        if is_dataclass(value):
            for inner in fields(value):
                yield f"{part.name}.{inner.name}", _text(getattr(value, inner.name))
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            for item in value:
                name = inert(str(getattr(item, "name", item)), 255)
                for inner in fields(item):
                    if inner.name != "name":
                        yield f"{part.name}.{name}.{inner.name}", _text(getattr(item, inner.name))
        else:
            yield part.name, _text(value)


def _numbers(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for check in catalog.checks.values():
        threshold = catalog.threshold(check, ACCOUNT)
        for side, limit in (("ideal", threshold.ideal), ("act", threshold.act)):
            shown = limit_text(limit, check.unit, readable=False) or "none"
            yield f"thresholds.{check.id}.{side}", shown
    for number, override in enumerate(catalog.overrides, 1):
        about = " ".join(f"{key}={inert(value)}" for key, value in override.match.pairs)
        for check_id, numbers in override.numbers.items():
            unit = catalog.checks[check_id].unit
            for side in ("ideal", "act"):
                if side in numbers:
                    shown = limit_text(numbers[side], unit, readable=False) or "none"
                    yield f"thresholds.{check_id}.{side} {about} ({number})", shown


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_text, value))
    return "none" if value is None else inert(str(value), 400)
