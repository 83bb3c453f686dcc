"""A sudden change of a rate: since which day, from what to what, and how sure that is.

Two stories are weighed against each other by how well they fit the daily counts: a step on one of
the last days, and a rise that took its time. Each has one unknown height, which is taken at its
most likely value, so that neither has an advantage. The share of the steps that begin on the best
day or the day beside it is how sure it is. Messages come in campaigns, so that days differ by more
than chance: see `baseline.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp

from mailwatch.judge.baseline import Baseline, Count, fit_baseline

LATEST, OLDEST = 1, 14
"""Days since a step began; what is older is in the baseline."""
RISE_AGES = (4, 6, 8, 10, 13, 17, 21, 28)
RISE_LENGTHS = (4, 6, 9, 13, 18, 25)
LEAST_SURE = 0.8
LEAST_SCORE = 12.0
"""Log-likelihood ratio against "nothing changed": about five standard errors."""
LEAST_RISE = 1.3
"""Of the usual rate."""


@dataclass(frozen=True, slots=True)
class Change:
    """A step of a rate."""

    since: date
    before: float
    after: float
    probability: float


def find_change(counts: Sequence[Count], limit: float) -> Change | None:
    """The sudden change for the worse that the newest of `counts` show; None where none is.

    `counts` are days in order, of what must not rise; `limit` is what it must not pass.
    """
    if not counts or not 0 < limit < 1:
        return None
    today = counts[-1][0]
    usual = fit_baseline(counts, today, limit)
    if usual is None:
        return None
    days = [_Weighed.of(count, today, usual) for count in counts if count[0] > today - 42]
    steps = {age: _score(days, age, 1) for age in range(LATEST, OLDEST + 1)}
    best = max(steps, key=lambda age: steps[age])
    if steps[best] < LEAST_SCORE:
        return None
    rises = list(_rises(days))
    top = max(steps[best], *rises)
    near = sum(exp(steps[age] - top) for age in (best - 1, best, best + 1) if age in steps)
    all_steps = sum(exp(score - top) for score in steps.values())
    per_rise = sum(exp(score - top) for score in rises) * len(steps) / len(rises)
    sure = near / (all_steps + per_rise)
    after = _pooled(counts, today - best + 1, today)
    if sure < LEAST_SURE or after < LEAST_RISE * usual.rate:
        return None
    return Change(date.fromordinal(today - best + 1), usual.rate, after, sure)


@dataclass(frozen=True, slots=True)
class _Weighed:
    age: int
    above: float
    weight: float

    @classmethod
    def of(cls, count: Count, today: int, usual: Baseline) -> "_Weighed":
        """How far the day is above the usual rate, by the variance at its own level."""
        day, counted, messages = count
        rate = counted / messages
        level = min(max(rate, usual.rate), 0.98)
        return cls(today - day, rate - usual.rate, 1 / usual.variance(messages, level))


def _rises(days: Sequence[_Weighed]) -> Iterator[float]:
    for age in RISE_AGES:
        for length in RISE_LENGTHS:
            yield _score(days, age, length)


def _score(days: Sequence[_Weighed], age: int, length: int) -> float:
    """The log-likelihood ratio of a rise that began `age` days ago and took `length` days."""
    a = b = 0.0
    for one in days:
        if one.age < age:
            x = min(1.0, (age - one.age) / length)
            a += one.weight * x * one.above
            b += one.weight * x * x
    return a * a / (2 * b) if a > 0 and b else 0.0


def _pooled(counts: Sequence[Count], first: int, last: int) -> float:
    days = [(k, n) for day, k, n in counts if first <= day <= last]
    return sum(k for k, _ in days) / sum(n for _, n in days)
