"""A series of days as a line of eight heights, and the days to come in three shades."""

from collections.abc import Sequence
from datetime import date, timedelta

from mailwatch.model import Day

HEIGHTS = "▁▂▃▄▅▆▇█"
SHADES = "░▒▓"
"""Days to come: the further on the way, the darker. What is foreseen must not look like what was
measured."""
GAP = "·"
"""A day without data, or without mail: no height, and above all not the lowest."""
MOST_DAYS = 14
MOST_TO_COME = 5


def sparkline(
    days: Sequence[Day], last: date, most: int = MOST_DAYS, to_come: Sequence[Day] = ()
) -> str:
    """The days up to `last` and those `to_come`, at most `most` together, from 0 to the highest.

    Begins with the first day that has a value. "" where it would tell nothing: below two values,
    or when all are of one height.
    """
    values = {
        day.day: max(0.0, day.value) for day in days if day.value is not None and day.day <= last
    }
    coming = [max(0.0, day.value) for day in to_come[:MOST_TO_COME] if day.value is not None]
    most -= len(coming)
    first = max(min(values, default=last), last - timedelta(days=most - 1))
    shown = [values.get(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    measured = [value for value in shown if value is not None]
    if len(measured) < 2:
        return ""
    highest = max(*measured, *coming) or 1.0
    heights = [GAP if value is None else _mark(value / highest, HEIGHTS) for value in shown]
    if len({*heights} - {GAP}) == 1 and not coming:
        return ""
    return "".join(heights) + _shades(coming)


def _shades(coming: Sequence[float]) -> str:
    way = (coming[-1] - coming[0]) if coming else 0.0
    return "".join(_mark((v - coming[0]) / way if way else 1.0, SHADES) for v in coming)


def _mark(share: float, marks: str) -> str:
    return marks[min(len(marks) - 1, int(share * len(marks)))]
