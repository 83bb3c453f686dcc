"""Questions carried by UDP, and by TCP where the answer is truncated, to several name servers.

dnspython's own resolver is not used: it sends no EDNS by default (an answer over 512 octets then
costs a TCP connection), and takes what failed and what is absent for the same exception.
"""

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from mailwatch.model import Phrase, say
from mailwatch.resolver.lookup import Answer, Outcome, RdType, failed
from mailwatch.resolver.packet import ServerFailed, TooLong, encode_question
from mailwatch.resolver.servers import Server
from mailwatch.resolver.udp import ask_by_udp, make_query
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert, inert_octets

if TYPE_CHECKING:
    from mailwatch.resolver.message import Reply

TRIES = (1.0, 2.0, 3.0)
"""Seconds to wait in each try. Short at first: a lost packet costs one second."""


class Transport:
    """Asks name servers in turn until one answers, beginning with the last that did."""

    def __init__(self, servers: Sequence[Server], job: Job, tries: Sequence[float] = TRIES) -> None:
        self._servers = servers
        self._job = job
        self._tries = tries
        self._first = 0
        self._heard = False
        self._dead: Phrase | None = None

    async def ask(self, name: str, rdtype: RdType) -> Answer:
        """What the name servers say of `name`; never later than the job's time."""
        question = encode_question(name, rdtype)
        if question is None:
            return Answer(Outcome.NO_SUCH_NAME)
        if not self._servers:
            return failed(say("dns.no_nameserver"))
        failure, edns = say("dns.out_of_time"), True
        first = self._first
        for number, patience in enumerate(self._tries):
            limit = min(patience, self._job.remaining())
            if self._dead is not None or limit <= 0:
                return failed(self._dead or failure)
            at = (first + number) % len(self._servers)
            asking = _Question(name, rdtype, question, edns)
            reply = await self._try(self._servers[at], asking, limit)
            if isinstance(reply, Answer):
                self._first = at
                return reply
            failure, edns = reply, edns and reply.code != "dns.dislikes_edns"
        # With many domains the questions queue; a resolver that has not said a word to the first
        # fifty in all their tries is not waited for again.
        if not self._heard:
            self._dead = failure
        return failed(failure)

    async def _try(self, server: Server, asking: "_Question", limit: float) -> Answer | Phrase:
        """One try: the answer, or what went wrong."""
        if server.unresolved is not None:
            where = inert(str(server))
            return say("dns.unresolved_nameserver", server=where, error=inert(server.unresolved))
        self._job.called(str(asking))
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(limit):
                reply = await ask_by_udp(server, asking.octets, asking.rdtype, edns=asking.edns)
        except TooLong:
            self._heard = True
            left = limit - (asyncio.get_running_loop().time() - began)
            return await self._try_tcp(server, asking, left)
        except (OSError, ValueError) as error:
            return _wording(error, server)
        return self._understand(reply, server)

    async def _try_tcp(self, server: Server, asking: "_Question", limit: float) -> Answer | Phrase:
        from mailwatch.resolver.message import ask_by_tcp

        self._job.called(f"{asking} (TCP)")
        query = make_query(asking.octets, edns=asking.edns)
        try:
            reply = await ask_by_tcp(server, query, max(limit, 0.01))
        except (OSError, EOFError, ValueError) as error:
            return say("dns.tcp", why=_wording(error, server))
        return self._understand(reply, server)

    def _understand(self, reply: "Reply", server: Server) -> Answer | Phrase:
        self._heard = True
        if isinstance(reply, ServerFailed):
            rcode = {} if reply.rcode is None else {"rcode": reply.rcode}
            return say(reply.code, server=str(server), **rcode)
        return reply


class _Question(NamedTuple):
    """What is asked, and how."""

    name: str
    rdtype: RdType
    octets: bytes
    edns: bool

    def __str__(self) -> str:
        return f"dns: {self.rdtype} {inert_octets(self.name)}"


def _wording(error: Exception, server: Server) -> Phrase:
    """What went wrong, in words."""
    where = inert(str(server))
    if isinstance(error, TimeoutError):
        return say("dns.timeout", server=where)
    if isinstance(error, OSError):
        reason = os.strerror(error.errno) if error.errno else str(error)
        return say("dns.unreachable", server=where, error=inert(reason))
    if isinstance(error, ValueError):
        return say("dns.bad_nameserver", server=where)
    return say("dns.malformed")
