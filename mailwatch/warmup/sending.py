"""A SendGrid account's mail by day, as a warm-up looks at it."""

from collections.abc import Iterable
from datetime import date

from mailwatch.model import ACCOUNT, Measurement
from mailwatch.warmup.progress import Sent

VOLUME = "sendgrid.daily_volume"
COUNTED = {
    "sendgrid.deferral_rate": "deferred",
    "sendgrid.block_rate": "blocks",
    "sendgrid.bounce_rate": "bounces",
}


def sent_each_day(measurements: Iterable[Measurement]) -> dict[date, Sent]:
    """What was sent on each day that is known; a day without a count of it has 0 of that."""
    own = [one for one in measurements if one.subject == ACCOUNT]
    counts: dict[date, dict[str, int]] = {}
    for measurement in own:
        name = COUNTED.get(measurement.metric)
        for day in measurement.daily if name else ():
            counts.setdefault(day.day, {})[str(name)] = day.numerator or 0
    return {
        day.day: Sent(int(day.value), **counts.get(day.day, {}))
        for measurement in own
        if measurement.metric == VOLUME
        for day in measurement.daily
        if day.value is not None
    }
