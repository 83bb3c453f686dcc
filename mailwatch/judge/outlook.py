"""What a daily series of counts says of the days to come: a rise, a sudden change, or nothing.

Each day is judged with what was known on it, and with nothing that came later: cutting the series
at a day changes nothing before it. All constants were set on simulated series, see
`bench/foresight.py`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Literal

from mailwatch.judge.baseline import TUNED_AT, Baseline, Count, fit_baseline
from mailwatch.judge.rises import Rise, find_rise

WINDOW = 7
LEAST_MESSAGES = 100
"""Messages in seven days under which nothing is said."""
CERTAIN, CERTAIN_OF_FEW = 0.82, 0.72
"""Probability from which a rise is announced. Each step of 0.05 is about half a day of lead and a
third of the false alarms. The first gives a median lead of eight days; where there is little mail
days tell less, and half of that lead costs as many false alarms."""
FEW = 2_000
"""Messages in seven days that are little mail."""
MARGIN = 1
"""Days that the interval reaches further at its end: the rises that are tried lie some days apart.
With the quantiles of `rises.py`, set so that of ten simulated crossings one is earlier than the
interval and one later."""
YOUNG_FITS, YOUNG_EVERY, FIT_EVERY = 8, 3, 7
"""The baseline is fitted anew every third day at first, and once a week later."""
STAYS = 3
"""Days that an announced rise stays after it was last seen: a warning must not flicker."""
CHANGE_DAY, CHANGE_BOTH, CHANGE_MESSAGES = 2.0, 6.0, 400
"""Standard errors of each of two days past the limit, of both together, and their messages."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What was announced on one day."""

    day: date
    kind: Literal["trend", "change"]
    probability: float
    """That the rate pooled over seven days passes the limit."""
    breach_on: date | None = None
    """The median of the day on which it does; None for a sudden change, which is already there."""
    earliest: date | None = None
    latest: date | None = None
    """The ends of the 80 % interval."""
    within_7_days: float = 1.0
    within_14_days: float = 1.0
    before: float | None = None
    """The usual rate before it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One day with data, judged on that day."""

    day: date
    numerator: int
    denominator: int
    """Pooled over seven days."""
    outlook: Outlook | None

    @property
    def rate(self) -> float:
        """The rate pooled over seven days; 0 where nothing was sent."""
        return self.numerator / self.denominator if self.denominator else 0.0


def look_ahead(
    days: Iterable[tuple[date, int, int]],
    limit: float,
    *,
    worse: str = "higher",
    since: date = date.min,
) -> Iterator[Judged]:
    """Each of `days` (day, numerator, denominator; in order) judged with what was known on it.

    `limit` is the rate 0..1 that must not be passed; with `worse="lower"` the rate must not fall
    under it. Days without messages are gaps. With `since`, the days before it are only learnt
    from; `STAYS` days after it and later, the same is announced.
    """
    history: list[Count] = []
    window = _Window()
    fits = _Fits(limit if worse == "higher" else 1 - limit)
    least = LEAST_MESSAGES * fits.scale
    seen: Outlook | None = None
    for day, numerator, denominator in days:
        if denominator <= 0:
            continue
        today = day.toordinal()
        counted = numerator if worse == "higher" else denominator - numerator
        history.append((today, counted, denominator))
        window.add(history[-1])
        usual = fits.on(today, history)
        if day < since:
            continue
        found = None
        if usual is not None and window.messages >= least and not window.past(fits.limit):
            certain = CERTAIN if window.messages >= FEW * fits.scale else CERTAIN_OF_FEW
            found = _announce(history, day, usual, (fits.limit, certain))
        if found is not None:
            seen = found
        held = seen if seen and (day - seen.day).days <= STAYS else None
        pooled = window.counted if worse == "higher" else window.messages - window.counted
        passed = window.messages >= least and window.past(fits.limit)
        yield Judged(day, pooled, window.messages, None if passed else found or held)


class _Window:
    """The counts of the last seven days."""

    def __init__(self) -> None:
        self._days: list[Count] = []
        self.counted = 0
        self.messages = 0

    def add(self, count: Count) -> None:
        self._days.append(count)
        self.counted += count[1]
        self.messages += count[2]
        while self._days[0][0] <= count[0] - WINDOW:
            _, counted, messages = self._days.pop(0)
            self.counted -= counted
            self.messages -= messages

    def past(self, limit: float) -> bool:
        return self.counted > limit * self.messages


class _Fits:
    """The baseline in use, fitted anew from time to time."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.scale = max(1.0, TUNED_AT / limit) if limit > 0 else 1.0
        """How many more messages it takes to see as many events as at the limit of the tuning."""
        self._usual: Baseline | None = None
        self._fitted = 0
        self._fits = 0

    def on(self, today: int, history: list[Count]) -> Baseline | None:
        if not 0 < self.limit < 1:  # such a limit is passed at once, or never
            return None
        every = YOUNG_EVERY if self._fits < YOUNG_FITS else FIT_EVERY
        if self._usual is None or today - self._fitted >= every:
            fitted = fit_baseline(history, today, self.limit)
            if fitted is not None:
                self._usual, self._fitted = fitted, today
                self._fits += 1
        return self._usual


def _announce(
    history: list[Count], day: date, usual: Baseline, bounds: tuple[float, float]
) -> Outlook | None:
    limit, certain = bounds
    if _has_changed(history, usual, limit):
        return Outlook(day, "change", 1.0, before=usual.rate)
    rise = find_rise(history, day.toordinal(), usual, limit)
    return _dated(rise, day, usual) if rise and rise.probability >= certain else None


def _has_changed(history: list[Count], usual: Baseline, limit: float) -> bool:
    """True when the last two days with data are past the limit, far beyond what chance does."""
    if len(history) < 2:
        return False
    scores = []
    for _, counted, messages in history[-2:]:
        rate = counted / messages
        if rate <= limit:
            return False
        scores.append((rate - usual.rate) / sqrt(usual.variance(messages)))
    messages = history[-1][2] + history[-2][2]
    enough = messages >= CHANGE_MESSAGES * max(1.0, TUNED_AT / limit)
    return enough and min(scores) >= CHANGE_DAY and sum(scores) / sqrt(2) >= CHANGE_BOTH


def _dated(rise: Rise, day: date, usual: Baseline) -> Outlook:
    early, middle, late = map(round, rise.dates)
    return Outlook(
        day,
        "trend",
        rise.probability,
        day + timedelta(days=middle),
        day + timedelta(days=early),
        day + timedelta(days=late + MARGIN),
        *rise.chances,
        usual.rate,
    )
