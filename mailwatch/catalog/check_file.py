"""One check: what its YAML file may hold, and the `Check` it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from mailwatch.model import Check, Level, Unit
from mailwatch.text.units import parse_value
from mailwatch.yamlfile.reader import Entries, Items, Node
from mailwatch.yamlfile.shape import (
    Either,
    Fields,
    Listed,
    Parsed,
    Shape,
    Spot,
    integer,
    one_of,
    text,
)


@dataclass(frozen=True, slots=True)
class Example:
    """A value and the level it must get under the shipped thresholds."""

    level: Level
    value: float | str | None = None
    numerator: int | None = None
    denominator: int | None = None


def _read_id(value: str) -> str:
    source, dot, name = value.partition(".")
    if not (dot and source.isidentifier() and name.isidentifier() and value == value.lower()):
        raise ValueError("is no id")
    return value


def _read_url(value: str) -> str:
    if not value.startswith("https://") or not value.isprintable() or " " in value:
        raise ValueError("is no https address")
    return value


def _languages(shape: Shape) -> Fields:
    return Fields({"en": shape, "ja": shape}, required=("en", "ja"))


_SENTENCES = Listed(text(), least=1)
_ID = Parsed(_read_id, "source.name, lower case")
CHECK_FIELDS: dict[str, Shape] = {
    "id": _ID,
    "metric": _ID,
    "title": _languages(text(80)),
    "unit": one_of(*get_args(Unit)),
    "worse": Either(
        Fields({"order": Listed(text(40), least=2, name=str)}, required=("order",)),
        one_of("higher", "lower"),
    ),
    "why": _languages(text()),
    "risks": _languages(_SENTENCES),
    "actions": _languages(_SENTENCES),
    "references": Listed(Parsed(_read_url, "an https address")),
    "examples": Listed(
        Fields(
            {
                "value": replace(text(40), json={"type": ["string", "number"]}),
                "numerator": integer(),
                "denominator": integer(1),
                "is": one_of(*Level),
            },
            required=("is",),
        )
    ),
}
CHECK = Fields(CHECK_FIELDS, required=("id", "title", "unit", "worse", "why", "risks", "actions"))


def read_check(node: Node, path: Path) -> tuple[Check, tuple[Example, ...]]:
    """The check that `node` is, and its examples. Raises FileError."""
    spot = Spot(path)
    values = CHECK.read(node, spot)
    worse = values["worse"]
    check = Check(
        id=values["id"],
        metric=values.get("metric", values["id"]),
        title=values["title"],
        unit=values["unit"],
        worse=worse["order"] if isinstance(worse, dict) else worse,
        why=values["why"],
        risks=values["risks"],
        actions=values["actions"],
        references=values.get("references", ()),
    )
    if (check.unit == "word") != isinstance(check.worse, tuple):
        raise spot.under("worse").error(
            entry(node, "worse"),
            "does not fit the unit",
            "A word is worse by its order, a number higher or lower.",
        )
    listed = entry(node, "examples")
    nodes = listed.items if isinstance(listed, Items) else ()
    examples = []
    for n, (example, given) in enumerate(zip(nodes, values.get("examples", ()), strict=True), 1):
        try:
            examples.append(_read_example(given, check))
        except ValueError as error:
            raise spot.under(f"examples.{n}").error(example, str(error)) from None
    return check, tuple(examples)


def entry(node: Node, key: str) -> Node:
    """What stands at `key` of the mapping `node`; `node` itself where there is no such key."""
    return node.at(key) if isinstance(node, Entries) else node


def _read_example(example: Mapping[str, Any], check: Check) -> Example:
    given = example.keys() - {"is"}
    if given == {"value"}:
        return Example(Level(example["is"]), parse_value(example["value"], check))
    if given == {"numerator", "denominator"} and check.unit != "word":
        counts = example["numerator"], example["denominator"]
        return Example(Level(example["is"]), None, *counts)
    raise ValueError("an example has a value, or a numerator and a denominator")
