"""The page from the command line."""

from pathlib import Path

import html5lib  # type: ignore[import-untyped]  # it has no types
import pytest

from tests.cli.conftest import Command


def test_the_page_is_written_beside_the_report_in_the_readers_language(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a reader with a Japanese locale
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    # When a run writes the page and prints JSON
    outcome = mailwatch("demo", "--format", "json", "--output", "html=report.html")
    # Then both have the same verdict, and the exit code is that of any format
    source = Path("report.html").read_text(encoding="utf-8")
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(source)
    assert (outcome.status, outcome.json["verdict"]) == (1, "breach")
    assert root.find(".//header").get("class") == "verdict breach"
    # And the page is in the reader's language, JSON is not
    assert (root.get("lang"), root.findtext(".//h1")) == ("ja", "✗ 要対応")
    assert outcome.json["findings"][0]["title"].isascii()


def test_the_page_can_be_printed_to_stdout(mailwatch: Command) -> None:
    outcome = mailwatch("demo", "--scenario", "healthy", "--format", "html", "--lang", "en")
    assert outcome.status == 0
    assert outcome.out.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert outcome.out.endswith("</html>\n")
    # And a quiet run has nothing to print
    quiet = mailwatch("demo", "--scenario", "healthy", "--format", "html", "--quiet-ok")
    assert (quiet.status, quiet.out) == (0, "")
