"""Hostile text in every field that a stranger controls, through every format: shown, not obeyed."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import fromstring

import html5lib  # type: ignore[import-untyped]  # it has no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mailwatch.model import Lang, Report
from mailwatch.reports import FORMATS, View
from mailwatch.reports.html.mail import render_mail
from mailwatch.text.inert import inert
from tests.reports.samples import hostile
from tests.reports.test_contract import controls

ATTACKS = {
    "terminal": "\x1b]0;title\x07\x1b[2J\x9b31m\r\x08",
    "bidirectional": "\u202egpj.exe\u2066\u200f\u061c",
    "rich": "[bold red]x[/] [link=http://192.0.2.1]y[/link]",
    "html": "</style></title><script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "xml": "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "formula": '=HYPERLINK("http://192.0.2.1","x")',
    "formula of another width": "＝1+1",
    "workflow": "::error title=x::y\n::add-mask::z",
    "old workflow": "x ##[add-mask]y ##vso[task.setvariable variable=x]y",
    "workflow that we would end": "::error:",
    "folded workflow": "n" * 60 + " ::stop-commands::x " + "n" * 79 + "::error::y",
    "markdown": "[x](http://192.0.2.1) ![x](http://192.0.2.1) <b> `x` @everyone #1 | x",
    "nagios": "x | 'evil'=1;2;3\n| y=2",
    "prometheus": 'x"} 1\nevil{y="',
    "template": "{{7*7}} ${x} {0} %(x)s %s",
}
LANGUAGES: tuple[Lang, ...] = ("en", "ja")


def text_of(name: str, shown: Report, view: View | None = None) -> str:
    """The whole report in one format; `mail` is the page for mail clients."""
    view = view or View()
    return (
        render_mail(shown, view) if name == "mail" else "".join(FORMATS[name].render(shown, view))
    )


def strings_in(value: Any) -> Iterator[str]:
    """Every string of a JSON document, the keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (*value, *(text for one in value.values() for text in strings_in(one)))
    elif isinstance(value, list):
        yield from (text for one in value for text in strings_in(one))


def is_command(line: str) -> bool:
    """As the runner of GitHub Actions reads a line (ActionCommand.cs), for commands of any name
    but those that an IPv6 address looks like; and as Azure Pipelines does."""
    begun = line.lstrip()
    if begun.startswith("::") and "::" in begun[2:]:
        name = begun[2 : begun.index("::", 2)].partition(" ")[0]
        return re.fullmatch("[a-z-]+", name, re.IGNORECASE) is not None
    return re.search(r"##[a-z]*\[[^\]]*\]", line, re.IGNORECASE) is not None


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("name", [*FORMATS, "mail"])
def test_no_line_is_a_command_or_has_a_control(name: str, attack: str) -> None:
    for lang in LANGUAGES:
        for width in (20, 40, 79, 80, 120):
            text = text_of(name, hostile(ATTACKS[attack]), View(width, lang=lang, all=width == 79))
            assert not controls(text)
            for line in text.splitlines():
                ours = name == "github" and re.match("::(error|warning|notice) title=", line)
                assert ours or not is_command(line), line


@pytest.mark.parametrize("name", [*FORMATS, "mail"])
def test_square_brackets_stay_as_text(name: str) -> None:
    text = text_of(name, hostile(ATTACKS["rich"]), View(400))
    # A backslash before it is how Markdown and its like write a bracket
    assert "[bold red]x[/]" in text.replace("\\", "")


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_string_of_json_has_a_control_once_it_is_read(attack: str) -> None:
    shown = hostile(ATTACKS[attack])
    lines = text_of("jsonl", shown).splitlines()
    for text in (text_of("json", shown), text_of("sarif", shown), *lines):
        assert not controls("".join(strings_in(json.loads(text))))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from([*ATTACKS.values(), "::error:", "##[x]", "n" * 19, " ", ":"]), max_size=4
    ),
    st.integers(20, 130),
)
def test_wherever_a_line_is_broken_it_is_no_command(parts: list[str], width: int) -> None:
    text = text_of("console", hostile("".join(parts)), View(width))
    assert not [line for line in text.splitlines() if is_command(line)]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_page_has_the_same_elements_whatever_is_written_in_it(attack: str) -> None:
    for name in ("html", "mail"):
        # Given the elements of a harmless report
        plain, evil = (_elements(name, text) for text in ("harmless", ATTACKS[attack]))
        # Then there are none but those, with none but their attributes
        assert evil == plain
        assert inert(ATTACKS[attack]) in _words(name, ATTACKS[attack])


def _root(name: str, text: str) -> Any:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(text_of(name, hostile(text)))


def _elements(name: str, text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(e.tag, tuple(e.attrib)) for e in _root(name, text).iter()]


def _words(name: str, text: str) -> str:
    return "".join(_root(name, text).itertext())


@pytest.mark.parametrize("attack", ATTACKS)
def test_markdown_has_the_same_elements_whatever_is_written_in_it(attack: str) -> None:
    reader = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"])
    shown = reader.render(text_of("markdown", hostile(ATTACKS[attack])))
    tags = {*re.findall(r"<([a-z0-9]+)", shown)}
    assert tags <= {"h2", "h3", "p", "strong", "ul", "ol", "li", "code", "hr", "table", "thead",
                    "tbody", "tr", "th", "td"}  # fmt: skip
    assert "@everyone" not in shown or "<code>" in shown


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_machines_read_is_well_formed_and_has_the_text_as_it_is(attack: str) -> None:
    shown, text = hostile(ATTACKS[attack]), inert(ATTACKS[attack])
    # JSON
    (found, *_) = json.loads(text_of("json", shown))["findings"]
    assert text in found["subject"].values()
    assert all(json.loads(line) for line in text_of("jsonl", shown).splitlines())
    # CSV: a row a finding, and no cell that a spreadsheet runs
    rows = list(csv.reader(io.StringIO(text_of("csv", shown))))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) == len(shown.findings) + 1
    for cell in (cell for row in rows for cell in row):
        number = re.fullmatch(r"-?[0-9.e-]+", cell)
        assert number or not cell.startswith(tuple("=+-@＝＋－＠\t\r\n"))
    # JUnit: the same elements
    root = fromstring(text_of("junit", shown))
    assert {e.tag for e in root.iter()} <= {"testsuites", "testsuite", "testcase", "failure",
                                            "skipped", "error", "system-out"}  # fmt: skip
    assert any(text in (e.get("name") or "") for e in root.iter("testcase"))
    # SARIF: no message has a link
    run = json.loads(text_of("sarif", shown))["runs"][0]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    for message in (one["message"]["text"] for one in (*run["results"], *notes)):
        assert "](" not in message
    # Nagios: one line, and one bar before the figures
    line = text_of("nagios", shown)
    assert (line.count("\n"), line.count("|")) == (1, 1)
    # Prometheus: a sample a line
    sample = re.compile(r'[a-z_]+(\{([a-z_]+="([^"\\\n]|\\[\\"n])*",?)+\})? \S+|# .*')
    assert all(sample.fullmatch(one) for one in text_of("prometheus", shown).splitlines())
