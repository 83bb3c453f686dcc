"""A series of days as a line of eight heights."""

from collections.abc import Sequence
from datetime import date, timedelta

from mailwatch.model import Day

HEIGHTS = "▁▂▃▄▅▆▇█"
GAP = "·"
"""A day without data, or without mail: no height, and above all not the lowest."""
MOST_DAYS = 14


def sparkline(days: Sequence[Day], last: date, most: int = MOST_DAYS) -> str:
    """The days up to `last`, at most `most` of them, from 0 to the highest.

    Begins with the first day that has a value. "" where it would tell nothing: below two values,
    or when all are of one height.
    """
    values = {
        day.day: max(0.0, day.value) for day in days if day.value is not None and day.day <= last
    }
    first = max(min(values, default=last), last - timedelta(days=most - 1))
    shown = [values.get(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    measured = [value for value in shown if value is not None]
    if len(measured) < 2:
        return ""
    highest = max(measured) or 1.0
    heights = [GAP if value is None else _height(value / highest) for value in shown]
    return "" if len({*heights} - {GAP}) == 1 else "".join(heights)


def _height(share: float) -> str:
    return HEIGHTS[min(len(HEIGHTS) - 1, int(share * len(HEIGHTS)))]
