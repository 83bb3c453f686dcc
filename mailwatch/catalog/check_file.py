"""One check: what its YAML file may hold, and the `Check` it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from mailwatch.catalog.subjects import has_cases
from mailwatch.frozen import dataclass
from mailwatch.model import Action, Check, Level, Unit
from mailwatch.text.nearest import nearest
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
        raise ValueError("is not a valid id")
    return value


def _read_url(value: str) -> str:
    if not value.startswith("https://") or not value.isprintable() or " " in value:
        raise ValueError("is not an https address")
    return value


def _languages(shape: Shape) -> Fields:
    return Fields({"en": shape, "ja": shape}, required=("en", "ja"))


def _read_flag(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError("is not true or false")
    return value == "true"


_SENTENCES = Listed(text(), least=1)
_ACTION = Fields(
    {"for": Listed(text(40), least=1, name=str), "en": text(), "ja": text()},
    required=("en", "ja"),
)
_ID = Parsed(_read_id, "source.name, lower case")
CHECK_FIELDS: dict[str, Shape] = {
    "id": _ID,
    "metric": _ID,
    "title": _languages(text(80)),
    "short": _languages(text(20)),
    "unit": one_of(*get_args(Unit)),
    "worse": Either(
        Fields({"order": Listed(text(40), least=2, name=str)}, required=("order",)),
        one_of("higher", "lower"),
    ),
    "why": _languages(text()),
    "risks": _languages(_SENTENCES),
    "proportion": Parsed(_read_flag, "true or false", {"type": "boolean"}),
    "actions": Either(_languages(_SENTENCES), Listed(_ACTION, least=1)),
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
    try:
        actions = _actions(values["actions"])
    except ValueError as error:
        raise spot.under("actions").error(entry(node, "actions"), str(error)) from None
    check = Check(
        id=values["id"],
        metric=values.get("metric", values["id"]),
        title=values["title"],
        unit=values["unit"],
        worse=worse["order"] if isinstance(worse, dict) else worse,
        why=values["why"],
        risks=values["risks"],
        actions=actions,
        references=values.get("references", ()),
        short=values.get("short"),
        proportion=values.get("proportion", True),
    )
    if (check.unit == "word") != isinstance(check.worse, tuple):
        raise spot.under("worse").error(
            entry(node, "worse"),
            "does not match the unit",
            "A word needs worse: {order: [best, …, worst]}; a number needs higher or lower.",
        )
    words = check.worse if isinstance(check.worse, tuple) else ()
    if not has_cases(check):
        refuse_cases(check, words, node, spot)
    listed = entry(node, "examples")
    nodes = listed.items if isinstance(listed, Items) else ()
    examples = []
    for n, (example, given) in enumerate(zip(nodes, values.get("examples", ()), strict=True), 1):
        try:
            examples.append(_read_example(given, check))
        except ValueError as error:
            raise spot.under(f"examples.{n}").error(example, str(error)) from None
    return check, tuple(examples)


def _actions(written: Any) -> tuple[Action, ...]:
    """The actions of either form; in the short one, sentences at the same place of both lists."""
    if isinstance(written, dict):
        if len(written["en"]) != len(written["ja"]):
            raise ValueError("has more sentences in one language than in the other")
        pairs = zip(written["en"], written["ja"], strict=True)
        return tuple(Action({"en": en, "ja": ja}) for en, ja in pairs)
    return tuple(
        Action({"en": action["en"], "ja": action["ja"]}, action.get("for", ()))
        for action in written
    )


def refuse_cases(check: Check, known: Sequence[str], node: Node, spot: Spot) -> None:
    """Raises FileError where an action is for a word that is not one of `known`."""
    listed = entry(node, "actions")
    items = listed.items if isinstance(listed, Items) else ()
    for n, (item, action) in enumerate(zip(items, check.actions, strict=False), 1):
        for word in action.cases:
            if word not in known:
                raise spot.under(f"actions.{n}.for").error(
                    entry(item, "for"),
                    f"{word} never occurs in {check.metric}{nearest(word, known)}",
                    f"Its words are {', '.join(known)}."
                    if known
                    else "For an action that fits every case, leave out for.",
                )


def entry(node: Node, key: str) -> Node:
    """The value of `key` in the mapping `node`; `node` itself where there is no such key."""
    return node.at(key) if isinstance(node, Entries) else node


def _read_example(example: Mapping[str, Any], check: Check) -> Example:
    given = example.keys() - {"is"}
    if given == {"value"}:
        return Example(Level(example["is"]), parse_value(example["value"], check))
    if given == {"numerator", "denominator"} and check.unit != "word":
        counts = example["numerator"], example["denominator"]
        return Example(Level(example["is"]), None, *counts)
    raise ValueError("an example must have a value, or a numerator and a denominator")
