"""SendGrid's daily counts made into measurements. Each formula names its denominator.

Which denominator SendGrid itself uses differs from page to page; these are the ones of its
Deliverability Insights and its guidance on "attempted messages". An event is booked on the day it
happens, not on the day the message was sent, so the counts of one day need not balance.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from mailwatch.model import ACCOUNT, Cause, Day, Fault, Measurement, Phrase, Window, say
from mailwatch.sources.series import Pooled, Share, days_of, pool_counts, pool_shares

COUNTED = (
    "requests",
    "processed",
    "delivered",
    "bounces",
    "blocks",
    "deferred",
    "spam_reports",
    "invalid_emails",
)
"""The counts that the figures need, of the 16 that the API gives."""
Counts = Mapping[str, int]
"""The counts of one day by name. A count that the API left out is not in it, and is not 0."""
Statistics = Mapping[date, Counts]
"""Counts by day; a day the API did not answer for is not in it."""


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
VOLUME = "sendgrid.daily_volume"
GROWTH = "sendgrid.volume_growth"
REPUTATION = "sendgrid.reputation"
STATISTICS = (*(rate.metric for rate in RATES), VOLUME, GROWTH)
METRICS = (*STATISTICS, REPUTATION)

_PROCESSED = "processed"
_NEEDS = (
    *((rate.metric, frozenset(rate.needs)) for rate in RATES),
    *((metric, frozenset({_PROCESSED})) for metric in (VOLUME, GROWTH)),
)
"""The counts that a day must have to be part of each figure."""

BEFORE = 30
"""Days before the newest that its volume is compared with."""
BUSIEST = "busiest of the 30 days before"
FIRST_STEP = 50
"""Messages on the first day of SendGrid's own IP warm-up schedule: what a first day after thirty
without any mail is compared with (IP Allocation and IP Warmup Schedule, 2017)."""
FIRST_STEP_NAME = "first step of the warm-up schedule"


@dataclass(frozen=True, slots=True)
class Days:
    """The days that were asked for."""

    newest: date
    window: int
    history: int
    zone_known: bool
    """False when the account's zone is not known: `newest` is the last day over everywhere."""

    @property
    def first(self) -> date:
        """The first day asked for."""
        return self.newest - timedelta(days=self.history - 1)

    @property
    def asked(self) -> Window:
        """All days asked for."""
        return Window(self.first, self.newest)

    @property
    def pooled(self) -> Window:
        """The days that a rate is pooled over."""
        return Window(self.newest - timedelta(days=self.window - 1), self.newest)


def measure_statistics(statistics: Statistics, days: Days) -> Iterator[Measurement | Fault]:
    """Every rate pooled over the window, the newest day's volume and its growth, and a fault where
    days lack counts or counts contradict each other."""
    if not statistics:
        note = say("sendgrid.no_days", first=days.first, last=days.newest)
        for metric in STATISTICS:
            yield Measurement(metric, ACCOUNT, cause=Cause.NO_DATA, note=note)
        return
    for rate in RATES:
        measured = _measure_rate(rate, statistics, days)
        yield measured
        if measured.note and measured.denominator is None:  # its counts contradict each other
            yield Fault(Cause.NO_DATA, measured.note, metrics=(rate.metric,))
    yield _measure_volume(statistics, days)
    yield _measure_growth(statistics, days)
    yield from _find_missing_counts(statistics)


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
        yield Fault(Cause.NO_DATA, _counts_missing(names, len(days)), metrics=metrics)


def _measure_rate(rate: Rate, statistics: Statistics, days: Days) -> Measurement:
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
        ACCOUNT,
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
        return Cause.NO_DATA, _no_days(rate.needs, pooled.window, statistics)
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


def _no_days(needs: tuple[str, ...], window: Window, statistics: Statistics) -> Phrase:
    """Why no day of `window` can be used: they are not in the answer, or lack a count."""
    lacking = [statistics[day] for day in days_of(window) if day in statistics]
    if not lacking:
        return say("sendgrid.no_days", first=window.first, last=window.last)
    names = [name for name in needs if any(name not in counts for counts in lacking)]
    return _counts_missing(list(dict.fromkeys(names)), len(lacking))


def _counts_missing(names: list[str], days: int) -> Phrase:
    return say("sendgrid.counts_missing", names=", ".join(names), days=days)


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


def _measure_volume(statistics: Statistics, days: Days) -> Measurement:
    volumes = _volumes(statistics)
    pooled = pool_counts(volumes, days.asked)
    newest = pooled.newest
    if newest is None:
        return _no_volume(VOLUME, statistics, days)
    return Measurement(
        VOLUME,
        ACCOUNT,
        value=volumes[newest],
        window=Window(newest, newest),
        daily=pooled.daily,
        newest_volume=volumes[newest],
        complete_until=days.newest,
    )


def _measure_growth(statistics: Statistics, days: Days) -> Measurement:
    """The newest full day over the busiest of the 30 days before it, or over the first step."""
    volumes = _volumes(statistics)
    newest = pool_counts(volumes, days.asked).newest
    if newest is None:
        return _no_volume(GROWTH, statistics, days)
    before = pool_counts(
        volumes, Window(newest - timedelta(days=BEFORE), newest - timedelta(days=1))
    )
    busiest = max(before.found, key=lambda day: (volumes[day], day), default=None)
    highest = volumes[busiest] if busiest else 0
    since = (
        say("sendgrid.growth_since", day=busiest, volume=highest)
        if busiest and highest
        else say("sendgrid.growth_from_nothing", step=FIRST_STEP)
    )
    gaps = say("sendgrid.days_missing", found=len(before.found), asked=BEFORE)
    base = highest or FIRST_STEP
    return Measurement(
        GROWTH,
        ACCOUNT,
        value=volumes[newest] / base,
        numerator=volumes[newest],
        denominator=base,
        denominator_name=BUSIEST if highest else FIRST_STEP_NAME,
        window=Window(newest, newest),
        daily=before.daily,
        evidence=(since, gaps) if before.gaps else (since,),
        newest_volume=volumes[newest],
        complete_until=days.newest,
    )


def _no_volume(metric: str, statistics: Statistics, days: Days) -> Measurement:
    """The figure without a value: no day in the answer has the count `processed`."""
    note = _no_days((_PROCESSED,), days.asked, statistics)
    return Measurement(metric, ACCOUNT, cause=Cause.NO_DATA, note=note, complete_until=days.newest)


def _volumes(statistics: Statistics) -> dict[date, int]:
    return {day: counts[_PROCESSED] for day, counts in statistics.items() if _PROCESSED in counts}
