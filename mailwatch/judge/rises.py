"""Is a rate rising past its limit, or will the rise end below it? Hypotheses, weighed by the data.

Each hypothesis is a ramp: when it began, how long it lasts, and the level at which it ends, past
the limit or below it. Its curve is baseline + x·d, with x rising from 0 to 1 over the ramp and
staying there. For Gaussian day rates the log-likelihood ratio against "nothing changed" is
d·A − d²·B/2, with A = Σ w·x·(rate − baseline) and B = Σ w·x², which running sums over the last
six weeks give for every beginning and length at once.

The share of the hypotheses that pass the limit, weighed so, is the probability of a breach. What
tells a rise that goes on from one that ends is what a straight line cannot have.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt

from mailwatch.judge.baseline import Baseline, Count

AGES = (3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 29, 35, 42)
"""Days since the rise began."""
LENGTHS = (10, 14, 19, 26, 36)
"""Days that a rise takes."""
ENDS_BELOW = (0.38, 0.46, 0.54, 0.62, 0.7)
"""Where a rise ends, as a share of the limit."""
ENDS_PAST = (1.12, 1.3, 1.5, 1.75)
NOTHING = 5.0
"""How much more likely than any one rise it is beforehand that nothing changed."""
LOOKS_BACK = 42
SPIKE = 1.5
"""Standard deviations that a day may be above its neighbours before it is cut down to that:
one bad campaign is a day's news, not a trend."""
POOLED_LAG = 3
"""Days that a rate pooled over seven days runs behind the level."""

LEVEL_DAYS = 4
LEAST_LEVEL = 0.45
"""The level from which a rise is looked at, as a share of the limit."""
LEAST_RISE = 1.15
LEAST_SCORE = 3.0
"""Standard errors that the level must be above the baseline."""
EARLY, LATE = 0.12, 0.88
"""Quantiles of the date; set so that 80 % of simulated crossings lie between them."""


@dataclass(frozen=True, slots=True)
class Rise:
    """A rise, and what it leads to."""

    probability: float
    """That the rate passes the limit if nothing is done."""
    dates: tuple[float, float, float]
    """Days from now to the passing of the rate pooled over seven days: the early end of the 80 %
    interval, the median and the late end."""
    chances: tuple[float, float]
    """The probability that it has passed within 7 and within 14 days."""


def find_rise(counts: Sequence[Count], today: int, usual: Baseline, limit: float) -> Rise | None:
    """The rise that `counts` up to `today` show; None where the level is nothing to look at."""
    recent = _recent(counts, today)
    if not recent:
        return None
    excess = _without_spikes(recent, usual)
    level = _level(recent, excess, usual, limit)
    if level is None:
        return None
    return _weigh(_Sums.of(recent, excess, usual, level), usual.rate, limit)


def _recent(counts: Sequence[Count], today: int) -> list[tuple[int, float, int]]:
    """Age in days, rate and messages of the last six weeks, the newest first."""
    recent = []
    for day, k, n in reversed(counts):
        if day < today - LOOKS_BACK:
            break
        recent.append((today - day, k / n, n))
    return recent


def _without_spikes(recent: Sequence[tuple[int, float, int]], usual: Baseline) -> list[float]:
    """How far each day is above the baseline, with lone spikes cut down.

    Today has no day after it yet, so it is compared with the two days before.
    """
    rates = [rate for _, rate, _ in recent]
    excess = []
    for place, (_, rate, messages) in enumerate(recent):
        beside = rates[1:3] if not place else [rates[place - 1], *rates[place + 1 : place + 2]]
        top = max([usual.rate, *beside]) + SPIKE * sqrt(usual.variance(messages))
        excess.append(min(rate, top) - usual.rate)
    return excess


def _level(
    recent: Sequence[tuple[int, float, int]],
    excess: Sequence[float],
    usual: Baseline,
    limit: float,
) -> float | None:
    """How far the last days are above the baseline; None where that is not enough."""
    weights = total = 0.0
    for (age, _, messages), above in zip(recent, excess, strict=True):
        if age >= LEVEL_DAYS:
            break
        weight = 1 / usual.variance(messages)
        weights += weight
        total += weight * above
    if not weights or total / sqrt(weights) < LEAST_SCORE:
        return None
    above = total / weights
    level = usual.rate + above
    return above if level >= max(LEAST_LEVEL * limit, LEAST_RISE * usual.rate) else None


@dataclass(frozen=True, slots=True)
class _Sums:
    """Running sums over age: of w, w·age, w·age², w·excess and w·excess·age, at places 0 to 43."""

    w: list[float]
    wa: list[float]
    waa: list[float]
    wy: list[float]
    wya: list[float]

    @classmethod
    def of(
        cls,
        recent: Sequence[tuple[int, float, int]],
        excess: Sequence[float],
        usual: Baseline,
        level: float,
    ) -> "_Sums":
        """The sums; a day weighs by the variance at its own level, at most the level of now."""
        size = LOOKS_BACK + 2
        weights, excesses = [0.0] * size, [0.0] * size
        for (age, _, messages), above in zip(recent, excess, strict=True):
            rate = usual.rate + max(0.0, min(above, level))
            weights[age] = 1 / usual.variance(messages, min(rate, 0.98))
            excesses[age] = above
        sums = cls(*([0.0] * size for _ in range(5)))
        for age in range(size - 1):
            w, y = weights[age], excesses[age]
            sums.w[age + 1] = sums.w[age] + w
            sums.wa[age + 1] = sums.wa[age] + w * age
            sums.waa[age + 1] = sums.waa[age] + w * age * age
            sums.wy[age + 1] = sums.wy[age] + w * y
            sums.wya[age + 1] = sums.wya[age] + w * y * age
        return sums

    def ramp(self, age: int, length: int) -> tuple[float, float]:
        """A and B of the ramp that began `age` days ago and takes `length` days."""
        whole = max(0, age - length + 1)  # younger days are past the ramp: x is 1
        w, y = self.w[age] - self.w[whole], self.wy[age] - self.wy[whole]
        wa, ya = self.wa[age] - self.wa[whole], self.wya[age] - self.wya[whole]
        waa = self.waa[age] - self.waa[whole]
        a = self.wy[whole] + (age * y - ya) / length
        b = self.w[whole] + (age * age * w - 2 * age * wa + waa) / length**2
        return a, b


def _weigh(sums: _Sums, usual: float, limit: float) -> Rise:
    below: list[float] = []
    past: list[tuple[float, float]] = []
    steps_below = [end * limit - usual for end in ENDS_BELOW if end * limit > usual]
    steps_past = [(end * limit - usual) for end in ENDS_PAST]
    for age in AGES:
        for length in LENGTHS:
            a, b = sums.ramp(age, length)
            below += [d * a - 0.5 * d * d * b for d in steps_below]
            past += [
                (d * a - 0.5 * d * d * b, (limit - usual) / d * length - age + POOLED_LAG)
                for d in steps_past
            ]
    top = max(0.0, max(below, default=0.0), max(past)[0])
    weighed = sorted((days, exp(score - top)) for score, days in past)
    passing = sum(weight for _, weight in weighed)
    mean_past = passing / len(weighed)
    mean_below = sum(exp(score - top) for score in below) / len(below) if below else 0.0
    probability = mean_past / (mean_past + mean_below + NOTHING * exp(-top))
    soon = [
        probability * sum(weight for days, weight in weighed if round(days) <= within) / passing
        for within in (7, 14)
    ]
    return Rise(probability, _quantiles(weighed, passing), (soon[0], soon[1]))


def _quantiles(weighed: Sequence[tuple[float, float]], total: float) -> tuple[float, float, float]:
    found: list[float] = []
    wanted = [EARLY, 0.5, LATE]
    running = 0.0
    for days, weight in weighed:
        running += weight
        while len(found) < 3 and running >= wanted[len(found)] * total:
            found.append(max(days, 1.0))
    last = max(weighed[-1][0], 1.0)
    early, middle, late = (*found, last, last, last)[:3]
    return early, middle, late
