"""A table with one row a finding: for spreadsheets.

A spreadsheet runs a cell that begins with = + - or @ as a formula, in Japanese also with their
full-width forms, so a text that begins so gets an apostrophe before it (OWASP, CSV Injection).
Numbers stay numbers.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any

from mailwatch.model import Report
from mailwatch.reports.json import findings_of
from mailwatch.reports.view import View

COLUMNS = (
    "check",
    "title",
    "level",
    "subject",
    "value",
    "display",
    "unit",
    "numerator",
    "denominator",
    "denominator_name",
    "from",
    "to",
    "ideal",
    "act",
    "cause",
    "reason",
    "generated_at",
    "ignored",
)
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def render(report: Report, view: View) -> Iterator[str]:
    """A header, then one row for each finding."""
    if view.silences(report):
        return
    yield _line(COLUMNS)
    for finding in findings_of(report, view):
        window = finding["window"] or {}
        subject = " ".join(f"{key}={value}" for key, value in finding["subject"].items())
        row = {
            **finding,
            **window,
            "subject": subject,
            "generated_at": report.instant,
            "ignored": (finding["ignored"] or {}).get("reason"),
        }
        yield _line([_cell(row.get(column)) for column in COLUMNS])


def _line(cells: Any) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
