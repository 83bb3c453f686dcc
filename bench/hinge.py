"""The hinge trend: a rival rule for the benchmark, as plain as it can be written.

A broken line is fitted to the daily rates: flat, then rising. Of ten places of the bend the one
with the largest score is taken (Hinkley 1969, Biometrika 56; Muggeo 2003, Statistics in Medicine
22), and the line that rises from there is drawn on. The baseline and the variances are those of
`mailwatch.judge.baseline`.
"""

from collections.abc import Sequence
from math import sqrt

from mailwatch.judge.baseline import Baseline, Count, fit_baseline

BENDS = (4, 5, 7, 9, 12, 15, 19, 24, 30, 36)
LEAST_SCORE = 6.0
AHEAD = 12
ROUNDS = 3
NEAR = 0.4
"""Of the limit: below it there is nothing to look at."""


def hinge_alarms(counts: Sequence[Count], limit: float) -> list[int]:
    """The days on which the trend says that the limit will be passed within about two weeks."""
    alarms = []
    usual: Baseline | None = None
    fitted = fits = 0
    for place in range(len(counts)):
        today = counts[place][0]
        if usual is None or today - fitted >= (3 if fits < 8 else 7):
            usual, fitted, fits = fit_baseline(counts[: place + 1], today, limit), today, fits + 1
        if usual is not None and _rises(counts[max(0, place - 61) : place + 1], usual, limit):
            alarms.append(today)
    return alarms


def _rises(counts: Sequence[Count], usual: Baseline, limit: float) -> bool:
    today = counts[-1][0]
    newest = [(k, n) for _, k, n in counts[-4:]]
    if sum(k for k, _ in newest) < NEAR * limit * sum(n for _, n in newest):
        return False
    rates = [k / n for _, k, n in counts]
    days = []
    for place, (day, _, n) in enumerate(counts):  # a lone spike counts at most like its neighbours
        beside = rates[max(0, place - 1) : place] + rates[place + 1 : place + 2]
        if place == len(counts) - 1:
            beside = rates[-3:-1]
        top = max([*beside, usual.rate]) + 1.5 * sqrt(usual.variance(n))
        days.append((today - day, min(rates[place], top), n))
    best, bend = 0.0, 0
    weights = [1 / usual.variance(n) for _, _, n in days]
    for tau in BENDS:
        score = _score(days, tau, weights)
        if score > best:
            best, bend = score, tau
    if best < LEAST_SCORE:
        return False
    level, slope, error = _fit(days, bend, usual)
    enough = level > limit / 2 and level > 1.2 * usual.rate
    return slope > 0 and enough and level + slope * AHEAD - 2 * error > limit


def _sums(
    days: Sequence[tuple[int, float, int]], tau: int, weights: Sequence[float]
) -> tuple[float, float, float, float, float]:
    sw = swx = swxx = swr = swxr = 0.0
    for (age, rate, _), w in zip(days, weights, strict=True):
        x = max(0, tau - age)
        sw += w
        swx += w * x
        swxx += w * x * x
        swr += w * rate
        swxr += w * x * rate
    return sw, swx, swxx, swr, swxr


def _score(days: Sequence[tuple[int, float, int]], tau: int, weights: Sequence[float]) -> float:
    sw, swx, swxx, swr, swxr = _sums(days, tau, weights)
    spread = sw * (sw * swxx - swx * swx)
    return (sw * swxr - swx * swr) / sqrt(spread) if spread > 0 else 0.0


def _fit(
    days: Sequence[tuple[int, float, int]], tau: int, usual: Baseline
) -> tuple[float, float, float]:
    """The level of now, the slope a day, and the standard error of the line `AHEAD` days on."""
    base, slope = usual.rate, 0.0
    for _ in range(ROUNDS):
        weights = [
            1 / usual.variance(n, min(0.98, max(1e-6, base + slope * max(0, tau - age))))
            for age, _, n in days
        ]
        sw, swx, swxx, swr, swxr = _sums(days, tau, weights)
        determinant = sw * swxx - swx * swx
        slope = (sw * swxr - swx * swr) / determinant
        base = (swr - slope * swx) / sw
    ahead = tau + AHEAD
    error = sqrt((swxx - 2 * ahead * swx + ahead * ahead * sw) / determinant)
    return base + slope * tau, slope, error
