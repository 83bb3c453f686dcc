"""Strangers' text: shown, never obeyed, and never long."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwatch.text.inert import LONGEST, inert


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("v=spf1 -all", "v=spf1 -all"),
        ("日本語 ünï", "日本語 ünï"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\r\tc\x00", "a\\x0ab\\x0d\\x09c\\x00"),
        ("\x7f\x9b", "\\x7f\\x9b"),  # DEL, and the C1 control that some terminals take for ESC [
        ("\u202eevil\u2066", "\\u202eevil\\u2066"),
        ("\u200b\ufeff\u00ad", "\\u200b\\ufeff\\xad"),
        ("\u2028\u2029", "\\u2028\\u2029"),
        ("\U000e0041", "\\U000e0041"),  # a tag character, invisible
        ("\ud800", "\\ud800"),
        ("\ue000", "\\ue000"),
        ("\uffff\U00010fff", "\\uffff\\U00010fff"),  # no characters at all
        (b"caf\xc3\xa9", "café"),
        (b"\xff\x1b", "\\xff\\x1b"),
        ("::error::x", "\\x3a:error\\x3a:x"),
        ("x ::Add-Mask::y", "x \\x3a:Add-Mask\\x3a:y"),
        (":::group a=b,c=d::", ":\\x3a:group a=b,c=d::"),
        ("##[error]x ##vso[task.x]", "\\x23#[error]x \\x23#vso[task.x]"),
        ("::notice:", "\\x3a:notice:"),  # the text that follows it may begin with a colon
        ("###[", "#\\x23#["),
        # and what is no command of a CI system
        ("v=spf1 ip6:fe80::face ip6:2001:db8::/32", "v=spf1 ip6:fe80::face ip6:2001:db8::/32"),
        ("# [x](y) ## z [", "# [x](y) ## z ["),
    ],
)
def test_what_a_terminal_or_a_reader_would_obey_is_shown(text: str | bytes, shown: str) -> None:
    assert inert(text) == shown


@pytest.mark.parametrize("given", ["x" * 10, b"x" * 10])
def test_text_that_just_fits_is_whole(given: str | bytes) -> None:
    assert inert(given, 10) == "x" * 10


@pytest.mark.parametrize("given", ["x" * 11, b"x" * 11, "x" * 9_000_000, b"x" * 9_000_000])
def test_longer_text_says_that_it_was_cut(given: str | bytes) -> None:
    assert inert(given, 10) == "x" * 9 + "…"


def test_an_escape_counts_as_long_as_it_is_shown() -> None:
    assert inert("\x1b" * 4, 10) == "\\x1b\\x1b\\" + "…"


@pytest.mark.parametrize("bytes_each", [1, 2, 3, 4])
def test_bytes_are_cut_by_characters(bytes_each: int) -> None:
    char = ["x", "é", "あ", "😀"][bytes_each - 1]
    assert inert((char * 10).encode(), 10) == char * 10
    assert inert((char * 11).encode(), 10) == char * 9 + "…"


@given(st.text(st.characters(codec=None)) | st.binary(), st.integers(2, 500))
def test_whatever_comes_is_one_harmless_line(given: str | bytes, longest: int) -> None:
    shown = inert(given, longest)
    assert len(shown) <= longest
    forbidden = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"}
    assert not {unicodedata.category(char) for char in shown} & forbidden
    assert inert(shown, longest) == shown


def test_without_a_bound_the_usual_one_holds() -> None:
    assert len(inert("x" * 10_000)) == LONGEST
