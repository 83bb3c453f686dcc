"""Questions asked on the wire, of a name server on loopback that is bent in every way."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset

from mailwatch.demo import Faults, Rcode, Rule, build, serve
from mailwatch.demo.wire.faults import Query
from mailwatch.model import Phrase
from mailwatch.resolver.lookup import Answer, CachedLookup, RdType
from mailwatch.resolver.servers import find_servers
from mailwatch.resolver.transport import Transport
from mailwatch.sources.job import Job
from tests.sources.dns.dns_peer import TODAY, job

ZONE: dict[tuple[str, str], Any] = {
    ("example.com", "TXT"): (("v=spf1 ", "-all"), (b"caf\xe9 \x1b",)),
    ("example.com", "MX"): ("10 MX1.Example.com.", "0 ."),
    ("example.com", "A"): ("192.0.2.1",),
    ("example.com", "AAAA"): ("2001:db8::1",),
    ("1.2.0.192.in-addr.arpa", "PTR"): ("Mail.Example.com.",),
    ("alias.example.com", "CNAME"): ("Second.example.com.",),
    ("second.example.com", "CNAME"): ("example.com.",),
    ("dangling.example.com", "CNAME"): ("nowhere.example.com.",),
    ("empty.example.com", "CNAME"): ("nodata.example.com.",),
    ("nodata.example.com", "A"): ("192.0.2.1",),
    ("loop1.example.com", "CNAME"): ("loop2.example.com.",),
    ("loop2.example.com", "CNAME"): ("loop1.example.com.",),
    **{(f"c{n}.example.com", "CNAME"): (f"c{n + 1}.example.com.",) for n in range(12)},
    ("c12.example.com", "TXT"): (("end",),),
    ("long.example.com", "TXT"): (tuple("x" * 250 for _ in range(17)),),
    ("huge.example.com", "TXT"): (tuple("y" * 255 for _ in range(250)),),
}


@dataclass(frozen=True)
class Bare:
    """Only the CNAME that stands at the name, as a server gives it that asks nobody else."""

    target: str

    def reply(self, query: Query) -> bytes | None:
        asked = dns.message.from_wire(query.wire)
        answer = dns.message.make_response(asked, recursion_available=True)
        name = asked.question[0].name
        answer.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", self.target))
        return answer.to_wire()


@dataclass(frozen=True)
class NoEdns:
    """A server from before EDNS."""

    def reply(self, query: Query) -> bytes | None:
        if dns.message.from_wire(query.wire).edns < 0:
            return query.honest()
        return Rcode("FORMERR").reply(query)


@dataclass(frozen=True)
class Contradiction:
    """An answer under NXDOMAIN."""

    def reply(self, query: Query) -> bytes | None:
        honest = query.honest()
        assert honest is not None
        answer = dns.message.from_wire(honest)
        answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire()


@dataclass(frozen=True)
class Update:
    """An answer that is none to a question, under the right id."""

    def reply(self, query: Query) -> bytes | None:
        return query.wire[:2] + b"\xa8\x00" + bytes(8)


@dataclass(frozen=True)
class Asked:
    answers: list[Answer]
    requests: list[tuple[str, str, str]]
    calls: int

    @property
    def only(self) -> Answer:
        (answer,) = self.answers
        return answer

    @property
    def why(self) -> Phrase:
        """The innermost reason of the only answer's failure."""
        failure = self.only.failure
        assert failure is not None
        while isinstance(inner := dict(failure.values).get("why"), Phrase):
            failure = inner
        return failure


def ask(
    *questions: tuple[str, RdType],
    rules: tuple[Rule, ...] = (),
    before: tuple[str, ...] = (),
    tries: tuple[float, ...] = (5.0, 5.0, 5.0),
    given: Job | None = None,
    ttls: dict[tuple[str, str], int] | None = None,
) -> Asked:
    """The answers to `questions`, all asked at once."""
    given = given or job()

    async def get_all(nameserver: str) -> list[Answer]:
        transport = Transport(find_servers((*before, nameserver)), given, tries)
        lookup = CachedLookup(transport.ask)
        return list(await asyncio.gather(*(lookup.get(*question) for question in questions)))

    world = replace(build("healthy", TODAY), zone=ZONE, ttls=ttls or {})
    with serve(world, faults=Faults(*rules)) as running:
        answers = asyncio.run(get_all(running.nameserver))
        requests = [(r.method, r.path, r.query[0][1]) for r in running.requests]
    return Asked(answers, requests, given.counts["calls"])


def on(name: str, behaviour: Any, times: int | None = None) -> Rule:
    return Rule("dns", behaviour, match=name, times=times)


@contextlib.contextmanager
def silent() -> Iterator[str]:
    """A name server that never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{bound.getsockname()[1]}"


@contextlib.contextmanager
def udp_server(*replies: Callable[[bytes], bytes]) -> Iterator[str]:
    """A name server that sends each of `replies` to every question, in this order."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))

        def answer() -> None:
            while True:
                wire, peer = bound.recvfrom(4096)
                if wire == b"stop":
                    return
                for reply in replies:
                    bound.sendto(reply(wire), peer)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield f"127.0.0.1:{bound.getsockname()[1]}"
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                other.sendto(b"stop", bound.getsockname())
            thread.join()


def true_answer(wire: bytes, *, truncated: bool = False) -> bytes:
    """An SPF record as the answer to any question."""
    response = dns.message.make_response(dns.message.from_wire(wire), recursion_available=True)
    name = response.question[0].name
    response.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", '"v=spf1 -all"'))
    if truncated:
        response.flags |= dns.flags.TC
    return response.to_wire()


def wrong_id(wire: bytes, *, truncated: bool = False) -> bytes:
    """The true answer to another question of the same name: what a forger sends."""
    answer = true_answer(wire, truncated=truncated)
    return bytes([answer[0] ^ 1]) + answer[1:]


def wrong_question(wire: bytes) -> bytes:
    """An answer with the right id, about another name."""
    asked = dns.message.from_wire(wire)
    asked.question[0].name = dns.name.from_text("other.example.")
    return true_answer(asked.to_wire())


@contextlib.contextmanager
def udp_only() -> Iterator[str]:
    """A name server that answers by UDP that the answer is too long, and has no TCP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))
        bound.settimeout(10)

        def answer() -> None:
            wire, peer = bound.recvfrom(4096)
            response = dns.message.make_response(dns.message.from_wire(wire))
            response.flags |= dns.flags.TC
            bound.sendto(response.to_wire(), peer)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"127.0.0.1:{bound.getsockname()[1]}"
        thread.join()
