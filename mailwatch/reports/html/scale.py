"""Where a day and a value are in a chart."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import log10

from mailwatch.model import Finding
from mailwatch.reports.html.day_series import DailySeries

WIDTH, HEIGHT = 400, 180
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 14, 24
MOST_AHEAD = 30
"""Days of the forecast that are drawn."""
IN_REACH = 4.0
"""A limit that is more than so many times the highest value is not drawn: the days would be flat
beside it."""

Frame = tuple[float, float, float, float]
"""Left, right, top and bottom of what is drawn in."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Days from left to right, values from the bottom up."""

    first: date
    end: date
    low: float
    high: float
    top: float
    """The highest value that is shown; `high` leaves room above it."""
    frame: Frame

    def x(self, day: date) -> float:
        """Where `day` is."""
        left, right, _, _ = self.frame
        return left + (right - left) * (day - self.first).days / max(
            (self.end - self.first).days, 1
        )

    def y(self, value: float) -> float:
        """Where `value` is."""
        _, _, top, bottom = self.frame
        return bottom - (bottom - top) * (value - self.low) / (self.high - self.low)


def fit(
    finding: Finding,
    series: DailySeries,
    *,
    frame: Frame = (LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM),
    ahead: bool = True,
) -> Scale:
    """The scale that has room for the days, the limits in reach and the forecast.

    From 0, unless all values are so near to each other that nothing would be seen then.
    """
    values = [value for _, value in (*series.days, *series.pooled)]
    if series.alike and isinstance(finding.measurement.value, int | float):
        values.append(finding.measurement.value)
    reach = max(values) * IN_REACH
    limits = (finding.threshold.ideal, finding.threshold.act) if series.alike else ()
    for limit in limits:
        if limit is not None and not isinstance(limit.value, str) and limit.value <= reach:
            values.append(limit.value)
    low, top = min(values), max(values)
    room = (top - low) * 0.12 or abs(top) * 0.12 or 1.0
    bottom = low - room if low > top / 2 else min(0.0, low)
    if bottom:
        bottom = _rounded(bottom, room)
    end = series.last
    latest = finding.forecast.latest if finding.forecast else None
    if ahead and latest:
        end = max(end, min(latest, series.last + timedelta(days=MOST_AHEAD)))
    return Scale(series.days[0][0], end, bottom, top + room, top, frame)


def _rounded(value: float, step: float) -> float:
    """`value` down to as many digits as `step` has: a number that can stand beside the axis."""
    places = 1 - round(log10(abs(step)))
    return round(value - step / 4, places)
