"""Messages that carry reports, and mboxes of them."""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from itertools import islice
from typing import IO

from mailwatch.sources.dmarc.blob import HeldBlob
from mailwatch.sources.dmarc.bounds import CHUNK, FIELD, MESSAGE
from mailwatch.sources.dmarc.contents import FailureReport, ReportError
from mailwatch.text.inert import inert

_FROM = b"From "
_FIELD = re.compile(r"^([A-Za-z-]{1,40}):[ \t]*(.*)$")
_ATTACHED = (b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06")
_MOST_PARTS = 200
"""Parts of a message that are looked at."""


def split_mbox(file: IO[bytes]) -> Iterator[bytes | None]:
    """Each message of an mbox, without its From line; None for one that is too large."""
    parts: list[bytes] = []
    size, blank, begun = 0, True, False
    for line in _lines(file):
        if blank and line.startswith(_FROM):
            if begun:
                yield b"".join(parts) if size <= MESSAGE else None
            parts, size, begun, blank = [], 0, True, False
            continue
        size += len(line)
        if size <= MESSAGE:
            parts.append(line)
        elif parts:
            parts = []
        blank = line in (b"\n", b"\r\n")
    if begun:
        yield b"".join(parts) if size <= MESSAGE else None


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Lines, in pieces where one is very long; a raw file has no buffer of its own."""
    left = b""
    while chunk := file.read(CHUNK):
        lines = (left + chunk).split(b"\n")
        left = lines.pop()
        for line in lines:
            yield line + b"\n"
        if len(left) > CHUNK:
            yield left
            left = b""
    if left:
        yield left


def read_mail(message: bytes) -> Iterator[HeldBlob | FailureReport]:
    """The attachments of a message that can be reports, and the failure report that it is.

    Raises ReportError for a message that cannot be taken apart.
    """
    try:
        parsed = BytesParser(policy=compat32).parsebytes(message)
        parts = list(islice(parsed.walk(), _MOST_PARTS))
        yield from filter(None, map(_read_part, parts))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        # The email package raises all of these for messages that are malformed on purpose.
        raise ReportError("dmarc.message_broken") from None


def _read_part(part: Message) -> HeldBlob | FailureReport | None:
    kind = part.get_content_type()
    if kind == "message/feedback-report":
        return _read_failure(_text_of(part))
    if part.is_multipart() or kind in ("text/html", "text/rfc822-headers"):
        return None
    if kind == "text/plain" and not part.get_filename():
        return None
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return None
    start = content[:100].lstrip(b"\xef\xbb\xbf \t\r\n")
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    named = kind in ("application/gzip", "application/zip", "application/x-gzip")
    if content.startswith(_ATTACHED) or start.startswith((b"<", b"{")) or utf16 or named:
        return HeldBlob(content)
    return None


def _text_of(part: Message) -> str:
    """The fields of the report: the parser takes them for a message of their own."""
    inner = part.get_payload()
    if isinstance(inner, list):
        return "".join(str(one) for one in inner)[:65536]
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace")[:65536] if isinstance(content, bytes) else ""


def _read_failure(text: str) -> FailureReport | None:
    """The failure report (RFC 9991 §4): what failed, for which domain, and what became of it.

    None for feedback that is not about authentication, such as a complaint.
    """
    fields: dict[str, str] = {}
    for line in text.splitlines()[:200]:
        match = _FIELD.match(line)
        if match:
            fields.setdefault(match[1].lower(), inert(match[2].strip(), FIELD))
    if fields.get("feedback-type", "").lower() != "auth-failure":
        return None
    failed = fields.get("auth-failure", "?").lower()
    result = fields.get("delivery-result", "").lower()
    return FailureReport(
        domain=fields.get("reported-domain", "?").lower().removesuffix(".")[:253],
        reason=f"{failed} ({result})" if result else failed,
        sender=mask(fields.get("original-mail-from", "")),
    )


def mask(address: str) -> str:
    """The address without the person: `j•••@example.com`."""
    local, at, domain = address.strip("<> ").rpartition("@")
    if not at:
        return "•••" if address.strip("<> ") else ""
    return inert(f"{local[:1]}•••@{domain}", 253)
