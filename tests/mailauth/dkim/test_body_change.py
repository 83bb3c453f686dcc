"""Why a body hash does not verify: the change is found and named."""

import pytest

from mailwatch.mailauth.dkim import body_change
from mailwatch.mailauth.dkim.body_change import explain_change
from mailwatch.mailauth.dkim.canonicalization import canonical_body
from mailwatch.mailauth.dkim.signature import parse_signature
from mailwatch.mailauth.rawmessage import split_message
from mailwatch.words import worded
from tests.mailauth.dkim.signing import MESSAGE, signed

SIMPLE, RELAXED = ("simple", "simple"), ("relaxed", "relaxed")
LISTED = MESSAGE.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def reason(before: bytes, methods: tuple[str, str], after: bytes, **more: bool) -> str:
    """The cause that is given where the body `before` was signed and `after` came."""
    parts = split_message(signed(LISTED + before, methods, None, **more))
    signature = parse_signature(parts.named("dkim-signature")[0])
    return worded(explain_change(after, signature), "en")


@pytest.mark.parametrize("methods", [SIMPLE, RELAXED])
def test_a_footer(methods: tuple[str, str]) -> None:
    said = reason(b"one\r\n\r\ntwo\r\n", methods, b"one\r\n\r\ntwo\r\n-- \r\nThe list\r\n")
    assert "a footer was added" in said
    assert "first 12 of" in said


def test_a_footer_inside_a_multipart() -> None:
    before = b"--x\r\n\r\nHello\r\n\r\n--x--\r\n"
    after = b"--x\r\n\r\nHello\r\n--x\r\n\r\nThe list\r\n--x--\r\n"
    assert "a footer was added" in reason(before, RELAXED, after)


def test_trailing_white_space() -> None:
    assert "trailing white space" in reason(b"one\r\ntwo\r\n", SIMPLE, b"one \r\ntwo\t\t\r\n")
    before = b"one \r\ntwo\r\n"
    assert "trailing white space" in reason(before, SIMPLE, b"one\r\ntwo\r\n")
    assert "trailing white space" in reason(b"a \r\n\r\nb \r\n", SIMPLE, b"a\r\n\r\nb\r\n")
    before = b"one\r\n-- \r\nAnn\r\n"
    assert "trailing white space" in reason(before, SIMPLE, before.replace(b"-- ", b"--"))


def test_the_other_canonicalization() -> None:
    said = reason(b"one two\r\n", SIMPLE, b"one  two\r\n")
    assert "the other canonicalization (relaxed) would have passed" in said
    # a signer that says relaxed and hashed as in simple
    text = signed(LISTED + b"one  two\r\n", SIMPLE).replace(
        b"c=simple/simple", b"c=relaxed/relaxed"
    )
    signature = parse_signature(split_message(text).named("dkim-signature")[0])
    said = worded(explain_change(b"one  two\r\n", signature), "en")
    assert "the other canonicalization (simple) would have passed" in said


@pytest.mark.parametrize("methods", [SIMPLE, RELAXED])
def test_line_endings(methods: tuple[str, str]) -> None:
    # Given a signer that hashed lines with LF
    import base64
    import hashlib

    body = b"one\r\ntwo\r\n"
    text = signed(LISTED + body, methods)
    right = base64.b64encode(hashlib.sha256(body).digest())
    wrong = base64.b64encode(hashlib.sha256(body.replace(b"\r\n", b"\n")).digest())
    parts = split_message(text.replace(right[:20], wrong[:20]).replace(right[20:], wrong[20:]))
    signature = parse_signature(parts.named("dkim-signature")[0])
    if signature.body_hash != hashlib.sha256(b"one\ntwo\n").digest():  # folded elsewhere
        unfolded = text.replace(b"\r\n ", b" ").replace(right, wrong)
        signature = parse_signature(split_message(unfolded).named("dkim-signature")[0])
    assert "line endings changed" in worded(explain_change(body, signature), "en")


def test_what_is_missing() -> None:
    assert "no body" in reason(b"one\r\n", RELAXED, b"")
    said = reason(b"one\r\ntwo\r\n", RELAXED, b"one\r\n", length=True)
    assert "fewer than the l=10" in said


def test_any_other_change_is_a_change() -> None:
    assert reason(b"one\r\n", RELAXED, b"won\r\n") == "the body was changed after it was signed"


def test_there_is_a_limit_to_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = b"one\r\n", b"one\r\n" + b"x\r\n" * 20
    assert "footer" in reason(before, RELAXED, after)
    monkeypatch.setattr(body_change, "MOST_LINES", 10)
    assert "footer" not in reason(before, RELAXED, after)
    monkeypatch.setattr(body_change, "MOST_HASHED", 1)
    assert "space" not in reason(b"one \r\n", SIMPLE, b"one\r\n")
    monkeypatch.setattr(body_change, "LARGEST_TRIED", 10)
    assert "space" not in reason(b"one\r\n", SIMPLE, b"one          \r\n")


def test_long_runs_of_white_space_take_no_longer() -> None:
    body = b" \t" * 500_000 + b"x\r\n"
    assert canonical_body(body, "relaxed") == b" x\r\n"
    assert "changed" in reason(b"one\r\n", SIMPLE, body)
