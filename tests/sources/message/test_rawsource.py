"""What programs save, and what is no message."""

import pytest

from mailwatch.sources.message import rawsource
from mailwatch.sources.message.rawsource import NotAMessageError, read_source
from tests.sources.message.message_peer import SAMPLE, figures

LF = SAMPLE.replace(b"\r\n", b"\n")
SEPARATOR = b"From bounces@em1234.example.com Tue Nov 24 03:00:00 2026\n"
SAVED = {
    "as it came": SAMPLE,
    "with LF": LF,
    "with some LF": SAMPLE.replace(b"\r\n", b"\n", 5),
    "with CR": SAMPLE.replace(b"\r\n", b"\r"),
    "with a byte-order mark": b"\xef\xbb\xbf" + LF,
    "as UTF-16": LF.decode().encode("utf-16"),
    "as UTF-16 of the other order": b"\xfe\xff" + LF.decode().encode("utf-16-be"),
    "as UTF-16 without a mark": LF.decode().encode("utf-16-le"),
    "behind empty lines": b"\r\n \r\n\n" + LF,
    "as mbox lines": SEPARATOR + LF,
    "as mbox lines with CRLF": SEPARATOR.replace(b"\n", b"\r\n") + SAMPLE,
    "as an mbox of several": SEPARATOR + LF + b"\n" + SEPARATOR + b"From: x@y.example\n\nHello\n",
    "with a quoted line of an mbox": b">" + SEPARATOR + LF,
    "as emlx": b"%-10d\n" % len(LF) + LF + b'<?xml version="1.0"?><plist></plist>\n',
}


@pytest.mark.parametrize("how", SAVED)
def test_it_is_read_however_it_was_saved(how: str) -> None:
    # Then the signature still verifies, which shows that every octet is as it was
    found = figures(SAVED[how])
    assert found["message.dkim"].value == "pass"
    assert found["message.dmarc"].value == "pass"
    assert read_source(SAVED[how]).others == (how == "as an mbox of several")


def test_from_inside_an_mbox_is_unquoted() -> None:
    text = SEPARATOR + b"From: a@b.example\n\n>From here\n>>From there\n> From\n"
    assert read_source(text).message.body == b"From here\r\n>From there\r\n> From\r\n"
    assert read_source(text.removeprefix(SEPARATOR)).message.body.startswith(b">From here")


def test_a_header_alone_is_a_message() -> None:
    source = read_source(b"From: a@b.example\nSubject: x")
    assert source.message.body == b""
    assert source.message.first("subject") == "x"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "it is empty"),
        (b"\n\n  \n", "it is empty"),
        (b"Hello, this is a letter.\n", "no header"),
        (b"<!DOCTYPE html><p>From: x</p>", "HTML"),
        (b'{"From": "x"}', "JSON"),
        (b"PK\x03\x04rest", "a zip file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, ".msg"),
        (b"%PDF-1.7\n", "a PDF file"),
        (b"domains:\n  - name: example.com\n", "no header"),
        (b"\x00\x01\x02\xff" * 100, "no header"),
        (SEPARATOR, "it is empty"),
    ],
)
def test_anything_else_is_refused_with_a_reason(data: bytes, what: str) -> None:
    with pytest.raises(NotAMessageError) as error:
        read_source(data)
    assert what in error.value.args[0]
    assert error.value.args[1]


def test_size_and_header_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = b"From: a@b.example\n" * (rawsource.MOST_FIELDS + 1)
    wide = b"From: a@b.example\nX: " + b"x" * rawsource.MOST_HEADER
    endless = b"From: a@b.example\n" + b" folded\n" * (rawsource.MOST_HEADER // 8)
    for data in (fields + b"\nbody", wide, endless):
        with pytest.raises(NotAMessageError) as error:
            read_source(data)
        assert "header" in error.value.args[0]
    monkeypatch.setattr(rawsource, "LARGEST", len(SAMPLE))
    assert read_source(SAMPLE).size == len(SAMPLE)
    with pytest.raises(NotAMessageError) as error:
        read_source(SAMPLE + b"x")
    assert "over" in error.value.args[0]
