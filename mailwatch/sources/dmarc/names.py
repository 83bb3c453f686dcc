"""What DNS says about sources and domains, only where the user asks for it: host names of
addresses, and the policy that is published now."""

import asyncio
from collections.abc import Iterable, Mapping
from ipaddress import ip_address

from mailwatch.config import Config
from mailwatch.mailauth.dmarc.discovery import discover
from mailwatch.resolver.lookup import CachedLookup, Lookup
from mailwatch.resolver.servers import find_servers
from mailwatch.resolver.transport import Transport
from mailwatch.sources.dmarc.contents import Policy
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert_octets


def look_up(
    config: Config, job: Job, addresses: Iterable[str], domains: Iterable[str]
) -> tuple[Mapping[str, str], Mapping[str, Policy]]:
    """Host names by address, and policies by domain. What DNS does not answer is not in them."""
    return asyncio.run(_look_up(config, job, tuple(addresses), tuple(domains)))


async def _look_up(
    config: Config, job: Job, addresses: tuple[str, ...], domains: tuple[str, ...]
) -> tuple[Mapping[str, str], Mapping[str, Policy]]:
    lookup = CachedLookup(Transport(find_servers(config.dns.nameservers), job).ask)
    hosts = await asyncio.gather(*(_host_of(address, lookup) for address in addresses))
    policies = await asyncio.gather(*(_policy_of(domain, lookup) for domain in domains))
    return (
        {address: host for address, host in zip(addresses, hosts, strict=True) if host},
        {domain: found for domain, found in zip(domains, policies, strict=True) if found},
    )


async def _host_of(address: str, lookup: Lookup) -> str | None:
    """The name of the address, with the address where the name does not lead back to it: anybody
    can give an address any name."""
    try:
        ip = ip_address(address)
    except ValueError:
        return None
    names = (await lookup.get(ip.reverse_pointer, "PTR")).values
    if not names:
        return None
    back = await lookup.get(names[0], "A" if ip.version == 4 else "AAAA")
    name = inert_octets(names[0], 100)
    confirmed = any(ip_address(value) == ip for value in back.values)
    return f"{name} ({address})" if confirmed else f"{address} (says {name})"


async def _policy_of(domain: str, lookup: Lookup) -> Policy | None:
    applied = (await discover(domain, lookup)).applies
    if applied is None or applied.domain != domain:
        return None
    record = applied.record
    return Policy(record.p or "", record.sp or "", record.testing)
