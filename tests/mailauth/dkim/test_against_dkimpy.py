"""What we verify and what dkimpy verifies is the same, where dkimpy is right."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwatch.mailauth.dkim.verification import DkimResult
from tests.mailauth.dkim.signing import MESSAGE, dkimpy_passes, signed, verified

METHODS = [(one, other) for one in ("simple", "relaxed") for other in ("simple", "relaxed")]
CHANGES = {
    "nothing": lambda text: text,
    "a letter of the body": lambda text: text.replace(b"reader,", b"leader,"),
    "a signed field": lambda text: text.replace(b"What is", b"What was"),
    "the folding of a field": lambda text: text.replace(b"\r\n  new", b" new"),
    "the case of a name": lambda text: text.replace(b"Subject:", b"SUBJECT:"),
    "spaces in the body": lambda text: text.replace(b"Hello ", b"Hello   "),
    "spaces at the end of a line": lambda text: text.replace(b"new.\r\n", b"new. \t\r\n"),
    "empty lines at the end": lambda text: text + b"\r\n\r\n",
    "a footer": lambda text: text + b"--\r\nThe list\r\n",
    "an unsigned field": lambda text: b"X-Spam: no\r\n" + text,
    "a second From": lambda text: b"From: x@example.net\r\n" + text,
}


@pytest.mark.parametrize("methods", METHODS, ids="/".join)
@pytest.mark.parametrize("change", CHANGES)
def test_both_agree_on_what_a_change_breaks(methods: tuple[str, str], change: str) -> None:
    text = CHANGES[change](signed(methods=methods))
    (found,) = verified(text)
    assert found.passed == dkimpy_passes(text)
    if change == "nothing":
        assert found.passed


LINES = st.lists(st.text(st.sampled_from("ab \t.-"), max_size=6).map(str.encode), max_size=6).map(
    lambda lines: b"".join(line + b"\r\n" for line in lines)
)


@settings(max_examples=60, deadline=None)
@given(body=LINES, subject=LINES, changed=LINES, methods=st.sampled_from(METHODS))
def test_both_agree_on_any_text(
    body: bytes, subject: bytes, changed: bytes, methods: tuple[str, str]
) -> None:
    # Given a message of spaces and empty lines, signed by dkimpy
    folded = subject.replace(b"\r\n", b"\r\n ").rstrip(b"\r\n ")
    message = MESSAGE.replace(b"What is\r\n  new", folded).partition(b"\r\n\r\n")[0]
    before = signed(message + b"\r\n\r\n" + body, methods)
    # Then it verifies, and with another body only where dkimpy says so
    assert [one.passed for one in verified(before)] == [dkimpy_passes(before)] == [True]
    after = before.removesuffix(body) + changed
    assert [one.passed for one in verified(after)] == [dkimpy_passes(after)]


def test_a_length_is_taken_as_dkimpy_takes_it() -> None:
    text = signed(length=True) + b"and more\r\n"
    (found,) = verified(text)
    assert (found.result, dkimpy_passes(text)) == (DkimResult.PASS, True)
