"""A DNS message read by dnspython, whatever it is, and the questions that go by TCP.

Slow to import: `mailwatch.resolver.packet` reads the answers that are as usual.
"""

import dns.asyncbackend
import dns.asyncquery
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
from mailwatch.resolver.lookup import LONGEST_CHAIN, Answer, Outcome
from mailwatch.resolver.packet import ServerFailed, TooLong
from mailwatch.resolver.servers import Server

_ANSWERED = (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)
_FAILED = {dns.rcode.SERVFAIL: "dns.servfail", dns.rcode.REFUSED: "dns.refused"}
_DISLIKES_EDNS = (dns.rcode.FORMERR, dns.rcode.NOTIMP, dns.rcode.BADVERS)


Reply = Answer | ServerFailed | Phrase
"""What a server says, or what is wrong with it."""


def read_packet(packet: bytes, query: bytes) -> Reply | None:
    """What `packet` says; None where it is no answer to `query`. Raises TooLong.

    A truncated answer is held against the question, too, before that is believed.
    """
    asked = dns.message.from_wire(query)
    try:
        message = dns.message.from_wire(packet, raise_on_truncation=True)
    except dns.message.Truncated as error:
        if asked.is_response(error.message()):  # type: ignore[no-untyped-call]
            raise TooLong from None
        return None
    except Exception:  # noqa: BLE001  # whatever is wrong with a packet that anybody may have sent
        return None
    return read_reply(message) if asked.is_response(message) else None


async def ask_by_tcp(server: Server, query: bytes, limit: float) -> Reply:
    """The answer of `server` to `query`. Raises OSError, EOFError, and ValueError for a host that
    is no IP address."""
    backend = dns.asyncbackend.get_backend("asyncio")
    try:
        message = await dns.asyncquery.tcp(
            dns.message.from_wire(query), server.host, limit, server.port, backend=backend
        )
    except dns.exception.Timeout:
        raise TimeoutError from None
    except dns.exception.DNSException:
        return say("dns.malformed")
    return read_reply(message)


def read_reply(message: dns.message.Message) -> Reply:
    """What `message` says."""
    rcode = message.rcode()
    if rcode in _ANSWERED:
        return read(message)
    if rcode in _FAILED:
        return ServerFailed(_FAILED[rcode])
    code = "dns.dislikes_edns" if rcode in _DISLIKES_EDNS else "dns.rcode"
    return ServerFailed(code, dns.rcode.to_text(rcode))


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
    chain = tuple(_text(cname[0].target) for cname in chaining.cnames)
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
        return f"{record.preference} {_text(record.exchange)}"
    if isinstance(record, PTR):
        return _text(record.target)
    return str(record)


def _text(name: dns.name.Name) -> str:
    """`name` in lower case without the final dot, one character an octet; `.` for the root."""
    return b".".join(name.labels[:-1]).decode("latin-1").lower() or "."
