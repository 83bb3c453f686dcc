"""A DNS message read: names, and what an answer says about the name that was asked for."""

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.txtbase import TXTBase

from mailwatch.model import Phrase, say
from mailwatch.resolver.lookup import LONGEST_CHAIN, Answer, Outcome, RdType


def to_name(text: str) -> dns.name.Name | None:
    """`text` as a name; None when no name can be like that (an empty label, one over 63 octets).

    It is taken label by label, never as master-file text, in which a backslash would escape.
    """
    labels = [label.encode("latin-1", "replace") for label in text.split(".")]
    try:
        return dns.name.Name([*labels, b""])
    except dns.exception.DNSException:
        return None


def name_text(name: dns.name.Name) -> str:
    """`name` in lower case without the final dot, one character an octet; `.` for the root."""
    return b".".join(name.labels[:-1]).decode("latin-1").lower() or "."


def make_query(name: dns.name.Name, rdtype: RdType, *, edns: bool) -> dns.message.Message:
    """A question that wants recursion. 1232 octets pass everywhere without being fragmented.

    With AD set a resolver says whether it validated the answer, without the signatures themselves
    (RFC 6840 §5.7).
    """
    flags = dns.flags.RD | dns.flags.AD
    if edns:
        return dns.message.make_query(name, rdtype, use_edns=0, payload=1232, flags=flags)
    return dns.message.make_query(name, rdtype, flags=flags)


def read(message: dns.message.Message) -> Answer | Phrase:
    """What `message`, of rcode NOERROR or NXDOMAIN, says; a phrase where it makes no sense."""
    if not isinstance(message, dns.message.QueryMessage):
        return say("dns.malformed")
    try:
        chaining = message.resolve_chaining()
    except dns.message.ChainTooLong:
        return say("dns.cname_loop")
    except dns.exception.DNSException:
        return say("dns.malformed")
    chain = tuple(name_text(cname[0].target) for cname in chaining.cnames)
    if len(chain) > LONGEST_CHAIN:
        return say("dns.cname_chain", n=LONGEST_CHAIN)
    signed = bool(message.flags & dns.flags.AD)
    if chaining.answer is not None:
        # In one order, since servers shuffle: the same zone gives the same report.
        values = tuple(sorted(map(_value, chaining.answer)))
        return Answer(Outcome.FOUND, values, chaining.minimum_ttl, chain, authenticated=signed)
    gone = message.rcode() == dns.rcode.NXDOMAIN
    outcome = Outcome.NO_SUCH_NAME if gone else Outcome.NO_DATA
    return Answer(outcome, (), chaining.minimum_ttl, chain, authenticated=signed)


def _value(record: dns.rdata.Rdata) -> str:
    # RFC 7208 §3.3, RFC 6376 §3.6.2.2, RFC 9989 §4.5: the strings of one record, and nothing
    # between them; separate records are never joined.
    if isinstance(record, TXTBase):
        return b"".join(record.strings).decode("latin-1")
    if isinstance(record, MX):
        return f"{record.preference} {name_text(record.exchange)}"
    if isinstance(record, PTR):
        return name_text(record.target)
    return str(record)
