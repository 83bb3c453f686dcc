"""How far a warm-up has come. Only days on which mail was sent are steps of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from mailwatch.warmup.schedule import allowed_on

IDLE_DAYS = 30
"""After more days without mail an address is cold again, and its warm-up begins anew (SendGrid,
Warming up an IP address)."""
RECENT, EARLIER = 2, 7
"""Sending days that are compared: the newest, and those before them."""
LEAST = 100
"""Messages that each of both must have."""
RISEN, NOTICEABLE = 2.0, 0.02
"""No number is published. Deferrals and blocks together rise when they are twice what they were
and more than one message in fifty."""


class Sent(NamedTuple):
    """What was sent on one day, and what receivers did not take at once."""

    processed: int
    deferred: int = 0
    blocks: int = 0
    bounces: int = 0


@dataclass(frozen=True, slots=True)
class SendingDay:
    """A step of a warm-up."""

    day: date
    step: int
    """Sending days since the beginning, this one included."""
    sent: Sent
    allowed: int
    """Messages that the schedule has for this step."""


def sending_days(
    days: Mapping[date, Sent], start: date, allowed: Callable[[int], int] = allowed_on
) -> tuple[SendingDay, ...]:
    """Every day from `start` on with mail, oldest first; after a long pause from the first again.

    What was before a pause of more than 30 days is left out. `allowed` is what the schedule has
    for a step.
    """
    steps: list[SendingDay] = []
    for day in sorted(day for day in days if day >= start and days[day].processed > 0):
        if steps and (day - steps[-1].day).days > IDLE_DAYS + 1:
            steps.clear()
        step = len(steps) + 1
        steps.append(SendingDay(day, step, days[day], allowed(step)))
    return tuple(steps)


def resistance(days: Sequence[SendingDay]) -> tuple[float, float] | None:
    """Deferrals and blocks per message on the newest sending days, and on those before them.

    None where too little was sent to compare. Deferrals are counted once an attempt, so it may be
    more than 1.
    """
    recent, earlier = days[-RECENT:], days[-RECENT - EARLIER : -RECENT]
    rates = []
    for some in (recent, earlier):
        processed = sum(one.sent.processed for one in some)
        if processed < LEAST:
            return None
        rates.append(sum(one.sent.deferred + one.sent.blocks for one in some) / processed)
    return rates[0], rates[1]


def has_risen(recent: float, earlier: float) -> bool:
    """True when receivers resist more than before: the step is held until they do not."""
    return recent > NOTICEABLE and recent > RISEN * earlier
