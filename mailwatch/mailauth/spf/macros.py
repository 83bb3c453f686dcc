"""The macros of SPF (RFC 7208 §7), filled in for one sender."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote

Address = IPv4Address | IPv6Address

_MACRO = re.compile(
    r"%(?:(?P<plain>[%_\-])"
    r"|\{(?P<letter>[A-Za-z])(?P<digits>[0-9]*)(?P<reverse>[rR]?)(?P<split>[.\-+,/_=]*)\})"
)
_PLAIN = {"%": "%", "_": " ", "-": "%20"}
_IN_DOMAINS = frozenset("slodiphv")
_IN_EXPLANATIONS = frozenset("slodiphvcrt")
_LONGEST_NAME = 253


@dataclass(frozen=True, slots=True)
class MacroValues:
    """The values of the macro letters."""

    ip: Address
    local: str
    """The local part of the sender."""
    origin: str
    """The domain of the sender."""
    domain: str
    """The domain whose record is evaluated."""
    helo: str
    validated: str = "unknown"
    """The name of the address, where reverse and forward look-up agree."""
    receiver: str = "unknown"
    moment: int = 0
    """Seconds since 1970."""

    def of(self, letter: str) -> str:
        """The value of the macro `letter`, in lower case."""
        values = {
            "s": f"{self.local}@{self.origin}",
            "l": self.local,
            "o": self.origin,
            "d": self.domain,
            "i": _dotted(self.ip),
            "p": self.validated,
            "h": self.helo,
            "v": "in-addr" if self.ip.version == 4 else "ip6",
            "c": str(self.ip),
            "r": self.receiver,
            "t": str(self.moment),
        }
        return values[letter]


def expand(text: str, values: MacroValues, *, explanation: bool = False) -> str | None:
    """`text` with its macros filled in; None where a `%` in it begins none.

    The letters c, r and t are for explanations only.
    """
    allowed = _IN_EXPLANATIONS if explanation else _IN_DOMAINS
    parts: list[str] = []
    at = 0
    for macro in _MACRO.finditer(text):
        parts.append(text[at : macro.start()])
        at = macro.end()
        if macro["plain"]:
            parts.append(_PLAIN[macro["plain"]])
            continue
        value = _transform(macro, values) if macro["letter"].lower() in allowed else None
        if value is None:
            return None
        parts.append(value)
    parts.append(text[at:])
    if any("%" in between for between in parts[::2]):
        return None
    return "".join(parts)


def expand_name(text: str, values: MacroValues) -> str | None:
    """The domain name that `text` stands for, lower case, without the final dot; None where it
    cannot be one. What is too long loses labels on the left (§7.3)."""
    expanded = expand(text, values)
    if expanded is None:
        return None
    name = expanded.removesuffix(".").lower()
    if len(name) > _LONGEST_NAME:  # one more, so that a dot before a label that fits is seen
        name = name[-_LONGEST_NAME - 1 :].partition(".")[2]
    sound = all(0 < len(label) <= 63 for label in name.split("."))
    return name if sound else None


def names_validated(text: str) -> bool:
    """True when `text` contains `%{p}`, which only DNS can answer."""
    return any((macro["letter"] or "").lower() == "p" for macro in _MACRO.finditer(text))


def _transform(macro: re.Match[str], values: MacroValues) -> str | None:
    """The value split at the delimiters, reversed, cut to the labels on the right, and joined by
    dots; escaped for a URL where the letter is a capital."""
    letter, digits = macro["letter"], macro["digits"].lstrip("0")
    if macro["digits"] and not digits:
        return None
    labels = re.split(f"[{re.escape(macro['split'] or '.')}]", values.of(letter.lower()))
    if macro["reverse"]:
        labels.reverse()
    if digits and len(digits) < 4:  # more labels than that there are none
        labels = labels[-int(digits) :]
    value = ".".join(labels)
    return quote(value, safe="") if letter.isupper() else value


def _dotted(ip: Address) -> str:
    """`192.0.2.3`, or the nibbles of an IPv6 address with dots between them."""
    if ip.version == 4:
        return str(ip)
    return ".".join(ip.exploded.replace(":", ""))
