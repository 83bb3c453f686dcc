"""An SPF record: selected among the TXT records of a name, and parsed (RFC 7208 §4.5, §4.6, §12).

The grammar is applied strictly, since receivers do: one bad term makes the whole record a
permanent error, whichever sender it was meant for.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

from mailwatch.model import Phrase, say
from mailwatch.text.inert import inert_octets

_TARGETED = frozenset({"include", "exists", "redirect"})
_OPTIONAL = frozenset({"a", "mx", "ptr"})
_COUNTED = frozenset({"include", "a", "mx", "ptr", "exists"})
"""The mechanisms that cost a lookup, as the modifier redirect does (§4.6.4)."""
_UNKNOWN = "unknown"

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
    """What of `terms` is reached: nothing after `all`, and no redirect beside it (§5.1)."""
    ignored = tuple(term.text for term in terms if term.name == _UNKNOWN)
    end = next((place for place, term in enumerate(terms) if term.name == "all"), None)
    costly = tuple(term for term in terms[:end] if term.name in _COUNTED)
    if end is not None:
        return SpfRecord(text, costly, terms[end].qualifier, ignored)
    redirect = tuple(term for term in terms if term.name == "redirect")
    return SpfRecord(text, costly + redirect, None, ignored)


def _parse_term(text: str) -> Term | Phrase:
    if modifier := _MODIFIER.fullmatch(text):
        return _parse_modifier(text, modifier["name"].lower(), modifier["value"])
    directive = _DIRECTIVE.fullmatch(text)
    name = directive["name"].lower() if directive else ""
    if directive is None or name == "redirect":
        return say("dns.spf_bad_term", term=inert_octets(text))
    rest = directive["rest"] or ""
    if name == "all":
        target: str | None = None
        sound = not rest
    elif name in ("ip4", "ip6"):
        target, sound = None, rest.startswith(":") and _is_network(name, rest[1:])
    elif name in _TARGETED or name in _OPTIONAL:
        target, sound = _parse_target(name, rest)
    else:
        return say("dns.spf_unknown_term", term=inert_octets(text))
    if not sound:
        return say("dns.spf_bad_term", term=inert_octets(text))
    return Term(text, name, directive["qualifier"] or "+", target)


def _parse_modifier(text: str, name: str, value: str) -> Term | Phrase:
    known = name in ("redirect", "exp")
    if not (_is_domain_spec(value) if known else _MACRO_STRING.fullmatch(value)):
        return say("dns.spf_bad_term", term=inert_octets(text))
    return Term(text, name if known else _UNKNOWN, target=value)


def _parse_target(name: str, rest: str) -> tuple[str | None, bool]:
    """The target in `rest`, and whether all of it is sound."""
    lengths = _CIDR.fullmatch(rest) if name in ("a", "mx") else None
    if lengths is not None:
        rest = lengths["target"]
        if not (_is_length(lengths["four"], 32) and _is_length(lengths["six"], 128)):
            return None, False
    if not rest:
        return None, name in _OPTIONAL
    return rest[1:], rest.startswith(":") and _is_domain_spec(rest[1:])


def _is_domain_spec(text: str) -> bool:
    """True for a domain of two labels or more, or for what ends in a macro (§7.1)."""
    if not _MACRO_STRING.fullmatch(text):
        return False
    _, dot, top = text.removesuffix(".").rpartition(".")
    if dot and len(top) <= 63 and _LABEL.fullmatch(top) and not top.isdigit():
        return True
    return _ENDS_IN_MACRO.fullmatch(text) is not None


def _is_network(name: str, text: str) -> bool:
    address, slash, length = text.partition("/")
    longest = 32 if name == "ip4" else 128
    try:
        if name == "ip4":
            ipaddress.IPv4Address(address)
        else:
            ipaddress.IPv6Address(address)
    except ValueError:
        return False
    return "%" not in address and (not slash or (length != "" and _is_length(length, longest)))


def _is_length(text: str | None, longest: int) -> bool:
    if text is None:
        return True
    written_plainly = text.isascii() and text.isdigit() and (text == "0" or text[0] != "0")
    return written_plainly and len(text) <= 3 and int(text) <= longest
