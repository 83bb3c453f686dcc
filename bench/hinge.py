"""The hinge trend, as a rival rule: a broken line, flat and then rising, passes the limit soon.

Every day is asked. Of ten places of the bend the one with the largest score is taken (Hinkley 1969,
Biometrika 56; Muggeo 2003, Statistics in Medicine 22), fitted, and drawn on. The baseline is that
of mailwatch, so that only the rule differs.
"""

from collections.abc import Sequence
from math import sqrt

from mailwatch.judge.baseline import Baseline, Count, fit_baseline

YOUNG_FITS = 8
BENDS = (4, 5, 7, 9, 12, 15, 19, 24, 30, 36)
"""Days since the bend."""
LOOKS_BACK = 62
LEAST_SCORE = 6.0
"""Standard errors; ten places are tried every day."""
AHEAD = 12
"""Days that the line is drawn on; the rate pooled over seven days runs three days behind."""
ROUNDS = 3
NEAR, ENOUGH = 0.4, 0.5
"""Shares of the limit: below the first nothing is looked at; the line must be past the second."""
LEAST_RISE = 1.2
SPIKE = 1.5

Days = Sequence[tuple[int, float, int]]
"""Age in days, rate and messages."""


def _passes_soon(counts: Sequence[Count], usual: Baseline, limit: float) -> bool:
    """True when the line through the newest of `counts` passes `limit` within two weeks."""
    newest = [(k, n) for _, k, n in counts[-4:]]
    if sum(k for k, _ in newest) < NEAR * limit * sum(n for _, n in newest):
        return False
    days = _without_spikes(counts[-LOOKS_BACK:], usual)
    weights = [1 / usual.variance(n) for _, _, n in days]
    scores = [(_score(_sums(days, bend, weights)), bend) for bend in BENDS]
    best, bend = max(scores)
    if best < LEAST_SCORE:
        return False
    level, slope, error = _fit(days, bend, usual)
    enough = level > ENOUGH * limit and level > LEAST_RISE * usual.rate
    return slope > 0 and enough and level + slope * AHEAD - 2 * error > limit


def _without_spikes(counts: Sequence[Count], usual: Baseline) -> Days:
    """The days, of which a lone spike counts at most like its neighbours."""
    today = counts[-1][0]
    rates = [k / n for _, k, n in counts]
    days = []
    for place, (day, _, n) in enumerate(counts):
        last = place == len(counts) - 1
        beside = rates[-3:-1] if last else [*rates[max(0, place - 1) : place], rates[place + 1]]
        top = max([*beside, usual.rate]) + SPIKE * sqrt(usual.variance(n))
        days.append((today - day, min(rates[place], top), n))
    return days


def _sums(
    days: Days, bend: int, weights: Sequence[float]
) -> tuple[float, float, float, float, float]:
    """Σw, Σwx, Σwx², Σwr, Σwxr; x is 0 before the bend, and the days since the bend after it."""
    sw = swx = swxx = swr = swxr = 0.0
    for (age, rate, _), w in zip(days, weights, strict=True):
        x = max(0, bend - age)
        sw += w
        swx += w * x
        swxx += w * x * x
        swr += w * rate
        swxr += w * x * rate
    return sw, swx, swxx, swr, swxr


def _score(sums: tuple[float, float, float, float, float]) -> float:
    sw, swx, swxx, swr, swxr = sums
    spread = sw * (sw * swxx - swx * swx)
    return (sw * swxr - swx * swr) / sqrt(spread) if spread > 0 else 0.0


def _fit(days: Days, bend: int, usual: Baseline) -> tuple[float, float, float]:
    """The level of now, the slope a day, and the standard error of the line `AHEAD` days on."""
    base, slope = usual.rate, 0.0
    sw = swx = swxx = determinant = 1.0
    for _ in range(ROUNDS):
        levels = (base + slope * max(0, bend - age) for age, _, _ in days)
        weights = [
            1 / usual.variance(n, min(0.98, max(1e-6, level)))
            for level, (_, _, n) in zip(levels, days, strict=True)
        ]
        sw, swx, swxx, swr, swxr = _sums(days, bend, weights)
        determinant = sw * swxx - swx * swx
        slope = (sw * swxr - swx * swr) / determinant
        base = (swr - slope * swx) / sw
    ahead = bend + AHEAD
    error = sqrt(max(0.0, swxx - 2 * ahead * swx + ahead * ahead * sw) / determinant)
    return base + slope * bend, slope, error


def hinge_alarms(counts: Sequence[Count], limit: float) -> list[int]:
    """The days on which the trend says that the limit will be passed within about two weeks."""
    alarms = []
    usual: Baseline | None = None
    fitted = fits = 0
    for place in range(len(counts)):
        today = counts[place][0]
        if usual is None or today - fitted >= (3 if fits < YOUNG_FITS else 7):
            usual, fitted, fits = fit_baseline(counts[: place + 1], today, limit), today, fits + 1
        recent = counts[max(0, place - LOOKS_BACK + 1) : place + 1]
        if usual is not None and _passes_soon(recent, usual, limit):
            alarms.append(today)
    return alarms
