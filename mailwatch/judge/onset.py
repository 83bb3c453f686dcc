"""Since which day a series of figures is worse than it was: what figures of one cause share.

The day is the one that splits the last weeks best in two levels (least squares; Hinkley 1970,
Biometrika 57). It serves to compare figures with each other, whatever their units and however they
got worse; how sure a sudden change is, is asked of the counts, see `change_point.py`.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from mailwatch.model import Day

LOOKS_BACK = 42
LEAST_DAYS = 10
"""Days with a figure."""
LEAST_AFTER = 2
MOST_AFTER = 21
"""Days since then: what is older is no news."""
LEAST_SHARE = 0.6
"""Of all variance, the share that the two levels explain: a step of noise explains little."""


def onset_of(days: Sequence[Day], worse: str) -> date | None:
    """The first day of the worse level; None where the series does not show one.

    `worse` is "higher" or "lower". Days without a value are left out.
    """
    last = max((day.day for day in days), default=date.min)
    sign = -1.0 if worse == "lower" else 1.0
    recent = [
        (day.day, sign * day.value)
        for day in sorted(days, key=lambda day: day.day)
        if day.value is not None and day.day > last - timedelta(days=LOOKS_BACK)
    ]
    if len(recent) < LEAST_DAYS:
        return None
    values = [value for _, value in recent]
    total = sum(values)
    mean = total / len(values)
    spread = sum((value - mean) ** 2 for value in values)
    best, onset = 0.0, None
    for place in range(max(1, len(values) - MOST_AFTER), len(values) - LEAST_AFTER + 1):
        before = sum(values[:place])
        low, high = before / place, (total - before) / (len(values) - place)
        between = place * (low - mean) ** 2 + (len(values) - place) * (high - mean) ** 2
        if high > low and between > best:
            best, onset = between, recent[place][0]
    return onset if spread and best >= LEAST_SHARE * spread else None
