"""What is asked of Google for one domain or a batch of them, and what comes back. In any thread."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from mailwatch.model import Cause, Window, say
from mailwatch.sources.http import ExchangeError
from mailwatch.sources.postmaster import details
from mailwatch.sources.postmaster.batches import Body, Reader, Unbatched, ask_batch, ask_pages
from mailwatch.sources.postmaster.client import MOST_PAGES, Postmaster
from mailwatch.sources.postmaster.compliance import Compliance, read_compliance
from mailwatch.sources.postmaster.feedback_loops import define_loops, loop_days
from mailwatch.sources.postmaster.query import (
    DEFINITIONS,
    PAGE_SIZE,
    Definitions,
    RateReader,
    Series,
    make_body,
)

OLDER_DAYS = (MOST_PAGES - 1) * PAGE_SIZE // len(DEFINITIONS)
"""AskedDays that certainly fit into the pages that are read."""
LOOPS_A_QUERY = 50


@dataclass(frozen=True, slots=True)
class AskedDays:
    """The days that are judged, and those before them that are read for trends, if any."""

    judged: Window
    older: Window | None = None


def plan_days(last: date, days: int, judged: int) -> AskedDays:
    """`days` days up to `last`, of which the newest `judged` are judged."""
    first = last - timedelta(days=min(judged, last.toordinal()) - 1)
    left = min(days - judged, first.toordinal() - 1, OLDER_DAYS)
    older = Window(first - timedelta(days=left), first - timedelta(days=1)) if left > 0 else None
    return AskedDays(Window(first, last), older)


@dataclass(frozen=True, slots=True)
class Query:
    """One query that every domain is asked, and how its rows are read."""

    days: Window
    definitions: Definitions
    reader: Callable[[], Reader]

    def body_for(self, domain: str) -> Body:
        """What makes the body for `domain`, for any page."""
        return lambda token: make_body(domain, self.days, self.definitions, token)


def rates_on(days: Window, definitions: Definitions = DEFINITIONS) -> Query:
    """The query for rates, read as series by label."""
    return Query(days, definitions, lambda: RateReader(days, definitions))


def details_on(days: Window) -> Query:
    """The query for counts and feedback loops, read as `Details`."""
    return Query(days, details.DEFINITIONS, lambda: details.DetailsReader(days))


def ask_domains(service: Postmaster, domains: Sequence[str], query: Query) -> list[Any]:
    """What `query` reads for each domain; None for one that has to be asked alone.

    Several are a batch. Raises ExchangeError where nothing is answered.
    """
    if len(domains) == 1:
        return [ask_pages(service, domains[0], query.body_for(domains[0]), query.reader)]
    try:
        return ask_batch(service, [query.body_for(domain) for domain in domains], query.reader)
    except Unbatched:
        return [None] * len(domains)


def ask_compliance(service: Postmaster, domain: str) -> tuple[Compliance, ...]:
    """The compliance status. Raises ExchangeError."""
    try:
        return read_compliance(service.compliance(domain), domain)
    except ValueError:
        raise ExchangeError(Cause.COULD_NOT_ASK, say("postmaster.malformed")) from None


def ask_loops(
    service: Postmaster, wanted: Sequence[tuple[str, tuple[str, ...]]], judged: Window
) -> list[Mapping[str, Series] | None]:
    """The rates of each domain's feedback loops; None for a domain that has to be asked alone.

    Raises ExchangeError where nothing is answered.
    """
    if len(wanted) == 1:
        return [_ask_loops_alone(service, *wanted[0], judged)]
    queries = [rates_on(loop_days(judged), define_loops(names)) for _, names in wanted]
    every = {label: what for query in queries for label, what in query.definitions.items()}
    bodies = [query.body_for(of) for query, (of, _) in zip(queries, wanted, strict=True)]
    try:
        return ask_batch(service, bodies, rates_on(loop_days(judged), every).reader)
    except Unbatched:
        return [None] * len(wanted)


def _ask_loops_alone(
    service: Postmaster, domain: str, names: tuple[str, ...], judged: Window
) -> Mapping[str, Series]:
    found: dict[str, Series] = {}
    for start in range(0, len(names), LOOPS_A_QUERY):
        query = rates_on(loop_days(judged), define_loops(names[start : start + LOOPS_A_QUERY]))
        (series,) = ask_domains(service, (domain,), query)
        found |= series
    return found
