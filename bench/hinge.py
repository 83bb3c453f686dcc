"""The hinge trend alone, as a rival rule: every day is asked, and nothing else is."""

from collections.abc import Sequence

from mailwatch.judge.baseline import Baseline, Count, fit_baseline
from mailwatch.judge.bend import LOOKS_BACK, passes_soon

YOUNG_FITS = 8


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
        if usual is not None and passes_soon(recent, usual, limit):
            alarms.append(today)
    return alarms
