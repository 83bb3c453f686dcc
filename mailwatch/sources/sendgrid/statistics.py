"""SendGrid's daily counts made into measurements. Each formula names its denominator.

Which denominator SendGrid itself uses differs from page to page; these are the ones of its
Deliverability Insights and its guidance on "attempted messages". An event is booked on the day it
happens, not on the day the message was sent, so the counts of one day need not balance.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from mailwatch.model import ACCOUNT, Cause, Day, Measurement, Phrase, Window, say

Counts = Mapping[str, int]
Statistics = Mapping[date, Counts]
"""Counts by day; a day the API did not answer for is not in it."""


class Rate(NamedTuple):
    """A rate: what is counted, less what, over what."""

    metric: str
    counted: str
    less: str | None
    denominator: str
    proportion: bool = True


RATES = (
    Rate("sendgrid.bounce_rate", "bounces", None, "processed"),
    Rate("sendgrid.block_rate", "blocks", None, "processed"),
    Rate("sendgrid.spam_report_rate", "spam_reports", None, "delivered"),
    # One event an attempt, and a message has several: no proportion, and may pass 100 %.
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

BEFORE = 30
"""Days before the newest that its volume is held against."""
FIRST_STEP = 50
"""Messages on the first day of SendGrid's own IP warm-up schedule: what a first day after thirty
without any mail is held against (IP Allocation and IP Warmup Schedule, 2017)."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days that were asked for."""

    newest: date
    window: int
    history: int
    zone_known: bool
    """False when `newest` is the last day over everywhere, for want of the account's zone."""

    @property
    def first(self) -> date:
        """The first day asked for."""
        return self.newest - timedelta(days=self.history - 1)

    def in_window(self) -> tuple[date, ...]:
        """The days that a rate is pooled over, oldest first."""
        return tuple(self.newest - timedelta(days=n) for n in reversed(range(self.window)))


def measure_statistics(statistics: Statistics, days: Days) -> Iterator[Measurement]:
    """Every rate pooled over the window, the newest day's volume and its growth."""
    if not statistics:
        note = say("sendgrid.no_days", first=days.first, last=days.newest)
        for metric in STATISTICS:
            yield Measurement(metric, ACCOUNT, cause=Cause.NO_DATA, note=note)
        return
    for rate in RATES:
        yield _measure_rate(rate, statistics, days)
    yield _measure_volume(statistics, days)
    yield _measure_growth(statistics, days)


def measure_reputation(reputation: float) -> Measurement:
    """SendGrid's own score of the account, 0 to 100, as of now."""
    return Measurement(REPUTATION, ACCOUNT, reputation)


def reputation_has_no_past() -> Measurement:
    """The reputation of a past day, which nobody keeps."""
    return Measurement(
        REPUTATION, ACCOUNT, cause=Cause.NO_DATA, note=say("sendgrid.reputation_no_past")
    )


def _measure_rate(rate: Rate, statistics: Statistics, days: Days) -> Measurement:
    series = tuple(_day_of_rate(rate, day, statistics[day]) for day in sorted(statistics))
    window = days.in_window()
    pooled = [day for day in series if day.day in window]
    numerator = max(0, sum(day.numerator or 0 for day in pooled))
    denominator = sum(day.denominator or 0 for day in pooled)
    newest = pooled[-1] if pooled else None
    cause, note = _no_rate(pooled, denominator, window)
    return Measurement(
        rate.metric,
        ACCOUNT,
        value=numerator / denominator if denominator else None,
        numerator=numerator,
        denominator=denominator,
        denominator_name=rate.denominator,
        window=Window(window[0], newest.day if newest else window[-1]),
        daily=series,
        evidence=_evidence(pooled, days),
        cause=cause,
        note=note,
        proportion=rate.proportion,
        newest_volume=newest.denominator if newest else None,
        complete_until=days.newest,
    )


def _no_rate(
    pooled: list[Day], denominator: int, window: tuple[date, ...]
) -> tuple[Cause, Phrase] | tuple[None, None]:
    """Why there is no rate: no day of the window was in the answer, or no mail was sent on them."""
    if not pooled:
        return Cause.NO_DATA, say("sendgrid.no_days", first=window[0], last=window[-1])
    if not denominator:
        return Cause.TOO_LITTLE_MAIL, say("sendgrid.no_mail", days=len(window))
    return None, None


def _day_of_rate(rate: Rate, day: date, counts: Counts) -> Day:
    numerator = counts[rate.counted] - (counts[rate.less] if rate.less else 0)
    denominator = counts[rate.denominator]
    value = numerator / denominator if denominator else None
    return Day(day, value, numerator, denominator)


def _evidence(pooled: list[Day], days: Days) -> tuple[Phrase, ...]:
    found: list[Phrase] = []
    if len(pooled) < days.window:
        found.append(say("sendgrid.days_missing", found=len(pooled), asked=days.window))
    if not days.zone_known:
        found.append(say("sendgrid.zone_unknown"))
    return tuple(found)


def _measure_volume(statistics: Statistics, days: Days) -> Measurement:
    newest = max(statistics)
    volume = statistics[newest]["processed"]
    return Measurement(
        VOLUME,
        ACCOUNT,
        value=volume,
        window=Window(newest, newest),
        daily=_volumes(statistics),
        newest_volume=volume,
        complete_until=days.newest,
    )


def _measure_growth(statistics: Statistics, days: Days) -> Measurement:
    """The newest full day over the busiest of the 30 days before it."""
    newest = max(statistics)
    volume = statistics[newest]["processed"]
    before = {
        day: counts["processed"]
        for day, counts in statistics.items()
        if 0 < (newest - day).days <= BEFORE
    }
    busiest = max(before, key=lambda day: (before[day], day), default=None)
    highest = before[busiest] if busiest else 0
    since = (
        say("sendgrid.growth_from_nothing", step=FIRST_STEP)
        if not busiest or not highest
        else say("sendgrid.growth_since", day=busiest, volume=highest)
    )
    gaps = say("sendgrid.days_missing", found=len(before), asked=BEFORE)
    base = highest or FIRST_STEP
    return Measurement(
        GROWTH,
        ACCOUNT,
        value=volume / base,
        numerator=volume,
        denominator=base,
        denominator_name="busiest of the 30 days before",
        window=Window(newest, newest),
        daily=_volumes(statistics),
        evidence=(since, gaps) if len(before) < BEFORE else (since,),
        newest_volume=volume,
        complete_until=days.newest,
    )


def _volumes(statistics: Statistics) -> tuple[Day, ...]:
    return tuple(Day(day, statistics[day]["processed"]) for day in sorted(statistics))
