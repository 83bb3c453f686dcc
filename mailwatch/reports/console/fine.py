"""What is ok and what is only shown, as lines: packed by source, or one by one."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from mailwatch.model import Finding, Level, Report, say
from mailwatch.reports.console.blocks import INDENT, indent_of
from mailwatch.reports.console.frame import STYLES
from mailwatch.reports.console.layout import hang, pack, pad
from mailwatch.reports.glue import glue
from mailwatch.reports.headline import IGNORED_SIGN, SHOWN_SIGN, SIGNS
from mailwatch.reports.packed import Line, list_ignored, list_one_by_one, pack_by_source, split
from mailwatch.reports.view import View
from mailwatch.words import worded

WIDEST_VALUE = 18
"""Cells of the column of values; a value that is wider moves what follows it."""


def what_is_fine(report: Report, view: View) -> Iterator[Text]:
    """What is within its limits, and what has none."""
    judged, shown = split(report.findings)
    draw = _one_by_one if view.all else _packed
    for sign, name, style, findings in (
        (SIGNS[Level.OK], "ok_short", STYLES[Level.OK], judged),
        (SHOWN_SIGN, "shown", "dim", shown),
    ):
        if findings:
            word = worded(say(f"console.{name}"), view.lang)
            mark = Text(pad(f"{sign} {word}  ", INDENT), style)
            yield from draw(mark, findings, report, view)
    yield from _ignored(report, view)


def _ignored(report: Report, view: View) -> Iterator[Text]:
    word = worded(say("console.ignored"), view.lang)
    indent = indent_of(view)
    for line in list_ignored(report, view.lang):
        mark = Text(pad(f"{IGNORED_SIGN} {word}  ", indent), "dim")
        yield from hang(mark, Text(line), view.width, indent)


def _packed(mark: Text, findings: Sequence[Finding], report: Report, view: View) -> Iterator[Text]:
    sources = pack_by_source(findings, report, view.lang)
    if not sources:  # only segments that are not judged
        return
    indent = indent_of(view)
    names = max(cell_len(source.source) for source in sources) + 2
    if indent != INDENT:
        yield mark
        mark = Text(" " * indent)
    for n, source in enumerate(sources):
        lead = mark if n == 0 else Text(" " * mark.cell_len)
        label = Text.assemble(lead, (pad(source.source, names), "bold"))
        *before, last = source.pieces
        pieces = [*(f"{piece}{glue(' ·')}" for piece in before), last]
        for line in pack(pieces, view.width - label.cell_len, " "):
            yield from hang(label, Text(line), view.width, label.cell_len)
            label = Text(" " * label.cell_len)


def _one_by_one(
    mark: Text, findings: Sequence[Finding], report: Report, view: View
) -> Iterator[Text]:
    lines = list(list_one_by_one(findings, report, view.lang))
    if indent_of(view) != INDENT:
        mark.rstrip()
        mark.append("  ")
    titles = max(cell_len(line.title) for line in lines)
    values = min(max(cell_len(line.value) for line in lines), WIDEST_VALUE)
    for line in lines:
        yield from _aligned(mark, line, titles, values, view)


def _aligned(mark: Text, line: Line, titles: int, values: int, view: View) -> Iterator[Text]:
    """The line in columns; where it is too short for them, on as many as it needs."""
    room = view.width - mark.cell_len
    rest = [part for part in (line.held, line.about, line.age) if part]
    columns = Text.assemble(
        pad(line.title, titles), "  ", pad(line.value, values), (f"  {'  '.join(rest)}", "dim")
    )
    if columns.cell_len <= room:
        yield Text.assemble(mark, columns)
        return
    for n, packed in enumerate(pack((line.title, line.value, *rest), room)):
        lead = Text(" " * mark.cell_len) if n else mark
        yield from hang(lead, Text(packed), view.width, mark.cell_len)
