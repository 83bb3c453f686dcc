"""What earlier runs found: judging is given it, and never looks anything up itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import NamedTuple

from mailwatch.frozen import dataclass
from mailwatch.model.finding import Finding, Level
from mailwatch.model.keepsake import NOTHING_KEPT, Kept
from mailwatch.model.measurement import Day, Measurement
from mailwatch.model.recordset import KnownRecords
from mailwatch.model.subject import Subject


@dataclass(frozen=True, slots=True)
class Standing:
    """The level that a figure had in the last run, and the day since when.

    A run that could not measure it changes nothing of this: a name server that did not answer
    does not end a breach.
    """

    level: Level
    since: date
    opened: date | None = None
    """The day since when it has not been ok, whatever it was in between; None where it is ok."""
    unknown_since: date | None = None
    """The day since when it could not be judged; None where the last run judged it."""


@dataclass(frozen=True, slots=True)
class StoredFigure:
    """A figure of a moment that is gone, and the day (UTC) on which it was taken."""

    measurement: Measurement
    day: date


class WantedDays(NamedTuple):
    """Days of one series: from `first` on, and before the day `before`."""

    check: str
    subject: Subject
    first: date
    before: date


OlderDays = Callable[[Sequence[WantedDays]], Mapping[tuple[str, Subject], tuple[Day, ...]]]
"""The stored days of each series, in order; a series without any is not there."""


def no_older_days(wanted: Sequence[WantedDays]) -> Mapping[tuple[str, Subject], tuple[Day, ...]]:
    """Nothing, as where nothing is stored."""
    return {}


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier runs found. Empty where nothing is stored."""

    standings: Mapping[tuple[str, Subject], Standing] = field(default_factory=dict)
    """By the id of the check and what the figure is about."""
    records: Mapping[tuple[str, str], KnownRecords] = field(default_factory=dict)
    """What DNS last had, by name and type."""
    figures: tuple[StoredFigure, ...] = ()
    """What sources without a past can be given for a past day, the newest of each figure."""

    words: Mapping[tuple[str, Subject], tuple[date, str]] = field(default_factory=dict)
    """What a word was some days ago, and the day, by the id of the check and the subject."""
    older_days: OlderDays = no_older_days
    """Asked once in a run, for all its series together: only then is it known which they are, and
    a history has many more."""
    kept: Kept = NOTHING_KEPT
    """What sources kept for themselves."""

    def standing(self, finding: Finding) -> Standing | None:
        """How the figure of `finding` stood before this run."""
        return self.standings.get((finding.check.id, finding.measurement.subject))

    def since(self, finding: Finding) -> date | None:
        """The day since when `finding` has its level; None where it is new or not known."""
        standing = self.standing(finding)
        if standing is None:
            return None
        if finding.level is Level.UNKNOWN:
            return standing.unknown_since
        return standing.since if standing.level is finding.level else None
