"""The records of one name and type. A provider replaces them as a whole, so they are kept whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from mailwatch.config.addresses import parse_domain, parse_ip
from mailwatch.resolver.lookup import Answer

PublishedType = Literal["A", "CNAME", "MX", "TXT"]

TTL = 3600
LONGEST_STRING = 255
"""Octets of one string of a TXT record (RFC 1035 §3.3)."""
_LONGEST_TEXT = 4000
"""Octets of one TXT record; Route 53 takes no more."""


@dataclass(frozen=True, slots=True)
class ExpectedRecord:
    """A record that somebody else says has to be there: SendGrid, for domain authentication.

    Raises ValueError for what cannot be the name or value of a record.
    """

    name: str
    type: PublishedType
    value: str
    """A host name; `10 mx.example.com` for MX; the text for TXT, one character an octet; an IPv4
    address for A."""

    def __post_init__(self) -> None:
        parse_domain(self.name)
        if self.type == "MX":
            preference, _, host = self.value.partition(" ")
            if not preference.isdecimal() or int(preference) > 65535:
                raise ValueError("the preference of an MX record is not a number up to 65535")
            parse_domain(host)
        elif self.type == "CNAME":
            parse_domain(self.value)
        elif self.type == "A":
            if ":" in parse_ip(self.value):
                raise ValueError("the address of an A record is not an IPv4 address")
        else:
            octets(self.value)


@dataclass(frozen=True, slots=True)
class ZoneEntry:
    """All records of a name and type as they should be."""

    name: str
    type: PublishedType
    values: tuple[str, ...]
    """As in `ExpectedRecord`."""
    note: str | None = None
    """What to know before publishing it."""


@dataclass(slots=True)
class Proposal:
    """What to publish."""

    sets: list[ZoneEntry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What no record can put right, or only another one's."""
    asked: bool = True
    """False where DNS could not be asked for something, so that more may be needed."""

    def add(self, made: ZoneEntry) -> None:
        """Adds a set; the values of one that is there for the same name and type are joined."""
        for place, other in enumerate(self.sets):
            if (other.name, other.type) == (made.name, made.type):
                values = tuple(dict.fromkeys((*other.values, *made.values)))
                notes = " ".join(filter(None, dict.fromkeys((other.note, made.note))))
                self.sets[place] = ZoneEntry(made.name, made.type, values, notes or None)
                return
        self.sets.append(made)

    def missed(self, why: str) -> None:
        """Notes that something could not be asked for."""
        self.asked = False
        self.notes.append(why)


def with_text(
    name: str, answer: Answer, text: str, instead_of: Sequence[str] = (), note: str | None = None
) -> ZoneEntry:
    """The TXT records of `name` with `text` in place of those of `instead_of`.

    The others stay: whoever publishes a set replaces all of it.
    """
    others = [value for value in answer.values if value not in instead_of and value != text]
    return ZoneEntry(name, "TXT", (text, *others), note)


def octets(text: str) -> bytes:
    """The octets of a TXT record. Raises ValueError for what is longer than a provider takes."""
    data = text.encode("latin-1") if _is_octets(text) else text.encode("utf-8")
    if len(data) > _LONGEST_TEXT:
        raise ValueError(f"the text is longer than {_LONGEST_TEXT} octets")
    return data


def strings(text: str) -> list[bytes]:
    """The strings of a TXT record, each of at most 255 octets; together they are the text."""
    data = text.encode("latin-1") if _is_octets(text) else text.encode("utf-8")
    parts = range(0, len(data), LONGEST_STRING)
    return [data[at : at + LONGEST_STRING] for at in parts] or [b""]


def absolute(made: ZoneEntry, value: str) -> str:
    """A value that is no text: a host name has its final dot."""
    return value if made.type == "A" else f"{value.rstrip('.')}."


def _is_octets(text: str) -> bool:
    return all(ord(char) < 256 for char in text)
