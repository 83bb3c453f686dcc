"""DNS messages by hand (RFC 1035 §4), for the few kinds that nearly all answers are of.

dnspython makes an object of every name and record, which costs twenty times as much as asking.
Whatever is odd about an answer is not worked out here: it is `Odd`, and dnspython is asked.
"""

import struct
from ipaddress import IPv6Address

from mailwatch.frozen import dataclass
from mailwatch.resolver.lookup import LONGEST_CHAIN, Answer, Outcome, RdType

HEADER = 12
_TYPES: dict[RdType, int] = {
    "A": 1, "AAAA": 28, "CAA": 257, "MX": 15, "PTR": 12, "SPF": 99, "TLSA": 52, "TXT": 16,
}  # fmt: skip
_CNAME, _SOA, _MX, _OPTIONS = 5, 6, 15, 41
_OF_STRINGS = (_TYPES["TXT"], _TYPES["SPF"])
_NOERROR, _NXDOMAIN = 0, 3
_FAILED = {2: "dns.servfail", 5: "dns.refused"}
# RFC 6891: the root, type OPT, 1232 octets at most, no flags.
_OPT = b"\x00" + struct.pack("!HHIH", 41, 1232, 0, 0)
_FIXED = struct.Struct("!HHIH")
"""Type, class, TTL and length of a record."""
_LONGEST_NAME = 255
_MOST_TTL = 0x7FFFFFFF
_RECURSION_AND_AD = 0x0120
"""The flags of a question: recursion is wanted, and whether the answer is authentic (RFC 6840)."""
_AUTHENTIC = 0x20
"""The bit of it in the fourth octet of an answer."""


class Odd(Exception):  # noqa: N818  # an event, not an error
    """An answer that is left to dnspython: truncated, malformed, or of an unusual shape."""


class TooLong(Exception):  # noqa: N818  # an event, not an error
    """An answer that does not fit into a UDP packet."""


@dataclass(frozen=True, slots=True)
class ServerFailed:
    """The server says that it could not find out, or that it does not answer us."""

    code: str
    """Of the phrase that says so."""
    rcode: str | None = None
    """Its name, where the phrase has it."""


def encode_question(name: str, rdtype: RdType) -> bytes | None:
    """The question as it stands in a message, `name` without the final dot; None where no name can
    be like that."""
    parts: list[bytes] = []
    length = 1
    for label in name.split("."):
        octets = label.encode("latin-1", "replace")
        if not 0 < len(octets) < 64:
            return None
        length += len(octets) + 1
        parts += (bytes((len(octets),)), octets)
    if length > _LONGEST_NAME:
        return None
    return b"".join((*parts, b"\x00", struct.pack("!HH", _TYPES[rdtype], 1)))


def encode_query(number: int, question: bytes, *, edns: bool = True) -> bytes:
    """A message that asks `question` and wants recursion.

    With AD set a resolver says whether it validated the answer, without the signatures themselves
    (RFC 6840 §5.7). With EDNS it takes 1232 octets, which pass everywhere without being fragmented.
    """
    header = struct.pack("!HHHHHH", number, _RECURSION_AND_AD, 1, 0, 0, edns)
    return header + question + _OPT if edns else header + question


def answers_question(message: bytes, question: bytes) -> bool:
    """True when `message` is a response to this very question, in whatever case it is repeated."""
    if len(message) < HEADER + len(question) or message[2] & 0xF8 != 0x80:
        return False
    if message[4:6] != b"\x00\x01":
        return False
    # Lower case changes letters only: a label's length, the type and the class are below 0x41.
    return message[HEADER : HEADER + len(question)].lower() == question.lower()


def decode_answer(message: bytes, question: bytes, rdtype: RdType) -> Answer | ServerFailed:
    """What `message` says, which `answers_question`. Raises Odd."""
    rcode = message[3] & 0x0F
    if message[2] & 0x02:  # truncated
        raise Odd
    if rcode in _FAILED:
        return ServerFailed(_FAILED[rcode])
    if rcode not in (_NOERROR, _NXDOMAIN):
        raise Odd
    try:
        return _Reader(message, HEADER + len(question), _TYPES[rdtype]).answer(rcode == _NXDOMAIN)
    except (IndexError, struct.error):
        raise Odd from None


class _Reader:
    """Goes through the records of one message."""

    def __init__(self, message: bytes, at: int, rdtype: int) -> None:
        self._message = message
        self._at = at
        self._rdtype = rdtype

    def answer(self, gone: bool) -> Answer:
        """The records of the name asked for, at the end of its CNAMEs."""
        answers, authorities, more = struct.unpack_from("!HHH", self._message, 6)
        owner = self._name(HEADER)[0]
        chain: list[str] = []
        values: dict[bytes | str, str] = {}
        ttl = _MOST_TTL
        for _ in range(answers):
            name, kind, seconds, start, end = self._record()
            if name != owner:
                raise Odd
            ttl = min(ttl, seconds if seconds <= _MOST_TTL else 0)  # RFC 2181 §8
            if kind == _CNAME and not values and kind != self._rdtype:
                owner, after = self._name(start)
                if after != end or owner in chain or len(chain) >= LONGEST_CHAIN:
                    raise Odd
                chain.append(owner)
            elif kind == self._rdtype:
                key, value = self._value(start, end)
                values[key] = value
            else:
                raise Odd
        negative_ttl = self._negative_ttl(authorities, ttl if chain else 0)
        self._read_to_the_end(more)
        signed = bool(self._message[3] & _AUTHENTIC)
        found = tuple(sorted(values.values()))
        if found:
            if gone:
                raise Odd
            return Answer(Outcome.FOUND, found, ttl, tuple(chain), authenticated=signed)
        outcome = Outcome.NO_SUCH_NAME if gone else Outcome.NO_DATA
        return Answer(outcome, (), min(ttl, negative_ttl), tuple(chain), authenticated=signed)

    def _negative_ttl(self, authorities: int, ttl: int) -> int:
        """How long it holds that there is nothing (RFC 2308 §5); `ttl` where that is not said."""
        for _ in range(authorities):
            _, kind, seconds, start, end = self._record()
            if kind == _OPTIONS:
                raise Odd
            if kind == _SOA and end - start >= 22:
                (minimum,) = struct.unpack_from("!I", self._message, end - 4)
                ttl = min(int(minimum), seconds)
        return ttl

    def _read_to_the_end(self, records: int) -> None:
        """Raises Odd where the message ends elsewhere, or has another rcode in its options."""
        options = 0
        for _ in range(records):
            owner, kind, flags, _, _ = self._record()
            if kind == _OPTIONS:
                options += 1
                if owner or options > 1 or flags >> 24:  # RFC 6891 §6.1.3: such as BADVERS
                    raise Odd
        if self._at != len(self._message):
            raise Odd

    def _record(self) -> tuple[str, int, int, int, int]:
        """Owner, type, TTL, and where the data is."""
        name, at = self._name(self._at)
        kind, of_class, ttl, length = _FIXED.unpack_from(self._message, at)
        start = at + _FIXED.size
        self._at = end = start + length
        if (of_class != 1 and kind != _OPTIONS) or end > len(self._message):
            raise Odd
        return name, kind, ttl, start, end

    def _value(self, start: int, end: int) -> tuple[bytes | str, str]:
        message = self._message
        if self._rdtype in _OF_STRINGS:
            return message[start:end], _strings(message, start, end)
        if self._rdtype in _SHOWN:
            value = _SHOWN[self._rdtype](message[start:end])
            return value, value
        if self._rdtype == _MX:
            (preference,) = struct.unpack_from("!H", message, start)
            host, after = self._name(start + 2)
            value = f"{preference} {host or '.'}"
        else:
            value, after = self._name(start)
            value = value or "."
        if after != end:
            raise Odd
        return value, value

    def _name(self, at: int) -> tuple[str, int]:
        """The name at `at` in lower case, without its final dot, and where it ends there.

        Every pointer leads further back than the last (RFC 1035 §4.1.4: to a prior occurrence), so
        there is an end, and the length is bounded.
        """
        message = self._message
        labels: list[bytes] = []
        length, after, first = 1, -1, at
        while octet := message[at]:
            if octet < 64:
                label = message[at + 1 : at + 1 + octet]
                length += octet + 1
                if length > _LONGEST_NAME or b"." in label:
                    raise Odd
                labels.append(label)
                at += octet + 1
                continue
            pointer = (octet & 0x3F) << 8 | message[at + 1]
            if octet < 192 or not HEADER <= pointer < first:
                raise Odd
            after = at + 2 if after < 0 else after
            at = first = pointer
        return b".".join(labels).decode("latin-1").lower(), at + 1 if after < 0 else after


def _strings(message: bytes, at: int, end: int) -> str:
    """The strings of one TXT record, and nothing between them (RFC 7208 §3.3)."""
    if at == end:
        raise Odd
    parts: list[bytes] = []
    while at < end:
        after = at + 1 + message[at]
        parts.append(message[at + 1 : after])
        at = after
    if at != end:
        raise Odd
    return b"".join(parts).decode("latin-1")


def _ipv4(octets: bytes) -> str:
    if len(octets) != 4:
        raise Odd
    return ".".join(map(str, octets))


def _ipv6(octets: bytes) -> str:
    if len(octets) != 16 or not any(octets[:10]):  # an IPv4 address in it is written in two ways
        raise Odd
    return str(IPv6Address(octets))


def _issuer(octets: bytes) -> str:
    """A CAA as a zone file has it (RFC 8659 §4.1.1), where nothing in it has to be escaped."""
    tag, value = octets[2 : 2 + octets[1]], octets[2 + octets[1] :]
    if len(tag) != octets[1] or not tag.isalnum() or not _PLAIN.issuperset(value):
        raise Odd
    return f'{octets[0]} {tag.decode()} "{value.decode()}"'


def _association(octets: bytes) -> str:
    """A TLSA as a zone file has it (RFC 6698 §2.2), with a digest."""
    if len(octets) - 3 != _DIGESTS.get(octets[2]):
        raise Odd
    return f"{octets[0]} {octets[1]} {octets[2]} {octets[3:].hex()}"


_PLAIN = frozenset(range(0x20, 0x7F)) - frozenset(b'"\\')
_DIGESTS = {1: 32, 2: 64}
"""Octets by the matching type: SHA-256 and SHA-512."""
_SHOWN = {
    _TYPES["A"]: _ipv4,
    _TYPES["AAAA"]: _ipv6,
    _TYPES["CAA"]: _issuer,
    _TYPES["TLSA"]: _association,
}
"""What reads the data that holds no names, by type."""
