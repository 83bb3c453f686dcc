"""The days of a log's time stamps, also of those that do not say the year.

An ISO time stamp has its day written in it. A traditional one (`Nov 24 12:00:00`, RFC 3164) has no
year. Within one log the months go forward, so a step back from December to January is the next
year; the years themselves are set at the end of the log, from its last line: that one is not in the
future. Where the report is as of a past day, it is in the year nearest to that day.
"""

from datetime import date, datetime, timedelta, tzinfo

MONTHS = {
    name: number
    for number, name in enumerate(
        (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov",
         b"Dec"), 1
    )
}  # fmt: skip
BACK, FORWARD = 6, 10
"""Months. A step back of so many is the next year; a step forward of so many, from January to
December, is a late line of the year before."""
SLACK = timedelta(days=1)
"""How far ahead of this machine's clock a log may be: its zone may be another one."""

Mark = tuple[int, int, int]
"""A year, or with traditional stamps one counted from 0; a month; a day."""


class Calendar:
    """The marks of the time stamps of one log, in the order of its lines."""

    def __init__(self) -> None:
        self._year = 0
        self._month = 0
        self.last: Mark | None = None
        """The mark of the newest traditional stamp."""

    def mark(self, stamp: bytes) -> tuple[bool, Mark] | None:
        """Whether the year of `Nov 24` or `2026-11-24` is known, and its mark; None for neither."""
        if stamp[:1].isdigit():
            return True, (int(stamp[:4]), int(stamp[5:7]), int(stamp[8:10]))
        month = MONTHS.get(stamp[:3])
        if month is None:
            return None
        step = month - self._month if self._month else 0
        self._year += (step <= -BACK) - (step >= FORWARD)
        self._month = month
        mark = self._year, month, int(stamp[4:6])
        self.last = max(self.last or mark, mark)
        return False, mark


def first_year(last: Mark, now: date, as_of: date | None) -> int:
    """The year that is 0 in the marks of a log whose newest mark is `last`."""
    _, month, day = last
    latest = now + SLACK
    year = latest.year if (month, day) <= (latest.month, latest.day) else latest.year - 1
    if as_of is not None:
        near = (y for y in range(as_of.year - 1, as_of.year + 2) if y <= year)
        middle = as_of.toordinal()
        year = min(
            near, key=lambda y: abs(date(y, month, 1).toordinal() + day - 1 - middle), default=year
        )
    return year - last[0]


def make_day(year: int, month: int, day: int) -> date | None:
    """The day; None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def zone_of(now: datetime, name: str | None) -> tzinfo | None:
    """The zone `name`, else that of `now`, which is this machine's."""
    if name is None:
        return now.tzinfo
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)
