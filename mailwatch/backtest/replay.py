"""A past series judged day by day, with only what was known on each day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from mailwatch.backtest.counts import Series
from mailwatch.judge import judge
from mailwatch.judge.foresee import reason_of
from mailwatch.judge.outlook import LEAST_MESSAGES, WINDOW, Judged, Outlook, look_ahead
from mailwatch.model import (
    ACCOUNT,
    Check,
    Level,
    Measurement,
    Phrase,
    Threshold,
    Window,
)

Kind = Literal["level", "trend", "change"]
QUIET_DAYS = 7
"""Days without a warning after which the next one is a new event."""
LONGEST_LEAD = 21
"""Days before a crossing in which a warning counts as having announced it."""


@dataclass(frozen=True, slots=True)
class Event:
    """The first day of a warning or a breach."""

    day: date
    level: Level
    kind: Kind
    subject: str
    reason: Phrase
    outlook: Outlook | None = None


@dataclass(frozen=True, slots=True)
class Crossing:
    """A day on which the rate pooled over seven days passed `act`."""

    day: date
    subject: str
    lead_days: int | None
    """Days since the warning that announced it; None where nothing did."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a threshold would have raised."""

    events: tuple[Event, ...]
    crossings: tuple[Crossing, ...]
    false_alarms_per_year: float | None
    """Announced breaches that did not come within 21 days, a year and subject; None without
    days."""

    @property
    def breached(self) -> bool:
        """True when something would have been a breach."""
        return any(event.level is Level.BREACH for event in self.events)


@dataclass(frozen=True, slots=True)
class _Day:
    """One day as it was judged."""

    day: date
    level: Level
    kind: Kind
    reason: Phrase
    outlook: Outlook | None


def replay(series: Series, check: Check, threshold: Threshold) -> Backtest:
    """Every warning and breach of `check` under `threshold` on the days of `series`."""
    events: list[Event] = []
    crossings: list[Crossing] = []
    false_alarms, days = 0, 0
    for subject, rows in series.items():
        judged = list(look_ahead(rows, _limit(threshold), worse=str(check.worse)))
        raised = list(_events(_judge_days(judged, check, threshold), subject))
        passed = _passings(judged, check, threshold)
        announced = [event for event in raised if event.kind != "level"]
        crossings += [Crossing(day, subject, _lead(day, raised)) for day in passed]
        false_alarms += sum(not _came_true(event, passed) for event in announced)
        days += (rows[-1][0] - rows[0][0]).days + 1 if rows else 0
        events += raised
    return Backtest(
        tuple(sorted(events, key=lambda event: (event.day, event.subject))),
        tuple(sorted(crossings, key=lambda crossing: (crossing.day, crossing.subject))),
        false_alarms * 365 / days if days else None,
    )


def _limit(threshold: Threshold) -> float:
    """The number that a forecast is held against: `act`, else one that no rate passes."""
    act = threshold.act
    return act.value if act is not None and not isinstance(act.value, str) else 1.0


def _judge_days(judged: Iterable[Judged], check: Check, threshold: Threshold) -> Iterator[_Day]:
    for one in judged:
        finding = judge(_pooled(one, check), check, threshold)
        if finding.level in (Level.WARN, Level.BREACH):
            outlook = one.outlook if finding.level is Level.WARN else None
            kind: Kind = outlook.kind if outlook else "level"
            reason = reason_of(outlook, threshold.act, check) if outlook else finding.reason
            yield _Day(one.day, finding.level, kind, reason, outlook)
        elif one.outlook is not None and threshold.act is not None:
            reason = reason_of(one.outlook, threshold.act, check)
            yield _Day(one.day, Level.WARN, one.outlook.kind, reason, one.outlook)


def _pooled(one: Judged, check: Check) -> Measurement:
    return Measurement(
        check.metric,
        ACCOUNT,
        value=one.rate if one.denominator else None,
        numerator=one.numerator,
        denominator=one.denominator,
        denominator_name="messages",
        window=Window(one.day - timedelta(days=WINDOW - 1), one.day),
        proportion=True,
    )


def _events(days: Iterable[_Day], subject: str) -> Iterator[Event]:
    """The first day of each warning and breach, a warning that becomes a breach or a forecast,
    and what returns after more than seven days."""
    last: dict[str, date] = {}
    for one in days:
        claims = ["breach", "warn"] if one.level is Level.BREACH else ["warn"]
        if one.kind != "level":
            claims.append("forecast")
        new = [claim for claim in claims if _is_new(last.get(claim), one.day)]
        if new and (one.level is not Level.BREACH or "breach" in new):
            yield Event(one.day, one.level, one.kind, subject, one.reason, one.outlook)
        last |= dict.fromkeys(claims, one.day)


def _is_new(last: date | None, day: date) -> bool:
    return last is None or (day - last).days > QUIET_DAYS


def _passings(judged: Sequence[Judged], check: Check, threshold: Threshold) -> list[date]:
    """The days on which the pooled rate passed `act`, having been within it the day before."""
    least, limit = max(threshold.min_messages, LEAST_MESSAGES), _limit(threshold)
    found: list[date] = []
    was_past = False
    for one in judged:
        past = one.rate > limit if check.worse == "higher" else one.rate < limit
        past = past and one.denominator >= least and threshold.act is not None
        if past and not was_past:
            found.append(one.day)
        was_past = past
    return found


def _lead(day: date, raised: Sequence[Event]) -> int | None:
    """Days from the earliest warning of the three weeks before `day`."""
    leads = [
        (day - event.day).days
        for event in raised
        if event.level is Level.WARN and 0 <= (day - event.day).days <= LONGEST_LEAD
    ]
    return max(leads, default=None)


def _came_true(event: Event, passed: Sequence[date]) -> bool:
    return any(0 <= (day - event.day).days <= LONGEST_LEAD for day in passed)
