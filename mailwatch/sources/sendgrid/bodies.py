"""The API's answers read strictly: a shape that is not the documented one is never half used."""

import re
from datetime import date
from typing import Any

from mailwatch.sources.sendgrid.statistics import COUNTED, Counts
from mailwatch.text.inert import inert

MOST_MESSAGES = 10**12
"""A larger number is not taken for a count of messages."""
LONGEST_ASKED = 300
"""Characters of a name that is asked for."""
LONGEST_NAME = 80
"""Characters kept of the name of a subuser, a provider or a category."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class DayTwiceError(Exception):
    """A day is listed twice, with different counts: nothing says which of them are right."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


def read_days(body: Any) -> dict[date, Counts | None]:
    """The counts of each day. Raises DayTwiceError, and other errors for another shape."""
    if not isinstance(body, list):
        raise ValueError("the days are not a list")
    rows: dict[date, Counts | None] = {}
    for day, counts in map(_read_day, body):
        if rows.setdefault(day, counts) != counts:
            raise DayTwiceError(day)
    return rows


def _read_day(row: Any) -> tuple[date, Counts | None]:
    """A day and those of `COUNTED` that it has; None where the API lists the day without any.

    A count that is left out is not taken for 0.
    """
    day = _date_of(row)
    if row["stats"] == []:
        return day, None
    (only,) = row["stats"]
    return day, _read_counts(only["metrics"])


def _date_of(row: Any) -> date:
    if not _DAY.fullmatch(row["date"]):
        raise ValueError("not a date")
    return date.fromisoformat(row["date"])


def _read_counts(metrics: Any) -> Counts:
    if not isinstance(metrics, dict):
        raise ValueError("the counts are not an object")
    return {name: read_count(metrics[name]) for name in COUNTED if name in metrics}


def read_count(count: Any) -> int:
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MOST_MESSAGES:
        raise ValueError("not a count of messages")
    return count


def read_named_days(body: Any) -> dict[str, dict[date, Counts]]:
    """The counts of each day by the name of the subuser, provider or category.

    Raises DayTwiceError, and other errors for another shape.
    """
    if not isinstance(body, list):
        raise ValueError("the days are not a list")
    named: dict[str, dict[date, Counts]] = {}
    for row in body:
        day = _date_of(row)
        for one in row["stats"]:
            days = named.setdefault(read_name(one["name"]), {})
            counts = _read_counts(one["metrics"])
            if days.setdefault(day, counts) != counts:
                raise DayTwiceError(day)
    return named


def read_asked_name(name: Any) -> str:
    """A name as the API has it, to ask for it by. Raises ValueError for what is not one."""
    read_name(name)
    return str(name[:LONGEST_ASKED])


def read_name(name: Any) -> str:
    """A name as it is shown. Raises ValueError for what is not one."""
    if not isinstance(name, str) or not name.strip():
        raise ValueError("not a name")
    return inert(name, LONGEST_NAME)
