"""Is a rate rising past its limit, or will the rise end below it? Hypotheses, weighed by the data.

Each hypothesis is a ramp: when it began, how long it lasts, and the level at which it ends, past
the limit or below it. Its curve is baseline + x·d, with x rising from 0 to 1 over the ramp and
staying there. For Gaussian day rates the log-likelihood ratio against "nothing changed" is
d·A − d²·B/2, with A = Σ w·x·(rate − baseline) and B = Σ w·x², which running sums over the last
six weeks give for every beginning and length at once.

The share of the hypotheses that pass the limit, weighed so, is the probability of a breach. What
tells a rise that goes on from one that ends is what a straight line cannot have.

They are weighed twice. At first days far above their neighbours are cut down, and the variance of
a day is that of its own rate. That gives the curve that is expected, all hypotheses together. With
it each day gets the variance of the expected rate, and the probability that it was no bad campaign
(a day is a mixture of the two); days count as much as that the second time.

The numbers were set on other seeds than those of `bench/foresight.py`, in calm series and in rough
ones, for the most lead at equal false alarms: weighing twice gave 0.4 days in calm series and a day
in rough ones, more beginnings 0.3. Other lengths, ends and priors changed less than chance does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import exp, log, sqrt
from operator import mul

from mailwatch.judge.baseline import Baseline, Count

Recent = Sequence[tuple[int, float, int]]
"""Age in days, rate and messages, the newest first."""

AGES = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 21, 24, 28, 32, 37, 42)
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
BAD_CAMPAIGNS, TIMES, DIFFER = 0.01, 4.0, 1.3
"""The share of days with a bad campaign, and its mean and standard deviation in expected rates; a
third of that share and three times it did as well."""
POOLED_LAG = 3
"""Days that a rate pooled over seven days runs behind the level."""

LEVEL_DAYS = 4
LEAST_LEVEL = 0.45
"""The level from which a rise is looked at, as a share of the limit."""
LEAST_RISE = 1.15
LEAST_SCORE = 3.0
"""Standard errors that the level must be above the baseline."""
EARLY, LATE = 0.12, 0.92
"""Quantiles of the date; how they were set is said of `MARGIN` in `outlook.py`."""
UNLIKELY = 0.1
"""Probability at first under which nothing is weighed again."""
NEGLIGIBLE = 0.01
"""The share of the expected curve below which a ramp is left out of it."""


def _shares() -> list[float]:
    """How likely each of `AGES` is beforehand: any day is as good as another to begin on."""
    ends = [AGES[0] - 0.5, *((a + b) / 2 for a, b in pairwise(AGES)), AGES[-1] + 2.5]
    return [(b - a) / (ends[-1] - ends[0]) for a, b in pairwise(ends)]


RAMPS = tuple(
    (age, length, share / len(LENGTHS))
    for age, share in zip(AGES, _shares(), strict=True)
    for length in LENGTHS
)


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
    last = _recent(counts, today, LEVEL_DAYS)
    if _level(last, [rate - usual.rate for _, rate, _ in last], usual, limit) is None:
        return None  # with spikes cut down it would only be lower
    recent = _recent(counts, today, LOOKS_BACK + 1)
    excess = _without_spikes(recent, usual)
    level = _level(recent, excess, usual, limit)
    if level is None:
        return None
    weights = _own_weights(recent, excess, usual, level)
    at_first = _weigh(_Sums.of(recent, excess, weights), limit, usual)
    if at_first.probability < UNLIKELY:
        return None
    weights = _expected_weights(recent, at_first.expected(), usual)
    excess = [rate - usual.rate for _, rate, _ in recent]
    return _weigh(_Sums.of(recent, excess, weights), limit, usual).rise(limit, usual.rate)


def _recent(counts: Sequence[Count], today: int, days: int) -> list[tuple[int, float, int]]:
    """The last `days`."""
    recent = []
    for day, k, n in reversed(counts):
        if day <= today - days:
            break
        recent.append((today - day, k / n, n))
    return recent


def _without_spikes(recent: Recent, usual: Baseline) -> list[float]:
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


def _level(recent: Recent, excess: Sequence[float], usual: Baseline, limit: float) -> float | None:
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


def _own_weights(
    recent: Recent, excess: Sequence[float], usual: Baseline, level: float
) -> list[float]:
    """1 ÷ variance of each day at its own level, at most the level of now."""
    return [
        1 / usual.variance(messages, min(usual.rate + max(0.0, min(above, level)), 0.98))
        for (_, _, messages), above in zip(recent, excess, strict=True)
    ]


def _expected_weights(recent: Recent, expected: Sequence[float], usual: Baseline) -> list[float]:
    """1 ÷ variance of each day at the expected level × probability that it is no bad campaign."""
    weights = []
    for age, rate, messages in recent:
        level = min(usual.rate + expected[age], 0.98)
        variance = usual.variance(messages, level)
        weights.append(_ordinary(rate, level, variance, usual.dispersion + 1 / messages) / variance)
    return weights


def _ordinary(rate: float, level: float, variance: float, noise: float) -> float:
    """The probability that a day at `rate` is no bad campaign, where `level` is expected."""
    if rate <= level:
        return 1.0
    bad = TIMES * level
    spread = (DIFFER * level) ** 2 + bad * noise
    score = (rate - level) ** 2 / variance - (rate - bad) ** 2 / spread + log(variance / spread)
    return 1 / (1 + BAD_CAMPAIGNS * exp(min(score / 2, 50.0)))


@dataclass(frozen=True, slots=True)
class _Sums:
    """Running sums over age: of w, w·age, w·age², w·excess and w·excess·age, at places 0 to 43."""

    w: list[float]
    wa: list[float]
    waa: list[float]
    wy: list[float]
    wya: list[float]

    @classmethod
    def of(cls, recent: Recent, excess: Sequence[float], weights: Sequence[float]) -> "_Sums":
        """The sums over `recent` days."""
        sums = [[0.0] * (LOOKS_BACK + 2) for _ in range(5)]
        w, wa, waa, wy, wya = sums
        for (age, _, _), above, weight in zip(recent, excess, weights, strict=True):
            at = age + 1
            w[at], wa[at], waa[at] = weight, weight * age, weight * age * age
            wy[at], wya[at] = weight * above, weight * above * age
        return cls(*(list(accumulate(values)) for values in sums))

    def ramp(self, age: int, length: int) -> tuple[float, float]:
        """A and B of the ramp that began `age` days ago and takes `length` days."""
        whole = max(0, age - length + 1)  # younger days are past the ramp: x is 1
        w, y = self.w[age] - self.w[whole], self.wy[age] - self.wy[whole]
        wa, ya = self.wa[age] - self.wa[whole], self.wya[age] - self.wya[whole]
        waa = self.waa[age] - self.waa[whole]
        a = self.wy[whole] + (age * y - ya) / length
        b = self.w[whole] + (age * age * w - 2 * age * wa + waa) / length**2
        return a, b


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The hypotheses with their weights, which are 1 together with that of "nothing"."""

    ramps: list[tuple[int, int, list[float], list[float]]]
    """Days since the beginning, length, and the weight of each end below and past the limit."""
    steps_below: list[float]
    steps_past: list[float]
    """How far above the baseline the rises end."""

    @property
    def probability(self) -> float:
        """That the rate passes the limit."""
        return min(1.0, sum(sum(past) for _, _, _, past in self.ramps))

    def expected(self) -> list[float]:
        """How far above the baseline each age is expected to be."""
        heights = [
            (
                age,
                length,
                sum(map(mul, self.steps_below, below)) + sum(map(mul, self.steps_past, past)),
            )
            for age, length, below, past in self.ramps
        ]
        least = NEGLIGIBLE * sum(height for _, _, height in heights)
        curve = [0.0] * (LOOKS_BACK + 2)
        for since, length, height in heights:
            if height > least:
                for age in range(since):
                    curve[age] += height * min(1.0, (since - age) / length)
        return curve

    def rise(self, limit: float, usual: float) -> Rise:
        """What the rises past the limit say together."""
        weighed = sorted(
            ((limit - usual) / step * length - since + POOLED_LAG, weight)
            for since, length, _, past in self.ramps
            for step, weight in zip(self.steps_past, past, strict=True)
        )
        soon = [
            sum(weight for days, weight in weighed if round(days) <= within) for within in (7, 14)
        ]
        total = sum(weight for _, weight in weighed)
        return Rise(self.probability, _quantiles(weighed, total), (soon[0], soon[1]))


def _weigh(sums: _Sums, limit: float, usual: Baseline) -> _Weighed:
    below = [end * limit - usual.rate for end in ENDS_BELOW if end * limit > usual.rate]
    past = [end * limit - usual.rate for end in ENDS_PAST]
    scored = []
    top = 0.0
    for age, length, share in RAMPS:
        a, b = sums.ramp(age, length)
        scores_below = [d * a - 0.5 * d * d * b for d in below]
        scores_past = [d * a - 0.5 * d * d * b for d in past]
        top = max(top, *scores_below, *scores_past)
        scored.append((age, length, share, scores_below, scores_past))
    weighed = []
    total = NOTHING * exp(-top)
    for age, length, share, scores_below, scores_past in scored:
        weights_below = [exp(score - top) * share / len(below) for score in scores_below]
        weights_past = [exp(score - top) * share / len(past) for score in scores_past]
        total += sum(weights_below) + sum(weights_past)
        weighed.append((age, length, weights_below, weights_past))
    ramps = [
        (age, length, [w / total for w in weights_below], [w / total for w in weights_past])
        for age, length, weights_below, weights_past in weighed
    ]
    return _Weighed(ramps, below, past)


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
