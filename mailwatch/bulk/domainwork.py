"""The work for a list of domains: SPF, DKIM, DMARC and MX of each, measured and judged, and what
else was asked for."""

import asyncio
import math
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from mailwatch.bulk.lines import LineWriter
from mailwatch.bulk.on_request import OnRequest
from mailwatch.bulk.work import Done, Once
from mailwatch.catalog.catalog import Catalog
from mailwatch.config import Domain
from mailwatch.model import Lang
from mailwatch.resolver.budget import BudgetedLookup
from mailwatch.resolver.cache import Question, SharedLookup
from mailwatch.resolver.datagram import DatagramTransport
from mailwatch.resolver.lookup import Answer, Ask
from mailwatch.resolver.servers import Server
from mailwatch.sources.dns.dkim import measure_dkim, measure_no_selector
from mailwatch.sources.dns.dmarc import measure_dmarc
from mailwatch.sources.dns.existence import existence_of, is_missing
from mailwatch.sources.dns.measured import Taken
from mailwatch.sources.dns.mx import measure_mx
from mailwatch.sources.dns.spf import measure_spf
from mailwatch.sources.job import Job


@dataclass(frozen=True, slots=True)
class DomainWork:
    """What every process is given: whom to ask, and what to hold the answers against."""

    servers: tuple[Server, ...]
    catalog: Catalog
    lang: Lang
    strict: bool
    also: tuple[str, ...] = ()
    """Parts of `mailwatch.bulk.on_request`."""

    @classmethod
    def of(
        cls,
        servers: tuple[Server, ...],
        catalog: Catalog,
        lang: Lang,
        *,
        strict: bool,
        also: tuple[str, ...] = (),
    ) -> "DomainWork":
        """The work with the checks of DNS, without the texts that no line has: it is sent often."""
        checks = {
            check.id: replace(
                check, title={}, why={}, risks={}, actions=(), references=(), short=None
            )
            for check in catalog.checks.values()
            if check.source == "dns"
        }
        numbers = {check: catalog.numbers[check] for check in checks}
        return cls(servers, Catalog(checks, numbers, catalog.overrides, {}), lang, strict, also)

    def start(self, once: Once | None) -> "DomainSession":
        """Begins to ask."""
        return DomainSession(self, once)

    def route(self, item: Domain) -> int:
        """By the name: what stands in the list twice is asked for once."""
        return zlib.crc32(item.name.encode())


class DomainSession:
    """Domains, measured one beside the other with one cache."""

    def __init__(self, work: DomainWork, once: Once | None) -> None:
        self._lines = LineWriter(work.catalog, work.lang, strict=work.strict)
        self._servers = work.servers
        self._transport = DatagramTransport(work.servers, self._odd)
        self._lookup = SharedLookup(self._transport.ask, None if once is None else _Shared(once))
        self._on_request = OnRequest(work.also)

    async def handle(self, item: Domain) -> Done:
        """The line of `item`."""
        lookup = BudgetedLookup(partial(self._lookup.begin, item.name))
        return self._lines.done(item.name, await measure(item, lookup, self._on_request))

    def close(self) -> None:
        """Closes the sockets."""
        self._transport.close()

    def _odd(self, server: Server) -> Ask:
        """dnspython, which asks `server` first: one for each question, since none knows whether
        the servers are heard at all."""
        from mailwatch.resolver.transport import Transport

        others = (other for other in self._servers if other != server)
        return Transport((server, *others), Job(datetime.now(UTC), None, math.inf)).ask


class _Shared:
    """What several domains lead to is asked for by one of the processes."""

    def __init__(self, once: Once) -> None:
        self._once = once

    def ask(self, question: Question, ask: Ask) -> "asyncio.Future[Answer]":
        """The answer, from whichever process asks."""
        return asyncio.ensure_future(self._once.once(question, lambda: ask(*question)))


async def measure(domain: Domain, lookup: BudgetedLookup, on_request: OnRequest) -> list[Taken]:
    """What is measured of a domain of a list: that it is missing and nothing else, if it is.

    One after the other, since all questions that are known beforehand are asked at once.
    """
    name = domain.name
    lookup.begin(name, "TXT")
    lookup.begin(name, "MX")
    txt, mx = await lookup.get(name, "TXT"), await lookup.get(name, "MX")
    taken = existence_of(name, txt, mx)
    if is_missing(mx if txt.failure is not None else txt):
        return taken
    lookup.begin(f"_dmarc.{name}", "TXT")
    for selector in domain.dkim_selectors:
        lookup.begin(f"{selector}._domainkey.{name}", "TXT")
    on_request.begin(name, lookup)
    taken += await measure_spf(name, lookup)
    taken += await measure_dmarc(name, lookup)
    taken += await measure_mx(name, lookup)
    for selector in domain.dkim_selectors:
        taken += await measure_dkim(name, selector, lookup)
    if not domain.dkim_selectors:
        taken += await measure_no_selector(name, lookup)
    return taken + await on_request.measure(name, lookup)
