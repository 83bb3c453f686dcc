"""A measurement, judged."""

from dataclasses import dataclass
from enum import StrEnum

from mailwatch.model.check import Check, Threshold
from mailwatch.model.measurement import Cause, Measurement
from mailwatch.model.phrase import Phrase


class Level(StrEnum):
    """How a finding stands to its threshold."""

    OK = "ok"
    WARN = "warn"
    BREACH = "breach"
    UNKNOWN = "unknown"


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
