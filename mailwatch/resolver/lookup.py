"""One interface to DNS, with four outcomes that are kept apart to the end.

A name that could not be asked for is neither present nor absent: taking a timeout for "no record"
turns a hiccup into an alarm. Whoever judges a domain sees only `Lookup`; what carries the
questions (`Ask`) can be swapped for a faster transport.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from enum import StrEnum
from typing import Literal, Protocol

from mailwatch.frozen import dataclass
from mailwatch.model import Phrase, say
from mailwatch.text.inert import inert_octets

RdType = Literal["A", "AAAA", "CAA", "MX", "PTR", "SPF", "TLSA", "TXT"]

AT_ONCE = 50
"""Questions in flight at a time: what a resolver takes without complaint."""
LONGEST_CHAIN = 8
"""CNAMEs followed for one question, as most resolvers do."""


class Outcome(StrEnum):
    """What became of a question."""

    FOUND = "found"
    NO_DATA = "no_data"
    NO_SUCH_NAME = "no_such_name"
    COULD_NOT_ASK = "could_not_ask"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a name has of one type. `failure` is given exactly where it could not be asked for.

    A value is one record: the joined strings of a TXT (one character an octet, as it came),
    `10 mx.example.com` for an MX, an address for A and AAAA, a name for PTR, what a zone file has
    for CAA and TLSA. Names are lower case, without the final dot.
    """

    outcome: Outcome
    values: tuple[str, ...] = ()
    ttl: int = 0
    """Seconds it may be kept: the least along the chain."""
    chain: tuple[str, ...] = ()
    """The targets of the CNAMEs that were followed, in order."""
    failure: Phrase | None = None
    authenticated: bool = False
    """True when the resolver says that it validated the answer with DNSSEC (the AD bit, RFC 4035
    §3.2.3). That is worth as much as the way to the resolver."""

    @property
    def absent(self) -> bool:
        """True when it is certain that there is no such record."""
        return self.outcome in (Outcome.NO_DATA, Outcome.NO_SUCH_NAME)


def failed(failure: Phrase, chain: tuple[str, ...] = ()) -> Answer:
    """The answer to a question that could not be asked, after the CNAMEs of `chain`."""
    return Answer(Outcome.COULD_NOT_ASK, chain=chain, failure=failure)


Ask = Callable[[str, RdType], Awaitable[Answer]]
"""Asks one question of the outside. The answer may end in a CNAME without its target's records."""


class Lookup(Protocol):
    """What the judging of a domain asks."""

    async def get(self, name: str, rdtype: RdType) -> Answer:
        """The records of `name`, through its CNAMEs."""
        ...


async def follow(name: str, rdtype: RdType, once: Ask) -> Answer:
    """The records of `name`; each question on the way through its CNAMEs is asked with `once`."""
    name = name.lower().removesuffix(".")
    step = await once(name, rdtype)
    answer = step
    while step.chain and step.outcome is Outcome.NO_DATA:
        if name in answer.chain or len(set(answer.chain)) < len(answer.chain):
            return failed(_could_not(name, rdtype, say("dns.cname_loop")), answer.chain)
        if len(answer.chain) > LONGEST_CHAIN:
            why = say("dns.cname_chain", n=LONGEST_CHAIN)
            return failed(_could_not(name, rdtype, why), answer.chain)
        step = await once(step.chain[-1], rdtype)
        answer = replace(
            step,
            ttl=min(answer.ttl, step.ttl),
            chain=answer.chain + step.chain,
            authenticated=answer.authenticated and step.authenticated,
        )
    if answer.failure is not None:
        return replace(answer, failure=_could_not(name, rdtype, answer.failure))
    return answer


class CachedLookup:
    """Asks each question once a run, however many ask for it and whatever came of it."""

    def __init__(self, ask: Ask, at_once: int = AT_ONCE) -> None:
        self._ask = ask
        self._gate = asyncio.Semaphore(at_once)
        self._asked: dict[tuple[str, RdType], asyncio.Task[Answer]] = {}

    async def get(self, name: str, rdtype: RdType) -> Answer:
        """The records of `name`, through its CNAMEs."""
        return await follow(name, rdtype, self.once)

    async def once(self, name: str, rdtype: RdType) -> Answer:
        """One question; the answer may end in a CNAME."""
        key = (name, rdtype)
        if key not in self._asked:
            self._asked[key] = asyncio.create_task(self._through_gate(name, rdtype))
        return await self._asked[key]

    async def _through_gate(self, name: str, rdtype: RdType) -> Answer:
        async with self._gate:
            return await self._ask(name, rdtype)


def _could_not(name: str, rdtype: RdType, why: Phrase) -> Phrase:
    return say("dns.could_not_ask", rdtype=rdtype, name=inert_octets(name), why=why)
