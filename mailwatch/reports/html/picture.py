"""The days of a figure as a small picture for a mail: clients drop SVG, and show a PNG.

A picture goes with the mail as a part of its own, named by its Content-ID (RFC 2392); nothing is
loaded from elsewhere. Its words are beside it: who sees no picture reads the same.
"""

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from mailwatch.model import Finding, Level
from mailwatch.reports.html.day_series import DailySeries, Points, read_days, runs
from mailwatch.reports.html.png import Canvas, Point
from mailwatch.reports.html.scale import Scale, fit

WIDTH, HEIGHT = 640, 168
"""Pixels; it is shown at half of that, so that it is sharp on every screen."""
MOST_PICTURES = 10
"""In one mail; further figures are drawn as bars of table cells."""
_EDGE = 9
_FRAME = (float(_EDGE), float(WIDTH - _EDGE), float(_EDGE), float(HEIGHT - _EDGE))
Limits = list[tuple[str, float]]
COLOURS = {
    "days": (128, 141, 158),
    "figure": (74, 128, 214),
    "act": (217, 72, 58),
    "ideal": (47, 143, 78),
    "warn": (199, 132, 20),
}
"""With a contrast of at least 3 to a white page and to a dark one."""
_PLACES = {name: place for place, name in enumerate(COLOURS)}
_DOTS = {Level.BREACH: "act", Level.WARN: "warn", Level.OK: "ideal", Level.UNKNOWN: "days"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, and the name by which the HTML part shows it."""

    ident: str
    data: bytes
    limits: tuple[str, ...] = ()
    """The limits that are lines in it: `ideal`, `act`."""


@dataclass(slots=True)
class Pictures:
    """The pictures of one mail."""

    found: list[Picture] = field(default_factory=list)

    def add(self, finding: Finding) -> Picture | None:
        """A picture of the days; None without days, or where there are enough pictures."""
        series = read_days(finding.measurement)
        if series is None or len(self.found) >= MOST_PICTURES:
            return None
        scale = fit(finding, series, frame=_FRAME)
        limits = _limits(finding, series, scale)
        data = _draw(finding, series, scale, limits)
        ident = f"chart-{len(self.found) + 1}.{sha256(data).hexdigest()[:16]}@mailwatch"
        picture = Picture(ident, data, tuple(name for name, _ in limits))
        self.found.append(picture)
        return picture


def _draw(finding: Finding, series: DailySeries, scale: Scale, limits: Limits) -> bytes:
    """The days, the figure that they come to, the limits, and what is foreseen, as a PNG."""
    canvas = Canvas(WIDTH, HEIGHT, tuple(COLOURS.values()))
    for name, limit in limits:
        y = scale.y(limit)
        canvas.dashes((0, y), (WIDTH, y), _PLACES[name], 2.5, 10)
    pooled = len(series.pooled) > 1
    _points(canvas, scale, series.days, "days" if pooled else "figure", 2.5 if pooled else 4.5)
    _points(canvas, scale, series.pooled, "figure", 5)
    _ahead(canvas, finding, series, scale)
    value = finding.measurement.value
    if series.alike and isinstance(value, int | float):
        here = _at(scale, series.last, value)
        canvas.line(here, here, _PLACES[_DOTS[finding.level]], 15)
    return canvas.png()


def _limits(finding: Finding, series: DailySeries, scale: Scale) -> Limits:
    """`ideal` and `act` as numbers, where the picture reaches them."""
    threshold = finding.threshold
    return [
        (name, limit.value)
        for name, limit in (("ideal", threshold.ideal), ("act", threshold.act))
        if series.alike
        and limit is not None
        and not isinstance(limit.value, str)
        and scale.low <= limit.value <= scale.high
    ]


def _points(canvas: Canvas, scale: Scale, points: Points, name: str, thick: float) -> None:
    """The points, joined where no day is missing between them."""
    for run in runs(points):
        places = [_at(scale, *point) for point in run]
        for start, end in zip(places, places[1:] or places, strict=False):
            canvas.line(start, end, _PLACES[name], thick)


def _ahead(canvas: Canvas, finding: Finding, series: DailySeries, scale: Scale) -> None:
    """From the figure of today to the limit on the likely day, cut where the picture ends."""
    found, value, act = finding.forecast, finding.measurement.value, finding.threshold.act
    if found is None or found.breach_on is None or act is None:
        return
    if isinstance(act.value, str) or not isinstance(value, int | float):
        return
    end = min(found.breach_on, scale.end)
    share = (end - series.last).days / max((found.breach_on - series.last).days, 1)
    there = _at(scale, end, value + (act.value - value) * share)
    canvas.dashes(_at(scale, series.last, value), there, _PLACES["warn"], 4, 5)


def _at(scale: Scale, day: date, value: float) -> Point:
    return scale.x(day), scale.y(value)
