"""Servers that lie or vouch for an answer, and zones that are made to cost much."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from mailwatch.demo.wire.faults import DnsQuery

VICTIM = "hostile.example"
_TXT = bytes.fromhex("001000010000003c")
"""Type, class and TTL of a record."""


def _reply(query: DnsQuery) -> dns.message.Message:
    return dns.message.make_response(dns.message.from_wire(query.wire), recursion_available=True)


@dataclass(frozen=True)
class OneStep:
    """Of a chain of CNAMEs the first alone, so that each target is a question of its own."""

    def reply(self, query: DnsQuery) -> bytes | None:
        honest = query.honest()
        if honest is None:
            return None
        answer = dns.message.from_wire(honest)
        if len(answer.answer) > 1 or answer.rcode() == dns.rcode.SERVFAIL:
            whole = dns.message.from_wire(query.unfollowed() or honest)
            answer = _reply(query)
            answer.answer = whole.answer[:1]
        return answer.to_wire()


@dataclass(frozen=True)
class Validating:
    """A resolver that validates: it marks the answers about signed names as authentic."""

    signed: frozenset[str]

    def reply(self, query: DnsQuery) -> bytes | None:
        answer = dns.message.from_wire(query.honest() or b"")
        asked = dns.message.from_wire(query.wire)
        name = asked.question[0].name.to_text(omit_final_dot=True)
        if asked.flags & dns.flags.AD and name in self.signed:  # RFC 6840 §5.7
            answer.flags |= dns.flags.AD
        return answer.to_wire()


@dataclass(frozen=True)
class Rewriting:
    """Instead of NXDOMAIN the addresses of a page with advertisements."""

    def reply(self, query: DnsQuery) -> bytes | None:
        answer = dns.message.from_wire(query.honest() or b"")
        if answer.rcode() == dns.rcode.NXDOMAIN:
            answer.set_rcode(dns.rcode.NOERROR)
            answer.authority.clear()
            name, rdtype = answer.question[0].name, answer.question[0].rdtype
            made_up = {dns.rdatatype.A: "198.51.100.99", dns.rdatatype.AAAA: "2001:db8::99"}
            if rdtype in made_up:
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", rdtype, made_up[rdtype]))
        return answer.to_wire()


@dataclass(frozen=True)
class Forged:
    """The true answer under a wrong id, or to a question that was not asked."""

    wrong: str

    def reply(self, query: DnsQuery) -> bytes | None:
        wire = bytearray(query.honest() or b"")
        at = 0 if self.wrong == "id" else 13  # the first octet of the question's first label
        wire[at] ^= 1
        return bytes(wire)


@dataclass(frozen=True)
class Bomb:
    """Names whose compression pointers loop, or that grow at each step."""

    loop: bool

    def reply(self, query: DnsQuery) -> bytes | None:
        head = query.wire[:2] + bytes.fromhex("8180000103e800000000")  # 1000 answers
        question = dns.message.from_wire(query.wire).question[0]
        asked = (question.name.to_wire() or b"") + question.rdtype.to_bytes(2, "big") + b"\x00\x01"
        body = b""
        start = len(head) + len(asked)
        if self.loop:
            record = b"\xc0" + start.to_bytes(1, "big") + _TXT + b"\x00\x00"
            body = record * 80
        else:  # each name is a long label and then the name before
            before = 12
            for _ in range(1000):
                here = start + len(body)
                body += b"\x3f" + b"a" * 63 + (0xC000 | before).to_bytes(2, "big")
                body += _TXT + b"\x00\x01\x00"
                before = here if here < 0x3FFF else 12
        return (head + asked + body)[: 1200 if query.udp else 65535]


def wide(width: int) -> dict[tuple[str, str], Any]:
    """`width` includes, each of which has as many: 10,000 for 100."""
    return {
        (VICTIM, "TXT"): (including(width, "wide.example"),),
        ("*.wide.example", "TXT"): (including(width, "deep.example"),),
        ("*.deep.example", "TXT"): (("v=spf1 -all",),),
    }


def including(width: int, domain: str) -> tuple[str, ...]:
    """A record with so many includes below `domain`, in strings."""
    return split(f"v=spf1 {' '.join(f'include:i{n}.{domain}' for n in range(width))} -all")


def split(text: str) -> tuple[str, ...]:
    """The strings of one TXT record."""
    return tuple(text[at : at + 255] for at in range(0, len(text), 255))


def costly() -> dict[tuple[str, str], Any]:
    """A domain every name of which is behind eight CNAMEs, with as many names as it can have."""
    terms = " ".join(f"a:a{n}.cost.example" for n in range(60))
    record = f"v=spf1 {terms} -all"
    zone: dict[tuple[str, str], Any] = {
        (VICTIM, "TXT"): (split(record),),
        (VICTIM, "MX"): tuple(f"10 m{n}.cost.example." for n in range(30)),
    }
    names = [f"a{n}.cost.example" for n in range(60)] + [f"m{n}.cost.example" for n in range(30)]
    names += [f"_25._tcp.m{n}.cost.example" for n in range(30)]
    names += [f"s{n}._domainkey.{VICTIM}" for n in range(8)]
    for n, name in enumerate(names):
        chain = [name, *(f"c{step}.n{n}.example" for step in range(8))]
        for here, there in pairwise(chain):
            zone[here, "CNAME"] = (f"{there}.",)
        zone[chain[-1], "A"] = ("192.0.2.1",)
    return zone
