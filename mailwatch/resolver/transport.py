"""Questions carried by UDP, and by TCP where the answer is truncated, to several name servers.

dnspython's own resolver is not used: it sends no EDNS by default (an answer over 512 octets then
costs a TCP connection), and takes what failed and what is absent for the same exception.
"""

import asyncio
import os
import socket
from collections.abc import Sequence

import dns.asyncbackend
import dns.asyncquery
import dns.exception
import dns.inet
import dns.message
import dns.rcode
import dns.rdatatype

from mailwatch.model import Phrase, say
from mailwatch.resolver.lookup import Answer, Outcome, RdType, failed
from mailwatch.resolver.message import make_query, read, to_name
from mailwatch.resolver.servers import Server
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert

TRIES = (1.0, 2.0, 3.0)
"""Seconds to wait in each try. Short at first: a lost packet costs one second."""

_ANSWERED = (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)
_DISLIKES_EDNS = (dns.rcode.FORMERR, dns.rcode.NOTIMP, dns.rcode.BADVERS)
_FAILURES = (dns.exception.DNSException, OSError, EOFError, ValueError)


class Transport:
    """Asks name servers in turn until one answers, beginning with the last that did."""

    def __init__(self, servers: Sequence[Server], job: Job, tries: Sequence[float] = TRIES) -> None:
        self._servers = servers
        self._job = job
        self._tries = tries
        self._backend = dns.asyncbackend.get_backend("asyncio")
        self._first = 0
        self._heard = False
        self._dead: Phrase | None = None

    async def ask(self, name: str, rdtype: RdType) -> Answer:
        """What the name servers say of `name`; never later than the job's time."""
        asked = to_name(name)
        if asked is None:
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
            query = make_query(asked, rdtype, edns=edns)
            reply = await self._try(self._servers[at], query, limit)
            if isinstance(reply, Answer):
                self._first = at
                return reply
            failure, edns = reply, edns and reply.code != "dns.dislikes_edns"
        # With many domains the questions queue; a resolver that has not said a word to the first
        # fifty in all their tries is not waited for again.
        if not self._heard:
            self._dead = failure
        return failed(failure)

    async def _try(
        self, server: Server, query: dns.message.Message, limit: float
    ) -> Answer | Phrase:
        """One try: the answer, or what went wrong."""
        if server.unresolved is not None:
            where = inert(str(server))
            return say("dns.unresolved_nameserver", server=where, error=inert(server.unresolved))
        self._job.called(_question(query))
        began = asyncio.get_running_loop().time()
        try:
            message = await self._udp(server, query, limit)
        except dns.message.Truncated:
            self._heard = True
            left = limit - (asyncio.get_running_loop().time() - began)
            return await self._try_tcp(server, query, left)
        except _FAILURES as error:
            return _wording(error, server)
        return self._read(message, server)

    async def _try_tcp(
        self, server: Server, query: dns.message.Message, limit: float
    ) -> Answer | Phrase:
        self._job.called(f"{_question(query)} (TCP)")
        try:
            message = await dns.asyncquery.tcp(
                query, server.host, max(limit, 0.01), server.port, backend=self._backend
            )
        except _FAILURES as error:
            return say("dns.tcp", why=_wording(error, server))
        return self._read(message, server)

    async def _udp(
        self, server: Server, query: dns.message.Message, limit: float
    ) -> dns.message.Message:
        # Connected, the socket takes packets from this server only, and a closed port is known at
        # once instead of after the last timeout. Anybody can forge the address of a packet, but not
        # know the id: what does not answer this very question is passed over until the right
        # answer comes or the time is up (RFC 5452 §9.1), garbage included. A truncated answer is
        # held against the question, too, before TCP is tried.
        family = dns.inet.af_for_address(server.host)
        where = (server.host, server.port)
        made = await self._backend.make_socket(  # type: ignore[no-untyped-call]
            family, socket.SOCK_DGRAM, 0, None, where
        )
        async with made as sock:
            return await dns.asyncquery.udp(
                query,
                server.host,
                limit,
                server.port,
                ignore_unexpected=True,
                ignore_errors=True,
                raise_on_truncation=True,
                sock=sock,
            )

    def _read(self, message: dns.message.Message, server: Server) -> Answer | Phrase:
        self._heard = True
        rcode = message.rcode()
        if rcode in _ANSWERED:
            return read(message)
        if rcode == dns.rcode.SERVFAIL:
            return say("dns.servfail", server=str(server))
        if rcode == dns.rcode.REFUSED:
            return say("dns.refused", server=str(server))
        code = "dns.dislikes_edns" if rcode in _DISLIKES_EDNS else "dns.rcode"
        return say(code, server=str(server), rcode=dns.rcode.to_text(rcode))


def _wording(error: Exception, server: Server) -> Phrase:
    """What went wrong, in words; `error` is one of `_FAILURES`."""
    where = inert(str(server))
    if isinstance(error, dns.exception.Timeout | TimeoutError):
        return say("dns.timeout", server=where)
    if isinstance(error, OSError):
        reason = os.strerror(error.errno) if error.errno else str(error)
        return say("dns.unreachable", server=where, error=inert(reason))
    if isinstance(error, ValueError):  # what dnspython says of a host that is not an IP address
        return say("dns.bad_nameserver", server=where)
    return say("dns.malformed")


def _question(query: dns.message.Message) -> str:
    question = query.question[0]
    rdtype = dns.rdatatype.to_text(question.rdtype)
    return f"dns: {rdtype} {inert(question.name.to_text(omit_final_dot=True))}"
