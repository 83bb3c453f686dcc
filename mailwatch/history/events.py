"""Events of SendGrid's Event Webhook as counts by hour: no address is stored, and no event twice.

An event is known again by a number of 64 bits made of its `sg_event_id`. These numbers are kept by
the hour of their event, so that new ones are written next to each other, and old ones are deleted
from one end. Two of a hundred million events have the same number by chance once in 3,700 cases.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailwatch.history.tables import Transaction

KEPT_HOURS = 36
"""Hours for which an event is known again. SendGrid sends one again for up to 24 hours."""
MOST_IN_HOUR = 5_000
"""Rows of counts in an hour; the domains after that are counted together as OTHERS."""
OTHERS = ""
"""The domain of what is counted without one."""
_CHUNK = 400
_EXPIRED = 20_000
"""Numbers that are deleted at a time, so that nobody waits long for it."""

_ADD = (
    "INSERT INTO event_counts (hour, subuser, domain, event, n)"
    " VALUES (:hour, :subuser, :domain, :event, :n)"
    " ON CONFLICT (hour, subuser, domain, event) DO UPDATE SET n = event_counts.n + excluded.n"
)
_RAISE = (
    "UPDATE event_counts SET n = n + :n WHERE hour = :hour AND subuser = :subuser"
    " AND domain = :domain AND event = :event"
)
_EXPIRE = (
    "DELETE FROM event_ids WHERE hour < :oldest AND (hour, id) IN"
    " (SELECT hour, id FROM event_ids WHERE hour < :oldest ORDER BY hour, id LIMIT :most)"
)


@dataclass(frozen=True, slots=True)
class MailEvent:
    """What is counted of one event."""

    hour: int
    """Full hours since 1970, UTC."""
    subuser: str
    """Empty for the account itself."""
    domain: str
    """The recipient's domain."""
    event: str
    """`delivered`, `bounce`, … as SendGrid names it."""
    id: int
    """Of 64 bits, with a sign; see `event_number`."""


@dataclass(frozen=True, slots=True)
class EventCount:
    """How many events of one kind there were in one hour."""

    hour: int
    subuser: str
    domain: str
    event: str
    n: int


def event_number(sg_event_id: str) -> int:
    """The number by which an event is known again."""
    digest = blake2b(sg_event_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def put_events(transaction: "Transaction", events: Iterable[MailEvent], now: int) -> int:
    """Counts those that are not known yet; how many they were. `now` is the hour of now."""
    new = _unknown(transaction, events)
    transaction.change_many(
        "INSERT INTO event_ids (hour, id) VALUES (:hour, :id)",
        [{"hour": event.hour, "id": event.id} for event in new],
    )
    _count(transaction, new)
    transaction.change(_EXPIRE, oldest=now - KEPT_HOURS, most=_EXPIRED)
    return len(new)


def _unknown(transaction: "Transaction", events: Iterable[MailEvent]) -> list[MailEvent]:
    """Each event once, in the order of the table, without those that are in it."""
    hours: dict[int, dict[int, MailEvent]] = defaultdict(dict)
    for event in events:
        hours[event.hour].setdefault(event.id, event)
    new: list[MailEvent] = []
    for hour, found in sorted(hours.items()):
        numbers = iter(sorted(found))
        while chunk := list(islice(numbers, _CHUNK)):
            for known in _known(transaction, hour, chunk):
                del found[known]
        new += [found[number] for number in sorted(found)]
    return new


def _known(transaction: "Transaction", hour: int, numbers: Sequence[int]) -> Iterator[int]:
    names = [f"id{place}" for place in range(_CHUNK)]
    wanted = ", ".join(f":{name}" for name in names)
    padded = [*numbers, *[numbers[-1]] * (_CHUNK - len(numbers))]  # one statement for every length
    statement = f"SELECT id FROM event_ids WHERE hour = :hour AND id IN ({wanted})"  # noqa: S608  # our own names
    values = dict(zip(names, padded, strict=True))
    for (number,) in transaction.rows(statement, hour=hour, **values):
        yield int(number)


def _count(transaction: "Transaction", events: Iterable[MailEvent]) -> None:
    """Adds the events to their counts. An hour does not get more rows than it may have."""
    counts = Counter((event.hour, event.subuser, event.domain, event.event) for event in events)
    sizes: dict[int, int] = {}
    for (hour, subuser, domain, event), n in sorted(counts.items()):
        row = {"hour": hour, "subuser": subuser, "domain": domain, "event": event, "n": n}
        if transaction.change(_RAISE, **row):
            continue
        if hour not in sizes:
            sizes[hour] = _rows_of(transaction, hour)
        sizes[hour] += 1
        if sizes[hour] > MOST_IN_HOUR:
            row["domain"] = OTHERS
        transaction.change(_ADD, **row)


def _rows_of(transaction: "Transaction", hour: int) -> int:
    rows = transaction.rows("SELECT count(*) FROM event_counts WHERE hour = :hour", hour=hour)
    return int(rows[0][0])


def read_counts(transaction: "Transaction", since: int, *, domains: bool) -> list[EventCount]:
    """The counts from the hour `since` on, in the order of their hours; without `domains` those of
    all domains together."""
    part = "domain" if domains else "''"
    rows = transaction.rows(
        f"SELECT hour, subuser, {part}, event, sum(n) FROM event_counts WHERE hour >= :since"  # noqa: S608  # our own words
        " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
        since=since,
    )
    return [
        EventCount(int(hour), subuser, domain, event, int(n))
        for hour, subuser, domain, event, n in rows
    ]


def by_hour(counts: Iterable[EventCount]) -> Mapping[int, Counter[str]]:
    """How often each event was, in each hour that has one."""
    hours: dict[int, Counter[str]] = defaultdict(Counter)
    for count in counts:
        hours[count.hour][count.event] += count.n
    return hours
