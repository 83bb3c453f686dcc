"""What is read back from the history, as types."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from mailwatch.frozen import dataclass
from mailwatch.model import Cause, Day, Level, Measurement, Phrase, Subject


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run that ended."""

    id: int
    """Grows with every run of this history."""
    generated_at: str
    """The text of its report."""
    verdict: Level
    exit_code: int
    as_of: date | None = None
    """The past day that it was about; None for a run about its own time."""
    states: Mapping[str, str] = field(default_factory=dict)
    """The state of each source that was asked or skipped, by name."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """What it measured with: thresholds and configuration, without a secret."""

    @property
    def day(self) -> date:
        """The day of `generated_at`, UTC."""
        return date.fromisoformat(self.generated_at[:10])


@dataclass(frozen=True, slots=True)
class StoredDay:
    """One day of a series. `value` is a word for a check of words."""

    day: date
    value: float | str | None = None
    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True, slots=True)
class StoredSeries:
    """The days of one check and subject, in order."""

    check: str
    subject: Subject
    days: tuple[StoredDay, ...]

    def counted(self) -> tuple[Day, ...]:
        """The days that have numbers, as a measurement has them."""
        return tuple(
            Day(day.day, day.value, day.numerator, day.denominator)
            for day in self.days
            if not isinstance(day.value, str)
        )


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """One finding of a stored run."""

    check: str
    level: Level
    cause: Cause | None
    measurement: Measurement
    """Without its daily series, which the history keeps once for all runs."""
    reason: Phrase
    ideal: str | None = None
    act: str | None = None

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return self.measurement.subject


@dataclass(frozen=True, slots=True)
class Pruned:
    """How much was deleted."""

    runs: int
    days: int
