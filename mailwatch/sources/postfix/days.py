"""The counts of each day of the logs, from the oldest to the newest, for a bounded number of days.

A traditional time stamp gets its year at the end of its log (see `stamps`), so the days of a log
are kept apart until then.
"""

from datetime import date

from mailwatch.sources.postfix.daycounts import MOST_NAMES, DayCounts
from mailwatch.sources.postfix.stamps import SLACK, Calendar, Mark, first_year, make_day

MOST_DAYS = 800
"""LogDays that are counted; of more, the oldest are dropped."""
MOST_CLOSE = 366
NAMES_IN_ALL = 60_000
"""Domains, and relays, that are counted by name on all days together."""

_Key = tuple[bool, Mark]


class LogDays:
    """Counts by day."""

    def __init__(self, now: date, as_of: date | None, window: int) -> None:
        self._now = now
        self._as_of = as_of
        later = (now - as_of).days if as_of else 1
        self._close = min(window + later + 1, MOST_CLOSE)
        """The newest days, of which names are kept: those of the window, and what may follow it."""
        self._names = min(MOST_NAMES, NAMES_IN_ALL // self._close)
        self.counts: dict[date, DayCounts] = {}
        """What the logs that have ended say."""
        self.dropped = 0
        """LogDays that fell out."""
        self._begin()

    def _begin(self) -> None:
        self._calendar = Calendar()
        self._open: dict[_Key, DayCounts] = {}
        self._stamp: bytes | None = None
        self._day: DayCounts | None = None

    def at(self, stamp: bytes) -> DayCounts | None:
        """The counts of the day `Nov 24` or `2026-11-24`; None where there is no such day."""
        if stamp != self._stamp:
            self._stamp = stamp
            key = self._calendar.mark(stamp)
            self._day = None if key is None else self._counts(key)
        return self._day

    def on(self, day: date) -> DayCounts | None:
        """The counts of `day`; None where it is in the future."""
        return self._counts((True, (day.year, day.month, day.day)))

    def _counts(self, key: _Key) -> DayCounts | None:
        known, mark = key
        # A year that has the 29th of February stands for the one that is not known yet.
        day = make_day(mark[0] if known else 2000, *mark[1:])
        if day is None or (known and day > self._now + SLACK):
            return None
        counts = self._open.get(key)
        if counts is None:
            counts = self._open[key] = DayCounts(self._names)
            self._bound()
        return counts

    def _bound(self) -> None:
        if len(self._open) > MOST_DAYS:
            del self._open[min(self._open)]
            self.dropped += 1
        if len(self._open) > self._close:
            self._open[sorted(self._open)[-self._close - 1]].forget_names()

    def end_log(self) -> int:
        """Adds the days of the log that ends to `counts`; how many of them cannot be."""
        last = self._calendar.last
        first = first_year(last, self._now, self._as_of) if last else 0
        impossible = 0
        for (known, (year, month, number)), counts in self._open.items():
            day = make_day(year + (0 if known else first), month, number)
            if day is None or day > self._now + SLACK:
                impossible += 1
            elif day in self.counts:
                self.counts[day].add(counts)
            else:
                self.counts[day] = counts
        for day in sorted(self.counts)[:-MOST_DAYS]:
            del self.counts[day]
            self.dropped += 1
        for day in sorted(self.counts)[: -self._close]:
            self.counts[day].forget_names()
        self._begin()
        return impossible
