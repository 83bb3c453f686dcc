"""The order of the console report: verdict, breaches, warnings, cannot tell, what is fine."""

from collections.abc import Iterator

from rich.text import Text

from mailwatch.model import Level, Report
from mailwatch.reports.console.blocks import fine, trouble, unknown
from mailwatch.reports.console.frame import closing, heading
from mailwatch.reports.groups import by_check, by_reason
from mailwatch.reports.view import View


def lay_out(report: Report, view: View) -> Iterator[Text]:
    """The lines of the report."""
    yield from heading(report, view)
    for level in (Level.BREACH, Level.WARN):
        for group in by_check(report.findings, level):
            yield Text()
            yield from trouble(group, view)
    for n, (reason, group) in enumerate(by_reason(report)):
        if not n:
            yield Text()
        yield from unknown(group, reason, view)
    groups = () if view.quiet else tuple(by_check(report.findings, Level.OK))
    if groups:
        yield Text()
        yield from fine(groups, view, report)
    yield Text()
    yield from closing(report, view)
