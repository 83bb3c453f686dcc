"""The address in From (RFC 5322 §3.4, §3.6.2), whose domain is the one that DMARC is about."""

import re
from dataclasses import dataclass

from mailwatch.mailauth.authentication_results import without_comments
from mailwatch.mailauth.rawmessage import RawMessage
from mailwatch.text.domain import to_ascii

MOST_ADDRESSES = 100
_LONGEST = 10_000
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_ADDRESS = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^\s<>@,;:"\[\]()\\]+)@([^\s<>@,;:"()\\]+)')
_HOST = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*)\.)+[A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Author:
    """What From says. `domain` is None where that is not one address."""

    state: str
    """one, several, missing or malformed."""
    domain: str | None = None
    """In A-labels and lower case."""
    shown: str = ""
    """The field's value, one character an octet."""


def find_author(message: RawMessage) -> Author:
    """Whom the message says it is from."""
    fields = message.named("from")
    if not fields:
        return Author("missing")
    shown = fields[0].value
    if len(fields) > 1:
        return Author("several", shown=shown)
    addresses = parse_addresses(shown)
    if addresses is None or not addresses:
        return Author("malformed", shown=shown)
    if len(addresses) > 1:
        return Author("several", shown=shown)
    domain = _domain(addresses[0])
    return Author("one" if domain else "malformed", domain, shown)


def parse_addresses(value: str) -> list[str] | None:
    """The addresses of a list, without names; None where a part of it is no address."""
    text = without_comments(value[:_LONGEST])
    found = []
    for part in _parts(text)[:MOST_ADDRESSES]:
        # what is before the last "<" is a name
        plain = _QUOTED.sub(lambda match: match[0].replace("<", " "), part)
        start = plain.rfind("<")
        address = part[start + 1 :].partition(">")[0] if start >= 0 else part
        match = _ADDRESS.fullmatch(address.strip())
        if match is None or (start >= 0 and ">" not in part[start:]):
            return None
        found.append(address.strip())
    return found


def _parts(text: str) -> list[str]:
    """`text` split at its commas, outside of quotes, with the names of groups left out."""
    parts, start, quoted, at = [], 0, False, 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif char == '"':
            quoted = not quoted
        elif not quoted and char in ",;":
            parts.append(text[start:at])
            start = at + 1
        elif not quoted and char == ":" and "<" not in text[start:at]:
            start = at + 1
        at += 1
    return [part.strip() for part in (*parts, text[start:]) if part.strip()]


def _domain(address: str) -> str | None:
    written = address.rpartition("@")[2]
    try:
        name = to_ascii(written.encode("latin-1").decode("utf-8")).removesuffix(".")
    except (ValueError, UnicodeError):
        return None
    return name if len(name) <= 253 and _HOST.fullmatch(name) else None
