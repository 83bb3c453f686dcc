"""What is around the findings: the verdict above; the sources and the verdict below."""

from collections.abc import Iterator

from rich.text import Text

from mailwatch.model import Level, Report, State
from mailwatch.reports.console.layout import hang
from mailwatch.reports.headline import (
    heading,
    how_each_fared,
    source_notes,
    tally,
    verdict,
)
from mailwatch.reports.view import View

STYLES = {
    Level.BREACH: "bold red",
    Level.WARN: "bold yellow",
    Level.UNKNOWN: "bold cyan",
    Level.OK: "green",
}
NOTE_STYLES = {State.FAILED: "red", State.PARTIAL: "yellow", State.SKIPPED: "", State.OK: "dim"}


def opening(report: Report, view: View) -> Iterator[Text]:
    """What was looked at and when; the verdict, and how many of each level."""
    yield from hang(Text(), Text(heading(report, view.lang), "bold"), view.width, 0)
    mark = Text(verdict(report, view.lang), STYLES[report.verdict])
    yield from hang(mark, Text(tally(report, view.lang)), view.width, mark.cell_len + 2)


def notes(report: Report, view: View) -> Iterator[Text]:
    """Each source in trouble, with what to do, and what others had to assume."""
    for note in source_notes(report, view.lang):
        style = NOTE_STYLES[note.state]
        text = Text(note.what, style)
        if note.why:
            text.append(f": {note.why}", "dim" if note.state is State.OK else "not dim")
        yield from hang(Text(f"{note.sign} ", style), text, view.width, 2)


def closing(report: Report, view: View) -> Iterator[Text]:
    """The verdict again, and how each source fared."""
    line = Text(verdict(report, view.lang), STYLES[report.verdict])
    for part in how_each_fared(report, view.lang):
        line.append(f" · {part}", "not bold dim")
    yield from hang(Text(), line, view.width, 0)
