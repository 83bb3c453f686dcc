"""The counts of the logs made into measurements, with the same definitions as SendGrid's.

Processed are recipients whose mail was handed to another machine, or tried to be, on the day of the
first attempt that the log has. What became of them is counted on the day on which it happened.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from mailwatch.model import ACCOUNT, Cause, Day, Measurement, Phrase, Window, say
from mailwatch.sources.postfix.daycounts import (
    BOUNCED,
    DEFERRED,
    DELIVERED,
    EXPIRED,
    OTHERS,
    PROCESSED,
    DayCounts,
    Row,
)
from mailwatch.sources.series import Pooled, Share, pool_shares
from mailwatch.text.domain import domain_text
from mailwatch.text.inert import inert


class PostfixRate(NamedTuple):
    """A rate over the recipients processed."""

    metric: str
    counted: int
    """The place in a row."""
    name: str
    """Of the count, as it is in the logs."""
    proportion: bool = True


RATES = (
    PostfixRate("postfix.bounce_rate", BOUNCED, "bounced"),
    PostfixRate("postfix.delivered_rate", DELIVERED, "delivered"),
    PostfixRate("postfix.expired_rate", EXPIRED, "expired"),
    # Counted once an attempt, as SendGrid does: not a proportion.
    PostfixRate("postfix.deferral_rate", DEFERRED, "deferred", proportion=False),
)
DELAY = "postfix.delay"
METRICS = (*(rate.metric for rate in RATES), DELAY)
MOST_NAMED = 5
"""Domains, and relays, that are named; the rest is counted."""
MOST_DAYS_NAMED = 14
DENOMINATOR = "processed"
JUDGED = 0.95
"""The percentile of the delay that is judged."""


@dataclass(frozen=True, slots=True)
class LogCounts:
    """What the logs say."""

    days: Mapping[date, DayCounts]
    complete_until: date
    """The newest day that is over."""
    window_days: int

    @property
    def complete(self) -> dict[date, DayCounts]:
        """The days that are over, oldest first."""
        return {day: self.days[day] for day in sorted(self.days) if day <= self.complete_until}

    @property
    def window(self) -> Window:
        """The days up to the newest one that is over and in the logs."""
        newest = max(self.complete, default=self.complete_until)
        return Window(newest - timedelta(days=self.window_days - 1), newest)


def measure_logs(logs: LogCounts) -> Iterator[Measurement]:
    """Every rate pooled over the window, and the delay."""
    complete, window = logs.complete, logs.window
    if not complete:
        note = _no_days(logs)
        for metric in METRICS:
            yield Measurement(metric, ACCOUNT, cause=Cause.NO_DATA, note=note)
        return
    totals = {day: counts.total() for day, counts in complete.items()}
    inside = {day: counts for day, counts in complete.items() if window.first <= day}
    for rate in RATES:
        yield _measure_rate(rate, totals, inside, logs)
    yield _measure_delay(complete, inside, logs)


def _no_days(logs: LogCounts) -> Phrase:
    if logs.days:
        return say("postfix.only_today", day=min(logs.days), newest=logs.complete_until)
    return say("postfix.no_mail")


def _measure_rate(
    rate: PostfixRate,
    totals: Mapping[date, Row],
    inside: Mapping[date, DayCounts],
    logs: LogCounts,
) -> Measurement:
    shares = {day: Share(row[rate.counted], row[PROCESSED]) for day, row in totals.items()}
    pooled = pool_shares(shares, logs.window)
    numerator, denominator = pooled.numerator, pooled.denominator or 0
    cause, note = _no_rate(rate, pooled)
    counted = cause is None
    return Measurement(
        rate.metric,
        ACCOUNT,
        value=numerator / denominator if counted else None,
        numerator=numerator if counted else None,
        denominator=denominator if counted else None,
        denominator_name=DENOMINATOR,
        window=logs.window,
        daily=pooled.daily,
        evidence=(*_evidence(rate, totals, inside), *_gaps(pooled, logs)),
        cause=cause,
        note=note,
        proportion=rate.proportion,
        newest_volume=totals[logs.window.last][PROCESSED],
        complete_until=logs.complete_until,
    )


def _no_rate(rate: PostfixRate, pooled: Pooled) -> tuple[Cause, Phrase] | tuple[None, None]:
    if not pooled.denominator:
        return Cause.TOO_LITTLE_MAIL, say("postfix.none_processed")
    if rate.proportion and pooled.numerator > pooled.denominator:
        return Cause.NO_DATA, say(
            "postfix.from_before",
            numerator=pooled.numerator,
            counted=rate.name,
            denominator=pooled.denominator,
        )
    return None, None


def _gaps(pooled: Pooled, logs: LogCounts) -> Iterator[Phrase]:
    if pooled.gaps:
        yield say("postfix.days_missing", found=len(pooled.found), asked=logs.window_days)


def _evidence(
    rate: PostfixRate, totals: Mapping[date, Row], inside: Mapping[date, DayCounts]
) -> Iterator[Phrase]:
    domains = _worst(rate, _pool(inside, lambda counts: counts.domains))
    if domains is not None:
        yield _word_domains(rate, *domains)
    relays = _worst(rate, _pool(inside, lambda counts: counts.relays))
    if relays is not None:
        yield _word_relays(rate, *relays)
    policy = sum(counts.policy for counts in inside.values())
    if rate.counted == BOUNCED and policy:
        yield say("postfix.policy", count=policy)
    if rate.counted == DELIVERED:
        yield from _days(totals, inside)


def _days(totals: Mapping[date, Row], inside: Mapping[date, DayCounts]) -> Iterator[Phrase]:
    """The newest days of the window, one each."""
    for day in list(inside)[-MOST_DAYS_NAMED:]:
        processed, delivered, deferred, bounced, expired = totals[day]
        yield say(
            "postfix.day",
            day=day,
            processed=processed,
            delivered=delivered,
            deferred=deferred,
            bounced=bounced,
            expired=expired,
        )


def _pool(
    inside: Mapping[date, DayCounts], part: Callable[[DayCounts], Mapping[bytes, Row]]
) -> dict[bytes, Row]:
    pooled: dict[bytes, Row] = {}
    for counts in inside.values():
        for name, row in part(counts).items():
            own = pooled.setdefault(name, [0, 0, 0, 0, 0])
            for place, number in enumerate(row):
                own[place] += number
    return pooled


def _worst(rate: PostfixRate, rows: Mapping[bytes, Row]) -> tuple[str, int] | None:
    """The names with most trouble, and how much of what is counted the rest has; None for nothing.

    Trouble is what is counted, and for what was delivered all that was not.
    """
    counted = rate.counted

    def trouble(name: bytes) -> tuple[int, int, bytes]:
        row = rows[name]
        most = row[PROCESSED] - row[DELIVERED] if counted == DELIVERED else row[counted]
        return -most, -row[PROCESSED], name

    shown_for = PROCESSED if counted == DELIVERED else counted
    some = [name for name, row in rows.items() if row[shown_for] and name != OTHERS]
    some.sort(key=trouble)
    if not some:
        return None
    named = some[:MOST_NAMED]
    shown = ", ".join(
        f"{_shown(name)} {rows[name][counted]:,}/{rows[name][PROCESSED]:,}" for name in named
    )
    more = sum(row[counted] for row in rows.values()) - sum(rows[name][counted] for name in named)
    return shown, more


def _word_domains(rate: PostfixRate, names: str, more: int) -> Phrase:
    if not more:
        return say("postfix.worst_domains", counted=rate.name, names=names)
    return say("postfix.worst_domains_and_more", counted=rate.name, names=names, more=more)


def _word_relays(rate: PostfixRate, names: str, more: int) -> Phrase:
    if not more:
        return say("postfix.worst_relays", counted=rate.name, names=names)
    return say("postfix.worst_relays_and_more", counted=rate.name, names=names, more=more)


def _shown(name: bytes) -> str:
    return domain_text(inert(name, 100))


def _measure_delay(
    complete: Mapping[date, DayCounts], inside: Mapping[date, DayCounts], logs: LogCounts
) -> Measurement:
    """The seconds in which 95 % of what was delivered in the window had arrived."""
    pooled: dict[float, int] = {}
    for counts in inside.values():
        for seconds, number in counts.delays.items():
            pooled[seconds] = pooled.get(seconds, 0) + number
    if not pooled:
        note = say("postfix.none_delivered")
        return Measurement(
            DELAY,
            ACCOUNT,
            window=logs.window,
            cause=Cause.TOO_LITTLE_MAIL,
            note=note,
            complete_until=logs.complete_until,
        )
    half, most, nearly_all = (percentile(pooled, share) for share in (0.5, JUDGED, 0.99))
    return Measurement(
        DELAY,
        ACCOUNT,
        value=most,
        window=logs.window,
        daily=tuple(
            Day(day, percentile(counts.delays, JUDGED))
            for day, counts in complete.items()
            if counts.delays
        ),
        evidence=(
            say(
                "postfix.percentiles",
                half=f"{half:,g}",
                most=f"{most:,g}",
                nearly_all=f"{nearly_all:,g}",
                slowest=f"{max(pooled):,g}",
            ),
        ),
        complete_until=logs.complete_until,
    )


def percentile(counts: Mapping[float, int], share: float) -> float:
    """The smallest value that at least `share` of all are at or below (nearest rank)."""
    rank = share * sum(counts.values())
    reached = 0
    for value in sorted(counts):
        reached += counts[value]
        if reached >= rank - 1e-9:
            return value
    return 0.0
