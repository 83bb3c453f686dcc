"""config: what is in force, and where each value came from."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, NamedTuple

from mailwatch.catalog import shipped
from mailwatch.cli.check import (
    THRESHOLDS_FILE,
    catalog_in_use,
    checks_in_use,
    thresholds_in_use,
)
from mailwatch.cli.explain import overridden, sides, wrapped
from mailwatch.cli.options import PageOptions
from mailwatch.cli.output import choose_language, choose_width, print_out
from mailwatch.config import Loaded, load_config
from mailwatch.config.file import FILE, VARIABLE
from mailwatch.config.secret import HIDDEN, SecretRef
from mailwatch.config.sections import SECTIONS
from mailwatch.errors import MailwatchError
from mailwatch.model import ACCOUNT, Check, Phrase, Subject, Threshold, say, verbatim
from mailwatch.sources import SOURCES
from mailwatch.text.inert import inert
from mailwatch.words import worded

NARROWEST_VALUE = 20
"""Columns. Where less is left next to the keys, each value goes below its key."""


class ConfigRow(NamedTuple):
    """A value in force, and where it came from."""

    key: str
    value: Phrase | None
    origin: Phrase


def show(options: PageOptions) -> int:
    """Prints what is in force."""
    loaded = load_config(options.config)
    rows = [
        *_file_rows(loaded, options),
        *_section_rows(loaded, options),
        *_threshold_rows(loaded, options),
    ]
    console = options.format != "json"
    lang = choose_language(options.lang, os.environ if console else {}, sys.stdout)
    texts = [
        (key, None if value is None else worded(value, lang), worded(origin, lang))
        for key, value, origin in rows
    ]
    if console:
        not_set = worded(say("commands.not_set"), lang)
        width = choose_width(options.width, os.environ)
        print_out(wrapped(_lines(texts, not_set, width), width))
    else:
        document = [{"key": key, "value": value, "origin": origin} for key, value, origin in texts]
        print_out([json.dumps({"config": document}, ensure_ascii=False, indent=2), "\n"])
    return 0


def _lines(
    texts: list[tuple[str, str | None, str]], not_set: str, width: int
) -> Iterator[tuple[str, str]]:
    key_size = max(len(key) for key, _, _ in texts)
    for key, value, origin in texts:
        text = f"{not_set if value is None else value}  ({origin})"
        if width - key_size - 2 >= NARROWEST_VALUE:
            yield f"{key:<{key_size}}  ", text
        else:
            yield "", key
            yield "  ", text


def _file_rows(loaded: Loaded, options: PageOptions) -> Iterator[ConfigRow]:
    if loaded.path is None:
        yield ConfigRow(FILE, None, say("commands.no_file"))
    else:
        variable = f"${VARIABLE}" if os.environ.get(VARIABLE) else None
        named = "--config" if options.config else variable
        origin = verbatim(named) if named else say("commands.found")
        yield ConfigRow(FILE, _shown(loaded.path), origin)
    path = thresholds_in_use(options, loaded)
    if path is None:
        origin = say("commands.comes_with")
    elif options.thresholds:
        origin = verbatim("--thresholds")
    else:
        origin = say("commands.beside", file=FILE)
    yield ConfigRow(THRESHOLDS_FILE, _shown(path or shipped.THRESHOLDS), origin)


def _section_rows(loaded: Loaded, options: PageOptions) -> Iterator[ConfigRow]:
    config = replace(loaded.config, checks=checks_in_use(options, loaded))
    for name in SECTIONS:
        value = getattr(config, name)
        if name == "checks" and options.checks:
            yield ConfigRow(name, _shown(value), verbatim("--checks"))
        elif value is None and name in SOURCES:
            yield ConfigRow(name, None, say("commands.not_configured"))
        elif is_dataclass(value):
            for key, part in _parts(name, value):
                yield ConfigRow(key, _shown(part), _origin(key, loaded))
        elif isinstance(value, tuple) and value:
            for n, item in enumerate(value, 1):
                for key, part in _parts(f"{name}.{n}", item):
                    yield ConfigRow(key, _shown(part), _origin(name, loaded))
        else:
            yield ConfigRow(name, _shown(value), _origin(name, loaded))


def _threshold_rows(loaded: Loaded, options: PageOptions) -> Iterator[ConfigRow]:
    """Each limit that is not mailwatch's own, with the line of the file that it is from.

    None where the files cannot be used: `config` still has to show the rest, and the command that
    judges by them says what is wrong.
    """
    try:
        catalog = catalog_in_use(options, loaded)
    except MailwatchError:
        return
    for check in catalog.checks.values():
        general = catalog.threshold(check, ACCOUNT)
        yield from _limit_rows(check, ACCOUNT, general, Threshold())
        for match, threshold in overridden(check, catalog):
            yield from _limit_rows(check, match, threshold, general)


def _limit_rows(
    check: Check, match: Subject, threshold: Threshold, but: Threshold
) -> Iterator[ConfigRow]:
    """The limits of `threshold` from a user's file, without those that are also in `but`."""
    about = "".join(f" {key}={inert(value)}" for key, value in match.pairs)
    places = (threshold.ideal_at, but.ideal_at), (threshold.act_at, but.act_at)
    limits = sides(threshold, check, readable=True)
    for name, limit, (place, known) in zip(("ideal", "act"), limits, places, strict=True):
        if place is None or place == known or place.path == shipped.THRESHOLDS:
            continue
        value = say("commands.none") if limit is None else verbatim(limit)
        origin = say("commands.set_in", file=inert(str(place.path)), line=place.line)
        yield ConfigRow(f"{check.id}.{name}{about}", value, origin)


def _parts(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    for field in fields(value):
        if not field.metadata:  # what only the command line sets is no setting of the file
            yield f"{key}.{field.name}", getattr(value, field.name)


def _origin(key: str, loaded: Loaded) -> Phrase:
    if key in loaded.set_keys:
        return verbatim(FILE)
    environment = key in loaded.from_environment
    return say("commands.environment" if environment else "commands.default")


def _shown(value: Any) -> Phrase | None:
    """A value as text; of a secret only where it is, and whether it is there."""
    if isinstance(value, SecretRef):
        place = str(value)
        found = value.is_set()
        if found is None:
            return say("commands.secret_command", place=place)
        if not found:
            return say("commands.secret_not_set", place=place)
        return say("commands.secret_set", hidden=HIDDEN, place=place)
    if isinstance(value, bool):
        value = str(value).lower()  # as YAML has it
    if isinstance(value, Mapping):
        value = tuple(value)
    if isinstance(value, tuple):
        value = ", ".join(map(str, value)) or None
    return None if value is None else verbatim(inert(str(value)))
