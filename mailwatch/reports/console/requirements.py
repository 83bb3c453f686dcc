"""The tables of what the mailbox providers ask, as lines. They are shown with `--all`."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from mailwatch.model import Report
from mailwatch.reports.console.layout import hang, pad
from mailwatch.reports.requirements import (
    RequirementTable,
    legend,
    requirement_tables,
    title,
)
from mailwatch.reports.view import View

_GAP = 2


def requirements(report: Report, view: View) -> Iterator[Text]:
    """Each table with its heading, and what the signs mean."""
    tables = list(requirement_tables(report, view.lang)) if view.all else []
    for n, table in enumerate(tables):
        if n:
            yield Text()
        yield from hang(Text(), Text(title(table, view.lang), "bold"), view.width, 0)
        yield from _table(table, view)
    if tables:
        yield from hang(Text(), Text(legend(view.lang), "dim"), view.width, 0)


def _table(table: RequirementTable, view: View) -> Iterator[Text]:
    """In columns; where the width is too small for them, the signs alone before each line."""
    widths = [cell_len(name) + _GAP for name in table.providers]
    room = view.width - sum(widths)
    if room < view.width // 2:
        yield from hang(Text(), Text(" · ".join(table.providers)), view.width, 0)
        for what, signs in table.rows:
            yield from hang(
                Text(" ".join(signs) + "  "), Text(what), view.width, 2 * len(signs) + 1
            )
        return
    names = "".join(pad(name, width) for name, width in zip(table.providers, widths, strict=True))
    yield Text(names.rstrip())
    for what, signs in table.rows:
        columns = "".join(pad(sign, width) for sign, width in zip(signs, widths, strict=True))
        yield from hang(Text(columns), Text(what), view.width, sum(widths))
