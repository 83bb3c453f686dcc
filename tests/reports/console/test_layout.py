"""Lines that fit: wrapping, hanging, spreading, packing."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from mailwatch.reports.console import layout
from mailwatch.reports.console.layout import hang, pack, pad, print_lines, spread, wrap
from mailwatch.reports.glue import glue
from mailwatch.reports.view import View
from mailwatch.text.inert import inert

WORDS = st.text() | st.sampled_from(
    ["登録", "ください。", "「鍵」", "、", "。", "3 %", "≤ 3 %", "example.com", "x" * 50,
     "❤\ufe0f", "11月", "👍🏽", "か\u3099", "。" * 30, "  ", "\u3000", "\u00a0", "（", "）",
     "e\u0301"]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=12).map("".join).map(inert)


def lines(text: str, width: int) -> list[str]:
    """The text wrapped, as strings."""
    return [line.plain for line in wrap(Text(text), width)]


@pytest.mark.parametrize(
    ("text", "width", "wrapped"),
    [
        ("", 10, [""]),
        ("one two three", 13, ["one two three"]),
        ("one two three", 12, ["one two", "three"]),
        ("one  two", 5, ["one", "two"]),
        ("a longunbrokenword b", 6, ["a", "longun", "broken", "word b"]),
        ("迷惑メールの率。", 14, ["迷惑メールの", "率。"]),  # not before 。
        ("迷惑メールの率", 14, ["迷惑メールの率"]),
        ("確認（登録）する", 7, ["確認", "（登", "録）す", "る"]),  # （ not at the end of a line
        ("拒否率(別)は", 7, ["拒否率", "(別)は"]),  # half-width brackets too
        ("11月18日〜24日", 10, ["11月18日〜", "24日"]),
        ("あと約 120 通です", 9, ["あと約", "120 通で", "す"]),
        (glue("7 日前"), 4, ["7\u00a0日", "前"]),
        ("キャンペーン", 6, ["キャン", "ペーン"]),
        ("率は3 %です", 6, ["率は", "3 %で", "す"]),
        ("past 0.3 % now", 8, ["past", "0.3 %", "now"]),
        ("ideal ≤ 3 %", 9, ["ideal", "≤ 3 %"]),
        ("at 123456 % now", 7, ["at", "123456", "% now"]),  # too long to keep together
        (glue("12345 67890"), 7, ["12345", "67890"]),
        ("11月23日まで", 6, ["11月", "23日ま", "で"]),
        (f"now {glue('2 of 3')}", 8, ["now", glue("2 of 3")]),
        ("ab。cd", 2, ["a", "b。", "cd"]),  # a width that cannot hold it is no error
        ("か\u3099か\u3099か\u3099", 4, ["か\u3099か\u3099", "か\u3099"]),
        ("❤\ufe0f❤\ufe0f❤\ufe0f", 4, ["❤\ufe0f❤\ufe0f", "❤\ufe0f"]),
    ],
)
def test_wrap(text: str, width: int, wrapped: list[str]) -> None:
    assert lines(text, width) == wrapped


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(8, 120))
@example("a" * 20 + "。", 20)
@example("\u00a0" * 40 + "x", 20)
def test_wrap_loses_nothing_and_fits(text: str, width: int) -> None:
    wrapped = lines(text, width)
    assert "".join("".join(wrapped).split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in wrapped)


@given(st.lists(st.text("abé.,:[]0123456789", min_size=1, max_size=12)), st.integers(14, 80))
def test_words_that_fit_are_not_broken(words: list[str], width: int) -> None:
    wrapped = lines(" ".join(words), width)
    assert " ".join(wrapped).split() == words
    for line, following in pairwise(wrapped):
        word = following.split()[0]
        assert cell_len(f"{line} {word}") > width, "no line is left shorter than it must be"


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(10, 60))
def test_no_line_begins_with_closing_punctuation(text: str, width: int) -> None:
    rest = text
    for n, line in enumerate(lines(text, width)):
        start = rest.find(line) if line else 0
        if n and line[:1] in ("、", "。") and line:
            before = rest[:start]
            avoidable = before == "" and not re.search(
                r"[)\],.:;~〜、。…ー）」]{3}$", text[: -len(rest)]
            )
            assert not avoidable, (line, text)
        rest = rest[start + len(line) :]


def test_wrap_keeps_the_style() -> None:
    first, second = wrap(Text.assemble(("one", "bold"), " two"), 4)
    assert (first.plain, str(first.spans[0].style)) == ("one", "bold")
    assert (second.plain, second.spans) == ("two", [])


def hung(mark: str, text: str, width: int, indent: int) -> list[str]:
    """What hangs behind the mark, as strings."""
    return [line.plain for line in hang(Text(mark), Text(text), width, indent)]


@pytest.mark.parametrize(
    ("mark", "text", "width", "indent", "shown"),
    [
        ("Do", "one two three", 30, 4, ["Do  one two three"]),
        ("Do", "one two three", 13, 4, ["Do  one two", "    three"]),
        ("Do", "", 13, 4, ["Do"]),
        ("    Do", "one two", 12, 8, ["    Do", "  one two"]),  # too narrow for the indent
        ("", "one two", 7, 4, ["  one", "  two"]),
    ],
)
def test_hang(mark: str, text: str, width: int, indent: int, shown: list[str]) -> None:
    assert hung(mark, text, width, indent) == shown


@pytest.mark.parametrize(
    ("left", "right", "width", "shown"),
    [
        ("title", "a.example", 30, ["✗ title             a.example "[:-1].rjust(0)]),
        ("title", "", 30, ["✗ title"]),
        ("title", "a.example", 17, ["✗ title", "  a.example"]),
        ("a title of words", "", 12, ["✗ a title of", "  words"]),
    ],
)
def test_spread(left: str, right: str, width: int, shown: list[str]) -> None:
    got = [line.plain for line in spread(Text("✗ "), Text(left), Text(right), width, 2)]
    if right and len(got) == 1:
        assert cell_len(got[0]) == width
        assert got[0].split() == shown[0].split()
    else:
        assert got == shown


def test_pack() -> None:
    assert list(pack([], 10)) == []
    assert list(pack(["ab", "", "cd", "efgh"], 8)) == ["ab  cd", "efgh"]
    assert list(pack(["longer than that", "b"], 8)) == ["longer than that", "b"]


def test_pad_counts_cells() -> None:
    assert pad("率", 4) == "率  "
    assert pad("longer", 3) == "longer"


@pytest.mark.parametrize("colour", [True, False])
@pytest.mark.parametrize("bold", [True, False])
def test_glue_is_printed_as_a_space(colour: bool, bold: bool) -> None:
    printed = "".join(print_lines([Text(glue("3 ok  "), "bold red")], View(80, colour, bold)))
    assert "3 ok" in printed
    assert "\u00a0" not in printed
    assert printed.endswith("\n")
    assert ("\x1b[" in printed) is (colour or bold)


NARROW = ["a", "19", " ", "  ", "%", " %", "≤ ", "< 3", "(", "[", ")", "…", ".", "·", "\u00a0", "é"]


@given(st.lists(st.sampled_from(NARROW), max_size=12).map("".join))
@settings(max_examples=200, deadline=None)
def test_a_text_without_full_width_characters_breaks_at_the_same_places(text: str) -> None:
    spans = (
        [token.span() for token in re.finditer(pattern, text)]
        for pattern in (layout._TOKEN, layout._NARROW)
    )
    assert next(spans) == next(spans)
