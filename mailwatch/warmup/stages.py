"""The days and volumes of a warm-up that is to begin."""

from dataclasses import dataclass
from datetime import date, timedelta

from mailwatch.warmup.schedule import ADDRESSES
from mailwatch.warmup.table import WarmupTable

LEAST_FOR_TWO = 25_000
"""Messages a day from which the published table begins."""


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One sending day."""

    step: int
    day: date
    """Where mail is sent every day; a day without mail moves all that follow."""
    volume: int
    per_hour: int | None = None


@dataclass(frozen=True, slots=True)
class WarmupPlan:
    """How to reach a daily volume."""

    table: WarmupTable
    target: int
    days: tuple[PlannedDay, ...]

    @property
    def reaches(self) -> bool:
        """False where the schedule ends below the target."""
        return self.days[-1].volume >= self.target

    @property
    def addresses(self) -> int:
        """IP addresses for the target (SendGrid, IP Allocation and IP Warmup Schedule)."""
        if self.target < LEAST_FOR_TWO:
            return 1
        return next((n for volume, n in ADDRESSES if self.target <= volume), ADDRESSES[-1][1])


def plan_warmup(table: WarmupTable, target: int, start: date) -> WarmupPlan:
    """The days from `start` on until `target` messages a day are sent."""
    days = tuple(
        PlannedDay(
            step,
            start + timedelta(days=step - 1),
            min(target, table.allowed_on(step)),
            table.per_hour[step - 1] if step <= len(table.per_hour) else None,
        )
        for step in range(1, table.step_of(target) + 1)
    )
    return WarmupPlan(table, target, days)
