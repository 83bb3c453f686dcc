"""What earlier runs found: judging is given it, and never looks anything up itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from mailwatch.model.finding import Finding, Level
from mailwatch.model.subject import Subject


@dataclass(frozen=True, slots=True)
class Standing:
    """The level that a figure had in the last run, and the day since when."""

    level: Level
    since: date


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier runs found. Empty where nothing is stored."""

    standings: Mapping[tuple[str, Subject], Standing] = field(default_factory=dict)
    """By the id of the check and what the figure is about."""

    def since(self, finding: Finding) -> date | None:
        """The day since when `finding` has its level; None where it is new or not known."""
        standing = self.standings.get((finding.check.id, finding.measurement.subject))
        return standing.since if standing and standing.level is finding.level else None
