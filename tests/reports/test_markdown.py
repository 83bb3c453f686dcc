"""The Markdown report: the same order and cuts as on the console, and strangers' text inert."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mailwatch.model import Level
from mailwatch.reports import FORMATS, View
from mailwatch.reports.markdown import code_span, inert_text
from tests.reports.samples import CASES, catalog, hostile, outage

GFM = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = {"heading", "paragraph", "bullet_list", "ordered_list", "list_item", "strong", "table",
        "thead", "tbody", "tr", "th", "td"}  # fmt: skip
LINKED = re.compile(r"@\w|#\d|\bGH-\d|www\.\w|://", re.IGNORECASE)
"""What GitHub makes links of after the Markdown is read."""


def markdown(case: str, *, cut: bool = True) -> str:
    """The report of that case."""
    return "".join(FORMATS["markdown"].render(CASES[case](), View(all=not cut)))


def leaves(tokens: list[Token]) -> list[Token]:
    """The tokens, with those inside lines."""
    return [leaf for token in tokens for leaf in (token, *leaves(token.children or []))]


def shown(text: str) -> str:
    """What a reader sees of it, outside code."""
    kinds = ("text", "text_special", "entity")
    return "".join(leaf.content for leaf in leaves(GFM.parse(text)) if leaf.type in kinds)


STRANGERS = [
    "*bold*", "_em_", "**x**", "`code`", "``", "`", "<b>x</b>", "<!-- x -->", "[a](http://b)",
    "![i](x)", "~~gone~~", "| a | b |", "\\", "\\*", "# title", "- item", "+ item", "1. item",
    "1) x", "> quote", "---", "===", "@octocat", "#123", "GH-7", "owner/repo#5", "&amp;", "&#64;x",
    "https://evil.example", "www.evil.example", "a@b.example", "$x$", "::warning::x", "[x]: y",
    "    indented", "<https://x.example>", "0123456789abcdef0123456789abcdef01234567",
]  # fmt: skip


@pytest.mark.parametrize("text", STRANGERS)
def test_strangers_text_is_shown_and_does_nothing(text: str) -> None:
    table = f"| {inert_text(text)} |\n| - |"
    for line in (inert_text(text), f"- {inert_text(text)}", table):
        tokens = leaves(GFM.parse(line))
        assert {token.type.removesuffix("_open").removesuffix("_close") for token in tokens} <= {
            "inline", "text", "text_special", "paragraph", "bullet_list", "list_item", "table",
            "thead", "tbody", "tr", "th", "td"}  # fmt: skip
        assert sum(token.type in ("th_open", "list_item_open") for token in tokens) <= 1
        seen = shown(line).replace("\u200b", "")
        assert seen.strip() == text.strip()
        assert not LINKED.search(shown(line))


@pytest.mark.parametrize("text", ["a", "`", "``x`", "`a`", " ", "x` ", "a|b"])
def test_a_code_span_holds_every_text(text: str) -> None:
    (inline,) = [token for token in GFM.parse(f"- {code_span(text)}") if token.type == "inline"]
    assert [leaf.type for leaf in inline.children or []] == ["code_inline"]
    assert (inline.children or [])[0].content.strip() == text.strip()


WORDS = {
    word
    for check in catalog().checks.values()
    if isinstance(check.worse, tuple)
    for word in check.worse
}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(STRANGERS) | st.text(max_size=9), max_size=8).map(" ".join))
def test_no_stranger_changes_the_shape_of_the_report(text: str) -> None:
    # A word that a check knows (the `null` of an MX record) is judged, and is no stranger's.
    assume(text not in WORDS)

    def shape(of: str) -> list[str]:
        tokens = GFM.parse("".join(FORMATS["markdown"].render(hostile(of), View())))
        return [token.type for token in tokens]

    assert shape(text) == shape("plain")
    report = "".join(FORMATS["markdown"].render(hostile(text), View()))
    assert {leaf.type for leaf in leaves(GFM.parse(report))} & {
        "link_open", "image", "html_inline", "em_open", "s_open"} == set()  # fmt: skip
    assert not LINKED.search(shown(report))


def test_the_order_is_the_console_s() -> None:
    text = markdown("everything")
    order = ["**✗ BREACH**: 3 checks need action", "### ✗ BREACH · Bounce rate: 6.1 %", "**Do**",
             "**Risk**", "### ! WARN", "### ? CANNOT TELL", "### ✓ ok", "### · shown",
             "| ✗ | Bounce rate | 6.1 % |", "| ? | Block rate |"]  # fmt: skip
    places = [text.index(mark) for mark in order]
    assert places == sorted(places)
    assert text.splitlines()[-1].startswith("**✗ BREACH** · sendgrid ok (23 Nov)")


def test_the_cuts_are_the_console_s() -> None:
    assert "- and 3 more\n" in markdown("many")
    assert "- and 3 more\n" not in markdown("many", cut=False)
    assert "3. Get SPF, DKIM and DMARC" not in markdown("everything")
    assert "3. Get SPF, DKIM and DMARC" in markdown("everything", cut=False)
    assert "- **SPF record** · valid · ideal valid\n" in markdown("everything", cut=False)


def test_it_is_well_formed_for_every_level() -> None:
    for case in CASES:
        text = markdown(case)
        tokens = GFM.parse(text)
        kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
        assert kinds <= {*OURS, "inline", "hr"}
        assert "\n\n\n" not in text
        assert "\u00a0" not in text
    levels = {finding.level for finding in CASES["everything"]().findings}
    assert levels == set(Level)


def test_a_source_in_trouble_is_listed() -> None:
    assert "\n- ✗ **sendgrid failed**\n" in markdown("outage")
    assert outage().sources[0].name == "sendgrid"
