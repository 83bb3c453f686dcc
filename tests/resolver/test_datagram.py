"""Questions over open sockets: forged packets, lost ones, and several servers."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import dns.message
import dns.rrset

from mailwatch.demo import Faults, Rule, Running, build, serve
from mailwatch.demo.dns.dns_faults import Rcode, Truncated
from mailwatch.demo.wire.faults import Drop
from mailwatch.resolver.datagram import DatagramTransport
from mailwatch.resolver.lookup import Answer, Ask, Outcome
from mailwatch.resolver.servers import Server, find_servers
from mailwatch.resolver.transport import Transport
from mailwatch.sources.job import Job

NAMES = [f"d{number}.example" for number in range(120)]
ZONE = {(name, "TXT"): ((f"text of {name}",),) for name in NAMES}
SHORT = (0.15, 0.15, 0.15, 0.15)


def by_dnspython(server: Server) -> Ask:
    return Transport([server], Job(datetime.now(UTC), None, float("inf"))).ask


def ask(
    servers: Sequence[str], names: Sequence[str], tries: Sequence[float] = (2.0, 2.0)
) -> list[Answer]:
    """The answers to TXT of each name."""

    async def gather() -> list[Answer]:
        transport = DatagramTransport(find_servers(servers), by_dnspython, tries)
        try:
            return await asyncio.gather(*(transport.ask(name, "TXT") for name in names))
        finally:
            transport.close()

    return asyncio.run(gather())


@contextmanager
def server(*rules: Rule) -> Iterator[Running]:
    with serve(
        replace(build("healthy", date(2026, 11, 24)), zone=ZONE), faults=Faults(*rules)
    ) as up:
        yield up


@contextmanager
def liar(reply: Callable[[bytes], list[bytes]]) -> Iterator[str]:
    """A server that answers a packet with these packets."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            query, client = sock.recvfrom(4096)
            if query == b"end":
                return
            for packet in reply(query):
                sock.sendto(packet, client)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{sock.getsockname()[1]}"
    finally:
        sock.sendto(b"end", sock.getsockname())
        thread.join(5)
        sock.close()


def sound(answers: Sequence[Answer]) -> int:
    return sum(answer.outcome is Outcome.FOUND for answer in answers)


def truth(query: bytes, text: str = "true") -> bytes:
    message = dns.message.make_response(dns.message.from_wire(query))
    message.answer = [dns.rrset.from_text(message.question[0].name, 60, "IN", "TXT", f'"{text}"')]
    return message.to_wire()


def test_forged_packets_are_passed_over() -> None:
    # Given a sender of forgeries that come before the true answer
    def reply(query: bytes) -> list[bytes]:
        other = dns.message.make_query("other.example", "TXT")
        forged = truth(query, "forged")
        number = int.from_bytes(query[:2], "big")
        return [
            (number ^ 1).to_bytes(2, "big") + forged[2:],
            query[:2] + truth(other.to_wire(), "forged")[2:],
            query,  # a question is no answer
            b"", b"\x00", query[:11],
            query[:2] + b"\xff" * 60,
            truth(query),
        ]  # fmt: skip

    with liar(reply) as address:
        # When / Then the true answer is taken
        assert [answer.values for answer in ask([address], ["a.example"])] == [("true",)]


def test_what_is_odd_is_asked_again_with_dnspython() -> None:
    # Given a server that truncates what it sends by UDP, and one that is confused at first
    with server(Rule("dns", Truncated(tcp=True), NAMES[0])) as running:
        assert ask([running.nameserver], NAMES[:2])[0].values == (f"text of {NAMES[0]}",)
    first = [True]

    def confused(query: bytes) -> list[bytes]:
        if first and first.pop():
            return [truth(query)[:-3]]
        return [truth(query)]

    with liar(confused) as address:
        assert ask([address], ["a.example"])[0].values == ("true",)


def test_a_lost_packet_is_asked_for_again() -> None:
    # Given a server that loses the first packet of each name
    with server(*(Rule("dns", Drop(), name, times=1) for name in NAMES[:5])) as running:
        assert sound(ask([running.nameserver], NAMES[:5], SHORT)) == 5
    # And one that loses all, or is not there: what was asked is not known
    with server(Rule("dns", Drop())) as running:
        silent = ask([running.nameserver], NAMES[:1], SHORT)
        assert len(running.requests) == len(SHORT)
    assert silent[0].outcome is Outcome.COULD_NOT_ASK
    gone = ask(["127.0.0.1:9"], NAMES[:3])
    assert {answer.outcome for answer in gone} == {Outcome.COULD_NOT_ASK}
    nonsense = ask(["no-such-host.invalid"], NAMES[:1]) + ask([], NAMES[:0])
    assert nonsense[0].failure is not None
    assert ask(["127.0.0.1:9"], ["a..b"])[0].outcome is Outcome.NO_SUCH_NAME


def test_two_sound_servers_share_the_questions() -> None:
    with server() as one, server() as other:
        assert sound(ask([one.nameserver, other.nameserver], NAMES)) == len(NAMES)
        share = len(one.requests) / len(NAMES)
    assert 0.2 <= share <= 0.8


def test_a_server_that_fails_is_backed_off_from_and_costs_nothing() -> None:
    # Given a sound server beside one that always fails, in one way or another
    for fault in (Rcode("SERVFAIL"), Drop(), Rcode("REFUSED")):
        with server() as good, server(Rule("dns", fault)) as bad:
            # When many names are asked for
            answers = ask([bad.nameserver, good.nameserver], NAMES, (0.3,) * 5)
            # Then all have their answer, and the one that fails was asked little
            assert sound(answers) == len(NAMES), fault
            asked = len(bad.requests)
            assert asked <= 0.2 * (asked + len(good.requests)), fault
    # And a name whose own servers fail is nobody's fault, and not asked for without end
    with (
        server(Rule("dns", Rcode(), NAMES[0])) as one,
        server(Rule("dns", Rcode(), NAMES[0])) as two,
    ):
        answers = ask([one.nameserver, two.nameserver], NAMES)
        assert sound(answers) == len(NAMES) - 1
        paths = [request.path for request in (*one.requests, *two.requests)]
    assert paths.count(NAMES[0]) == 2
