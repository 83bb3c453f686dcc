"""The MIME parts of a message, and the size of what is shown (RFC 2045, RFC 2046).

Parts are counted and bounded; nothing of them is kept but the size of the text.
"""

import binascii
import re
from dataclasses import dataclass, field

from mailwatch.mailauth.authentication_results import without_comments
from mailwatch.mailauth.rawmessage import RawMessage, split_message
from mailwatch.model import Measurement, Phrase, say
from mailwatch.sources.message import metrics
from mailwatch.sources.message.examination import Examined
from mailwatch.sources.message.what_passed import subject_of

MOST_PARTS = 1000
MOST_NESTED = 50
_LONGEST = 4000
_LONGEST_LINE = 998
"""Octets without the CRLF (RFC 5322 §2.1.1)."""
_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")
_BOUNDARY = re.compile(r';\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
_SHOWN = ("text/html", "text/plain")
"""What a reader sees: the first of them that there is."""
_ENCODINGS = ("7bit", "8bit", "binary", "quoted-printable", "base64")


@dataclass(slots=True)
class Structure:
    """What the parts come to."""

    parts: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    """Octets of the first text/html and the first text/plain, decoded."""
    problems: list[Phrase] = field(default_factory=list)


def read_structure(message: RawMessage) -> Structure:
    """The parts of `message`, as far as the limits let them be read. Never raises."""
    found = Structure()
    version = message.first("mime-version")
    if version is not None and without_comments(version[:_LONGEST]).strip() != "1.0":
        found.problems.append(say("message.mime_version"))
    if version is None and message.first("content-type") is not None:
        found.problems.append(say("message.no_field", name="MIME-Version"))
    if len(message.named("content-type")) > 1:
        found.problems.append(say("message.mime_types"))
    waiting = [(message, 0)]
    while waiting:
        part, depth = waiting.pop()
        found.parts += 1
        if found.parts > MOST_PARTS or depth > MOST_NESTED:
            found.problems.append(say("message.mime_parts", most=MOST_PARTS, depth=MOST_NESTED))
            break
        below = _read_part(part, found)
        waiting += [(one, depth + 1) for one in reversed(below)]
    if _has_long_line(message):
        found.problems.append(say("message.long_line", most=_LONGEST_LINE))
    return found


def _read_part(part: RawMessage, found: Structure) -> list[RawMessage]:
    """The parts below `part`. What is wrong with it, and its size, go into `found`."""
    value = (part.first("content-type") or "text/plain")[:_LONGEST]
    kind = without_comments(value).partition(";")[0].strip().lower()
    encoding = without_comments((part.first("content-transfer-encoding") or "7bit")[:_LONGEST])
    encoding = encoding.strip().lower()
    if not _TYPE.fullmatch(kind):
        found.problems.append(say("message.mime_type"))
    if encoding not in _ENCODINGS:
        found.problems.append(say("message.mime_encoding"))
    if kind in _SHOWN and kind not in found.sizes:
        found.sizes[kind] = _decoded_size(part.body, encoding)
    if not kind.startswith("multipart/"):
        return []
    match = _BOUNDARY.search(value)
    if match is None:
        found.problems.append(say("message.mime_no_boundary"))
        return []
    boundary = (match[1] or match[2]).encode("latin-1", "replace").rstrip(b" ")
    return _split(part.body, boundary, found)


def _split(body: bytes, boundary: bytes, found: Structure) -> list[RawMessage]:
    """The parts of a multipart, at most as many as may be read."""
    line = re.compile(rb"(?:\A|\r\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r\n|\Z)")
    parts: list[RawMessage] = []
    begun = -1
    for match in line.finditer(body):
        if begun >= 0:
            parts.append(split_part(body[begun : match.start()]))
        if match[1]:
            return parts
        if len(parts) > MOST_PARTS:
            return parts
        begun = match.end() + 2
    found.problems.append(say("message.mime_open"))
    if begun >= 0:
        parts.append(split_part(body[begun:]))
    return parts


def split_part(data: bytes) -> RawMessage:
    """A part, which may have no header of its own."""
    return RawMessage((), data[2:]) if data.startswith(b"\r\n") else split_message(data)


def _decoded_size(body: bytes, encoding: str) -> int:
    try:
        if encoding == "base64":
            return len(binascii.a2b_base64(body))
        if encoding == "quoted-printable":
            return len(binascii.a2b_qp(body))
    except (binascii.Error, ValueError):
        pass
    return len(body)


def _has_long_line(message: RawMessage) -> bool:
    """Only of the body: receivers themselves write longer header fields."""
    return re.search(rb"^[^\r\n]{999}", message.body, re.MULTILINE) is not None


def measure_structure(examined: Examined) -> list[Measurement]:
    """Whether the MIME is well formed, and the size of what is shown: the HTML, else the text."""
    found = read_structure(examined.source.message)
    subject = subject_of(examined)
    word = "malformed" if found.problems else "valid"
    size = next((found.sizes[kind] for kind in _SHOWN if kind in found.sizes), 0)
    evidence = (say("message.whole_size", size=examined.source.size, n=found.parts),)
    return [
        Measurement(metrics.MIME, subject, word, evidence=tuple(dict.fromkeys(found.problems))[:5]),
        Measurement(metrics.SIZE, subject, size, evidence=evidence),
    ]
