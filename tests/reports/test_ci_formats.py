"""SARIF, the annotations of GitHub Actions, and the line of a Nagios plugin."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mailwatch.catalog.shipped import THRESHOLDS
from mailwatch.model import Check, Finding, Level, Limit, Place, Report, Subject
from mailwatch.reports import FORMATS, View
from mailwatch.reports.nagios import CRITICAL, MOST_CHARACTERS, OK, STATUSES, UNKNOWN, WARNING
from tests.reports.samples import CASES, findings, ok, plain, rate, report

ANNOTATION = re.compile(r"::(error|warning|notice) title=([^\n:,]*)::([^\n]*)")
FIGURE = re.compile(r"'(?:[^'|=]|'')+'=-?[0-9.e+-]+%?(?:;[@~0-9.:e-]*){0,2}")


def text_of(name: str, shown: Report, view: View | None = None) -> str:
    return "".join(FORMATS[name].render(shown, view or View()))


def sarif(shown: Report, view: View | None = None) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(text_of("sarif", shown, view))["runs"][0]
    return run


@pytest.mark.parametrize("case", CASES)
def test_sarif_has_a_result_for_each_finding_that_is_not_ok(case: str) -> None:
    shown = CASES[case]()
    run = sarif(shown)
    # Then errors are breaches, and what is unknown is open
    levels = [finding.level for finding in shown.findings]
    results = run["results"]
    assert [r["level"] for r in results].count("error") == levels.count(Level.BREACH)
    assert [r["level"] for r in results].count("warning") == levels.count(Level.WARN)
    assert [r["kind"] for r in results].count("open") == levels.count(Level.UNKNOWN)
    # And each points to its rule, and to the line of thresholds.yaml with the check's id
    lines = THRESHOLDS.read_text("utf-8").splitlines()
    for result in results:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"] == {"uri": "thresholds.yaml", "uriBaseId": "MAILWATCH"}
        assert lines[place["region"]["startLine"] - 1].startswith(f"{result['ruleId']}:")
    # And no two results have one fingerprint
    prints = [result["partialFingerprints"]["mailwatch/v1"] for result in results]
    assert len(set(prints)) == len(prints)


@pytest.mark.parametrize(
    ("path", "folder", "uri"),
    [
        ("my thresholds.yaml", "/repo", "my%20thresholds.yaml"),
        ("/repo/etc/t.yaml", "/repo", "etc/t.yaml"),
        ("/else/t.yaml", "/repo", "file:///else/t.yaml"),
        ("/else/t.yaml", None, "file:///else/t.yaml"),
    ],
)
def test_sarif_names_a_file_as_the_repository_knows_it(
    path: str, folder: str | None, uri: str
) -> None:
    made = breach()
    there = replace(made.threshold, at=Place(Path(path), 7))
    shown = replace(report([], ok("sendgrid")), findings=(replace(made, threshold=there),))
    view = View(folder=Path(folder) if folder else None)
    place = sarif(shown, view)["results"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": uri}, "region": {"startLine": 7}}


def breach() -> Finding:
    (found,) = findings(rate("sendgrid.bounce_rate", (900, 9000)))
    assert found.level is Level.BREACH
    return found


@pytest.mark.parametrize("case", CASES)
def test_github_gets_an_error_for_each_breach(case: str) -> None:
    shown = CASES[case]()
    *lines, last = text_of("github", shown).splitlines()
    # Then every line but the last is an annotation
    commands = [match for line in lines if (match := ANNOTATION.fullmatch(line))]
    assert len(commands) == len(lines)
    assert not last.startswith("::")
    # And breaches come first, an error each
    breaches = sum(finding.level is Level.BREACH for finding in shown.findings)
    kinds = [match[1] for match in commands]
    assert kinds.count("error") == min(9, breaches)
    assert kinds[: min(9, breaches)] == ["error"] * min(9, breaches)


def test_github_gets_nine_annotations_and_the_number_of_the_others() -> None:
    users = [Subject.of(subuser=f"user-{n}") for n in range(12)]
    shown = report([rate("sendgrid.bounce_rate", (900, 9000), u) for u in users], ok("sendgrid"))
    lines = text_of("github", shown).splitlines()
    assert sum(line.startswith("::error") for line in lines) == 9
    assert lines[9] == "::notice title=mailwatch::and 3 more"
    assert len(lines) == 11


def test_no_text_of_a_stranger_is_a_command_of_github() -> None:
    evil = Subject.of(category="x\n::error::gotcha,title=%0A::warning::")
    shown = report([rate("sendgrid.bounce_rate", (900, 9000), evil)], ok("sendgrid"))
    (first, _) = text_of("github", shown).splitlines()
    assert (match := ANNOTATION.fullmatch(first)) is not None
    assert "%0A::error::gotcha,title=%250A::warning::" in match[3]


@pytest.mark.parametrize("case", CASES)
def test_nagios_gets_one_line_with_every_figure(case: str) -> None:
    shown = CASES[case]()
    (line,) = text_of("nagios", shown).splitlines()
    text, _, data = line.partition(" | ")
    word = {OK: "OK", WARNING: "WARNING", CRITICAL: "CRITICAL", UNKNOWN: "UNKNOWN"}
    assert text.startswith(f"MAILWATCH {word[STATUSES[shown.verdict]]}: ")
    assert "|" not in data
    figures = FIGURE.findall(data)
    assert " ".join(figures) == data
    numbers = [f for f in shown.findings if isinstance(f.measurement.value, int | float)]
    assert len(figures) == len(numbers)


@pytest.mark.parametrize(
    ("worse", "ideal", "act", "value", "shown"),
    [
        ("higher", Limit(0.03, "<="), Limit(0.05, ">"), 0.04, "=4%;3;5"),
        ("higher", Limit(0.001, "<"), Limit(0.003, ">="), 0.002, "=0.2%;@0.1:;@0.3:"),
        ("lower", Limit(0.98, ">="), Limit(0.95, "<="), 0.97, "=97%;98:;@~:95"),
        ("lower", Limit(0.98, ">"), Limit(0.95, "<"), 0.97, "=97%;@~:98;95:"),
        ("higher", None, Limit(0.05, ">"), 0.04, "=4%;;5"),
        ("higher", None, None, 0.04, "=4%"),
    ],
)
def test_nagios_ranges_alert_where_the_limits_do(
    worse: str, ideal: Limit | None, act: Limit | None, value: float, shown: str
) -> None:
    made = breach()
    check: Check = replace(made.check, worse=worse)  # type: ignore[arg-type]  # as parametrized
    found = replace(
        made,
        check=check,
        threshold=replace(made.threshold, ideal=ideal, act=act),
        measurement=replace(made.measurement, value=value),
    )
    line = text_of("nagios", replace(report([], ok("sendgrid")), findings=(found,)))
    assert line.rstrip("\n").endswith(shown)


def test_nagios_is_not_sent_more_than_it_reads() -> None:
    users = [Subject.of(subuser=f"user-{n}|'=") for n in range(900)]
    shown = report([rate("sendgrid.bounce_rate", (90, 9000), u) for u in users], ok("sendgrid"))
    line = text_of("nagios", shown)
    assert len(line) < MOST_CHARACTERS + 300
    assert line.count("|") == 1
    assert len(FIGURE.findall(line)) > 20


def test_a_word_is_no_performance_data() -> None:
    shown = report([plain("dns.mx", "found")], ok("dns"))
    assert text_of("nagios", shown) == "MAILWATCH OK: 1 ok\n"
