"""A recursive resolver whose world is one zone of plain data.

It answers as one that has looked everything up (RFC 1034, 4.3.2; RFC 2308 for what is not there;
RFC 4592 for wildcards; RFC 6891 for EDNS), without being authoritative for anything.
"""

import struct
from collections.abc import Mapping, Sequence

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.rrset

from mailwatch.demo.story.world import Value, World

PAYLOAD = 1232
"""The most octets over UDP: what avoids fragments (dnsflagday.net/2020)."""
PLAIN = 512
"""The most without EDNS (RFC 1035, 4.2.1)."""
CHAIN = 16
"""CNAMEs that are followed; a resolver gives up after some such number."""

Sets = Mapping[dns.rdatatype.RdataType, dns.rrset.RRset]


class Resolver:
    """Answers questions in wire format; safe in threads, since it only reads."""

    def __init__(self, world: World) -> None:
        """Reads the zone. Raises dnspython's SyntaxError for a record that is none."""
        self._sets: dict[dns.name.Name, dict[dns.rdatatype.RdataType, dns.rrset.RRset]] = {}
        for (name, kind), values in world.zone.items():
            owner = dns.name.from_text(name)
            rdtype = dns.rdatatype.from_text(kind)
            ttl = world.ttls.get((name, kind), world.ttl)
            records = [_rdata(rdtype, value) for value in values]
            if records:
                self._sets.setdefault(owner, {})[rdtype] = dns.rrset.from_rdata(
                    owner, ttl, *records
                )
        self._names = {name for owner in self._sets for name in _ancestry(owner)}

    def answer(self, wire: bytes, udp: bool, unfollowed: bool = False) -> bytes | None:
        """The answer's octets; None where there is nothing to answer to.

        `unfollowed` gives a looping chain of CNAMEs as it is instead of SERVFAIL.
        """
        try:
            query = dns.message.from_wire(wire)
        except (dns.exception.DNSException, struct.error):
            return _malformed(wire)
        if query.flags & dns.flags.QR:
            return None
        try:
            response = dns.message.make_response(
                query, recursion_available=True, our_payload=PAYLOAD
            )
        except dns.exception.DNSException:
            return _malformed(wire)
        self._fill(response, query, unfollowed)
        return _sized(response, query, udp)

    def _fill(self, response: dns.message.Message, query: dns.message.Message, raw: bool) -> None:
        if query.opcode() != dns.opcode.QUERY:
            response.set_rcode(dns.rcode.NOTIMP)
        elif len(query.question) != 1:
            response.set_rcode(dns.rcode.FORMERR)
        elif query.edns > 0:
            response.set_rcode(dns.rcode.BADVERS)
        elif query.question[0].rdclass != dns.rdataclass.IN:
            response.set_rcode(dns.rcode.REFUSED)
        else:
            self._look_up(response, query.question[0].name, query.question[0].rdtype, raw)

    def _look_up(
        self,
        response: dns.message.Message,
        name: dns.name.Name,
        rdtype: dns.rdatatype.RdataType,
        raw: bool,
    ) -> None:
        """Follows CNAMEs to the records, or to a name that has none, or is not there."""
        seen: set[dns.name.Name] = set()
        while name not in seen and len(seen) < CHAIN:
            seen.add(name)
            sets = self._at(name)
            if sets and rdtype in sets:
                response.answer.append(_owned(sets[rdtype], name))
                return
            if not sets or dns.rdatatype.CNAME not in sets:
                self._deny(response, name, exists=sets is not None)
                return
            alias = _owned(sets[dns.rdatatype.CNAME], name)
            response.answer.append(alias)
            name = alias[0].target
        if not raw:
            response.answer.clear()
            response.set_rcode(dns.rcode.SERVFAIL)

    def _at(self, name: dns.name.Name) -> Sets | None:
        """The record sets of a name, none for an empty non-terminal, None where no name is."""
        if name in self._names:
            return self._sets.get(name, {})
        for parent in _ancestry(name):
            if parent in self._names:
                return self._sets.get(dns.name.Name((b"*",)).concatenate(parent))
        return None

    def _deny(self, response: dns.message.Message, name: dns.name.Name, *, exists: bool) -> None:
        """NODATA or NXDOMAIN, with the nearest SOA above (RFC 2308, 2)."""
        if not exists:
            response.set_rcode(dns.rcode.NXDOMAIN)
        for parent in _ancestry(name):
            soa = self._sets.get(parent, {}).get(dns.rdatatype.SOA)
            if soa is not None:
                response.authority.append(soa)
                return
        response.authority.append(ROOT)


ROOT = dns.rrset.from_text(
    ".", 300, "IN", "SOA", "a.root-servers.net. nstld.verisign-grs.com. 1 1800 900 604800 300"
)


def _ancestry(name: dns.name.Name) -> list[dns.name.Name]:
    """The name, its parent, and so on to the root."""
    return [dns.name.Name(name.labels[at:]) for at in range(len(name.labels))]


def _owned(records: dns.rrset.RRset, name: dns.name.Name) -> dns.rrset.RRset:
    """The records under the name that was asked, as a wildcard's are given."""
    return dns.rrset.from_rdata(name, records.ttl, *records)


def _rdata(rdtype: dns.rdatatype.RdataType, value: Value) -> dns.rdata.Rdata:
    if rdtype == dns.rdatatype.TXT:
        parts: Sequence[str | bytes] = [value] if isinstance(value, str | bytes) else value
        octets = [part.encode() if isinstance(part, str) else part for part in parts]
        return dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, rdtype, octets)
    if not isinstance(value, str):
        raise TypeError(f"a record of type {dns.rdatatype.to_text(rdtype)} is one text")
    return dns.rdata.from_text(dns.rdataclass.IN, rdtype, value, dns.name.root, relativize=False)


def _sized(response: dns.message.Message, query: dns.message.Message, udp: bool) -> bytes:
    """The octets; over UDP an answer that is too long is empty and says so."""
    if not udp:
        return response.to_wire(max_size=65535)
    limit = PLAIN if query.edns < 0 else min(max(query.payload, PLAIN), PAYLOAD)
    try:
        return response.to_wire(max_size=limit)
    except dns.exception.TooBig:
        response.answer.clear()
        response.authority.clear()
        response.flags |= dns.flags.TC
        return response.to_wire(max_size=limit)


def _malformed(wire: bytes) -> bytes | None:
    """FORMERR with the question's id; nothing for what has no header, or is an answer."""
    if len(wire) < 12 or wire[2] & 0x80:
        return None
    return wire[:2] + bytes([0x80 | (wire[2] & 0x79), 0x80 | dns.rcode.FORMERR]) + bytes(8)
