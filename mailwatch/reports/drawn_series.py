"""A stored series as a run judges it, and as it is drawn: in a terminal, and on a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mailwatch.catalog.catalog import Catalog
from mailwatch.history.stored import StoredSeries
from mailwatch.judge import judge
from mailwatch.judge.foresee import foresee
from mailwatch.judge.outlook import Outlook, look_ahead
from mailwatch.model import Check, Day, Finding, Lang, Measurement, Threshold, Window, say
from mailwatch.reports.chart import Chart
from mailwatch.text.units import limit_text
from mailwatch.words import worded

WINDOW = 7


@dataclass(frozen=True, slots=True)
class DrawnSeries:
    """A series with what judging says of it."""

    series: StoredSeries
    check: Check | None
    threshold: Threshold
    finding: Finding | None
    outlooks: tuple[Outlook, ...]

    @property
    def changes(self) -> dict[date, Outlook]:
        """The first day of each sudden change."""
        found: dict[date, Outlook] = {}
        last: date | None = None
        for outlook in self.outlooks:
            if outlook.kind == "change":
                if last is None or (outlook.day - last).days > WINDOW:
                    found[outlook.day] = outlook
                last = outlook.day
        return found


def judge_series(series: StoredSeries, catalog: Catalog) -> DrawnSeries:
    """The series, judged as a run judges it: with its last seven days, and what is foreseen."""
    check = catalog.checks.get(series.check)
    days = series.counted()
    if check is None or check.unit == "word" or not days:
        return DrawnSeries(series, check, Threshold(), None, ())
    threshold = catalog.threshold(check, series.subject)
    last = days[-1].day
    window = [day for day in days if day.day > last - timedelta(days=WINDOW)]
    counted = all(day.numerator is not None and day.denominator is not None for day in window)
    k = sum(day.numerator or 0 for day in window)
    n = sum(day.denominator or 0 for day in window)
    measurement = Measurement(
        check.metric,
        series.subject,
        value=(k / n if n else None) if counted else days[-1].value,
        numerator=k if counted else None,
        denominator=n if counted else None,
        window=Window(window[0].day, last),
        daily=days,
        proportion=check.proportion and counted,
    )
    (finding,) = foresee((judge(measurement, check, threshold),))
    return DrawnSeries(series, check, threshold, finding, tuple(_outlooks(days, check, threshold)))


def _outlooks(days: Sequence[Day], check: Check, threshold: Threshold) -> Iterator[Outlook]:
    """What was announced on each day."""
    act = threshold.act
    counted = [
        (day.day, min(day.numerator, day.denominator), day.denominator)
        for day in days
        if day.numerator is not None and day.denominator
    ]
    if act is None or isinstance(act.value, str) or not check.proportion or not counted:
        return
    for judged in look_ahead(counted, act.value, worse=str(check.worse)):
        if judged.outlook is not None:
            yield judged.outlook


def chart_of(drawn: DrawnSeries, lang: Lang) -> Chart:
    """The days, the limits, and the days to come where the limit is in sight."""
    check, threshold = drawn.check, drawn.threshold
    sides = (("ideal", threshold.ideal), ("act", threshold.act))
    limits = [
        (
            worded(say(f"console.{name}"), lang)
            + f" {limit_text(limit, check.unit, readable=True)}",
            float(limit.value),
        )
        for name, limit in sides
        if check and limit and not isinstance(limit.value, str)
    ]
    values = {d.day: d.value for d in drawn.series.counted() if d.value is not None}
    return Chart(values, limits, _to_come(drawn, values), frozenset(drawn.changes))


def _to_come(drawn: DrawnSeries, values: dict[date, float]) -> dict[date, float]:
    """A straight way from the rate of now to the limit on the foreseen day, and on to the last."""
    forecast = drawn.finding.forecast if drawn.finding else None
    act = drawn.threshold.act
    if not forecast or not forecast.breach_on or not forecast.latest or not values or act is None:
        return {}
    last, now = max(values), drawn.finding.measurement.value if drawn.finding else None
    if not isinstance(now, int | float) or isinstance(act.value, str):
        return {}
    days = max(1, (forecast.breach_on - last).days)
    step = (act.value - now) / days
    length = min((forecast.latest - last).days, 60)
    return {last + timedelta(days=n): now + step * n for n in range(1, length + 1)}
