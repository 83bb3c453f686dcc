"""How a report is written. A format is a module with a `render` function, listed in FORMATS.

Rendering is pure: the same report and view give the same text, and no format changes the verdict.
"""

from collections.abc import Iterator
from typing import Protocol

from mailwatch.model import Report
from mailwatch.reports import (
    console,
    csv,
    github,
    html,
    json,
    jsonl,
    junit,
    markdown,
    nagios,
    prometheus,
    sarif,
)
from mailwatch.reports.view import View as View


class Format(Protocol):
    """The contract of a format module."""

    def render(self, report: Report, view: View) -> Iterator[str]:
        """The report in pieces of text; together they end with a newline, or are nothing."""
        ...


FORMATS: dict[str, Format] = {
    "console": console,
    "json": json,
    "markdown": markdown,
    "jsonl": jsonl,
    "csv": csv,
    "junit": junit,
    "prometheus": prometheus,
    "sarif": sarif,
    "github": github,
    "nagios": nagios,
    "html": html,
}
