"""SendGrid's daily counts made into measurements. Each formula names its denominator.

Which denominator SendGrid itself uses differs from page to page; these are the ones of its
Deliverability Insights and its guidance on "attempted messages". An event is booked on the day it
happens, not on the day the message was sent, so the counts of one day need not balance.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mailwatch.model import ACCOUNT, Cause, Day, Fault, Measurement, Phrase, Subject, Window, say
from mailwatch.sources.sendgrid.daily_counts import (
    COUNTED,
    Counts,
    Days,
    Statistics,
    counts_missing,
    no_days,
)
from mailwatch.sources.sendgrid.volume import CHANGE, GROWTH, PROCESSED, VOLUME, measure_volumes
from mailwatch.sources.series import Pooled, Share, days_of, pool_shares

if TYPE_CHECKING:
    from datetime import date

__all__ = ["COUNTED", "Counts", "Days", "Statistics"]


class Rate(NamedTuple):
    """A rate: what is counted, less what, over what."""

    metric: str
    counted: str
    less: str | None
    denominator: str
    proportion: bool = True

    @property
    def needs(self) -> tuple[str, ...]:
        """The counts that a day must have to be part of this rate."""
        return tuple(filter(None, (self.counted, self.less, self.denominator)))


RATES = (
    Rate("sendgrid.bounce_rate", "bounces", None, "processed"),
    Rate("sendgrid.block_rate", "blocks", None, "processed"),
    Rate("sendgrid.spam_report_rate", "spam_reports", None, "delivered"),
    # Counted once an attempt, and a message has several: not a proportion, may be over 100 %.
    Rate("sendgrid.deferral_rate", "deferred", None, "processed", proportion=False),
    Rate("sendgrid.drop_rate", "requests", "processed", "requests"),
    Rate("sendgrid.invalid_rate", "invalid_emails", None, "requests"),
    Rate("sendgrid.delivered_rate", "delivered", None, "processed"),
)
REPUTATION = "sendgrid.reputation"
RATE_METRICS = tuple(rate.metric for rate in RATES)
STATISTICS = (*RATE_METRICS, VOLUME, GROWTH, CHANGE)
METRICS = (*STATISTICS, REPUTATION)

_NEEDS = (
    *((rate.metric, frozenset(rate.needs)) for rate in RATES),
    *((metric, frozenset({PROCESSED})) for metric in (VOLUME, GROWTH, CHANGE)),
)
"""The counts that a day must have to be part of each figure."""


def measure_statistics(statistics: Statistics, days: Days) -> Iterator[Measurement | Fault]:
    """The account: every rate pooled over the window, the newest day's volume and how it changed,
    and a fault where days lack counts or counts contradict each other."""
    if not statistics:
        note = say("sendgrid.no_days", first=days.first, last=days.newest)
        for metric in STATISTICS:
            yield Measurement(metric, ACCOUNT, cause=Cause.NO_DATA, note=note)
        return
    for measured in measure_rates(statistics, days, ACCOUNT):
        yield measured
        if measured.note and measured.denominator is None:  # its counts contradict each other
            yield Fault(Cause.NO_DATA, measured.note, metrics=(measured.metric,))
    yield from measure_volumes(statistics, days, ACCOUNT)
    yield from _find_missing_counts(statistics)


def measure_rates(statistics: Statistics, days: Days, subject: Subject) -> Iterator[Measurement]:
    """Every rate of `subject`, pooled over the window."""
    for rate in RATES:
        yield _measure_rate(rate, statistics, days, subject)


def measure_reputation(reputation: float) -> Measurement:
    """SendGrid's own score of the account, 0 to 100, as of now."""
    return Measurement(REPUTATION, ACCOUNT, reputation)


def reputation_has_no_past() -> Measurement:
    """The reputation of a past day, which nobody keeps."""
    return Measurement(
        REPUTATION, ACCOUNT, cause=Cause.NO_DATA, note=say("sendgrid.reputation_no_past")
    )


def _find_missing_counts(statistics: Statistics) -> Iterator[Fault]:
    """A fault for the counts that days lack; counts that the same days lack share one."""
    lacking: dict[tuple[date, ...], list[str]] = {}
    for name in COUNTED:
        days = tuple(sorted(day for day, counts in statistics.items() if name not in counts))
        if days:
            lacking.setdefault(days, []).append(name)
    for days, names in lacking.items():
        metrics = tuple(metric for metric, needs in _NEEDS if not needs.isdisjoint(names))
        yield Fault(Cause.NO_DATA, counts_missing(names, len(days)), metrics=metrics)


def _measure_rate(rate: Rate, statistics: Statistics, days: Days, subject: Subject) -> Measurement:
    shares = {
        day: _share(rate, counts)
        for day, counts in statistics.items()
        if all(name in counts for name in rate.needs)
    }
    pooled = pool_shares(shares, days.pooled)
    numerator, denominator = max(0, pooled.numerator), pooled.denominator or 0
    cause, note = _no_rate(rate, pooled, statistics)
    contradicted = bool(cause and denominator)
    return Measurement(
        rate.metric,
        subject,
        value=None if note else numerator / denominator,
        numerator=None if contradicted else numerator,
        denominator=None if contradicted else denominator,
        denominator_name=rate.denominator,
        window=Window(days.pooled.first, pooled.newest or days.pooled.last),
        daily=tuple(map(_not_below_zero, pooled.daily)),
        evidence=(*_evidence(pooled, days), *_negative(rate, pooled)),
        cause=cause,
        note=note,
        proportion=rate.proportion,
        newest_volume=shares[pooled.newest].denominator if pooled.newest else None,
        complete_until=days.newest,
    )


def _share(rate: Rate, counts: Counts) -> Share:
    less = counts[rate.less] if rate.less else 0
    return Share(counts[rate.counted] - less, counts[rate.denominator])


def _no_rate(
    rate: Rate, pooled: Pooled, statistics: Statistics
) -> tuple[Cause, Phrase] | tuple[None, None]:
    """Why the window gives no rate: no data, no mail, or counts that cannot all be true.

    One day may well be over 100 %, since an event is booked on the day it happens.
    """
    if not pooled.found:
        return Cause.NO_DATA, no_days(rate.needs, pooled.window, statistics)
    if not pooled.denominator:
        return Cause.TOO_LITTLE_MAIL, say("sendgrid.no_mail", days=len(days_of(pooled.window)))
    if rate.proportion and pooled.numerator > pooled.denominator:
        return Cause.NO_DATA, say(
            "sendgrid.contradiction",
            numerator=pooled.numerator,
            counted=rate.counted,
            denominator=pooled.denominator,
            of=rate.denominator,
        )
    return None, None


def _evidence(pooled: Pooled, days: Days) -> Iterator[Phrase]:
    if pooled.gaps:
        yield say("sendgrid.days_missing", found=len(pooled.found), asked=days.window)
    if not days.zone_known:
        yield say("sendgrid.zone_unknown")


def _not_below_zero(day: Day) -> Day:
    """The day as it is shown: with 0 where its count is negative."""
    if day.numerator is None or day.numerator >= 0:
        return day
    return Day(day.day, 0.0 if day.denominator else None, 0, day.denominator)


def _negative(rate: Rate, pooled: Pooled) -> Iterator[Phrase]:
    """What was done where more was processed than requested, on a day and over the window."""
    below = [day.day for day in pooled.daily if (day.numerator or 0) < 0]
    if below:
        yield say("sendgrid.negative_days", days=len(below), day=below[-1])
    if pooled.numerator < 0:
        yield say("sendgrid.negative_window", excess=-pooled.numerator)
