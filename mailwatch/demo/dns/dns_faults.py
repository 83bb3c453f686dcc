"""Faults of a DNS server alone. dnspython is imported where a fault is played."""

from dataclasses import dataclass

from mailwatch.demo.wire.faults import DnsQuery


@dataclass(frozen=True, slots=True)
class Rcode:
    """An answer without records: SERVFAIL, REFUSED, NXDOMAIN, any name of a response code."""

    name: str = "SERVFAIL"

    def reply(self, query: DnsQuery) -> bytes | None:
        """The question with this code."""
        import dns.message
        import dns.rcode

        answer = dns.message.make_response(
            dns.message.from_wire(query.wire), recursion_available=True
        )
        answer.set_rcode(dns.rcode.from_text(self.name))
        return answer.to_wire()


@dataclass(frozen=True, slots=True)
class Truncated:
    """Over UDP an empty answer that says "too long, ask over TCP"; TCP then cuts the connection.

    With `tcp` the true answer comes over TCP.
    """

    tcp: bool = False

    def reply(self, query: DnsQuery) -> bytes | None:
        """The empty answer with TC set (RFC 1035, 4.1.1)."""
        import dns.flags
        import dns.message

        if not query.udp:
            return query.honest() if self.tcp else None
        answer = dns.message.make_response(
            dns.message.from_wire(query.wire), recursion_available=True
        )
        answer.flags |= dns.flags.TC
        return answer.to_wire()


@dataclass(frozen=True, slots=True)
class Chain:
    """The CNAMEs as they are, loop or not, where an honest resolver answers SERVFAIL."""

    def reply(self, query: DnsQuery) -> bytes | None:
        """The chain up to the first name that comes twice."""
        return query.unfollowed()
