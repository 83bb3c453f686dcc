"""The way of a message: its Received fields (RFC 5321 §4.4, RFC 3848), and who handed it over."""

import re
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from mailwatch.mailauth.authentication_results import without_comments
from mailwatch.mailauth.rawmessage import RawMessage
from mailwatch.text.timestamp import parse_timestamp

MOST_HOPS = 100
"""Fields read: what has more is in a loop (RFC 5321 §6.3)."""
_LONGEST = 4000
_FROM = re.compile(r"from\s+(\S+)", re.IGNORECASE)
_BY = re.compile(r"(?:^|\s)by\s+(\S+)", re.IGNORECASE)
_WITH = re.compile(r"(?:^|\s)with\s+(\S+)", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:IPv6:)?([0-9A-Fa-f:.]*[0-9A-Fa-f][0-9A-Fa-f:.]*)", re.IGNORECASE)
_HELO = re.compile(r"\b(?:helo|ehlo)[= ]\s*([^\s()\[\];]+)", re.IGNORECASE)
_TLS_WORD = re.compile(
    r"version=TLS|\busing TLSv?1|\bTLSv?1[._]\d|cipher=(?:TLS|ECDHE|DHE|AES)", re.IGNORECASE
)
_ENCRYPTED = re.compile(r"(?:UTF8)?(?:E?SMTP|LMTP)SA?", re.IGNORECASE)
_OUR_OWN = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
"""Addresses that nobody can send from over the Internet."""

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Hop:
    """One host that took the message over."""

    helo: str | None
    """The name that the client gave; None where the message began here."""
    ip: Address | None
    """The client's address."""
    by: str | None
    protocol: str | None
    encrypted: bool | None
    """None where the field does not tell."""
    at: datetime | None
    """When, aware; None where that cannot be read."""

    @property
    def from_outside(self) -> bool:
        """True when the client is of another organization than the host, as far as names tell."""
        if self.ip is None or _is_our_own(self.ip):
            return False
        return not _same_organization(self.helo, self.by)


def find_hops(message: RawMessage) -> tuple[Hop, ...]:
    """The hops, the last one first."""
    return tuple(parse_hop(field.value) for field in message.named("received")[:MOST_HOPS])


def trusted_hop(hops: tuple[Hop, ...]) -> Hop | None:
    """The hop at which the receiver took the message over from outside; None where none shows.

    Read from the top: what is above it, the receiver wrote itself, and what is below, anybody can
    have written. Mail inside one organization comes from no outside: there it is the newest hop
    from an address of the Internet, else the newest from any.
    """
    named = [hop for hop in hops if hop.ip is not None]
    outside = [hop for hop in named if hop.from_outside]
    internet = [hop for hop in named if hop.ip is not None and not _is_our_own(hop.ip)]
    return next(iter((*outside, *internet, *named)), None)


def parse_hop(value: str) -> Hop:
    """The hop that the field's value speaks of. Never raises."""
    value = value[:_LONGEST]
    text, _, date = value.rpartition(";")
    text = text or value
    plain = without_comments(text)
    start = _FROM.match(plain.strip())
    by, protocol = _BY.search(plain), _WITH.search(plain)
    client = text[: _by_place(text)] if start else ""
    return Hop(
        helo=_helo(start[1], client) if start else None,
        ip=_client_address(client),
        by=by[1].lower().rstrip(";") if by else None,
        protocol=protocol[1].rstrip(";") if protocol else None,
        encrypted=_is_encrypted(text, protocol[1] if protocol else None),
        at=parse_timestamp(date.strip()),
    )


def _by_place(text: str) -> int:
    """Where the part that speaks of the client ends."""
    found = re.search(r"\sby\s", text, re.IGNORECASE)
    return found.start() if found else len(text)


def _helo(first: str, client: str) -> str:
    """The name after HELO where it is given apart, as Exim and qmail do; else the first."""
    apart = _HELO.search(client)
    name = apart[1] if apart else first
    return name.lower().strip("[]").removesuffix(".")


def _client_address(client: str) -> Address | None:
    """The address in brackets, else one in a comment, else the name itself if it is one."""
    bracketed = re.findall(r"\[([^\[\]\s]{2,60})\]", client)
    commented = re.findall(r"[(\s]([0-9A-Fa-f:.]{3,45})(?=[)\s:])", client)
    for text in (*reversed(bracketed), *reversed(commented)):
        match = _ADDRESS.fullmatch(text)
        try:
            return ip_address(match[1]) if match else ip_address(text)
        except ValueError:
            continue
    return None


def _is_encrypted(text: str, protocol: str | None) -> bool | None:
    """By RFC 3848, the S of ESMTPS; else by what the host says of TLS."""
    if protocol is not None and _ENCRYPTED.fullmatch(protocol.rstrip(";")):
        return True
    if _TLS_WORD.search(text):
        return True
    if protocol is not None and re.fullmatch(r"(?:UTF8)?E?SMTPA?;?", protocol, re.IGNORECASE):
        return False
    return None


def _is_our_own(ip: Address) -> bool:
    return any(ip in network for network in _OUR_OWN)


def _same_organization(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return False
    ends = [name.rsplit(".", 2)[-2:] for name in (one, other)]
    return len(ends[0]) == 2 and ends[0] == ends[1] and not ends[0][1].isdigit()
