"""The page: well formed, self-contained, and in the order of the other reports for people."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib  # type: ignore[import-untyped]  # it has no types
import pytest

from mailwatch.model import Ignored, Lang, Level, say
from mailwatch.reports import FORMATS, View
from mailwatch.reports.headline import marked
from mailwatch.reports.html.card import card
from mailwatch.reports.html.document import page
from mailwatch.reports.html.mail import render_mail
from mailwatch.reports.html.markup import element, text
from mailwatch.reports.outline import blocks
from tests.reports.samples import CASES, DOMAIN, ok, plain, report

LANGUAGES: tuple[Lang, ...] = ("en", "ja")
SVG = "{http://www.w3.org/2000/svg}"
LEADS_AWAY = {"src", "srcset", "href", "action", "data", "poster", "background", "xlink:href"}


def written(name: str, case: str, lang: Lang = "en", *, cut: bool = True) -> str:
    """The report as a page, or as a mail."""
    view = View(lang=lang, all=not cut)
    if name == "mail":
        return render_mail(CASES[case](), view)
    return "".join(FORMATS["html"].render(CASES[case](), view))


def parsed(source: str) -> Any:
    """The elements, read by a parser that accepts no mistake."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(source)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", ["html", "mail"])
def test_a_strict_parser_finds_a_whole_document(name: str, case: str) -> None:
    for lang in LANGUAGES:
        # When it is written, cut and whole
        for cut in (True, False):
            root = parsed(written(name, case, lang, cut=cut))
            # Then it says in which language it is, what it is, and how wide it is meant to be
            assert root.get("lang") == lang
            assert root.findtext("head/title")
            viewport = root.find("head/meta[@name='viewport']")
            assert viewport.get("content") == "width=device-width, initial-scale=1"
            # And its headings are in order
            found = [int(e.tag[1]) for e in root.iter() if re.fullmatch("h[1-6]", str(e.tag))]
            assert found[0] == 1
            assert found.count(1) == 1
            assert all(b <= a + 1 for a, b in pairwise(found))
            # And no id is there twice, and each that is named is there
            idents = [e.get("id") for e in root.iter() if e.get("id")]
            assert len(idents) == len(set(idents))
            for e in root.iter():
                for label in ("aria-labelledby", "aria-describedby"):
                    assert set((e.get(label) or "").split()) <= set(idents)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", ["html", "mail"])
def test_nothing_runs_and_nothing_is_loaded(name: str, case: str) -> None:
    source = written(name, case, cut=False)
    assert "url(" not in source
    assert "@import" not in source
    for e in parsed(source).iter():
        if not isinstance(e.tag, str):
            continue
        assert e.tag not in {"script", "iframe", "object", "embed", "img", "form", "base"}
        for attribute, value in e.attrib.items():
            assert not str(attribute).startswith("on")
            if attribute in LEADS_AWAY:
                assert value == "data:," or value.startswith("#finding-")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_the_cards_are_the_blocks_of_the_console_report(case: str, lang: Lang) -> None:
    # Given what the console and Markdown show as not ok
    shown = [*blocks(CASES[case](), View(lang=lang))]
    # When the page is read
    root = parsed(written("html", case, lang))
    cards = root.findall(".//article")
    # Then the verdict is its first heading, and each block is a card at its place
    assert next(root.iter("h1")).text == marked(CASES[case]().verdict, lang)
    assert [e.get("class") for e in cards] == [f"card {block.level.value}" for block in shown]
    for block, e in zip(shown, cards, strict=True):
        said = " ".join("".join(e.itertext()).split())
        for part in (block.title, *block.actions, *block.risks, block.command, block.about):
            assert " ".join(part.split()) in said
        # And only what to do about a breach is open
        opened = [bool(d.get("open")) for d in e.findall(".//details")]
        acts = block.level is Level.BREACH and bool(block.actions)
        assert sum(opened) == acts == any(opened[:1])
        # And each chart has a name
        charts = e.findall(f".//{SVG}svg")
        assert all(c.get("role") == "img" and c.findtext(f"{SVG}title") for c in charts)
        drawn = "".join((*block.facts, *(row.spark for row in block.rows)))
        assert charts or not re.search("[▁-█]{2}", drawn)


def test_a_card_names_limits_sample_days_and_age() -> None:
    # Given a rate of seven days, 612 of 10,020
    block = next(iter(blocks(CASES["everything"](), View())))
    # When its card is read
    e = parsed(page("t", card(block, "en", "x"), "en")).find(".//article")
    facts = {div.findtext("dt"): div.findtext("dd") for div in e.findall(".//dl/div")}
    # Then
    assert facts == {
        "Limit": "ideal ≤ 3 %, act > 5 %",
        "Sample": "612 of 10,020 processed",
        "Days": "17-23 Nov",
        "Age": "1 day old",
    }
    assert e.findtext(".//*[@class='value']") == "6.1 %"


def test_a_card_says_whatever_else_the_console_does() -> None:
    block = next(iter(blocks(CASES["everything"](), View())))
    more = replace(block, facts=(*block.facts, "since 20 Nov"))
    e = parsed(page("t", card(more, "en", "x"), "en")).find(".//article")
    assert [p.text for p in e.findall(".//p[@class='fact']")] == ["since 20 Nov"]


def test_text_and_attributes_stay_what_they_are() -> None:
    evil = "<b>&amp;\"'</b>"
    made = element("span", text(evil), title=evil)
    (span,) = parsed(page("t", made, "en")).find("body")
    assert (span.text, span.get("title")) == (evil, evil)


def test_what_is_ignored_and_the_tables_of_requirements_are_there() -> None:
    # Given a finding that somebody accepted, with a table of requirements as its evidence
    met, by = say("dns.requirement_not_met"), "Gmail, Yahoo"
    row = say("dns.requirement", what="SPF or DKIM", by=by, state=met)
    made = report([plain("dns.sender_requirements", 1, DOMAIN, row)], ok("dns"))
    why = Ignored(say("verbatim", text="<i>agreed</i>"), None)
    made = replace(made, findings=tuple(replace(f, ignored=why) for f in made.findings))
    # When the whole report is a page
    root = parsed("".join(FORMATS["html"].render(made, View(all=True))))
    # Then both are in it
    ignored = root.find(".//section[@aria-labelledby='part-ignored']")
    assert "<i>agreed</i>" in "".join(ignored.itertext())
    table = root.find(".//section[@aria-labelledby='requirements-1']/table")
    cells = [["".join(c.itertext()) for c in r] for r in table.iter("tr")]
    assert cells == [["Requirement", "Gmail", "Yahoo"], ["SPF or DKIM", "✗", "✗"]]


def test_the_python_of_the_documents_makes_a_mail() -> None:
    page_of_docs = Path(__file__).parents[3] / "docs" / "html-report.md"
    (code,) = re.findall(r"```python\n(.*?)```", page_of_docs.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {"report": CASES["everything"]()}
    exec(code, names)  # our own document
    assert parsed(names["html"]).findtext(".//h1") == "✗ BREACH"
