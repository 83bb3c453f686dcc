"""What stands around the findings: the verdict above, the sources below."""

from collections.abc import Iterable, Iterator

from rich.text import Text

from mailwatch.model import Lang, Level, Report, SourceState, State, say
from mailwatch.reports.console.layout import glue, hang
from mailwatch.reports.facts import comma
from mailwatch.reports.groups import by_reason
from mailwatch.reports.view import View
from mailwatch.text.domain import domain_text
from mailwatch.words import worded

STYLES = {
    Level.BREACH: "bold red",
    Level.WARN: "bold yellow",
    Level.UNKNOWN: "bold cyan",
    Level.OK: "green",
}
SIGNS = {Level.BREACH: "✗", Level.WARN: "!", Level.UNKNOWN: "?", Level.OK: "✓"}
COUNTED = (Level.BREACH, Level.WARN, Level.OK, Level.UNKNOWN)
STATE_SIGNS = {State.FAILED: ("✗", "red"), State.PARTIAL: ("!", "yellow"), State.SKIPPED: ("-", "")}


def heading(report: Report, view: View) -> Iterator[Text]:
    """What was looked at and when; the verdict, and how many of each level."""
    moment = report.generated_at
    date = worded(say("console.date", day=moment.date(), year=str(moment.year)), view.lang)
    parts = ["mailwatch", *_subjects(report, view.lang), f"{date} {moment:%H:%M %Z}".rstrip()]
    yield from hang(Text(), Text(" · ".join(parts), "bold"), view.width, 0)
    word = worded(say(f"console.{report.verdict.value}"), view.lang)
    numbers = comma(view.lang).join(map(glue, _counts(report, view.lang)))
    counts = numbers or worded(say("console.nothing"), view.lang)
    mark = Text(f"{SIGNS[report.verdict]} {word}", STYLES[report.verdict])
    yield from hang(mark, Text(counts), view.width, mark.cell_len + 2)


def closing(report: Report, view: View) -> Iterator[Text]:
    """How each source fared, those in trouble first and with what to do; where to read on."""
    lang = view.lang
    said = {(group[0].check.source, reason) for reason, group in by_reason(report)}
    for trouble, (sign, style) in STATE_SIGNS.items():
        for state in report.sources:
            if state.state is not trouble or state.error is None:
                continue
            text = Text(worded(say(f"console.{trouble.value}", name=state.name), lang), style)
            if (state.name, state.error) not in said:
                text = Text.assemble(text, ": ", worded(state.error, lang))
            elif trouble is State.PARTIAL:  # what is missing and why was told with the findings
                continue
            yield from hang(Text(f"{sign} ", style), text, view.width, 2)
    for state in report.sources:
        if state.note is not None:
            text = Text(f"{state.name}: {worded(state.note, lang)}", "dim")
            yield from hang(Text("- ", "dim"), text, view.width, 2)
    seconds = max((state.seconds for state in report.sources), default=0.0)
    summary = " · ".join([*_answered(report.sources, lang), glue(f"{seconds:.1f} s")])
    yield from hang(Text(), Text(summary, "dim"), view.width, 0)
    worst = next((f for f in report.findings if f.level in (Level.BREACH, Level.WARN)), None)
    if worst:
        command = f"mailwatch explain {worst.check.id}"
        hint = worded(say("console.read_on", command=command), lang)
        yield from hang(Text(), Text(hint, "dim"), view.width, 0)


def _subjects(report: Report, lang: Lang) -> list[str]:
    names = [domain_text(name) for name in report.subjects]
    if len(names) > 2:
        return [worded(say("console.and_more", first=names[0], more=len(names) - 1), lang)]
    return [", ".join(names)] if names else []


def _counts(report: Report, lang: Lang) -> Iterator[str]:
    levels = [finding.level for finding in report.findings]
    for level in COUNTED:
        if number := levels.count(level):
            yield worded(say(f"console.count_{level.value}", n=number), lang)
    for state in (State.FAILED, State.PARTIAL):
        if number := [source.state for source in report.sources].count(state):
            yield worded(say(f"console.count_{state.value}", n=number), lang)


def _answered(sources: Iterable[SourceState], lang: Lang) -> Iterator[str]:
    """Each source that answered, and the newest day it has."""
    code = "console.newest_day"
    for state in sources:
        if state.state not in (State.OK, State.PARTIAL):
            continue
        text = worded(say(f"console.{state.state.value}_source", name=state.name), lang)
        if state.newest_day is not None:
            text += worded(say(code, day=state.newest_day), lang)
            code = "console.newest_day_too"
        yield text
