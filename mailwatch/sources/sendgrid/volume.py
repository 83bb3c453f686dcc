"""How much was sent on the newest full day, and how that compares with the days before."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from statistics import median

from mailwatch.model import Cause, Measurement, Subject, Window, say
from mailwatch.sources.sendgrid.daily_counts import Days, Statistics, no_days
from mailwatch.sources.series import Pooled, pool_counts

VOLUME = "sendgrid.daily_volume"
GROWTH = "sendgrid.volume_growth"
CHANGE = "sendgrid.volume_change"
"""Judged by two checks: sendgrid.volume_change and sendgrid.volume_drop."""
PROCESSED = "processed"
BEFORE = 30
"""Days before the newest that its volume is compared with."""
BUSIEST = "busiest of the 30 days before"
FIRST_STEP = 50
"""Messages on the first day of SendGrid's own IP warm-up schedule: what a first day after thirty
without any mail is compared with (IP Allocation and IP Warmup Schedule, 2017)."""
FIRST_STEP_NAME = "first step of the warm-up schedule"
WEEKS = 4
"""Weeks before the newest day whose same weekday is what is usual."""
LEAST_WEEKS = 3
"""Of them at least so many must have data."""
QUIET = 100
"""Messages under which a weekday is quiet: any small mailing would be a multiple of it."""
WEEKDAY = "median of this weekday"


def measure_volumes(statistics: Statistics, days: Days, subject: Subject) -> Iterator[Measurement]:
    """The newest day's volume, its growth and its change against the usual weekday."""
    pooled = _pool(statistics, days)
    yield _measure_volume(pooled, statistics, days, subject)
    yield _measure_growth(pooled, statistics, days, subject)
    yield from _measure_change(pooled, statistics, days, subject)


def measure_sum(volumes: Mapping[date, int], days: Days, subject: Subject) -> Iterator[Measurement]:
    """The volume of several subusers together, and its change against the usual weekday."""
    statistics = {day: {PROCESSED: count} for day, count in volumes.items()}
    pooled = _pool(statistics, days)
    yield _measure_volume(pooled, statistics, days, subject)
    yield from _measure_change(pooled, statistics, days, subject)


def _pool(statistics: Statistics, days: Days) -> Pooled:
    """The volume of each day: one series for all figures, which thousands of subusers have."""
    return pool_counts(volumes_of(statistics), days.asked)


def _measure_change(
    pooled: Pooled, statistics: Statistics, days: Days, subject: Subject
) -> Iterator[Measurement]:
    """The newest full day over the median of the same weekday in the four weeks before it.

    Nothing where that weekday is always quiet, and while the account is younger than four weeks:
    there is nothing usual yet.
    """
    volumes, newest = volumes_of(statistics), pooled.newest
    began = next((day.day for day in pooled.daily if day.value), None)
    if newest is None:
        note = say("sendgrid.no_days", first=days.first, last=days.newest)
        yield Measurement(CHANGE, subject, cause=Cause.NO_DATA, note=note)
        return
    same = [newest - timedelta(weeks=week) for week in range(WEEKS, 0, -1)]
    if began is None or began > same[0]:
        return
    known = [volumes[day] for day in same if day in volumes]
    if len(known) < LEAST_WEEKS:
        note = say("sendgrid.days_missing", found=len(known), asked=WEEKS)
        yield Measurement(CHANGE, subject, cause=Cause.NO_DATA, note=note)
        return
    usual = round(median(known))
    if usual < QUIET:
        return
    yield Measurement(
        CHANGE,
        subject,
        value=volumes[newest] / usual,
        numerator=volumes[newest],
        denominator=usual,
        denominator_name=WEEKDAY,
        window=Window(newest, newest),
        daily=pooled.daily,
        evidence=(say("sendgrid.usual_weekday", usual=usual, volume=volumes[newest]),),
        newest_volume=max(volumes[newest], usual),
        complete_until=days.newest,
    )


def _measure_volume(
    pooled: Pooled, statistics: Statistics, days: Days, subject: Subject
) -> Measurement:
    volumes, newest = volumes_of(statistics), pooled.newest
    if newest is None:
        return _no_volume(VOLUME, statistics, days, subject)
    return Measurement(
        VOLUME,
        subject,
        value=volumes[newest],
        window=Window(newest, newest),
        daily=pooled.daily,
        newest_volume=volumes[newest],
        complete_until=days.newest,
    )


def _measure_growth(
    pooled: Pooled, statistics: Statistics, days: Days, subject: Subject
) -> Measurement:
    """The newest full day over the busiest of the 30 days before it, or over the first step."""
    volumes, newest = volumes_of(statistics), pooled.newest
    if newest is None:
        return _no_volume(GROWTH, statistics, days, subject)
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
        subject,
        value=volumes[newest] / base,
        numerator=volumes[newest],
        denominator=base,
        denominator_name=BUSIEST if highest else FIRST_STEP_NAME,
        window=Window(newest, newest),
        daily=pooled.daily,
        evidence=(since, gaps) if before.gaps else (since,),
        newest_volume=volumes[newest],
        complete_until=days.newest,
    )


def _no_volume(metric: str, statistics: Statistics, days: Days, subject: Subject) -> Measurement:
    """The figure without a value: no day in the answer has the count `processed`."""
    note = no_days((PROCESSED,), days.asked, statistics)
    return Measurement(metric, subject, cause=Cause.NO_DATA, note=note, complete_until=days.newest)


def volumes_of(statistics: Statistics) -> dict[date, int]:
    """Messages processed by day; a day without that count is not in it."""
    return {day: counts[PROCESSED] for day, counts in statistics.items() if PROCESSED in counts}
