"""A measurement, judged."""

from datetime import date
from enum import StrEnum

from mailwatch.frozen import dataclass
from mailwatch.model.check import Check, Threshold
from mailwatch.model.measurement import Cause, Measurement
from mailwatch.model.phrase import Phrase
from mailwatch.model.subject import Subject

FindingKey = tuple[str, Subject]
"""What a finding is known by: the id of its check, and what it is about."""


class Level(StrEnum):
    """How a figure compares with its threshold."""

    OK = "ok"
    WARN = "warn"
    BREACH = "breach"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a figure is expected to pass `act`. A date is None where that is not in sight."""

    breach_on: date | None
    """The most likely day."""
    earliest: date | None
    latest: date | None
    within_7_days: float
    """The probability, 0..1, that it happens within 7 days."""
    within_14_days: float


@dataclass(frozen=True, slots=True)
class Ignored:
    """Why a finding does not count."""

    reason: Phrase
    until: date | None
    """The last day; None where it has no end."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A measurement, judged."""

    check: Check
    measurement: Measurement
    threshold: Threshold
    level: Level
    reason: Phrase
    cause: Cause | None = None
    """Why it is unknown; None at any other level."""
    interval: tuple[float, float] | None = None
    """The 95 % interval of a rate from counts."""
    forecast: Forecast | None = None
    since: date | None = None
    """The day since when it has been at this level; None where earlier runs do not show it."""
    ignored: Ignored | None = None
    """Set where somebody accepted it: it keeps its level, and does not count."""
    before: Level | None = None
    """The level that it had in the last run that could judge it; None where none did."""
    opened: date | None = None
    """The day since when it has not been ok; None where it is ok, or new."""

    follows: FindingKey | None = None
    """The finding that got worse on the same days, and is read first; None where it leads."""

    @property
    def key(self) -> FindingKey:
        """What it is known by, in this run and in others."""
        return self.check.id, self.measurement.subject

    @property
    def recovered(self) -> bool:
        """True when it is ok, and was not in the last run that could judge it."""
        return self.level is Level.OK and self.before in (Level.WARN, Level.BREACH)
