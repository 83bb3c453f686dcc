"""How a message is written before it is hashed: `simple` and `relaxed` (RFC 6376 §3.4)."""

import re
from typing import Literal

Canonicalization = Literal["simple", "relaxed"]
OTHER: dict[Canonicalization, Canonicalization] = {"simple": "relaxed", "relaxed": "simple"}

_SPACES = re.compile(rb"[ \t]+")
_FOLDED = re.compile(rb"[ \t\r\n]+")


def canonical_field(raw: bytes, method: Canonicalization) -> bytes:
    """A header field with the CRLF at its end."""
    if method == "simple":
        return raw
    name, _, value = raw.partition(b":")
    return name.rstrip(b" \t").lower() + b":" + _FOLDED.sub(b" ", value).strip(b" ") + b"\r\n"


def canonical_body(body: bytes, method: Canonicalization) -> bytes:
    """A body with one CRLF at its end; an empty one is CRLF (simple) or nothing (relaxed)."""
    if method == "relaxed":
        body = _SPACES.sub(b" ", body).replace(b" \r\n", b"\r\n").removesuffix(b" ")
    end = len(body)
    while end >= 2 and body[end - 2 : end] == b"\r\n":
        end -= 2
    if not end:
        return b"\r\n" if method == "simple" else b""
    return body[:end] + b"\r\n"


def without_trailing_space(body: bytes) -> bytes:
    """`body` without the spaces and tabs at the ends of its lines."""
    return b"\r\n".join(line.rstrip(b" \t") for line in body.split(b"\r\n"))
