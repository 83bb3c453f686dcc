"""Subusers, mailbox providers and categories: each judged by its own mail.

The figures of a parent and of its subusers are never added: SendGrid's pages contradict each other
about whether the parent's include them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mailwatch.model import Cause, Measurement, Subject, say
from mailwatch.sources.sendgrid.bodies import LONGEST_NAME, read_asked_name, read_named_days
from mailwatch.sources.sendgrid.client import Endpoint, SendGrid, days_query
from mailwatch.sources.sendgrid.daily_counts import Days, Statistics
from mailwatch.sources.sendgrid.statistics import RATES, measure_rates
from mailwatch.sources.sendgrid.volume import PROCESSED, measure_volumes
from mailwatch.text.inert import inert

SUBUSERS = Endpoint(("subusers",), "subusers.read")
SUBUSER_STATS = Endpoint(("subusers", "stats"), "subusers.stats.read")
PROVIDER_STATS = Endpoint(("mailbox_providers", "stats"), "mailbox_providers.stats.read")
CATEGORY_SUMS = Endpoint(("categories", "stats", "sums"), "categories.stats.sums.read")
CATEGORY_STATS = Endpoint(("categories", "stats"), "categories.stats.read")

NAMES_A_CALL = 10
"""A repeated parameter is given at most so often."""
MOST_SUBUSERS = 10_000
"""More of them are not measured: each is 0.2 calls, and some 50 kB of memory."""
MOST_CATEGORIES = 50
"""The categories with the most mail; some senders give every mail its own."""
MOST_PROVIDERS = 100
RATES_OF = {
    "subuser": tuple(rate.metric for rate in RATES),
    # The API counts no invalid addresses by provider.
    "provider": tuple(rate.metric for rate in RATES if "invalid_emails" not in rate.needs),
    "category": tuple(rate.metric for rate in RATES),
}
"""The rates of each kind of segment."""


@dataclass(frozen=True, slots=True)
class Subuser:
    """A subuser that may send."""

    name: str
    """As the API has it."""
    eu: bool

    @property
    def shown(self) -> str:
        """The name as it is shown."""
        return inert(self.name, LONGEST_NAME)


def in_tens(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The names as they are asked for: at most ten a call."""
    left = iter(names)
    while batch := tuple(islice(left, NAMES_A_CALL)):
        yield batch


def list_subusers(client: SendGrid) -> tuple[tuple[Subuser, ...], bool]:
    """Every subuser that is not disabled, in the order of the API; True when there may be more."""
    query = {"region": "all", "include_region": "true"}
    found: dict[str, Subuser] = {}
    rows = 0
    for page in client.pages(SUBUSERS, query, _read_subusers, MOST_SUBUSERS):
        rows += len(page)
        found |= {one.name: one for one in page if one is not None}
    return tuple(found.values()), rows >= MOST_SUBUSERS


def _read_subusers(body: Any) -> Sequence[Subuser | None]:
    if not isinstance(body, list):
        raise ValueError("not a list")
    return [
        None
        if row.get("disabled") is True
        else Subuser(read_asked_name(row["username"]), row.get("region") == "eu")
        for row in body
    ]


def top_categories(client: SendGrid, days: Days) -> tuple[str, ...]:
    """The categories with the most mail in the window."""
    query = days_query(days.pooled.first, days.newest)
    return client.ask(
        CATEGORY_SUMS,
        {**query, "sort_by_metric": "delivered", "limit": MOST_CATEGORIES},
        lambda body: tuple(dict.fromkeys(read_asked_name(one["name"]) for one in body["stats"])),
    )[:MOST_CATEGORIES]


def subuser_statistics(
    client: SendGrid, names: Sequence[str], days: Days
) -> Mapping[str, Statistics]:
    """The statistics of at most ten subusers."""
    return _statistics(client, SUBUSER_STATS, {"subusers": tuple(names)}, days)


def category_statistics(
    client: SendGrid, names: Sequence[str], days: Days
) -> Mapping[str, Statistics]:
    """The statistics of at most ten categories."""
    return _statistics(client, CATEGORY_STATS, {"categories": tuple(names)}, days)


def provider_statistics(client: SendGrid, days: Days) -> Mapping[str, Statistics]:
    """The statistics of every mailbox provider that the API knows of."""
    found = _statistics(client, PROVIDER_STATS, {}, days)
    busiest = sorted(found, key=lambda name: -_processed(found[name], days))
    return {name: found[name] for name in busiest[:MOST_PROVIDERS]}


def _statistics(
    client: SendGrid, endpoint: Endpoint, names: Mapping[str, tuple[str, ...]], days: Days
) -> Mapping[str, Statistics]:
    found = client.ask(endpoint, {**days_query(days.first, days.newest), **names}, read_named_days)
    return {
        name: {day: counts for day, counts in rows.items() if days.first <= day <= days.newest}
        for name, rows in found.items()
    }


def measure_segment(
    kind: str, name: str, statistics: Statistics, days: Days
) -> Iterator[Measurement]:
    """The rates of one segment, and of a subuser its volume too.

    Without mail in the window there are no rates; without any mail at all there is nothing.
    """
    subject = Subject.of(**{kind: name})
    if not any(counts.get(PROCESSED) or counts.get("requests") for counts in statistics.values()):
        return
    if _processed(statistics, days):
        for measured in measure_rates(statistics, days, subject):
            if measured.metric in RATES_OF[kind]:
                yield measured
    if kind == "subuser":
        yield from measure_volumes(statistics, days, subject)


def _processed(statistics: Statistics, days: Days) -> int:
    """Messages of the window."""
    first = days.pooled.first
    return sum(c.get(PROCESSED, 0) for day, c in statistics.items() if day >= first)


def subject_of(kind: str, name: str) -> Subject:
    """The segment that is asked for as `name`."""
    return Subject.of(**{kind: inert(name, LONGEST_NAME)})


def eu_without_key(name: str) -> Measurement:
    """A subuser of the EU region for which no key is configured."""
    return _unknown(name, "sendgrid.eu_key")


def unknown_subuser(name: str) -> Measurement:
    """A subuser of the configuration that the account does not have, or has disabled."""
    return _unknown(name, "sendgrid.no_such_subuser")


def _unknown(name: str, code: str) -> Measurement:
    note, subject = say(code, name=inert(name, LONGEST_NAME)), Subject.of(subuser=name)
    return Measurement("sendgrid.bounce_rate", subject, cause=Cause.NOT_ALLOWED, note=note)
