"""Whole reports as plain text files. UPDATE_SNAPSHOTS=1 writes them again: read what changed."""

import os
from pathlib import Path

import pytest

from mailwatch.model import Lang
from mailwatch.reports import FORMATS, View
from mailwatch.reports.html.mail import render_mail
from mailwatch.reports.html.stylesheet import STYLESHEET
from tests.reports.samples import CASES

SNAPSHOTS = Path(__file__).parents[1] / "snapshots"
UPDATE = os.environ.get("UPDATE_SNAPSHOTS") == "1"
MACHINES = {
    "jsonl": "jsonl",
    "csv": "csv",
    "junit": "xml",
    "prometheus": "prom",
    "sarif": "json",
    "github": "txt",
    "nagios": "txt",
}
CONSOLE = [(case, lang, width) for case in CASES for lang in ("en", "ja") for width in (80, 40)]


def compare(name: str, text: str) -> None:
    """`text` is what the snapshot says."""
    path = SNAPSHOTS / name
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "UPDATE_SNAPSHOTS=1 writes it again"


@pytest.mark.parametrize(("case", "lang", "width"), CONSOLE)
def test_the_console_report(case: str, lang: Lang, width: int) -> None:
    text = "".join(FORMATS["console"].render(CASES[case](), View(width, lang=lang)))
    compare(f"console/{case}-{lang}-{width}.txt", text)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("case", ["everything", "many"])
def test_the_console_report_with_nothing_cut(case: str, lang: Lang) -> None:
    text = "".join(FORMATS["console"].render(CASES[case](), View(80, lang=lang, all=True)))
    compare(f"console/{case}-{lang}-80-all.txt", text)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("case", CASES)
def test_the_markdown_report(case: str, lang: Lang) -> None:
    text = "".join(FORMATS["markdown"].render(CASES[case](), View(lang=lang)))
    compare(f"markdown/{case}-{lang}.md", text)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("case", CASES)
def test_the_page(case: str, lang: Lang) -> None:
    """The stylesheet, which is the same in all, is a snapshot of its own."""
    text = "".join(FORMATS["html"].render(CASES[case](), View(lang=lang)))
    assert text.count(STYLESHEET) == 1
    compare(f"html/{case}-{lang}.html", text.replace(STYLESHEET, "/* page.css */"))
    compare("html/page.css", STYLESHEET)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_with_nothing_cut(lang: Lang) -> None:
    text = "".join(FORMATS["html"].render(CASES["many"](), View(lang=lang, all=True)))
    compare(f"html/many-{lang}-all.html", text.replace(STYLESHEET, "/* page.css */"))


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("case", CASES)
def test_the_page_for_mail_clients(case: str, lang: Lang) -> None:
    compare(f"mail/{case}-{lang}.html", render_mail(CASES[case](), View(lang=lang)))


@pytest.mark.parametrize("case", CASES)
def test_the_json_report(case: str) -> None:
    compare(f"json/{case}.json", "".join(FORMATS["json"].render(CASES[case](), View())))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("name", "ending"), MACHINES.items())
def test_the_report_for_machines(name: str, ending: str, case: str) -> None:
    text = "".join(FORMATS[name].render(CASES[case](), View()))
    compare(f"{name}/{case}.{ending}", text)


def test_every_snapshot_is_of_a_case() -> None:
    known = {f"{case}-{lang}-{width}.txt" for case, lang, width in CONSOLE}
    known |= {
        f"{case}-{lang}-80-all.txt" for case in ("everything", "many") for lang in ("en", "ja")
    }
    assert {path.name for path in (SNAPSHOTS / "console").iterdir()} == known
    markdown = {f"{case}-{lang}.md" for case in CASES for lang in ("en", "ja")}
    assert {path.name for path in (SNAPSHOTS / "markdown").iterdir()} == markdown
    html = {f"{case}-{lang}.html" for case in CASES for lang in ("en", "ja")}
    assert {path.name for path in (SNAPSHOTS / "mail").iterdir()} == html
    html |= {"page.css", "many-en-all.html", "many-ja-all.html"}
    assert {path.name for path in (SNAPSHOTS / "html").iterdir()} == html
    for name in ("json", *MACHINES):
        assert {path.stem for path in (SNAPSHOTS / name).iterdir()} == set(CASES)
