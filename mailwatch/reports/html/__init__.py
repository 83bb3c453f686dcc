"""The report as one page that needs no other file: for colleagues, by mail, on paper.

The verdict first, a card for each block of the console report in the same order and with the same
cuts. No script, nothing that is loaded; light and dark by the reader's own setting.
"""

from collections.abc import Iterator

from mailwatch.model import Report
from mailwatch.reports.view import View


def render(report: Report, view: View) -> Iterator[str]:
    """The page as a whole."""
    if view.silences(report):
        return
    # Only who asks for a page waits for its modules: the command line knows all formats by name.
    from mailwatch.reports.html.report_page import report_page

    yield report_page(report, view)
