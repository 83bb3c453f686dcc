"""A message as octets: its header fields as they came, and its body (RFC 5322 §2.1, §2.2).

Signatures are made over octets, so nothing is decoded here, and nothing is repaired.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_FOLDING = re.compile(r"\r\n(?=[ \t])")


@dataclass(frozen=True, slots=True)
class HeaderField:
    """One header field."""

    name: str
    """In lower case."""
    raw: bytes
    """All of it, with the CRLF at its end."""

    @property
    def raw_value(self) -> bytes:
        """What follows the colon, folded as it came, with the CRLF at its end."""
        return self.raw.partition(b":")[2]

    @property
    def value(self) -> str:
        """What follows the colon on one line, without space around it; one character an octet."""
        return _FOLDING.sub("", self.raw_value.decode("latin-1")).strip(" \t\r\n")


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message with CRLF at the end of each line."""

    fields: tuple[HeaderField, ...]
    """In their order, the one that was added last first."""
    body: bytes

    def named(self, name: str) -> tuple[HeaderField, ...]:
        """The fields of this name, which is in lower case."""
        return tuple(field for field in self.fields if field.name == name)

    def first(self, name: str) -> str | None:
        """The value of the first field of this name; None where there is none."""
        return next((field.value for field in self.fields if field.name == name), None)


def split_message(data: bytes) -> RawMessage:
    """The message in `data`, whose lines end with CRLF.

    The header ends with an empty line, or where a line is no header field.
    """
    fields, end = [], 0
    for raw, after in _fields(data):
        match = _FIELD.match(raw)
        if match is None:
            break
        fields.append(HeaderField(match[1].decode("ascii").lower(), raw))
        end = after
    body = data[end:]
    return RawMessage(tuple(fields), body.removeprefix(b"\r\n") if fields else body)


def _fields(data: bytes) -> Iterator[tuple[bytes, int]]:
    """The lines of the header with those that continue them, and where each of them ends."""
    at = 0
    while at < len(data) and not data.startswith(b"\r\n", at):
        end = _end_of_line(data, at)
        while data[end : end + 1] in (b" ", b"\t"):
            end = _end_of_line(data, end)
        raw = data[at:end]
        yield raw if raw.endswith(b"\r\n") else raw + b"\r\n", end
        at = end


def _end_of_line(data: bytes, at: int) -> int:
    found = data.find(b"\r\n", at)
    return len(data) if found < 0 else found + 2
