"""Every domain at once: what is measured of each, handed over as soon as it is known."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any

from mailwatch.config import Config, Domain
from mailwatch.resolver.lookup import CachedLookup, Lookup
from mailwatch.resolver.servers import find_servers
from mailwatch.resolver.transport import TRIES, Transport
from mailwatch.sources.dns.dkim import measure_dkim, measure_no_selector
from mailwatch.sources.dns.dmarc import measure_dmarc
from mailwatch.sources.dns.measured import Taken
from mailwatch.sources.dns.mx import measure_mx
from mailwatch.sources.dns.spf import measure_spf
from mailwatch.sources.job import Job

Measuring = Coroutine[Any, Any, list[Taken]]


async def survey(config: Config, job: Job, tries: Sequence[float] = TRIES) -> None:
    """Hands over the figures of every configured domain."""
    transport = Transport(find_servers(config.dns.nameservers), job, tries)
    lookup = CachedLookup(transport.ask)
    async with asyncio.TaskGroup() as group:
        for domain in config.domains:
            for measuring in measure(domain, lookup):
                group.create_task(_hand_over(measuring, job))


def measure(domain: Domain, lookup: Lookup) -> Iterator[Measuring]:
    """Everything that is measured of `domain`, each part waiting for nothing but its answers."""
    yield measure_spf(domain.name, lookup)
    yield measure_dmarc(domain.name, lookup)
    yield measure_mx(domain.name, lookup)
    for selector in domain.dkim_selectors:
        yield measure_dkim(domain.name, selector, lookup)
    if not domain.dkim_selectors:
        yield measure_no_selector(domain.name, lookup)


async def _hand_over(measuring: Measuring, job: Job) -> None:
    for figure in await measuring:
        job.take(figure)
