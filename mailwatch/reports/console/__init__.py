"""The report for people: the verdict first, the worst next, what is fine in one line each.

Every colour comes with a symbol and a word.
"""

from collections.abc import Iterator

from mailwatch.model import Report
from mailwatch.reports.view import View


def render(report: Report, view: View) -> Iterator[str]:
    """The report, no line longer than the view's width."""
    if view.silences(report):
        return
    # rich is imported when it is needed: the command line knows this module by name for its help.
    from mailwatch.reports.console.layout import print_lines
    from mailwatch.reports.console.page import lay_out

    yield from print_lines(lay_out(report, view), view)
