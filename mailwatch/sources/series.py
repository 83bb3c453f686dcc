"""Counts by day, pooled over a window of days: the one place where counts are added up.

A rate over several days is Σk/Σn. It is never the mean of the days' percentages: that would give
a day with 10 messages the same weight as a day with 10,000. A day that is not in the counts is a
gap. A gap adds nothing to the sums, is not in the series, and is never a 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from mailwatch.model import Day, Window


class Share(NamedTuple):
    """What was counted on one day, and out of how many."""

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Pooled:
    """The days of a window together, and the whole series that they come from."""

    window: Window
    numerator: int
    """The sum of what was counted on the days of the window."""
    denominator: int | None
    """The sum of the denominators; None for counts that are not part of anything."""
    daily: tuple[Day, ...]
    """Every day that has data, also outside the window, oldest first."""
    found: tuple[date, ...]
    """The days of the window that have data, oldest first."""
    gaps: tuple[date, ...]
    """The days of the window that have none, oldest first."""

    @property
    def rate(self) -> float | None:
        """Σk/Σn; None without a denominator, or where it is 0."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def newest(self) -> date | None:
        """The newest day of the window that has data."""
        return self.found[-1] if self.found else None


def pool_shares(shares: Mapping[date, Share], window: Window) -> Pooled:
    """The rate over `window`: every day counts by its messages."""
    daily = tuple(Day(day, _rate(shares[day]), *shares[day]) for day in sorted(shares))
    found, gaps = _split(shares, window)
    return Pooled(
        window,
        numerator=sum(shares[day].numerator for day in found),
        denominator=sum(shares[day].denominator for day in found),
        daily=daily,
        found=found,
        gaps=gaps,
    )


def pool_counts(counts: Mapping[date, int], window: Window) -> Pooled:
    """The sum over `window` of counts that are not part of anything, such as messages sent."""
    daily = tuple(Day(day, counts[day]) for day in sorted(counts))
    found, gaps = _split(counts, window)
    return Pooled(window, sum(counts[day] for day in found), None, daily, found, gaps)


def days_of(window: Window) -> tuple[date, ...]:
    """Every day of `window`, oldest first; none where it ends before it begins."""
    return tuple(
        window.first + timedelta(days=n) for n in range((window.last - window.first).days + 1)
    )


def _rate(share: Share) -> float | None:
    return share.numerator / share.denominator if share.denominator else None


def _split(days: Iterable[date], window: Window) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """The days of `window` that are among `days`, and those that are not."""
    known, asked = frozenset(days), days_of(window)
    return tuple(d for d in asked if d in known), tuple(d for d in asked if d not in known)
