"""Workflow commands of GitHub Actions: annotations for what is not ok.

    ::error title=Bounce rate::6.1 % …

GitHub shows ten annotations of a kind for a step and drops the others in silence, so there are at
most nine, the worst first, and one notice that says how many more there are. A percent sign, a
line break, and in a title also a colon and a comma are escaped as GitHub's own toolkit does.
"""

from collections.abc import Iterator

from mailwatch.model import Finding, Lang, Level, Report, State, say
from mailwatch.reports.facts import value
from mailwatch.reports.glue import unglue
from mailwatch.reports.groups import named
from mailwatch.reports.headline import tally, verdict
from mailwatch.reports.view import View
from mailwatch.words import worded

MOST = 9
"""Annotations of one run."""
_COMMANDS = {Level.BREACH: "error", Level.WARN: "warning", Level.UNKNOWN: "notice"}
_TEXT = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_MESSAGE = str.maketrans(_TEXT)
_PROPERTY = str.maketrans({**_TEXT, ":": "%3A", ",": "%2C"})


def render(report: Report, view: View) -> Iterator[str]:
    """The annotations, one a line, then the verdict."""
    if view.silences(report):
        return
    yield from annotations(report, view.lang)
    yield f"{verdict(report, view.lang)}  {unglue(tally(report, view.lang))}\n"


def annotations(report: Report, lang: Lang) -> Iterator[str]:
    """At most nine annotations, and a notice that counts the others."""
    lines = [*_lines(report, lang)]
    yield from lines[:MOST]
    if len(lines) > MOST:
        yield _line("notice", "mailwatch", worded(say("console.more", n=len(lines) - MOST), lang))


def _lines(report: Report, lang: Lang) -> Iterator[str]:
    """Breaches, then the sources that could not be measured, then all else that is not ok."""
    yield from (_annotation(f, lang) for f in report.counted if f.level is Level.BREACH)
    for state in report.sources:
        if state.state in (State.FAILED, State.PARTIAL) and state.error is not None:
            title = worded(say(f"console.{state.state.value}", name=state.name), lang)
            yield _line("warning", title, worded(state.error, lang))
    for level in (Level.WARN, Level.UNKNOWN):
        yield from (_annotation(f, lang) for f in report.counted if f.level is level)


def _annotation(finding: Finding, lang: Lang) -> str:
    about = named(finding.measurement.subject.pairs)
    text = " - ".join(filter(None, (value(finding), about, worded(finding.reason, lang))))
    return _line(_COMMANDS[finding.level], finding.check.title[lang], text)


def _line(command: str, title: str, text: str) -> str:
    return f"::{command} title={title.translate(_PROPERTY)}::{text.translate(_MESSAGE)}\n"
