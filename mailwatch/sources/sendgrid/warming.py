"""A warm-up that is going on, held against the published schedule."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from mailwatch.model import Day, Measurement, Subject, Window, say, verbatim
from mailwatch.sources.sendgrid.daily_counts import Days, Statistics
from mailwatch.text.units import display
from mailwatch.warmup.next_step import find_risen
from mailwatch.warmup.progress import SendingDay, Sent, resistance, sending_days
from mailwatch.warmup.schedule import is_over

WARMUP = "sendgrid.warmup_volume"
"""Judged by two checks: sendgrid.warmup_volume and sendgrid.warmup_shortfall."""
STEP = "sendgrid.warmup_step"
METRICS = (WARMUP, STEP)
SCHEDULE = "step of the warm-up schedule"
_NEEDED = ("processed", "deferred", "blocks", "bounces")


class Warmup(NamedTuple):
    """When a warm-up began, and the daily volume that it is for, where that is known."""

    start: date
    target: int | None = None


def sent_by_day(statistics: Statistics) -> dict[date, Sent]:
    """What was sent on each day that has the counts for it."""
    return {
        day: Sent(*(counts[name] for name in _NEEDED))
        for day, counts in statistics.items()
        if all(name in counts for name in _NEEDED)
    }


def measure_warmup(
    sent: Mapping[date, Sent], warmup: Warmup, days: Days, subject: Subject
) -> Iterator[Measurement]:
    """The newest sending day over its step of the schedule, and whether to go on to the next.

    Nothing where no mail was sent yet, where the warm-up is over, and where the beginning is before
    the days that are known: the steps cannot be counted then.
    """
    steps = sending_days(sent, warmup.start)
    if not steps or warmup.start < days.first or is_over(steps[-1].step, warmup.target):
        return
    newest = steps[-1]
    yield Measurement(
        WARMUP,
        subject,
        value=newest.sent.processed / newest.allowed,
        numerator=newest.sent.processed,
        denominator=newest.allowed,
        denominator_name=SCHEDULE,
        window=Window(newest.day, newest.day),
        daily=tuple(Day(one.day, one.sent.processed) for one in steps),
        evidence=(say("sendgrid.warmup_day", step=newest.step, allowed=newest.allowed),),
        newest_volume=newest.sent.processed,
        complete_until=days.newest,
    )
    yield from _measure_step(steps, days, subject)


def _measure_step(
    steps: tuple[SendingDay, ...], days: Days, subject: Subject
) -> Iterator[Measurement]:
    rates = resistance(steps)
    if rates is None:
        return
    recent, earlier = (verbatim(display(rate, "percent")) for rate in rates)
    risen = tuple(find_risen(steps))
    yield Measurement(
        STEP,
        subject,
        value="hold" if risen else "continue",
        window=Window(steps[-1].day, steps[-1].day),
        evidence=(
            say("sendgrid.warmup_resistance", recent=recent, earlier=earlier),
            *(one.reason for one in risen),
        ),
        complete_until=days.newest,
    )


def together(parts: list[Mapping[date, Sent]]) -> dict[date, Sent]:
    """The mail of several subusers by day."""
    days = sorted({day for part in parts for day in part})
    return {
        day: Sent(*map(sum, zip(*(part[day] for part in parts if day in part), strict=True)))
        for day in days
    }
