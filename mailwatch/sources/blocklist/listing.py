"""One answer of a blocklist, read. Pure.

That there is an answer does not make it a listing: an operator that refuses to serve a resolver
says so with an answer, and some resolvers answer every question with an address of their own. Both
taken for a listing is the most frequent complaint about tools of this kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address

from mailwatch.model import Phrase, say
from mailwatch.sources.blocklist.lists import Blocklist, Kind
from mailwatch.text.inert import inert

_LOOPBACK = 127
_REFUSALS = {
    "127.0.0.1": "blocklist.refused",
    "127.255.255.252": "blocklist.zone_misspelt",
    "127.255.255.254": "blocklist.public_resolver",
    "127.255.255.255": "blocklist.too_many_questions",
}
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list says of something that is on it."""

    meanings: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class NoVerdict:
    """An answer that says nothing about what was asked."""

    why: Phrase
    refused: bool


def read_listing(blocklist: Blocklist, values: Sequence[str]) -> Listing | NoVerdict:
    """What the addresses of an answer mean; there is at least one."""
    meanings: dict[Phrase, None] = {}
    unknown: list[str] = []
    for value in values:
        verdict = find_refusal(blocklist, value)
        if verdict is not None:
            return verdict
        found = _meanings(blocklist, value)
        meanings.update(dict.fromkeys(found))
        if not found:
            unknown.append(value)
    if meanings:
        return Listing(tuple(meanings)[:_SHOWN])
    code = inert(", ".join(unknown[:_SHOWN]), 80)
    return NoVerdict(say("blocklist.unknown_code", zone=blocklist.zone, answer=code), refused=False)


def find_refusal(blocklist: Blocklist, value: str) -> NoVerdict | None:
    """Why an address says nothing about what was asked; None where it may."""
    zone, shown = blocklist.zone, inert(value, 60)
    try:
        address = IPv4Address(value)
    except ValueError:
        return NoVerdict(say("blocklist.rewritten", zone=zone, answer=shown), refused=False)
    first, second, third, last = address.packed
    if first != _LOOPBACK:
        return NoVerdict(say("blocklist.rewritten", zone=zone, answer=shown), refused=False)
    code = blocklist.refusals.get(value) or _REFUSALS.get(value)
    if code is None and (second, third) == (255, 255):
        code = "blocklist.refused"
    # In a list of bits the lowest says that the resolver is refused.
    if code is None and blocklist.bits and last & 1:
        code = "blocklist.refused"
    if code is None:
        return None
    return NoVerdict(say(code, zone=zone, answer=shown), refused=True)


def _meanings(blocklist: Blocklist, value: str) -> list[Phrase]:
    if value in blocklist.meanings:
        return [say(blocklist.meanings[value], answer=value)]
    if blocklist.bits and value.startswith("127.0.0."):
        last = int(value.rpartition(".")[2])
        return [say(code, answer=value) for bit, code in blocklist.bits.items() if last & bit]
    return []


def kind_of(entry: str) -> Kind:
    """Whether `entry` is an address, and of which version, or a domain."""
    try:
        return "ipv4" if ip_address(entry).version == 4 else "ipv6"
    except ValueError:
        return "domain"


def question(entry: str, zone: str) -> str:
    """The name to ask for: octets or nibbles backwards (RFC 5782 §2.1, §2.4), domains as they are
    (§3)."""
    if kind_of(entry) == "domain":
        return f"{entry}.{zone}"
    pointer = ip_address(entry).reverse_pointer
    return f"{pointer.removesuffix('.in-addr.arpa').removesuffix('.ip6.arpa')}.{zone}"
