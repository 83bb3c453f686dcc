"""What a rate usually is: a robust mean over the weeks before a change could have begun.

The baseline ends two weeks back, so that a rise does not become part of what is normal (a robust,
delayed baseline: Farrington et al. 1996, JRSS A 159; Noufaily et al. 2013, Statistics in Medicine
32). Messages come in campaigns, so days differ by more than chance: the variance of a day's rate
is p(1-p)(1/n + rho), as for a beta-binomial with many messages (Kleinman 1973, JASA 68).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

ENDS_BEFORE = 14
"""Days between the end of the baseline and the day it is used on."""
REACHES_BACK = 62
LEAST_DAYS = 14
"""Days with data that a baseline needs."""
PRIOR_RATE = 0.4
"""Where a rate is expected before any data, as a share of the limit."""
PRIOR_MESSAGES = 15
USUAL_DISPERSION = 0.0007
PRIOR_DAYS = 20
"""Days of data that the usual dispersion counts as."""
LEAST_DISPERSION, MOST_DISPERSION = 0.0001, 0.004
TUNED_AT = 0.05
"""The limit at which the numbers above were set. A rate with a lower limit has a smaller usual
rate, and its days differ less: the dispersion is taken in proportion, so that they differ by the
same share of it."""
WINSOR = 2.5
"""Standard deviations beyond which a day counts as if it were there."""
ROUNDS = 4

Count = tuple[int, int, int]
"""A day: its ordinal, what was counted, and out of how many messages (at least one)."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The usual rate, and how much days differ beyond chance."""

    rate: float
    dispersion: float

    def variance(self, messages: int, rate: float | None = None) -> float:
        """The variance of one day's rate from `messages`, at `rate` (default: the usual one)."""
        rate = self.rate if rate is None else rate
        return rate * (1 - rate) * (1 / messages + self.dispersion)


def fit_baseline(counts: Sequence[Count], today: int, limit: float) -> Baseline | None:
    """The baseline for judging `today` against `limit`; None with fewer than 14 days of data.

    `counts` are days in order; those outside 14 to 62 days before `today` are not looked at.
    """
    used = [(k, n) for day, k, n in counts if today - REACHES_BACK <= day <= today - ENDS_BEFORE]
    if len(used) < LEAST_DAYS:
        return None
    prior = PRIOR_RATE * limit
    scale = min(1.0, limit / TUNED_AT)
    messages = sum(n for _, n in used) + PRIOR_MESSAGES
    start = (sum(k for k, _ in used) + prior * PRIOR_MESSAGES) / messages
    fitted = Baseline(start, USUAL_DISPERSION * scale)
    for _ in range(ROUNDS):
        fitted = Baseline(_robust_mean(used, fitted, limit), USUAL_DISPERSION * scale)
    return Baseline(fitted.rate, _dispersion(used, fitted, scale))


def _robust_mean(used: Sequence[tuple[int, int]], fitted: Baseline, limit: float) -> float:
    """The mean weighted by 1 ÷ variance; a day far above the mean counts as one less far."""
    weight = PRIOR_MESSAGES / (fitted.rate * (1 - fitted.rate))
    total, weights = weight * PRIOR_RATE * limit, weight
    for k, n in used:
        variance = fitted.variance(n)
        total += min(k / n, fitted.rate + WINSOR * sqrt(variance)) / variance
        weights += 1 / variance
    return min(max(total / weights, limit / 500), 0.98)


def _dispersion(used: Sequence[tuple[int, int]], fitted: Baseline, scale: float) -> float:
    """The dispersion by weighted moments of the winsorised squared deviations."""
    spread = fitted.rate * (1 - fitted.rate)
    total = weights = 0.0
    for k, n in used:
        squared = min((k / n - fitted.rate) ** 2, WINSOR**2 * fitted.variance(n))
        weight = 1 / (1 / n + fitted.dispersion) ** 2
        total += weight * (squared / spread - 1 / n)
        weights += weight
    prior = PRIOR_DAYS * USUAL_DISPERSION * scale
    shrunk = (len(used) * total / weights + prior) / (len(used) + PRIOR_DAYS)
    return min(max(shrunk, LEAST_DISPERSION * scale), MOST_DISPERSION * scale)
