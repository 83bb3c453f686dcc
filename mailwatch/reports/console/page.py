"""The order of the console report.

The verdict is first and last. The worst comes next; what is not ok is repeated in one line
each at the end, so that the last screen tells it all.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from rich.text import Text

from mailwatch.model import Report
from mailwatch.reports.console.blocks import NARROW, draw, sum_up
from mailwatch.reports.console.fine import what_is_fine
from mailwatch.reports.console.frame import closing, notes, opening
from mailwatch.reports.console.requirements import requirements
from mailwatch.reports.groups import named
from mailwatch.reports.outline import blocks, is_summed_up, known_subject
from mailwatch.reports.view import View


def lay_out(report: Report, view: View) -> Iterator[Text]:
    """The lines of the report."""
    troubles = tuple(blocks(report, view))
    body: list[Iterable[Text]] = [draw(block, view) for block in troubles]
    if not view.quiet:
        body.append(what_is_fine(report, view))
    if view.width >= NARROW:  # else the marks have no column that sets the blocks apart
        body = [chain.from_iterable(body)]
    if not view.quiet:
        body.append(requirements(report, view))
    end = closing(report, view)
    if is_summed_up(troubles):
        end = chain(sum_up(troubles, named(known_subject(report)), view), end)
    yield from _apart([opening(report, view), *body, notes(report, view), end])


def _apart(parts: Iterable[Iterable[Text]]) -> Iterator[Text]:
    """The parts that have lines, with a blank line between them."""
    begun = False
    for part in parts:
        for n, line in enumerate(part):
            if n == 0 and begun:
                yield Text()
            yield line
            begun = True
