"""The codec: what it reads as dnspython does, and what it leaves to dnspython."""

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwatch.resolver.lookup import Answer, Outcome, RdType
from mailwatch.resolver.message import read
from mailwatch.resolver.packet import (
    Odd,
    ServerFailed,
    answers_question,
    decode_answer,
    encode_query,
    encode_question,
)

DIGESTS = ((1, 32), (2, 64))
CASES: list[tuple[str, RdType, list[str]]] = [
    ("a.example", "TXT", ['a.example. 60 IN TXT "v=spf1 " "-all"', 'a.example. 9 IN TXT "\\200"']),
    ("a.example", "MX", ["a.example. 60 IN MX 10 MX.A.example.", "a.example. 60 IN MX 0 ."]),
    ("a.example", "A", ["a.example. 60 IN A 192.0.2.1"]),
    ("a.example", "AAAA", ["a.example. 60 IN AAAA 2001:db8::1"]),
    ("a.example", "SPF", ['a.example. 60 IN SPF "v=spf1 -all"']),
    ("a.example", "CAA", ['a.example. 60 IN CAA 128 issue "ca.example; a=b"']),
    ("_25._tcp.a.example", "TLSA",
     [f"_25._tcp.a.example. 60 IN TLSA 3 1 {kind} {'ab' * size}" for kind, size in DIGESTS]),
    ("1.2.0.192.in-addr.arpa", "PTR", ["1.2.0.192.in-addr.arpa. 60 IN PTR Mail.a.example."]),
    ("s1._domainkey.a.example", "TXT",
     ["s1._domainkey.a.example. 30 IN CNAME s1.b.example.", 's1.b.example. 60 IN TXT "p=AA"']),
    ("a.example", "TXT", ["a.example. 30 IN CNAME gone.example."]),
    ("a.example", "TXT", []),
]  # fmt: skip


def query(name: str, rdtype: RdType) -> dns.message.Message:
    """The question as dnspython asks it."""
    flags = dns.flags.RD | dns.flags.AD
    return dns.message.make_query(f"{name}.", rdtype, use_edns=0, payload=1232, flags=flags)


def response(name: str, rdtype: RdType, records: list[str], rcode: str = "NOERROR") -> bytes:
    """A packet with these records, as dnspython writes it."""
    message = dns.message.make_response(query(name, rdtype))
    message.answer = [
        dns.rrset.from_text(owner, int(ttl), of_class, kind, data)
        for owner, ttl, of_class, kind, data in (line.split(" ", 4) for line in records)
    ]
    message.authority = [
        dns.rrset.from_text("example.", 900, "IN", "SOA", "ns.example. a.example. 1 2 3 4 300")
    ]
    message.set_rcode(dns.rcode.from_text(rcode))
    return message.to_wire()


def badvers(wire: bytes) -> bytes:
    """The same from a server that knows no EDNS of version 0."""
    message = dns.message.from_wire(wire)
    message.set_rcode(dns.rcode.BADVERS)
    return message.to_wire()


def asked(name: str, rdtype: RdType) -> bytes:
    """The question of a test, which can be asked."""
    question = encode_question(name, rdtype)
    assert question is not None
    return question


def decoded(wire: bytes, name: str, rdtype: RdType) -> Answer | ServerFailed:
    question = asked(name, rdtype)
    assert answers_question(wire, question)
    return decode_answer(wire, question, rdtype)


@pytest.mark.parametrize(("name", "rdtype", "records"), CASES)
@pytest.mark.parametrize("rcode", ["NOERROR", "NXDOMAIN"])
def test_it_reads_what_dnspython_reads(
    name: str, rdtype: RdType, records: list[str], rcode: str
) -> None:
    # Given an answer as servers send it
    if rcode == "NXDOMAIN":
        records = [line for line in records if " CNAME " in line]
    wire = response(name, rdtype, records, rcode)
    # When / Then both readers find the same
    assert decoded(wire, name, rdtype) == read(dns.message.from_wire(wire))


def test_a_query_is_what_dnspython_would_send() -> None:
    name = "s1._domainkey.a.example"
    theirs = query(name, "TXT")
    assert encode_query(theirs.id, asked(name, "TXT")) == theirs.to_wire()
    theirs.use_edns(False)
    assert encode_query(theirs.id, asked(name, "TXT"), edns=False) == theirs.to_wire()
    for impossible in ("a..example", "x" * 64 + ".example", ".".join(["a" * 60] * 5)):
        assert encode_question(impossible, "TXT") is None


def test_only_the_answer_to_the_very_question_counts() -> None:
    # Given a question, and packets that are not its answer
    question = asked("a.example", "TXT")
    right = response("a.example", "TXT", CASES[0][2])
    for wrong in (
        response("b.example", "TXT", []),
        response("a.example", "MX", []),
        right[:2] + bytes([right[2] & 0x7F]) + right[3:],  # a query
        right[:2] + bytes([right[2] | 0x28]) + right[3:],  # an update
        right[:5] + b"\x02" + right[6:],  # two questions
        right[:14],
        b"",
    ):
        assert not answers_question(wrong, question)
    # And the same in other letters is its answer
    assert answers_question(right.replace(b"\x01a\x07example", b"\x01A\x07eXaMple", 1), question)


def test_what_is_odd_is_left_to_dnspython() -> None:
    name, question = "a.example", asked("a.example", "TXT")
    head = response(name, "TXT", [])[:6] + b"\x00\x01\x00\x00\x00\x00" + question
    at = len(head)
    record = b"\x00\x10\x00\x01\x00\x00\x00\x3c"
    pointer = bytes([0xC0, 12])
    odd = {
        "truncated": response(name, "TXT", [])[:2] + b"\x87" + response(name, "TXT", [])[3:],
        "of an rcode that is rare": response(name, "TXT", [], "NOTIMP"),
        "a record of another name": response(name, "TXT", ['b.example. 60 IN TXT "x"']),
        "a record of another type": response(name, "TXT", ["a.example. 60 IN A 192.0.2.1"]),
        "a pointer to itself": head + bytes([0xC0, at]) + record + b"\x00\x02\x01x",
        "a pointer ahead": head + bytes([0xC0, at + 4]) + record + b"\x00\x02\x01x",
        "a pointer into the header": head + bytes([0xC0, 2]) + record + b"\x00\x02\x01x",
        "a label type that is not used": head + b"\x40" + record + b"\x00\x02\x01x",
        "data past the end": head + pointer + record + b"\x00\x50\x01x",
        "a string past its record": head + pointer + record + b"\x00\x02\x50x",
        "no string at all": head + pointer + record + b"\x00\x00",
        "no record where one is counted": head,
        "a loop of CNAMEs": response(name, "TXT", [
            "a.example. 1 IN CNAME b.example.", "b.example. 1 IN CNAME c.example.",
            "c.example. 1 IN CNAME b.example."]),
        "octets after the end": response(name, "TXT", CASES[0][2]) + b"\0",
        "another rcode in its options": badvers(response(name, "TXT", [])),
        "records with NXDOMAIN": response(name, "TXT", CASES[0][2], "NXDOMAIN"),
    }  # fmt: skip
    for why, wire in odd.items():
        assert answers_question(wire, question), why
        with pytest.raises(Odd):
            decode_answer(wire, question, "TXT")
    for rcode in ("SERVFAIL", "REFUSED"):
        failed = response(name, "TXT", [], rcode)
        assert isinstance(decode_answer(failed, question, "TXT"), ServerFailed)


@pytest.mark.parametrize(
    ("rdtype", "octets"),
    [
        ("A", bytes(16)),
        ("AAAA", bytes(4)),
        ("AAAA", bytes(10) + b"\xff\xff\xc0\0\2\1"),
        ("CAA", b'\0\5issue"ca.example'),
        ("CAA", b"\0\x50issue"),
        ("CAA", b"\0\5is-ueca.example"),
        ("TLSA", b"\3\1\1" + bytes(31)),
        ("TLSA", b"\3\1\0" + bytes(31)),
    ],
)
def test_data_that_has_more_than_one_way_to_be_read_is_odd(rdtype: RdType, octets: bytes) -> None:
    question = asked("a.example", rdtype)
    record = b"\xc0\x0c" + question[-4:] + b"\0\0\0\x3c" + len(octets).to_bytes(2) + octets
    wire = response("a.example", rdtype, [])[:6] + b"\0\1\0\0\0\0" + question + record
    with pytest.raises(Odd):
        decode_answer(wire, question, rdtype)


def test_a_name_of_pointers_has_an_end() -> None:
    # Given a name in which each of 100 pointers leads to the one before
    question = asked("a.example", "TXT")
    wire = bytearray(response("a.example", "TXT", [])[:6] + b"\x00\x01\x00\x00\x00\x00" + question)
    pointers = [12]
    for _ in range(100):
        pointers.append(len(wire))
        wire += bytes([0xC0 | pointers[-2] >> 8, pointers[-2] & 0xFF])
    # When / Then it is given up, whatever it says
    with pytest.raises(Odd):
        decode_answer(bytes(wire), question, "TXT")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CASES), st.binary(max_size=40), st.integers(0, 200), st.booleans())
def test_no_packet_does_more_than_be_odd(
    case: tuple[str, RdType, list[str]], noise: bytes, at: int, cut: bool
) -> None:
    # Given an answer with noise in its records
    name, rdtype, records = case
    question = asked(name, rdtype)
    wire = response(name, rdtype, records)
    place = 12 + len(question) + at % max(1, len(wire) - 12 - len(question))
    wire = wire[:place] + noise + (b"" if cut else wire[place + len(noise) :])
    # When / Then it is an answer, or odd
    try:
        found = decode_answer(wire, question, rdtype)
    except Odd:
        return
    assert isinstance(found, ServerFailed) or found.outcome in Outcome
