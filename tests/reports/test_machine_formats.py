"""What each format for machines promises beyond the contract of all formats."""

import csv
import io
import json
import re
from xml.etree.ElementTree import fromstring

import pytest

from mailwatch.model import Level
from mailwatch.reports import FORMATS, View
from tests.reports.samples import CASES

SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)+)\})? (\S+)')


def text_of(name: str, case: str) -> str:
    return "".join(FORMATS[name].render(CASES[case](), View()))


@pytest.mark.parametrize("case", CASES)
def test_a_line_of_jsonl_is_a_finding_of_the_json_report(case: str) -> None:
    # Given the findings of the JSON report
    findings = json.loads(text_of("json", case))["findings"]
    # Then each is one line, with its source and the time of the run
    lines = [json.loads(line) for line in text_of("jsonl", case).splitlines()]
    for line, finding in zip(lines, findings, strict=True):
        assert {key: line[key] for key in finding} == finding
    assert all(line["check"].startswith(f"{line['source']}.") for line in lines)
    assert all(line["generated_at"].endswith("Z") for line in lines)


@pytest.mark.parametrize("case", CASES)
def test_a_row_of_csv_is_a_finding_and_no_formula(case: str) -> None:
    # When the table is read as a spreadsheet does
    rows = list(csv.DictReader(io.StringIO(text_of("csv", case))))
    # Then there is a row for each finding
    assert [row["check"] for row in rows] == [f.check.id for f in CASES[case]().findings]
    # And no text in it is run as a formula
    for row in rows:
        for name, cell in row.items():
            is_number = name in ("value", "numerator", "denominator")
            assert is_number or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("case", CASES)
def test_junit_counts_breaches_as_failures(case: str) -> None:
    report = CASES[case]()
    root = fromstring(text_of("junit", case).encode())
    # Then a breach fails, what is unknown is skipped, and the counts are those of the cases
    assert len(root.findall(".//failure")) == sum(f.level is Level.BREACH for f in report.findings)
    assert len(root.findall(".//skipped")) == sum(f.level is Level.UNKNOWN for f in report.findings)
    for suite in root:
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
        for counted, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[counted]) == len(suite.findall(f"testcase/{tag}"))


@pytest.mark.parametrize("case", CASES)
def test_prometheus_has_a_sample_for_each_finding(case: str) -> None:
    report = CASES[case]()
    lines = [line for line in text_of("prometheus", case).splitlines() if line[0] != "#"]
    samples = [SAMPLE.fullmatch(line) for line in lines]
    # Then every line is of the exposition format, and there is one level for each finding
    assert all(samples)
    levels = [s for s in samples if s and s[1] == "mailwatch_finding_level"]
    assert len(levels) == len(report.findings)
    # And no series is there twice
    series = [line.rpartition(" ")[0] for line in lines]
    assert len(set(series)) == len(series)
