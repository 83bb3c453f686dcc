"""A resolver that makes up an address for every name that does not exist, as some providers' do.

Through it, what is missing seems to be there. One question of a run finds it out, about a name that
cannot exist. An address like the one in that answer is then no answer at all.
"""

import asyncio
import os

from mailwatch.model import Cause, Fault, Phrase, say
from mailwatch.resolver.lookup import Answer, Lookup, Outcome, RdType, failed
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert_octets


class MadeUpAddresses:
    """What the resolver of a run answers for a name that cannot exist (RFC 6761 §6.4); nothing
    where it answers as it should, or not at all."""

    def __init__(self, lookup: Lookup, patience: float) -> None:
        """Asks at once, beside everything else: for use in a running event loop. Where nobody
        answers within `patience` seconds, nothing is known to be made up."""
        self._asked = asyncio.create_task(self._ask(lookup, patience))

    async def _ask(self, lookup: Lookup, patience: float) -> frozenset[str]:
        # A label that nobody has asked for before: no cache has an answer.
        try:
            async with asyncio.timeout(patience):
                answer = await lookup.get(f"{os.urandom(8).hex()}.invalid", "A")
        except TimeoutError:
            return frozenset()
        return frozenset(answer.values)

    async def report(self, job: Job) -> None:
        """Says of the whole source that its answers are not to be relied on, where it is so."""
        addresses = await self.addresses()
        if addresses:
            job.take(Fault(Cause.COULD_NOT_ASK, say("dns.rewrites", address=min(addresses))))

    async def addresses(self) -> frozenset[str]:
        """Those that are made up; awaits the answer."""
        return await asyncio.shield(self._asked)


class HonestLookup:
    """Passes each answer on, but for made-up addresses: then the name could not be asked for."""

    def __init__(self, lookup: Lookup, made_up: MadeUpAddresses) -> None:
        self._lookup = lookup
        self._made_up = made_up

    async def get(self, name: str, rdtype: RdType) -> Answer:
        """The records of `name`, through its CNAMEs."""
        answer = await self._lookup.get(name, rdtype)
        if rdtype not in ("A", "AAAA") or answer.outcome is not Outcome.FOUND:
            return answer
        made_up = await self._made_up.addresses()
        if not made_up:
            return answer
        # An IPv6 address is made up where the IPv4 address is.
        address = answer if rdtype == "A" else await self._lookup.get(name, "A")
        if made_up.isdisjoint(address.values):
            return answer
        why = say("dns.made_up", address=min(made_up.intersection(address.values)))
        failure = say("dns.could_not_ask", rdtype=rdtype, name=inert_octets(name), why=why)
        return failed(failure, answer.chain)

    async def doubt(self, domain: str) -> Phrase | None:
        """Why it is not known whether `domain` exists: it has no record but a made-up address.
        None where it is known."""
        found = {(await self.get(domain, rdtype)).outcome for rdtype in ("TXT", "MX")}
        if found & {Outcome.FOUND, Outcome.NO_SUCH_NAME} or Outcome.NO_DATA not in found:
            return None
        return (await self.get(domain, "A")).failure if await self._made_up.addresses() else None
