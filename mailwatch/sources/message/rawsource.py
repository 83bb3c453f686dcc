"""The raw source of a message as programs save it, made into the octets that went over the wire.

    Gmail         "Show original", "Download original" or copied into a file
    Outlook       an .eml, or the source saved as text, also in UTF-16
    Apple Mail    "Raw Source" saved, or an .emlx with a number before the message
    mbox          a line "From …" before it, and ">From" inside

Whatever the file ends its lines with, SMTP had CRLF, so it is read as CRLF.
"""

import re
from dataclasses import dataclass

from mailwatch.mailauth.rawmessage import RawMessage, split_message

LARGEST = 40 * 1024 * 1024
"""Octets of a file. Gmail accepts no message over 25 MB, Outlook none over 35 MB."""
MOST_HEADER = 1024 * 1024
"""Octets of a header."""
MOST_FIELDS = 2000
"""Header fields."""
_KNOWN = frozenset(
    (
        *("from", "to", "subject", "date", "message-id", "mime-version", "sender", "reply-to"),
        *("received", "return-path", "delivered-to", "dkim-signature"),
    )
)
"""A text that begins like a header is a message where it has one of these."""
_NOT_MAIL = (
    (b"\xd0\xcf\x11\xe0", "an Outlook .msg file"),
    (b"PK\x03\x04", "a zip file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"%PDF", "a PDF file"),
    (b"<", "HTML or XML"),
    (b"{", "JSON"),
)
_EMLX = re.compile(rb"\s*([0-9]{1,10})[ \t]*\r?\n")
_SEPARATOR = re.compile(
    rb"^From [^\n]{0,200}[0-9]{2}:[0-9]{2}[^\n]{0,60}\n(?=[!-9;-~]+:)", re.MULTILINE
)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


class NotAMessageError(Exception):
    """The file has no message. The first argument says what it has, the second what to do."""


@dataclass(frozen=True, slots=True)
class SavedMessage:
    """The message of a file."""

    message: RawMessage
    size: int
    """Octets of the message as SMTP had it."""
    others: int = 0
    """Messages that follow it in an mbox."""


def read_source(data: bytes) -> SavedMessage:
    """The first message in `data`. Raises NotAMessageError."""
    if len(data) > LARGEST:
        raise NotAMessageError(
            f"it is over {LARGEST // 1024 // 1024} MB", "No mailbox provider accepts that much."
        )
    data, others = _unwrapped(_decoded(data))
    data = _with_crlf(data)
    header = data.find(b"\r\n\r\n")
    if (len(data) if header < 0 else header) > MOST_HEADER:
        raise NotAMessageError(f"its header is over {MOST_HEADER // 1024 // 1024} MB", _TIP)
    message = split_message(data)
    if not _KNOWN & {field.name for field in message.fields}:
        raise NotAMessageError(_what_it_is(data), _TIP)
    if len(message.fields) > MOST_FIELDS:
        raise NotAMessageError(f"it has over {MOST_FIELDS:,} header fields", _TIP)
    return SavedMessage(message, len(data), others)


_TIP = (
    "Save the raw source: Gmail, Show original, Download original; Outlook, Save as .eml; "
    "Apple Mail, View, Message, Raw Source."
)


def _decoded(data: bytes) -> bytes:
    """`data` without a byte-order mark, and from UTF-16 in UTF-8."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            text = data[2:].decode(encoding, "replace")
            return text.encode("utf-8", "replace").removeprefix(b"\xef\xbb\xbf")
    if data[1:2] == data[3:4] == b"\0" and data[:1] != b"\0":
        return data.decode("utf-16-le", "replace").encode("utf-8", "replace")
    return data.removeprefix(b"\xef\xbb\xbf")


def _unwrapped(data: bytes) -> tuple[bytes, int]:
    """The first message without what a mailbox file puts around it, and how many follow."""
    data = data.lstrip(b" \t\r\n\x00").removeprefix(b"\xef\xbb\xbf")
    counted = _EMLX.match(data)
    if counted is not None:
        data = data[counted.end() : counted.end() + int(counted[1])]
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    if not data.startswith(b"From "):  # ">From " is how some programs keep the line of an mbox
        return (data.partition(b"\n")[2] if data.startswith(b">From ") else data), 0
    body = data.partition(b"\n")[2]
    starts = [m.start() for m in _SEPARATOR.finditer(body) if _after_empty_line(body, m.start())]
    first = body[: starts[0]] if starts else body
    # the empty line before the next separator belongs to the mbox
    first = first.removesuffix(b"\n").removesuffix(b"\r") if starts else first
    return _QUOTED_FROM.sub(rb"\1", first), len(starts)


def _after_empty_line(data: bytes, at: int) -> bool:
    return data[max(0, at - 3) : at].endswith((b"\n\n", b"\n\r\n"))


def _with_crlf(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _what_it_is(data: bytes) -> str:
    if not data.strip():
        return "it is empty"
    kind = next((kind for start, kind in _NOT_MAIL if data.startswith(start)), None)
    return f"it looks like {kind}" if kind else "it has no header of a message"
