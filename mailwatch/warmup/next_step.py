"""A warm-up that is going on: how far it has come, the next day's ceiling, and why to hold it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mailwatch.model import Phrase, say, verbatim
from mailwatch.text.units import display
from mailwatch.warmup.progress import (
    EARLIER,
    LEAST,
    RECENT,
    SendingDay,
    Sent,
    has_risen,
    resistance,
    sending_days,
)
from mailwatch.warmup.table import WarmupTable

KINDS = ("bounces", "blocks", "deferred")
REACHED = 0.7
"""The share of a step that must be sent on a day to have reached it."""


@dataclass(frozen=True, slots=True)
class Risen:
    """What receivers do more than before: a reason to hold the step."""

    kind: str
    """One of KINDS, or `together` for blocks and deferrals."""
    earlier: float
    """Per message, on the sending days before."""
    recent: float

    @property
    def reason(self) -> Phrase:
        """From what to what it rose."""
        return say(
            f"warmup.risen_{self.kind}",
            before=verbatim(display(self.earlier, "percent")),
            now=verbatim(display(self.recent, "percent")),
        )


@dataclass(frozen=True, slots=True)
class WarmupStanding:
    """The sending days of a warm-up against its schedule."""

    table: WarmupTable
    days: tuple[SendingDay, ...]
    target: int | None
    risen: tuple[Risen, ...]

    @property
    def step(self) -> int:
        """The step of the newest sending day."""
        return self.days[-1].step

    @property
    def is_over(self) -> bool:
        """True when the target volume is allowed, and has been sent."""
        return self.target is not None and self._most >= self.target

    @property
    def holds(self) -> bool:
        """True when the step should not be left yet."""
        return bool(self.risen)

    @property
    def scheduled(self) -> int:
        """What the schedule has for the next sending day."""
        return self.table.allowed_on(self.step + 1)

    @property
    def ceiling(self) -> int:
        """The most to send on the next sending day.

        Of a step that is held, its own volume. Never more than one step beyond what was really
        sent: a step on which little was sent has warmed up little.
        """
        if self.holds:
            return min(self.days[-1].allowed, max(self._most, self.table.allowed_on(1)))
        return min(self.scheduled, self.table.allowed_on(self._reached + 1))

    @property
    def _most(self) -> int:
        return max(one.sent.processed for one in self.days)

    @property
    def _reached(self) -> int:
        return min(self.step, reached_step(self.table, self._most))


def reached_step(table: WarmupTable, volume: int) -> int:
    """The highest step that a day of `volume` came near to; 0 where that is below the first."""
    step = table.step_of(volume)
    return step if volume >= REACHED * table.allowed_on(step) else step - 1


def stand(
    sent: Mapping[date, Sent], start: date, table: WarmupTable, target: int | None
) -> WarmupStanding | None:
    """How far the warm-up that began on `start` has come; None before its first mail."""
    days = sending_days(sent, start, table.allowed_on)
    if not days:
        return None
    return WarmupStanding(table, days, target, tuple(find_risen(days)))


def find_risen(days: Sequence[SendingDay]) -> Iterator[Risen]:
    """What rose on the newest sending days; nothing where too little was sent to compare."""
    recent, earlier = days[-RECENT:], days[-RECENT - EARLIER : -RECENT]
    messages = [sum(one.sent.processed for one in some) for some in (recent, earlier)]
    if min(messages) < LEAST:
        return
    found = False
    for kind in KINDS:
        now, before = (
            sum(getattr(one.sent, kind) for one in some) / n
            for some, n in zip((recent, earlier), messages, strict=True)
        )
        if has_risen(now, before):
            found = found or kind != "bounces"
            yield Risen(kind, before, now)
    together = resistance(days)
    if together and has_risen(*together) and not found:
        yield Risen("together", together[1], together[0])
