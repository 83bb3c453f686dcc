"""What the rates do not say: how many messages they are of, and which feedback loops there are.

The counts are evidence for a rate, not a denominator: Google publishes them for their own reasons
and days. An identifier of a feedback loop is on the days only when it had enough mail and reports.

Source: the API's discovery document, v2 revision 20260623 (MetricDefinition.filter): an int64 comes
as a string, a list as `{"stringList": {"values": […]}}`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mailwatch.model import Window
from mailwatch.sources.postmaster.query import (
    FAILURE_REASONS,
    REJECT,
    REJECT_REASONS,
    TEMP_FAIL,
    Definitions,
    read_date,
)

MESSAGES = "messages"
IDENTIFIERS = "identifiers"
_COUNT = "DELIVERY_ERROR_COUNT"
_DIGITS = re.compile(r"[0-9]{1,15}")
_IDENTIFIER = re.compile(r"[!#-\[\]-~]{1,100}")
"""Printable ASCII that fits into a filter, whose quotes nothing can escape."""
MOST_LISTED = 1000

DEFINITIONS: Definitions = {
    # "inbound" is mail into Gmail: what we send. What Gmail's users send us is not our delivery.
    MESSAGES: ("TLS_ENCRYPTION_MESSAGE_COUNT", 'traffic_direction = "inbound"'),
    IDENTIFIERS: ("FEEDBACK_LOOP_ID", None),
    **{
        REJECT + reason: (_COUNT, f'error_type = "reject" AND error_reason = "{reason}"')
        for reason in REJECT_REASONS
    },
    **{
        TEMP_FAIL + reason: (_COUNT, f'error_type = "temp_fail" AND error_reason = "{reason}"')
        for reason in FAILURE_REASONS
    },
}


@dataclass(frozen=True, slots=True)
class Details:
    """Counts by label and day, and on which days each feedback loop was listed."""

    counts: Mapping[str, Mapping[date, int]] = field(default_factory=dict)
    identifiers: Mapping[str, frozenset[date]] = field(default_factory=dict)

    def messages(self, label: str, day: date) -> int | None:
        """How many messages a rate is of on `day`; None where Google does not say."""
        return self.counts.get(label, {}).get(day)


class DetailsReader:
    """Rows of a query for details, one at a time. One that is not as documented is left out: it is
    evidence only, and no figure rests on it."""

    def __init__(self, days: Window) -> None:
        self._days = days
        self._counts: dict[str, dict[date, int]] = {}
        self._identifiers: dict[str, set[date]] = {}

    def add(self, row: Any) -> None:
        """Takes a row."""
        if not isinstance(row, dict):
            return
        label, value, day = row.get("metric"), row.get("value"), read_date(row.get("date"))
        if day is None or not isinstance(value, dict):
            return
        if not self._days.first <= day <= self._days.last:
            return
        if label == IDENTIFIERS:
            for name in _listed(value.get("stringList")):
                if name in self._identifiers or len(self._identifiers) < MOST_LISTED:
                    self._identifiers.setdefault(name, set()).add(day)
        elif isinstance(label, str) and label in DEFINITIONS:
            number = value.get("intValue")
            if isinstance(number, str) and _DIGITS.fullmatch(number):
                self._counts.setdefault(label, {})[day] = int(number)

    def result(self) -> Details:
        """What the rows said."""
        identifiers = {name: frozenset(found) for name, found in self._identifiers.items()}
        return Details(self._counts, identifiers)


def read_details(rows: Iterable[Any], days: Window) -> Details:
    """What `rows` say about `days`."""
    reader = DetailsReader(days)
    for row in rows:
        reader.add(row)
    return reader.result()


def _listed(value: Any) -> list[str]:
    values = value.get("values") if isinstance(value, dict) else None
    if not isinstance(values, list):
        return []
    return [one for one in values if isinstance(one, str) and _IDENTIFIER.fullmatch(one)]
