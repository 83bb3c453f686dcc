"""SendGrid's counts by day, and the days that are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mailwatch.model import Phrase, Window, say
from mailwatch.sources.series import days_of

COUNTED = (
    "requests",
    "processed",
    "delivered",
    "bounces",
    "blocks",
    "deferred",
    "spam_reports",
    "invalid_emails",
)
"""The counts that the figures need, of the 16 that the API gives."""
Counts = Mapping[str, int]
"""The counts of one day by name. A count that the API left out is not in it, and is not 0."""
Statistics = Mapping[date, Counts]
"""Counts by day; a day the API did not answer for is not in it."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days that were asked for."""

    newest: date
    window: int
    history: int
    zone_known: bool
    """False when the account's zone is not known: `newest` is the last day over everywhere."""

    @property
    def first(self) -> date:
        """The first day asked for."""
        return self.newest - timedelta(days=self.history - 1)

    @property
    def asked(self) -> Window:
        """All days asked for."""
        return Window(self.first, self.newest)

    @property
    def pooled(self) -> Window:
        """The days that a rate is pooled over."""
        return Window(self.newest - timedelta(days=self.window - 1), self.newest)


def no_days(needs: tuple[str, ...], window: Window, statistics: Statistics) -> Phrase:
    """Why no day of `window` can be used: they are not in the answer, or lack a count."""
    lacking = [statistics[day] for day in days_of(window) if day in statistics]
    if not lacking:
        return say("sendgrid.no_days", first=window.first, last=window.last)
    names = [name for name in needs if any(name not in counts for counts in lacking)]
    return counts_missing(list(dict.fromkeys(names)), len(lacking))


def counts_missing(names: list[str], days: int) -> Phrase:
    return say("sendgrid.counts_missing", names=", ".join(names), days=days)
