"""What holds for every format and every report, whatever strangers wrote into it."""

import json
import re
import unicodedata
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mailwatch.catalog.shipped import SCHEMAS
from mailwatch.model import Finding, Lang, Level, Report
from mailwatch.reports import FORMATS, View
from tests.reports.samples import CASES, DOMAIN, fine, hostile, ok, partial, plain, report

LANGUAGES: tuple[Lang, ...] = ("en", "ja")
SCHEMA = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "report.json").read_text("utf-8")))
SGR = re.compile(r"\x1b\[[0-9;]*m")
COLOURED = re.compile(r"\x1b\[[0-9;]*3[0-7][0-9;]*m")


def text_of(name: str, shown: Report, view: View) -> str:
    """The whole report in one format."""
    return "".join(FORMATS[name].render(shown, view))


def controls(text: str) -> set[str]:
    """Every control and formatting character but the newline."""
    return {c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_keeps_the_contract(name: str, case: str, lang: Lang) -> None:
    shown = CASES[case]()
    for colour, bold, quiet in [(c, b, q) for c in (0, 1) for b in (0, 1) for q in (0, 1)]:
        view = View(80, bool(colour), bool(bold), lang, bool(quiet))
        text = text_of(name, shown, view)
        assert not text or text.endswith("\n")
        assert text == text_of(name, shown, view), "the same report and view, the same text"
        styled = name == "console" and (colour or bold)
        assert not controls(SGR.sub("", text) if styled else text)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_json_is_as_the_schema_says(case: str, lang: Lang) -> None:
    shown = CASES[case]()
    document: Any = json.loads(text_of("json", shown, View(lang=lang)))
    SCHEMA.validate(document)
    levels = [finding["level"] for finding in document["findings"]]
    assert document["counts"] == {level: levels.count(level) for level in Level}
    assert len(document["findings"]) == len(shown.findings)
    for finding in document["findings"]:
        if finding["denominator"] is not None:
            assert finding["value"] == finding["numerator"] / finding["denominator"]


def test_json_says_the_same_whatever_the_terminal_is() -> None:
    shown = CASES["everything"]()
    views = [View(20, colour=True, bold=True), View(200)]
    assert len({text_of("json", shown, view) for view in views}) == 1


SIGNS_OF_MARKUP = st.sampled_from(
    ["[/x] ", "[red]", "[", "]", "\\", "\x1b[31m", "\x1b]8;;x\x07", "\u202e", "\n", "\r\n", "\t",
     "全角", "、", "。", "）", "（", "「", "ー", "…", "é", "e\u0301", "\u0301", "❤\ufe0f", "\ufe0f",
     "👩\u200d💻", "👍🏽", "🇯🇵", "1\ufe0f\u20e3", "ｶﾞ", "か\u3099", "\u3000", "\u00a0", "3 %",
     "≤ 3", " ", "  ", "a" * 90, "b.example", "::warning::", "%", "{x}", "<b>", "\ud800", "\u2028"]
)  # fmt: skip
HOSTILE = st.lists(SIGNS_OF_MARKUP | st.text(max_size=12), max_size=14).map("".join)


@settings(max_examples=120, deadline=None)
@given(HOSTILE, st.integers(20, 200), st.sampled_from(LANGUAGES), st.booleans())
def test_no_line_is_wider_than_the_terminal(
    text: str, width: int, lang: Lang, styled: bool
) -> None:
    view = View(width, colour=styled, bold=styled, lang=lang)
    rendered = text_of("console", hostile(text), view)
    plain_text = SGR.sub("", rendered)
    assert not controls(plain_text)
    for line in plain_text.splitlines():
        assert cell_len(line) <= width, line
        assert line == line.rstrip()
    SCHEMA.validate(json.loads(text_of("json", hostile(text), view)))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_no_width_is_too_small_or_too_large(case: str, lang: Lang) -> None:
    shown = CASES[case]()
    for width in (*range(20, 90), 120, 200):
        text = text_of("console", shown, View(width, lang=lang))
        assert max(map(cell_len, text.splitlines())) <= width
        assert "\n\n\n" not in text, "no doubled blank line"
        assert not text.startswith("\n")
        assert not text.endswith("\n\n")


@pytest.mark.parametrize("case", CASES)
def test_style_changes_no_word(case: str) -> None:
    for lang in LANGUAGES:
        bare = text_of("console", CASES[case](), View(lang=lang))
        for colour, bold in [(True, True), (True, False), (False, True)]:
            styled = text_of("console", CASES[case](), View(80, colour, bold, lang))
            assert SGR.sub("", styled) == bare


@pytest.mark.parametrize(
    ("colour", "bold", "escapes", "coloured"),
    [
        (False, False, False, False),
        (False, True, True, False),
        (True, False, True, True),
        (True, True, True, True),
    ],
)
def test_colour_and_bold(colour: bool, bold: bool, escapes: bool, coloured: bool) -> None:
    text = text_of("console", CASES["everything"](), View(80, colour, bold))
    assert ("\x1b[" in text) is escapes
    assert (COLOURED.search(text) is not None) is coloured


def test_every_level_has_a_sign_and_a_word_beside_its_colour() -> None:
    text = text_of("console", CASES["everything"](), View())
    for mark in (
        "✗ BREACH  ",
        "! WARN    ",
        "? CANNOT  ",
        "  TELL    ",
        "✓ ok      ",
        "· shown   ",
    ):
        assert f"\n{mark}" in text
    japanese = text_of("console", CASES["everything"](), View(lang="ja"))
    for mark in ("✗ 要対応  ", "! 注意    ", "? 未判定  ", "✓ 正常    ", "· 参考    "):
        assert f"\n{mark}" in japanese


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    views = [View(80, colour, bold) for colour in (True, False) for bold in (True, False)]
    before = [text_of("console", CASES["everything"](), view) for view in views]
    for settings_ in (
        {"NO_COLOR": "1", "COLUMNS": "33", "TERM": "dumb"},
        {"FORCE_COLOR": "1", "COLUMNS": "500", "TERM": "xterm-256color", "LINES": "3"},
        {"TTY_COMPATIBLE": "0", "JUPYTER_COLUMNS": "20", "COLORTERM": "truecolor", "LANG": "ja"},
    ):
        with monkeypatch.context() as patch:
            for name, value in settings_.items():
                patch.setenv(name, value)
            assert [text_of("console", CASES["everything"](), view) for view in views] == before


def quiet(shown: Report, name: str, lang: Lang = "en") -> str:
    """The report without what is ok."""
    return text_of(name, shown, View(lang=lang, quiet=True))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_quiet_says_nothing_when_all_is_ok(name: str, lang: Lang) -> None:
    assert quiet(fine(), name, lang) == ""
    assert quiet(CASES["skipped"](), name, lang) == ""


# A line of jsonl is a finding, so a report without findings has no line.
WITH_A_HEADING = [name for name in FORMATS if name != "jsonl"]


@pytest.mark.parametrize("name", WITH_A_HEADING)
def test_quiet_leaves_out_only_what_is_ok(name: str) -> None:
    for case in ("everything", "outage", "partial", "nothing"):
        text = quiet(CASES[case](), name)
        assert text
        assert "✓ ok" not in text
        assert "· shown" not in text
    document = json.loads(quiet(CASES["everything"](), "json"))
    assert {finding["level"] for finding in document["findings"]} == {"breach", "warn", "unknown"}
    assert document["counts"]["ok"] == 7


@pytest.mark.parametrize("name", WITH_A_HEADING)
def test_quiet_does_not_hide_a_run_that_fails_otherwise(name: str) -> None:
    strict = replace(partial(), findings=fine().findings, verdict=Level.OK, exit_code=3)
    assert quiet(strict, name)


def with_level(level: Level, finding: Finding) -> Finding:
    """The finding at another level."""
    return replace(finding, level=level)


def test_one_is_not_several() -> None:
    text = text_of("console", report([plain("dns.mx", "found")], ok("dns")), View())
    assert "\n✓ OK  1 ok\n" in text
    for level, words in ((Level.BREACH, "1 check needs action"), (Level.WARN, "1 warning")):
        made = report([plain("dns.dmarc_policy", "missing", DOMAIN)], ok("dns"))
        made = replace(made, findings=tuple(with_level(level, f) for f in made.findings))
        assert f"  {words}\n" in text_of("console", made, View())
