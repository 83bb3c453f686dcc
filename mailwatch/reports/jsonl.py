"""One JSON object a finding, one finding a line: for `jq`, log shippers and data stores.

A line is a finding as in the JSON report, after the time of the run and the name of its source.
"""

import json
from collections.abc import Iterator

from mailwatch.model import Report
from mailwatch.reports.json import findings_of
from mailwatch.reports.view import View


def render(report: Report, view: View) -> Iterator[str]:
    """One line for each finding."""
    if view.silences(report):
        return
    for finding in findings_of(report, view):
        source = finding["check"].partition(".")[0]
        line = {"generated_at": report.instant, "source": source, **finding}
        yield json.dumps(line, ensure_ascii=False) + "\n"
