"""Every domain at once: what is measured of each, handed over as soon as it is known."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from typing import Any

from mailwatch.config import Config, Domain
from mailwatch.model import Cause, Fault, Measurement, Phrase, Subject
from mailwatch.resolver.budget import BudgetedLookup
from mailwatch.resolver.lookup import CachedLookup, Lookup
from mailwatch.resolver.servers import find_servers
from mailwatch.resolver.transport import TRIES, Transport
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.beyond import measure_beyond
from mailwatch.sources.dns.dkim import measure_dkim
from mailwatch.sources.dns.dmarc import measure_dmarc
from mailwatch.sources.dns.existence import measure_existence
from mailwatch.sources.dns.expectations import expected_of
from mailwatch.sources.dns.made_up import HonestLookup, MadeUpAddresses
from mailwatch.sources.dns.measured import Taken
from mailwatch.sources.dns.mx import measure_mx
from mailwatch.sources.dns.mx_hosts import measure_mx_hosts, measure_mx_tlsa
from mailwatch.sources.dns.remembered import RememberedLookup
from mailwatch.sources.dns.seen_selectors import measure_seen
from mailwatch.sources.dns.sender_requirements import requirements_of
from mailwatch.sources.dns.signed import (
    is_on_this_machine,
    is_validating,
    measure_caa,
    measure_dnssec,
)
from mailwatch.sources.dns.spf import measure_spf
from mailwatch.sources.dns.spf_lint import measure_spf_lint, measure_spf_type99
from mailwatch.sources.job import Job

Measuring = Coroutine[Any, Any, list[Taken]]
Doubt = Callable[[str], Awaitable[Phrase | None]]


async def measure_domains(config: Config, job: Job, tries: Sequence[float] = TRIES) -> None:
    """Hands over the figures of every configured domain."""
    servers = find_servers(config.dns.nameservers)
    ask = CachedLookup(Transport(servers, job, tries).ask).once
    local = is_on_this_machine(servers)
    budgeted = {domain.name: BudgetedLookup(ask) for domain in config.domains}
    made_up = MadeUpAddresses(budgeted[config.domains[0].name], tries[0])
    honest = {name: HonestLookup(lookup, made_up) for name, lookup in budgeted.items()}
    lookups = {name: RememberedLookup(lookup, job) for name, lookup in honest.items()}
    async with asyncio.TaskGroup() as group:
        group.create_task(made_up.report(job))
        for domain in config.domains:
            doubt = honest[domain.name].doubt
            lookup = lookups[domain.name]
            group.create_task(_measure_domain(domain, lookup, job, doubt, local=local))
        group.create_task(measure_seen(config.domains, lookups, job))


async def _measure_domain(
    domain: Domain, lookup: Lookup, job: Job, doubt: Doubt, *, local: bool
) -> None:
    """Hands over what is measured of `domain`: that it is missing and nothing else, if it is.

    What is around the records comes after them, so that it is the first to be left out where the
    records of a domain cost more questions than are allowed.
    """
    existence = await measure_existence(domain.name, lookup)
    unknown = await doubt(domain.name)
    if unknown is not None:  # all that is expected of it is unknown, for this reason
        job.take(Fault(Cause.COULD_NOT_ASK, unknown, Subject.of(domain=domain.name)))
        return
    _hand_over(existence, job)
    if any(isinstance(item, Measurement) and item.value == "missing" for item in existence):
        for metric, subject in expected_of(domain):
            if metric != metrics.DOMAIN:
                job.withdraw(metric, subject)
        return
    taken = await _measure_all(measure(domain, lookup), job)
    taken += await _measure_all(measure_around(domain, lookup, local=local), job)
    taken += await _measure_all(measure_beyond(domain, lookup, job), job)
    _hand_over(requirements_of(domain.name, taken), job)


def measure(domain: Domain, lookup: Lookup) -> Iterator[Measuring]:
    """The records of an existing `domain`, each part waiting for nothing but its own answers."""
    yield measure_spf(domain.name, lookup)
    yield measure_dmarc(domain.name, lookup)
    yield measure_mx(domain.name, lookup)
    yield _measure_selectors(domain, lookup)


def measure_around(domain: Domain, lookup: Lookup, *, local: bool) -> Iterator[Measuring]:
    """What is around the records, for a domain that is watched: questions that would be too many
    for each of a million. `local`: the resolver is on this machine."""
    yield measure_spf_lint(domain.name, lookup)
    yield measure_spf_type99(domain.name, lookup)
    for ip in domain.sending_ips:  # seldom there, and SPF's evaluation takes long to import
        from mailwatch.sources.dns.sending_ips import measure_reverse_dns, measure_sending_ip

        yield measure_sending_ip(domain.name, ip, lookup)
        yield measure_reverse_dns(domain.name, ip, lookup)
    yield measure_mx_hosts(domain.name, lookup)
    yield _measure_signed(domain.name, lookup, local=local)
    yield measure_caa(domain.name, lookup)


async def _measure_signed(domain: str, lookup: Lookup, *, local: bool) -> list[Taken]:
    """DNSSEC, and what rests on it."""
    validating = await is_validating(lookup, local=local)
    dnssec = await measure_dnssec(domain, lookup, local=local)
    return [*dnssec, *await measure_mx_tlsa(domain, lookup, validating=validating)]


async def _measure_selectors(domain: Domain, lookup: Lookup) -> list[Taken]:
    """The keys of `domain` in the order of its selectors, whichever answer comes first."""
    keys = (measure_dkim(domain.name, selector, lookup) for selector in domain.dkim_selectors)
    return [item for items in await asyncio.gather(*keys) for item in items]


async def _measure_all(parts: Iterable[Measuring], job: Job) -> list[Taken]:
    """What the parts come to, in their order; each is handed over as soon as it is known."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_measure(part, job)) for part in parts]
    return [item for task in tasks for item in task.result()]


async def _measure(measuring: Measuring, job: Job) -> list[Taken]:
    taken = await measuring
    _hand_over(taken, job)
    return taken


def _hand_over(items: Iterable[Taken], job: Job) -> None:
    for item in items:
        job.take(item)
