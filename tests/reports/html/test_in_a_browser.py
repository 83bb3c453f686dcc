"""The page in headless Chromium: what it asks for, how it reads, how wide it is, how it prints.

One test, since starting the browser takes longer than all of it.
"""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from mailwatch.model import Lang, Report
from mailwatch.reports import FORMATS, View
from mailwatch.reports.html.mail import render_mail
from tests.browser import NEEDS_CHROMIUM, Page, chromium
from tests.reports.samples import CASES, hostile

EVIL = "<script>document.title='x'</script><img src=http://192.0.2.1/x onerror=alert(1)>\"'"
LONG = "subuser-" + "n" * 200
"""A name without a place to break it at."""
AXE = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
VIOLATIONS = """axe.run().then(found => found.violations.map(
  one => one.id + ': ' + one.nodes.map(node => node.target + ' ' + node.failureSummary)))"""
FITS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUSED = """(e => e.tagName + (e.parentElement.tagName != 'DETAILS' ? '' :
  e.parentElement.open ? ' open' : ' closed'))(document.activeElement)"""
READABLE = """[...document.querySelectorAll('details li')].map(e => e.offsetHeight > 0 &&
  e.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true}))"""


def written(report: Report, lang: Lang, *, whole: bool = False) -> str:
    """The report as a page."""
    return "".join(FORMATS["html"].render(report, View(lang=lang, all=whole)))


def pages() -> dict[str, str]:
    """The pages by name: those with most in them, and those that strangers wrote into."""
    everything, long = CASES["everything"](), hostile(LONG)
    return {
        "everything": written(everything, "en"),
        "japanese": written(everything, "ja"),
        "all": written(CASES["many"](), "en", whole=True),
        "outage": written(CASES["outage"](), "ja"),
        "evil": written(hostile(EVIL), "en"),
        "long": written(long, "ja"),
        "everything mail": render_mail(everything, View()),
        "long mail": render_mail(long, View(lang="ja")),
    }


def violations(page: Page) -> Any:
    """What axe-core objects to."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(f"{AXE}; 0")
    return page.evaluate(VIOLATIONS)


@NEEDS_CHROMIUM
def test_the_page_in_a_browser(tmp_path: Path) -> None:
    with chromium(tmp_path) as page:
        for name, source in pages().items():
            # Given a page in a file
            path = tmp_path / f"{name}.html"
            path.write_text(source, encoding="utf-8")
            for theme in ("light", "dark"):
                # When it is shown on a wide screen, in this theme
                page.show(width=1280, theme=theme)
                page.open(path.as_uri())
                # Then the console is empty, and nothing but the file was asked for
                assert (name, page.problems) == (name, [])
                assert page.requests == [path.as_uri()]
                # And nobody is kept from reading it
                assert (name, theme, violations(page)) == (name, theme, [])
                # And nothing is wider than the screen, be it narrow
                assert (name, page.evaluate(FITS)) == (name, 0)
                page.show(width=390, theme=theme)
                assert (name, page.evaluate(FITS)) == (name, 0)
            assert page.evaluate("document.title") != "x"
        _themes_differ(page, tmp_path / "everything.html")
        _paper_shows_what_is_folded(page, tmp_path / "everything.html")
        _the_keyboard_reaches_what_is_folded(page, tmp_path / "everything.html")
        _a_violation_is_seen(page, tmp_path / "broken.html")


def _themes_differ(page: Page, path: Path) -> None:
    colours = []
    for theme in ("light", "dark"):
        page.show(theme=theme)
        page.open(path.as_uri())
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len({*colours}) == 2


def _paper_shows_what_is_folded(page: Page, path: Path) -> None:
    page.show()
    page.open(path.as_uri())
    assert False in page.evaluate(READABLE)
    page.show(media="print", theme="dark")
    assert {*page.evaluate(READABLE)} == {True}
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(26, 33, 41)"


def _the_keyboard_reaches_what_is_folded(page: Page, path: Path) -> None:
    page.show()
    page.open(path.as_uri())
    reached = []
    for _ in range(60):
        page.press("Tab")
        reached.append(page.evaluate(FOCUSED))
        if reached[-1] == "SUMMARY closed":
            break
    assert {"A", "SUMMARY open", "SUMMARY closed"} == set(reached)
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.press("Enter")
    assert page.evaluate(FOCUSED) == "SUMMARY open"


def _a_violation_is_seen(page: Page, path: Path) -> None:
    """The rules above see what they are for."""
    page.show()
    path.write_text(
        "<p style='color:#ccc;width:9999px'>pale<img src=http://127.0.0.1:9/x>", "utf-8"
    )
    page.open(path.as_uri())
    found = json.dumps(violations(page))
    for rule in ("color-contrast", "html-has-lang", "document-title", "image-alt"):
        assert rule in found
    assert page.evaluate(FITS) > 0
    assert len(page.requests) == 2
    assert page.problems
