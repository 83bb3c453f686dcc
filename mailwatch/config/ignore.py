"""ignore: findings that somebody has accepted, each with a reason and the day it ends."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from mailwatch.accepted import IgnoreRule
from mailwatch.config.section import Origin, Settings
from mailwatch.frozen import dataclass
from mailwatch.model import SUBJECT_KEYS, Place, Subject
from mailwatch.yamlfile.reader import Node
from mailwatch.yamlfile.shape import Fields, Listed, Nullable, Parsed, Schema, Shape, Spot, text

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class _CheckId:
    """An id, and the line that it is on: whether there is such a check is known later."""

    def read(self, node: Node, spot: Spot) -> tuple[str, Place]:
        return text(100).read(node, spot), Place(spot.path, node.line)

    def schema(self) -> Schema:
        return text(100).schema()


def shape(origin: Origin) -> Shape:
    """A list of entries."""
    entry = Fields(
        {
            "check": _CheckId(),
            "match": Nullable(Fields({name: text(253) for name in SUBJECT_KEYS})),
            "reason": text(LONGEST_REASON),
            "until": Parsed(_parse_day, "a date, such as 2027-01-31"),
        },
        required=("check", "reason", "until"),
    )
    return Nullable(Listed(entry))


def _parse_day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValueError("is not a date") from None


def settings(written: Any, environment: Mapping[str, str]) -> Settings:
    """The entries, in their order."""
    return Settings(
        tuple(
            IgnoreRule(
                check=entry["check"][0],
                match=Subject.of(**(entry.get("match") or {})),
                reason=entry["reason"],
                until=entry["until"],
                at=entry["check"][1],
            )
            for entry in written or ()
        )
    )


def template(environment: Mapping[str, str]) -> str:
    """Commented out."""
    return (
        "# ignore:                      # what you have seen and accepted, until a day\n"
        "#   - {check: dns.dmarc_policy, reason: rollout in March, until: 2027-03-31}\n"
    )
