"""No message, however broken, crashes or hangs; what is too much is left out and said."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from mailwatch.sources.message.collection import measure
from mailwatch.sources.message.examination import MOST_SIGNATURES, examine
from mailwatch.sources.message.message_document import document_of
from mailwatch.sources.message.rawsource import NotAMessageError, read_source
from mailwatch.sources.message.structure import MOST_NESTED, MOST_PARTS, read_structure
from mailwatch.words import worded
from tests.sources.dns.dns_peer import MemoryLookup
from tests.sources.message.message_peer import (
    ENVELOPE,
    NOON,
    SAMPLE,
    examined,
    figures,
    words_of,
    zone,
)

HEAD = b"From: a@example.com\r\nMIME-Version: 1.0\r\n"
PIECES = st.sampled_from(
    [
        *(SAMPLE[at : at + 97] for at in range(0, len(SAMPLE), 97)),
        b"\r\n",
        b"\n",
        b"\x00",
        b"\xff\xfe",
        b" ",
        b";",
        b"=",
        b'"',
        b"(",
        b"<",
        b"--part",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=m1; h=from; bh=AA==; b=AA==\r\n",
        b"ARC-Seal: i=1; cv=none\r\n",
        b"Received: from [::1] by x; \r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n",
    ]
)


def everything(data: bytes) -> None:
    """Reads, examines and measures, without a wait."""
    try:
        source = read_source(data)
    except NotAMessageError:
        return
    found = asyncio.run(examine(source, ENVELOPE, MemoryLookup(zone()), NOON))
    for item in measure(found):
        assert item is not None
    document_of(found, "ja")


@settings(max_examples=120, deadline=None)
@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_pieces_of_messages(data: bytes) -> None:
    everything(data)
    everything(HEAD + data)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(max_size=5)), max_size=6))
def test_a_message_with_changes(changes: list[tuple[int, bytes]]) -> None:
    data = SAMPLE
    for at, new in changes:
        data = data[:at] + new + data[at + len(new) :]
    everything(data)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_octets(data: bytes) -> None:
    everything(data)
    everything(HEAD + data)


def test_signatures_are_bounded() -> None:
    start, end = SAMPLE.index(b"DKIM-Signature:"), SAMPLE.index(b"From: Example")
    data = SAMPLE[:start] + SAMPLE[start:end] * (MOST_SIGNATURES + 3) + SAMPLE[end:]
    found = document_of(examined(data), "en")["dkim"]
    assert [one["result"] for one in found] == ["pass"] * MOST_SIGNATURES + ["permerror"] * 3
    assert "more than 20" in found[-1]["reason"]


def test_parts_and_nesting_are_bounded() -> None:
    wide = HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
    wide += b"--x\r\n\r\nA\r\n" * (MOST_PARTS + 5) + b"--x--\r\n"
    deep = HEAD
    for n in range(MOST_NESTED + 5):
        deep += b"Content-Type: multipart/mixed; boundary=x%d\r\n\r\n--x%d\r\n" % (n, n)
    for data in (wide, deep):
        structure = read_structure(read_source(data).message)
        assert structure.parts <= MOST_PARTS + 1
        assert any("no more were read" in worded(p, "en") for p in structure.problems)


def test_hops_are_bounded() -> None:
    line = b"Received: from a.example ([192.0.2.1]) by b.example with ESMTPS; %s\r\n"
    lines = line % b"Tue, 24 Nov 2026 03:00:00 +0000" * 150
    found = figures(lines + b"From: a@example.com\r\n\r\n")["message.delay"]
    assert "150 Received lines; the last 100 were read" in words_of(found)
    assert len(found.evidence) == 22


def test_what_is_slow_elsewhere_is_not_slow_here() -> None:
    # Given headers and bodies on which a careless expression would not end
    n = 200_000
    for body in (
        b" \t" * n + b"x",
        b"\r\n" * n,
        b"--" * n,
        b"--x\r\n" * n,
        b"From 12:12" * n,
        b"=" * n,
        b"(" * n,
    ):
        everything(HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + body)
        everything(b"From x\n" + HEAD + b"\n" + body)
        for name in (b"From", b"Received", b"Authentication-Results", b"DKIM-Signature", b"Date"):
            everything(HEAD + name + b": " + body.replace(b"\r\n", b" ") + b"\r\n\r\n")


def test_hostile_text_is_inert() -> None:
    data = SAMPLE.replace(b"Example News", b"\x1b[31mred \xe2\x80\xaeevil")
    data = data.replace(b"mx.google.com;\r\n       dkim", b"mx\x1b[2J.example;\r\n       dkim")
    for item in figures(data).measured:
        assert words_of(item).replace("\n", "").isprintable()
