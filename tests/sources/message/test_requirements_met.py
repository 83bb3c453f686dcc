"""The sender requirements, as one message shows them."""

from typing import Any

import pytest

from tests.sources.message.message_peer import (
    SAMPLE,
    figures,
    resigned,
    words_of,
)

POST = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
LIST = b"List-Unsubscribe: <https://example.com/unsubscribe?u=42>,\r\n"
FEEDBACK = b"Feedback-ID: november:news:example:esp12345\r\n"
DATE = b"Date: Tue, 24 Nov 2026 03:00:00 +0000\r\nMess"
ID = b"Message-ID: <20261124030000.1@example.com>"


def test_there_is_nothing_wrong_with_the_sample() -> None:
    found = figures(SAMPLE)
    assert found.faults == ()
    assert {name.partition(".")[2]: found[name].value for name in found.metrics} == {
        "dkim": "pass",
        "dkim_signature": "pass",
        "dkim_body": "whole",
        "spf": "pass",
        "dmarc": "pass",
        "arc": "absent",
        "receiver": "agrees",
        "one_click": "present",
        "from": "one",
        "date": "valid",
        "message_id": "valid",
        "mime": "valid",
        "feedback_id": "valid",
        "size": 39,
        "tls": "encrypted",
        "delay": 0,
    }


CASES: list[tuple[str, bytes, bytes, Any]] = [
    ("one_click", POST, b"", "missing"),
    ("one_click", POST, POST.replace(b"One-Click", b"one-click"), "present"),
    ("one_click", POST, POST.replace(b"One-Click", b"Two-Clicks"), "invalid"),
    ("one_click", POST, POST + POST, "invalid"),
    ("one_click", LIST, LIST.replace(b"https:", b"http:"), "invalid"),
    ("one_click", LIST + b" <mailto:unsubscribe@example.com?subject=42>\r\n", b"", "invalid"),
    ("from", b"From: Example News <news@example.com>\r\n", b"", "missing"),
    ("from", b"<news@example.com>", b"<news@example.com>, <x@example.net>", "several"),
    ("from", b"<news@example.com>", b"<news>", "malformed"),
    ("date", DATE, b"Mess", "missing"),
    ("date", DATE, DATE.replace(b"Tue, 24 Nov 2026", b"2026-11-24"), "malformed"),
    ("date", DATE, DATE.replace(b"24 Nov", b"21 Nov"), "wrong"),
    ("date", DATE, DATE.replace(b"Tue, 24 Nov", b"Tue, 99 Nov"), "malformed"),
    ("date", DATE, DATE.removesuffix(b"Mess") + DATE, "several"),
    ("message_id", ID + b"\r\n", b"", "missing"),
    ("message_id", ID, b"Message-ID: 20261124", "malformed"),
    ("message_id", ID, b"Message-ID: <a b@example.com>", "malformed"),
    ("message_id", ID, ID + b"\r\n" + ID, "several"),
    ("mime", b"MIME-Version: 1.0\r\n", b"", "malformed"),
    ("mime", b"MIME-Version: 1.0", b"MIME-Version: 1.0 (a mailer)", "valid"),
    ("mime", b"--part--\r\n", b"", "malformed"),
    ("mime", b'; boundary="part"', b"", "malformed"),
    ("mime", b"Hello,\r\n", b"x" * 999 + b"\r\n", "malformed"),
    ("mime", b"text/html; charset=utf-8", b"html", "malformed"),
    ("feedback_id", FEEDBACK, b"", "missing"),
    ("feedback_id", FEEDBACK, b"Feedback-ID: esp12345\r\n", "valid"),
    ("feedback_id", FEEDBACK, b"Feedback-ID: a:b:c:d:esp12345\r\n", "malformed"),
    ("feedback_id", FEEDBACK, b"Feedback-ID: a:b:c:esp\r\n", "malformed"),
    ("feedback_id", FEEDBACK, FEEDBACK + FEEDBACK, "several"),
    ("size", b"what is new.</p>", b"x" * 150_000, 150_000 + 23),
]


@pytest.mark.parametrize(("figure", "old", "new", "value"), CASES)
def test_what_is_missing_or_malformed(figure: str, old: bytes, new: bytes, value: Any) -> None:
    found = figures(resigned(old, new))[f"message.{figure}"]
    assert found.value == value
    if value not in ("valid", "present", "missing") and figure != "size":
        assert words_of(found)


def test_both_fields_of_one_click_must_be_signed() -> None:
    # Given a signature that lists only one of them
    unsigned = SAMPLE.replace(b":list-unsubscribe-post:", b":")
    found = figures(unsigned)["message.one_click"]
    assert found.value == "unsigned"
    assert "no valid DKIM signature covers both" in words_of(found)
    # and one that is broken by a change of the body
    broken = figures(SAMPLE.replace(b"what is new", b"what was new"))
    for name in ("message.one_click", "message.feedback_id"):
        assert broken[name].value == "unsigned"
        assert "does not verify; mend DKIM first" in words_of(broken[name])


@pytest.mark.parametrize(
    ("encoding", "text", "size"),
    [(b"base64", b"PGI+aGk8L2I+", 9), (b"quoted-printable", b"<b>=C3=A4</b>=\r\n", 11)],
)
def test_the_size_is_of_what_is_shown(encoding: bytes, text: bytes, size: int) -> None:
    html = b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Hello,<br>this is what is new.</p>"
    new = b"Content-Type: text/html\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + text
    assert figures(resigned(html, new))["message.size"].value == size


def test_the_path_and_its_delays() -> None:
    # Given a message that waited at the sender for ten minutes, and was not encrypted
    earlier = (
        b"Received: from app.example.com (app.example.com [10.0.0.5]) by o1.em1234.example.com "
        b"with ESMTP id 1; Tue, 24 Nov 2026 02:50:00 +0000\r\n"
    )
    at = SAMPLE.index(b"DKIM-Signature:")
    data = (SAMPLE[:at] + earlier + SAMPLE[at:]).replace(b"with ESMTPS", b"with ESMTP")
    data = data.replace(b"(version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256 bits=128/128)", b"")
    found = figures(data)
    assert found["message.delay"].value == 600
    assert "2. o1.em1234.example.com to mx.google.com with ESMTP, after 600 s" in words_of(
        found["message.delay"]
    )
    assert found["message.tls"].value == "plain"


def test_without_received_there_is_no_path() -> None:
    found = figures(SAMPLE[SAMPLE.index(b"DKIM-Signature:") :])
    assert found["message.tls"].value is None
    assert "message.delay" not in found.metrics
    assert found["message.spf"].value is None
    assert found["message.dmarc"].value == "pass"
