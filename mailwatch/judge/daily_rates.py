"""A figure's days as counts, also where only a rate is published."""

from collections.abc import Iterator, Sequence
from datetime import date
from statistics import median

from mailwatch.model import Day, Measurement

Rates = tuple[date, int, int]

NEWEST = 14
"""The newest days say nothing of how much days usually differ: a rise may be in them."""
LEAST_DAYS = 14
FEWEST, MOST = 300, 50_000
"""Messages that a day of a published rate counts as."""
_MAD = 1.4826
"""From the median absolute deviation to the standard deviation of a normal distribution."""


def daily_counts(measurement: Measurement) -> Iterator[Rates]:
    """Each day with what was counted, out of how many.

    A day may book more events than it has messages: it counts as all of them. A published rate has
    no messages. It gets as many as would make days differ as much as its older days do, so that
    a rate that jumps about is judged as cautiously as one of little mail. None where its days are
    too few to see that.
    """
    known = (*measurement.earlier, *measurement.daily)
    if any(day.denominator is not None for day in measurement.daily):
        for day in known:
            if day.numerator is not None and day.denominator:
                yield day.day, min(max(day.numerator, 0), day.denominator), day.denominator
        return
    days = [day for day in known if day.value is not None and 0 <= day.value <= 1]
    messages = _as_messages(days)
    for day in days if messages else ():
        yield day.day, round((day.value or 0.0) * messages), messages


def _as_messages(days: Sequence[Day]) -> int:
    """Messages a day at which chance alone makes days differ as these do; 0 where too few."""
    last = max((day.day for day in days), default=date.min)
    rates = [day.value or 0.0 for day in days if (last - day.day).days >= NEWEST]
    if len(rates) < LEAST_DAYS:
        return 0
    middle = median(rates)
    spread = _MAD * median(abs(rate - middle) for rate in rates)
    if spread <= 0:
        return MOST
    rate = min(max(middle, 1e-5), 0.5)
    return round(min(MOST, max(FEWEST, rate * (1 - rate) / spread**2)))
