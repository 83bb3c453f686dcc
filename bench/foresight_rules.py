"""The rules that are compared: what people alarm on today, the hinge trend, and mailwatch.

A rule gives each day with data a score, and alarms where it is past a threshold of its own, or
where the rate of seven days is past the limit: whoever draws a line ahead also has that alarm.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean, median

from hinge import hinge_alarms
from simulation import DAYS, FIRST, LIMIT, Row, Simulated

from mailwatch.judge.interval import wilson
from mailwatch.judge.outlook import LEAST_MESSAGES, look_ahead

BURN_IN = 28
"""Days that a rule needs before it says anything; the false alarms a year leave them out."""
MOST_LEAD, MISSED = 21, -5


@dataclass(frozen=True, slots=True)
class Scored:
    """A series as a rule sees it, by day with data."""

    series: Simulated
    days: list[int]
    scores: list[float]
    past: list[bool]
    """Whether the rate of seven days is past the limit."""
    intervals: dict[int, tuple[int, int]]
    """The days from which to which the crossing is expected, by day."""


@dataclass(slots=True)
class Alarm:
    """Days of warning that are at most a week apart."""

    first: int
    last: int
    past: bool
    """Whether the rate of seven days was past the limit on its first day: no false alarm."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a rule reaches on a set of series."""

    mean: float
    median: float
    quartile: int
    stable: float
    near_miss: float
    warm_up: float
    """False alarms a year."""

    @property
    def alarms(self) -> float:
        """The mean of the false alarms on stable series and near misses."""
        return (self.stable + self.near_miss) / 2


Rule = Callable[[Sequence[Row]], list[float]]


def pooled(rows: Sequence[Row], place: int) -> tuple[int, int]:
    """Counts of the seven days that end at `place`."""
    newest = rows[place][0].toordinal()
    week = [row for row in rows[max(0, place - 6) : place + 1] if newest - row[0].toordinal() < 7]
    return sum(k for _, k, _ in week), sum(n for _, _, n in week)


def daily_rate(rows: Sequence[Row]) -> list[float]:
    return [k / n for _, k, n in rows]


def weekly_rate(rows: Sequence[Row]) -> list[float]:
    return [k / n for k, n in (pooled(rows, place) for place in range(len(rows)))]


def lower_bound(rows: Sequence[Row]) -> list[float]:
    return [wilson(*pooled(rows, place))[0] for place in range(len(rows))]


def predict_linear(days: int) -> Rule:
    """Prometheus' function over daily rates: a straight line, seven days ahead."""

    def score(rows: Sequence[Row], place: int) -> float:
        newest = rows[place][0].toordinal()
        points = [
            (row[0].toordinal() - newest, row[1] / row[2])
            for row in rows[max(0, place - days + 1) : place + 1]
            if newest - row[0].toordinal() < days
        ]
        if len(points) < days // 2:
            return 0.0
        x_mean = sum(x for x, _ in points) / len(points)
        y_mean = sum(y for _, y in points) / len(points)
        spread = sum((x - x_mean) ** 2 for x, _ in points)
        slope = sum((x - x_mean) * (y - y_mean) for x, y in points) / spread
        return y_mean + slope * (7 - x_mean)

    return lambda rows: [score(rows, place) for place in range(len(rows))]


def hinge_trend(rows: Sequence[Row]) -> list[float]:
    early = set(hinge_alarms([(day.toordinal(), k, n) for day, k, n in rows], LIMIT))
    return [float(day.toordinal() in early) for day, _, _ in rows]


def scored(rule: Rule, series: Simulated) -> Scored:
    """`series` as `rule` sees it."""
    rows = series.rows
    past = []
    for place in range(len(rows)):
        k, n = pooled(rows, place)
        past.append(n >= LEAST_MESSAGES and k > LIMIT * n)
    return Scored(series, [row[0].toordinal() - FIRST for row in rows], rule(rows), past, {})


def mailwatch(series: Simulated) -> Scored:
    """`series` as mailwatch sees it; its score is 1 where it says something."""
    seen = Scored(series, [], [], [], {})
    for judged in look_ahead(series.rows, LIMIT):
        day, outlook = judged.day.toordinal() - FIRST, judged.outlook
        seen.days.append(day)
        seen.scores.append(float(outlook is not None))
        seen.past.append(judged.denominator >= LEAST_MESSAGES and judged.rate > LIMIT)
        if outlook and outlook.earliest and outlook.latest:
            first, last = outlook.earliest.toordinal(), outlook.latest.toordinal()
            seen.intervals[day] = (first - FIRST, last - FIRST)
    return seen


RIVALS: dict[str, tuple[Rule, float]] = {
    "daily rate": (daily_rate, LIMIT),
    "7-day rate": (weekly_rate, LIMIT),
    "95 % lower bound": (lower_bound, LIMIT),
    "predict_linear 14 d": (predict_linear(14), LIMIT),
    "predict_linear 28 d": (predict_linear(28), LIMIT),
}
"""The rules that people use today, and the threshold as they use it."""


def alarms_of(seen: Scored, threshold: float) -> list[Alarm]:
    """The alarms of a rule at `threshold`, of which those within seven days are one."""
    found: list[Alarm] = []
    for day, score, past in zip(seen.days, seen.scores, seen.past, strict=True):
        if score > threshold or past:
            if found and day - found[-1].last <= 7:
                found[-1].last = day
            else:
                found.append(Alarm(day, day, past))
    return [alarm for alarm in found if alarm.first >= BURN_IN]


def figures(results: Sequence[Scored], threshold: float) -> Figures:
    """What a rule reaches at `threshold`."""
    false: dict[str, list[int]] = {"stable": [], "near miss": [], "warm-up": []}
    leads = []
    for seen in results:
        series = seen.series
        if series.kind in false:
            alarms = alarms_of(seen, threshold)
            false[series.kind].append(sum(not alarm.past for alarm in alarms))
        elif series.kind == "drift" and series.crossing is not None:
            leads.append(_lead(alarms_of(seen, threshold), series.crossing))
    leads.sort()
    per_year = 365 / (DAYS - BURN_IN)
    rates = [mean(counts) * per_year if counts else 0.0 for counts in false.values()]
    return Figures(mean(leads), median(leads), leads[len(leads) // 4], *rates)


def _lead(alarms: Sequence[Alarm], crossing: int) -> int:
    """Days from the alarm to the crossing: at most 21, and a miss is -5.

    An alarm counts that stands at some time between 21 days before it and 5 days after it.
    """
    near = [a for a in alarms if a.first <= crossing - MISSED and a.last >= crossing - MOST_LEAD]
    return min(MOST_LEAD, crossing - near[0].first) if near else MISSED


def tuned(results: Sequence[Scored], least: float, most_alarms: float) -> tuple[float, Figures]:
    """A rule with its threshold raised from `least` until it gives at most `most_alarms`."""
    threshold = least
    while (reached := figures(results, threshold)).alarms > most_alarms:
        threshold *= 1.02
    return threshold, reached


def as_early(results: Sequence[Scored], lead: float) -> tuple[float, Figures]:
    """A rule with the highest threshold at which its mean lead is at least `lead`."""
    threshold = 2 * LIMIT
    while (reached := figures(results, threshold)).mean < lead and threshold > LIMIT / 5:
        threshold /= 1.02
    return threshold, reached
