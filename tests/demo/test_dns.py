"""The DNS server, through dnspython."""

import socket
import struct
from collections.abc import Iterator
from dataclasses import replace

import dns.flags
import dns.message
import dns.opcode
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver
import pytest

from mailwatch.demo import Chain, Faults, Rule, Running, serve
from mailwatch.demo.story.world import Zone
from mailwatch.demo.story.zone import KEYS

from .conftest import world_of

EXTRA: Zone = {
    ("big.example.com", "TXT"): [["x" * 255, "y" * 255, "z" * 200]],
    ("huge.example.com", "TXT"): [["x" * 255] * 8],
    ("raw.example.com", "TXT"): [[b"\xff\x1b", "é"], "one segment"],
    ("loop1.example.com", "CNAME"): ["loop2.example.com."],
    ("loop2.example.com", "CNAME"): ["loop1.example.com"],
    ("dangling.example.com", "CNAME"): ["nowhere.example.com."],
    ("*._report._dmarc.example.net", "TXT"): [["v=DMARC1"]],
    ("short.example.com", "A"): ["192.0.2.1"],
    ("empty.example.com", "A"): [],
}


@pytest.fixture(scope="module")
def asked() -> Iterator[Running]:
    world = world_of("healthy")
    zone = {**world.zone, **EXTRA}
    short = {("short.example.com", "A"): 7}
    with serve(replace(world, zone=zone, ttls=short)) as running:
        yield running


def place(running: Running) -> tuple[str, int]:
    host, port = running.nameserver.split(":")
    return host, int(port)


def ask(
    running: Running, name: str, rdtype: str, *, tcp: bool = False, payload: int | None = None
) -> dns.message.Message:
    host, port = place(running)
    edns = {} if payload is None else {"use_edns": 0, "payload": payload}
    query = dns.message.make_query(name, rdtype, **edns)  # type: ignore[arg-type]
    send = dns.query.tcp if tcp else dns.query.udp
    return send(query, host, port=port, timeout=5)


def test_a_resolver_finds_a_dkim_key_behind_its_cname(asked: Running) -> None:
    resolver = dns.resolver.Resolver(configure=False)
    host, resolver.port = place(asked)
    resolver.nameservers = [host]
    answer = resolver.resolve("S1._DomainKey.Example.com", "TXT")
    assert answer.canonical_name.to_text() == "s1.domainkey.u1234567.wl123.sendgrid.net."
    segments = answer[0].strings
    assert len(segments) == 2
    assert b"".join(segments).decode() == f"k=rsa; t=s; p={KEYS['s1']}"


def test_the_answer_is_a_recursive_resolvers(asked: Running) -> None:
    response = ask(asked, "s2._domainkey.example.com", "TXT", payload=1232)
    assert response.flags & dns.flags.RA
    assert not response.flags & dns.flags.AA
    assert response.payload == 1232
    assert [rrset.rdtype for rrset in response.answer] == [
        dns.rdatatype.CNAME,
        dns.rdatatype.TXT,
    ]
    alias = ask(asked, "s2._domainkey.example.com", "CNAME")
    assert [rrset.rdtype for rrset in alias.answer] == [dns.rdatatype.CNAME]


@pytest.mark.parametrize(
    ("name", "payload", "truncated"),
    [
        ("big.example.com", None, True),
        ("big.example.com", 512, True),
        ("big.example.com", 1232, False),
        ("huge.example.com", 4096, True),
        ("example.com", None, False),
    ],
)
def test_what_is_too_long_for_udp_comes_over_tcp(
    asked: Running, name: str, payload: int | None, truncated: bool
) -> None:
    response = ask(asked, name, "TXT", payload=payload)
    assert bool(response.flags & dns.flags.TC) is truncated
    assert bool(response.answer) is not truncated
    whole = ask(asked, name, "TXT", payload=payload, tcp=True)
    assert not whole.flags & dns.flags.TC
    assert whole.answer


@pytest.mark.parametrize(
    ("name", "rdtype", "rcode"),
    [
        ("nowhere.example.com", "TXT", dns.rcode.NXDOMAIN),
        ("_domainkey.example.com", "TXT", dns.rcode.NOERROR),
        ("example.com", "AAAA", dns.rcode.NOERROR),
        ("example.com", "TYPE65280", dns.rcode.NOERROR),
        ("empty.example.com", "A", dns.rcode.NXDOMAIN),
        ("com", "TXT", dns.rcode.NOERROR),
        ("_dmarc.com", "TXT", dns.rcode.NXDOMAIN),
    ],
)
def test_what_is_not_there_is_denied_with_an_soa(
    asked: Running, name: str, rdtype: str, rcode: dns.rcode.Rcode
) -> None:
    response = ask(asked, name, rdtype)
    assert (response.rcode(), response.answer) == (rcode, [])
    assert [rrset.rdtype for rrset in response.authority] == [dns.rdatatype.SOA]


def test_a_cname_to_nowhere_is_given_and_the_target_denied(asked: Running) -> None:
    response = ask(asked, "dangling.example.com", "TXT")
    assert response.rcode() == dns.rcode.NXDOMAIN
    assert len(response.answer) == 1


def test_a_loop_of_cnames_is_a_failure_unless_it_is_wanted_raw() -> None:
    world = world_of("healthy")
    raw = Faults(Rule("dns", Chain(), "loop2.example.com"))
    with serve(replace(world, zone={**world.zone, **EXTRA}), faults=raw) as running:
        response = ask(running, "loop1.example.com", "TXT")
        assert (response.rcode(), response.answer) == (dns.rcode.SERVFAIL, [])
        response = ask(running, "loop2.example.com", "TXT")
        assert (response.rcode(), len(response.answer)) == (dns.rcode.NOERROR, 2)


def test_segments_may_hold_any_octet(asked: Running) -> None:
    records = ask(asked, "raw.example.com", "TXT").answer[0]
    assert {record.strings for record in records} == {
        (b"\xff\x1b", "é".encode()),
        (b"one segment",),
    }


def test_a_wildcard_answers_under_the_name_asked_for(asked: Running) -> None:
    response = ask(asked, "example.com._report._dmarc.example.net", "TXT")
    assert response.answer[0].name.to_text() == "example.com._report._dmarc.example.net."


def test_records_have_their_ttl(asked: Running) -> None:
    assert ask(asked, "short.example.com", "A").answer[0].ttl == 7
    assert ask(asked, "example.com", "MX").answer[0].ttl == 300


def test_a_question_that_is_none_is_refused(asked: Running) -> None:
    host, port = place(asked)
    notify = dns.message.make_query("example.com", "SOA")
    notify.set_opcode(dns.opcode.NOTIFY)
    chaos = dns.message.make_query("version.bind", "TXT", "CH")
    newer = dns.message.make_query("example.com", "A", use_edns=1)
    for query, rcode in (
        (notify, dns.rcode.NOTIMP),
        (chaos, dns.rcode.REFUSED),
        (newer, dns.rcode.BADVERS),
    ):
        assert dns.query.udp(query, host, port=port, timeout=5).rcode() == rcode


@pytest.mark.parametrize(
    "rest",
    [b"\x01\x00\x00\x01" + bytes(6), b"\x01\x00" + b"\xff" * 40, b"\x01\x00" + bytes(8)],
)
def test_a_malformed_packet_gets_formerr_and_harms_nobody(asked: Running, rest: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.connect(place(asked))
        client.send(b"\x12")
        client.send(b"\x12\x34\x81\x80" + bytes(8))
        client.send(b"\x12\x34" + rest)
        answer = client.recv(512)
    assert answer[:2] == b"\x12\x34"
    assert answer[3] & 15 == dns.rcode.FORMERR
    assert ask(asked, "example.com", "A").answer


def test_one_connection_carries_many_questions(asked: Running) -> None:
    with socket.create_connection(place(asked), timeout=5) as client, client.makefile("rb") as got:
        for name in ("example.com", "mx1.example.com"):
            wire = dns.message.make_query(name, "A").to_wire()
            client.sendall(struct.pack("!H", len(wire)) + wire)
            (length,) = struct.unpack("!H", got.read(2))
            assert dns.message.from_wire(got.read(length)).answer


def test_questions_are_recorded(asked: Running) -> None:
    ask(asked, "example.com", "MX", tcp=True)
    seen = asked.requests[-1]
    assert (seen.service, seen.method, seen.path) == ("dns", "MX", "example.com")
    assert seen.first("transport") == "tcp"


def test_a_port_that_is_taken_is_said_so(asked: Running) -> None:
    _, port = place(asked)
    with pytest.raises(OSError, match="in use"), serve(world_of("healthy"), dns_port=port):
        pass


@pytest.mark.parametrize("value", [["not", "text"], "not an address"])
def test_a_record_that_is_none_is_said_so(value: str | list[str]) -> None:
    world = replace(world_of("healthy"), zone={("example.com", "A"): [value]})
    with pytest.raises((TypeError, dns.exception.SyntaxError)), serve(world):
        pass
