"""What a file is, its bytes say: XML, JSON, gzip, zip, a message or an mbox, and what is in it.

The readers of what is not met in every run are imported when they are needed: a run over small
reports is short enough for that to count.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from mailwatch.model import say
from mailwatch.sources.dmarc.aggregate import read_aggregate
from mailwatch.sources.dmarc.blob import Blob, HeldBlob, unzip
from mailwatch.sources.dmarc.bounds import JSON, MESSAGE, NESTING
from mailwatch.sources.dmarc.contents import Item, PassedOver, Refusal, ReportError
from mailwatch.text.inert import inert

_HEADER = re.compile(rb"[!-9;-~]{1,76}[ \t]*:")
_BEFORE = b"\xef\xbb\xbf \t\r\n"
"""A byte-order mark and white space, in any order: what reporters put before the XML."""


@dataclass(frozen=True, slots=True)
class InputPlace:
    """Where in the input something is: the file, and the member or message in it."""

    path: str
    inside: tuple[str, ...] = ()
    mailbox: bool = False
    """It is one of many messages, and not every message of a mailbox is a report."""

    def under(self, name: str, *, mailbox: bool = False) -> "InputPlace":
        """Something in it."""
        return InputPlace(self.path, (*self.inside, name), mailbox or self.mailbox)

    def __str__(self) -> str:
        return inert(" › ".join((self.path, *self.inside)), 300)


def read_blob(blob: Blob, place: InputPlace) -> Iterator[Item]:
    """Everything in `blob`: each report, and each part that could not be read, with why."""
    try:
        yield from _read(blob, place)
    except ReportError as error:
        yield Refusal(str(place), error.why, place.path)
    except OSError as error:
        why = ReportError("dmarc.unreadable", why=error.strerror or type(error).__name__).why
        yield Refusal(str(place), why, place.path)


def _read(blob: Blob, place: InputPlace) -> Iterator[Item]:
    start = next(blob.chunks(), b"")
    if start.startswith((b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06")):
        _refuse_nesting(place)
        if start.startswith(b"PK"):
            from mailwatch.sources.dmarc.ziparchive import members

            for name, member in members(blob):
                yield from read_blob(member, place.under(name))
        else:
            yield from _read(unzip(blob), place.under("gz"))
    elif start.startswith(b"From "):
        yield from _read_mbox(blob, place)
    else:
        yield from _read_plain(blob, start, place)


def _read_plain(blob: Blob, start: bytes, place: InputPlace) -> Iterator[Item]:
    text = start.lstrip(_BEFORE)
    if text.startswith(b"<") or start.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")):
        yield read_aggregate(lambda: _from_first_sign(blob.chunks()))
    elif text.startswith(b"{"):
        from mailwatch.sources.dmarc.tlsrpt import read_tls_report

        yield from read_tls_report(_whole(blob, JSON))
    elif _HEADER.match(start.lstrip(b"\r\n")):
        yield from read_message(_whole(blob, MESSAGE), place)
    else:
        raise ReportError("dmarc.not_a_report" if start else "dmarc.empty")


def _read_mbox(blob: Blob, place: InputPlace) -> Iterator[Item]:
    from mailwatch.sources.dmarc.mailfile import split_mbox

    with blob.open() as file:
        for number, message in enumerate(split_mbox(file), 1):
            inside = place.under(f"message {number}", mailbox=True)
            if message is None:
                why = ReportError("dmarc.message_too_large", mb=MESSAGE // 1024 // 1024).why
                yield Refusal(str(inside), why, place.path)
            else:
                yield from read_message(message, inside)


def read_message(message: bytes, place: InputPlace) -> Iterator[Item]:
    """The reports in a message. One of a mailbox without any is passed over, any other refused."""
    from mailwatch.sources.dmarc.mailfile import read_mail

    try:
        found = False
        for item in read_mail(message):
            found = True
            if isinstance(item, HeldBlob):
                _refuse_nesting(place)
                for inner in read_blob(item, place.under("attachment")):
                    yield _with_content(inner, message) if place.mailbox else inner
            else:
                yield item
        if not found:
            yield _without_report(place)
    except ReportError as error:
        content = message if place.mailbox else None
        yield Refusal(str(place), error.why, place.path, content)


def _without_report(place: InputPlace) -> Item:
    if place.mailbox:
        return PassedOver(str(place))
    return Refusal(str(place), say("dmarc.no_report_in_message"), place.path)


def _refuse_nesting(place: InputPlace) -> None:
    if len(place.inside) > NESTING:
        raise ReportError("dmarc.nested")


def _with_content(item: Item, message: bytes) -> Item:
    if isinstance(item, Refusal):
        return Refusal(item.place, item.why, item.path, message)
    return item


def _from_first_sign(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The document without what is before its first sign. A UTF-16 one keeps its mark."""
    first = next(chunks, b"")
    if not first.startswith((b"\xff\xfe", b"\xfe\xff")):
        first = first.lstrip(_BEFORE)
    return chain((first,), chunks)


def _whole(blob: Blob, most: int) -> bytes:
    parts, size = [], 0
    for chunk in blob.chunks():
        size += len(chunk)
        if size > most:
            raise ReportError("dmarc.too_large", mb=most // 1024 // 1024)
        parts.append(chunk)
    return b"".join(parts)
