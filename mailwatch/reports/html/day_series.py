"""The days of a measurement as a chart shows them: each day, and pooled as the figure is."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import isclose

from mailwatch.model import Measurement

MOST_DAYS = 60
"""Days of a chart: nobody could read more, and the page would grow without end."""

Points = tuple[tuple[date, float], ...]


@dataclass(frozen=True, slots=True)
class DailySeries:
    """What is drawn of a measurement. A day without data is in neither: a gap is not a zero."""

    days: Points
    """The newest MOST_DAYS days at most, in order."""
    pooled: Points
    """The same days, each with the days before it that the figure counts together; none where the
    figure is of one day, or is no rate from counts."""
    last: date
    """The newest day judged."""
    alike: bool
    """False where the days are not what is judged: volumes behind their growth. They have no limit
    then, and are counts."""


def read_days(measurement: Measurement) -> DailySeries | None:
    """The series of a figure; None where there are not two days to compare."""
    window = measurement.window
    if window is None or isinstance(measurement.value, str):
        return None
    first = window.last - timedelta(days=MOST_DAYS - 1)
    days = tuple(
        (day.day, day.value)
        for day in measurement.daily
        if day.value is not None and first <= day.day <= window.last
    )
    if len(days) < 2:
        return None
    pooled = _pool(measurement, first)
    newest = days[-1][1] if days[-1][0] == window.last else None
    rates = any(day.denominator for day in measurement.daily)
    alike = bool(pooled) or _same(newest, measurement.value) or rates
    return DailySeries(days, pooled, window.last, alike)


def runs(points: Points) -> list[Points]:
    """The points in runs of days without a gap."""
    found: list[list[tuple[date, float]]] = [[point] for point in points[:1]]
    for (before, _), point in pairwise(points):
        if point[0] - before == timedelta(days=1):
            found[-1].append(point)
        else:
            found.append([point])
    return [tuple(run) for run in found]


def _pool(measurement: Measurement, first: date) -> Points:
    """Σ numerators ÷ Σ denominators over as many days as the window has."""
    window = measurement.window
    if window is None or window.first == window.last or isinstance(measurement.value, str):
        return ()
    length = window.last - window.first
    counts = {
        day.day: (day.numerator, day.denominator)
        for day in measurement.daily
        if day.numerator is not None and day.denominator and first - length <= day.day
    }
    points = []
    for day in sorted(counts):
        since = day - length
        if day < first or since < min(counts) or day > window.last:
            continue
        those = [counts[d] for d in counts if since <= d <= day]
        points.append((day, sum(n for n, _ in those) / sum(of for _, of in those)))
    # Where the last is another number than the one that was judged, it is no such rate.
    return tuple(points) if points and _same(points[-1][1], measurement.value) else ()


def _same(value: float | None, other: float | None) -> bool:
    """True for two numbers that differ by no more than a 32-bit float can."""
    return value is not None and other is not None and isclose(value, other, rel_tol=1e-6)
