"""An SPF record: selected among the TXT records of a name, and parsed (RFC 7208 §4.5, §4.6, §12).

The grammar is applied strictly, since receivers do: one bad term makes the whole record a
permanent error, whichever sender it was meant for.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import replace

from mailwatch.frozen import dataclass
from mailwatch.model import Phrase, say
from mailwatch.text.inert import inert_octets

_TARGETED = frozenset({"include", "exists", "redirect"})
_OPTIONAL = frozenset({"a", "mx", "ptr"})
_COUNTED = frozenset({"include", "a", "mx", "ptr", "exists"})
"""The mechanisms that cost a lookup, as the modifier redirect does (§4.6.4)."""
_UNKNOWN = "unknown"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_DIRECTIVE = re.compile(r"(?P<qualifier>[+\-?~]?)(?P<name>[A-Za-z0-9]+)(?P<rest>[:/].*)?")
_MODIFIER = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9\-_.]*)=(?P<value>.*)")
# §7.1. The letters c, r and t belong to the text that `exp` leads to, never to a record. A macro
# may keep some labels, but not 0 of them.
_MACRO_EXPAND = r"%\{[slodiphvSLODIPHV](?:0*[1-9][0-9]*)?[rR]?[.\-+,/_=]*\}|%[%_\-]"
_MACRO_STRING = re.compile(rf"(?:{_MACRO_EXPAND}|[!-$&-~])*")
_ENDS_IN_MACRO = re.compile(rf"(?:{_MACRO_EXPAND}|[!-$&-~])*(?:{_MACRO_EXPAND})")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?")
_CIDR = re.compile(r"(?P<target>.*?)(?:/(?P<four>[0-9]+))?(?://(?P<six>[0-9]+))?")


@dataclass(frozen=True, slots=True)
class Term:
    """A mechanism, or the modifier `redirect`."""

    text: str
    """As it was written."""
    name: str
    """In lower case."""
    qualifier: str = "+"
    target: str | None = None
    """The domain it leads to; None: the domain of the record."""
    network: Network | None = None
    """What `ip4` and `ip6` match."""
    prefixes: tuple[int, int] = (32, 128)
    """The bits that `a` and `mx` compare of an IPv4 and of an IPv6 address."""

    @property
    def counted(self) -> bool:
        """True for a mechanism that costs a lookup, and for redirect."""
        return self.name in _COUNTED or self.name == "redirect"

    @property
    def macro(self) -> bool:
        """True when the target depends on the message, so that nobody can look it up ahead."""
        return self.target is not None and "%" in self.target


@dataclass(frozen=True, slots=True)
class SpfRecord:
    """A record that is sound in itself."""

    text: str
    costly: tuple[Term, ...]
    """The terms that cost a lookup and are reached, in their order."""
    ending: str | None
    """The qualifier of `all`; None without `all`."""
    mechanisms: tuple[Term, ...] = ()
    """Those that are reached, in their order, `all` included."""
    exp: str | None = None
    """Where the explanation of a fail is found."""
    ignored: tuple[str, ...] = ()
    """Modifiers that no receiver knows, such as `ip4=192.0.2.1` for `ip4:192.0.2.1`."""

    @property
    def redirect(self) -> Term | None:
        """The redirect, where there is one and no `all` makes it void (§6.1)."""
        return next((term for term in self.costly if term.name == "redirect"), None)


def select_records(values: Iterable[str]) -> tuple[str, ...]:
    """Those of a name's TXT records that are SPF records (§4.5)."""
    return tuple(text for text in values if f"{text[:7]} "[:7].lower() == "v=spf1 ")


def parse_record(text: str) -> SpfRecord | Phrase:
    """The record, or what is wrong with it. Never raises."""
    terms: list[Term] = []
    for written in text[6:].split(" "):
        if written:
            term = _parse_term(written)
            if isinstance(term, Phrase):
                return term
            terms.append(term)
    for modifier in ("redirect", "exp"):
        if sum(term.name == modifier for term in terms) > 1:
            return say("dns.spf_twice", term=modifier)
    return _arrange(text, terms)


def _arrange(text: str, terms: list[Term]) -> SpfRecord:
    """What of `terms` is reached: nothing after `all`, no redirect if there is an `all` (§5.1)."""
    modifiers = ("redirect", "exp", _UNKNOWN)
    mechanisms = [term for term in terms if term.name not in modifiers]
    end = next((place for place, term in enumerate(mechanisms) if term.name == "all"), None)
    reached = mechanisms if end is None else mechanisms[: end + 1]
    redirect = [term for term in terms if term.name == "redirect" and end is None]
    return SpfRecord(
        text,
        costly=(*(term for term in reached if term.counted), *redirect),
        ending=None if end is None else mechanisms[end].qualifier,
        mechanisms=tuple(reached),
        exp=next((term.target for term in terms if term.name == "exp"), None),
        ignored=tuple(term.text for term in terms if term.name == _UNKNOWN),
    )


def _parse_term(text: str) -> Term | Phrase:
    if modifier := _MODIFIER.fullmatch(text):
        return _parse_modifier(text, modifier["name"].lower(), modifier["value"])
    directive = _DIRECTIVE.fullmatch(text)
    name = directive["name"].lower() if directive else ""
    if directive is None or name == "redirect":
        return say("dns.spf_bad_term", term=inert_octets(text))
    term = Term(text, name, directive["qualifier"] or "+")
    rest = directive["rest"] or ""
    parsed: Term | None
    if name == "all":
        parsed = None if rest else term
    elif name in ("ip4", "ip6"):
        network = _parse_network(name, rest[1:]) if rest.startswith(":") else None
        parsed = replace(term, network=network) if network else None
    elif name in _TARGETED or name in _OPTIONAL:
        parsed = _parse_target(term, rest)
    else:
        return say("dns.spf_unknown_term", term=inert_octets(text))
    return parsed or say("dns.spf_bad_term", term=inert_octets(text))


def _parse_modifier(text: str, name: str, value: str) -> Term | Phrase:
    known = name in ("redirect", "exp")
    if not (_is_domain_spec(value) if known else _MACRO_STRING.fullmatch(value)):
        return say("dns.spf_bad_term", term=inert_octets(text))
    return Term(text, name if known else _UNKNOWN, target=value)


def _parse_target(term: Term, rest: str) -> Term | None:
    """`term` with the target and the prefix lengths in `rest`; None where they are not valid."""
    lengths = _CIDR.fullmatch(rest) if term.name in ("a", "mx") else None
    if lengths is not None:
        rest, four, six = lengths["target"], lengths["four"], lengths["six"]
        if not (_is_length(four, 32) and _is_length(six, 128)):
            return None
        term = replace(term, prefixes=(int(four or 32), int(six or 128)))
    if not rest:
        return term if term.name in _OPTIONAL else None
    sound = rest.startswith(":") and _is_domain_spec(rest[1:])
    return replace(term, target=rest[1:]) if sound else None


def _is_domain_spec(text: str) -> bool:
    """True for a domain of two labels or more, or for what ends in a macro (§7.1)."""
    if not _MACRO_STRING.fullmatch(text):
        return False
    _, dot, top = text.removesuffix(".").rpartition(".")
    if dot and len(top) <= 63 and _LABEL.fullmatch(top) and not top.isdigit():
        return True
    return _ENDS_IN_MACRO.fullmatch(text) is not None


def _parse_network(name: str, text: str) -> Network | None:
    address, slash, length = text.partition("/")
    longest = 32 if name == "ip4" else 128
    if "%" in address or (slash and not (length and _is_length(length, longest))):
        return None
    bits = int(length) if slash else longest
    try:
        if name == "ip4":
            return ipaddress.IPv4Network((ipaddress.IPv4Address(address), bits), strict=False)
        return ipaddress.IPv6Network((ipaddress.IPv6Address(address), bits), strict=False)
    except ValueError:
        return None


def _is_length(text: str | None, longest: int) -> bool:
    if text is None:
        return True
    written_plainly = text.isascii() and text.isdigit() and (text == "0" or text[0] != "0")
    return written_plainly and len(text) <= 3 and int(text) <= longest
