"""What was found of one message, for people who ask for everything: each result with its evidence,
also where nothing is wrong, and the way of the message hop by hop.
"""

from collections.abc import Iterator

from rich.text import Text

from mailwatch.model import Finding, Report
from mailwatch.reports import console
from mailwatch.reports.console.layout import hang, print_lines
from mailwatch.reports.view import View
from mailwatch.sources.message import metrics
from mailwatch.words import worded

_SHOWN = (metrics.DKIM, metrics.SPF, metrics.DMARC, metrics.ARC, metrics.DELAY)
_INDENT = Text("  ")


class MessageDetails:
    """The format console of the command `message`."""

    def render(self, report: Report, view: View) -> Iterator[str]:
        """The details where everything is asked for, then the report: the verdict is last."""
        if view.all and not view.silences(report):
            yield from print_lines(_details(report, view), view)
        yield from console.render(report, view)


def _details(report: Report, view: View) -> Iterator[Text]:
    found = {finding.measurement.metric: finding for finding in report.findings}
    for metric in _SHOWN:
        finding = found.get(metric)
        if finding is not None and finding.measurement.evidence:
            yield from _lines(finding, view)
            yield Text()


def _lines(finding: Finding, view: View) -> Iterator[Text]:
    yield from hang(Text(), Text(finding.check.title[view.lang], "bold"), view.width, 0)
    for phrase in finding.measurement.evidence:
        yield from hang(_INDENT, Text(worded(phrase, view.lang)), view.width, _INDENT.cell_len)
