"""Every domain at once: what is measured of each, handed over as soon as it is known."""

import asyncio
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from typing import Any

from mailwatch.config import Config, Domain
from mailwatch.model import Measurement
from mailwatch.resolver.cache import Budget
from mailwatch.resolver.lookup import CachedLookup, Lookup
from mailwatch.resolver.servers import find_servers
from mailwatch.resolver.transport import TRIES, Transport
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.dkim import measure_dkim, measure_no_selector
from mailwatch.sources.dns.dmarc import measure_dmarc
from mailwatch.sources.dns.existence import measure_existence
from mailwatch.sources.dns.expectations import expected_of
from mailwatch.sources.dns.measured import Taken
from mailwatch.sources.dns.mx import measure_mx
from mailwatch.sources.dns.spf import measure_spf
from mailwatch.sources.job import Job

Measuring = Coroutine[Any, Any, list[Taken]]


async def measure_domains(config: Config, job: Job, tries: Sequence[float] = TRIES) -> None:
    """Hands over the figures of every configured domain."""
    transport = Transport(find_servers(config.dns.nameservers), job, tries)
    lookup = CachedLookup(transport.ask)
    async with asyncio.TaskGroup() as group:
        for domain in config.domains:
            group.create_task(_measure_domain(domain, Budget(lookup.once), job))


async def _measure_domain(domain: Domain, lookup: Lookup, job: Job) -> None:
    """Hands over what is measured of `domain`: that it is missing and nothing else, if it is."""
    existence = await measure_existence(domain.name, lookup)
    _hand_over(existence, job)
    if any(isinstance(item, Measurement) and item.value == "missing" for item in existence):
        for metric, subject in expected_of(domain):
            if metric != metrics.DOMAIN:
                job.withdraw(metric, subject)
        return
    async with asyncio.TaskGroup() as group:
        for measuring in measure(domain, lookup):
            group.create_task(_measure(measuring, job))


def measure(domain: Domain, lookup: Lookup) -> Iterator[Measuring]:
    """Everything that is measured of an existing `domain`, each part waiting for nothing but its
    own answers."""
    yield measure_spf(domain.name, lookup)
    yield measure_dmarc(domain.name, lookup)
    yield measure_mx(domain.name, lookup)
    if domain.dkim_selectors:
        yield _measure_selectors(domain, lookup)
    else:
        yield measure_no_selector(domain.name, lookup)


async def _measure_selectors(domain: Domain, lookup: Lookup) -> list[Taken]:
    """The keys of `domain` in the order of its selectors, whichever answer comes first."""
    keys = (measure_dkim(domain.name, selector, lookup) for selector in domain.dkim_selectors)
    return [item for items in await asyncio.gather(*keys) for item in items]


async def _measure(measuring: Measuring, job: Job) -> None:
    _hand_over(await measuring, job)


def _hand_over(items: Iterable[Taken], job: Job) -> None:
    for item in items:
        job.take(item)
