"""The report as GitHub-flavoured Markdown: for a pull request, a job summary, a ticket.

The same order and cuts as on the console. Strangers' text stays text: marks of Markdown and HTML
are escaped, and what GitHub turns into a link after that (@name, #123, an address) is broken up
by a zero-width space, as Dependabot does it. Records and others' words are in code spans, which
keep their characters.
"""

import re
from collections.abc import Iterator

from mailwatch.model import Lang, Level, Report, say
from mailwatch.reports.block import Block, FigureLine, Seen
from mailwatch.reports.glue import unglue
from mailwatch.reports.groups import named
from mailwatch.reports.headline import (
    IGNORED_SIGN,
    SHOWN_SIGN,
    SIGNS,
    Note,
    heading,
    marked,
    source_notes,
    source_summaries,
    tally,
    verdict,
)
from mailwatch.reports.outline import blocks, is_summed_up, known_subject
from mailwatch.reports.packed import (
    Line,
    Packed,
    list_ignored,
    list_one_by_one,
    pack_by_source,
    split,
)
from mailwatch.reports.requirements import legend, requirement_tables, title
from mailwatch.reports.view import View
from mailwatch.words import worded

_BREAK = "&#8203;"
"""A zero-width space."""
_HERE = "\ue000"
"""Where one will stand: a character that no inert text has."""
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", "$": "&#36;"})
_MARKS = re.compile(r"[\\`*\[\]|~]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_LINKED = re.compile(
    r"(?<=@)|(?<=#)(?=[0-9])|(?<=\bGH-)(?=[0-9])|(?<=www\.)|(?<=:)(?=//)", re.IGNORECASE
)
"""Where GitHub's links to people, issues and addresses are broken up."""
_START = re.compile(r"^(\s*)([-+=#:>]|[0-9]+(?=[.)](?:\s|$)))")
_HEX = re.compile(r"\b([0-9a-f]{6})([0-9a-f]{1,58})\b")
"""What GitHub may take for a commit."""


def render(report: Report, view: View) -> Iterator[str]:
    """The report in lines."""
    if view.silences(report):
        return
    for line in _page(report, view):
        yield line + "\n"


def inert_text(text: str) -> str:
    """`text` as Markdown that shows it and does nothing else."""
    broken = _HEX.sub(rf"\1{_HERE}\2", _LINKED.sub(_HERE, unglue(text).strip()))
    escaped = _MARKS.sub(r"\\\g<0>", broken.translate(_ENTITIES))
    return _START.sub(_escape_start, escaped).replace(_HERE, _BREAK)


def code_span(text: str) -> str:
    """`text` as code, whatever backticks are in it."""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if "`" in text or not text.strip() else ""
    return f"{fence}{space}{text}{space}{fence}"


def _escape_start(match: re.Match[str]) -> str:
    """What would begin a list or a heading, not as such."""
    space, sign = match.groups()
    return f"{space}{_HERE}{sign}" if sign.isdecimal() else f"{space}\\{sign}"


def _page(report: Report, view: View) -> Iterator[str]:
    lang = view.lang
    yield f"## {inert_text(heading(report, lang))}"
    yield from ("", f"**{verdict(report, lang)}**: {inert_text(tally(report, lang))}")
    troubles = tuple(blocks(report, view))
    for block in troubles:
        yield from _block(block, lang)
    if not view.quiet:
        yield from _fine(report, view)
        yield from _ignored(report, view)
        if view.all:
            yield from _requirements(report, view.lang)
    if notes := [_note(note) for note in source_notes(report, lang)]:
        yield from ("", "---", "", *notes)
    if is_summed_up(troubles):
        yield from ("", "|  |  |  |  |", "| --- | --- | --- | --- |")
        yield from (_summed_up(block, named(known_subject(report))) for block in troubles)
    parts = map(inert_text, source_summaries(report, lang))
    yield from ("", " · ".join([f"**{verdict(report, lang)}**", *parts]))


def _block(block: Block, lang: Lang) -> Iterator[str]:
    title = f"{block.title}: {block.value}" if block.value else block.title
    yield from ("", f"### {marked(block.level, lang)} · {inert_text(title)}")
    if line := " · ".join(inert_text(part) for part in (block.about, *block.facts) if part):
        yield from ("", line)
    if block.rows:
        yield from ("", *map(_row, block.rows))
        if block.more:
            yield f"- {_word('more', lang, n=block.more)}"
    if block.joined:
        together = (f"- {inert_text(line)}" for line in block.joined)
        yield from ("", f"**{_word('with_it', lang)}**", "", *together)
    if block.seen:
        yield from ("", f"**{_word('seen', lang)}**", "", *map(_seen, block.seen))
    if block.actions:
        numbered = (f"{n}. {inert_text(action)}" for n, action in enumerate(block.actions, 1))
        yield from ("", f"**{_word('do', lang)}**", "", *numbered)
    if block.risks:
        yield from ("", f"**{_word('risk', lang)}**", "")
        yield from (f"- {inert_text(risk)}" for risk in block.risks)
    if block.command:
        yield from ("", f"**{_word('read_on', lang)}** {code_span(block.command)}")


def _row(row: FigureLine) -> str:
    parts = (row.name, row.spark, *row.rest)
    return " · ".join([f"- **{inert_text(row.value)}**", *map(inert_text, filter(None, parts))])


def _seen(seen: Seen) -> str:
    text = code_span(seen.text) if seen.quoted else inert_text(seen.text)
    return f"- {inert_text(seen.whose)}: {text}" if seen.whose else f"- {text}"


def _fine(report: Report, view: View) -> Iterator[str]:
    judged, shown = split(report.findings)
    for sign, name, findings in (
        (SIGNS[Level.OK], "ok_short", judged),
        (SHOWN_SIGN, "shown", shown),
    ):
        if findings:
            yield from ("", f"### {sign} {_word(name, view.lang)}", "")
            if view.all:
                yield from map(_line, list_one_by_one(findings, report, view.lang))
            else:
                yield from map(_packed, pack_by_source(findings, report, view.lang))


def _ignored(report: Report, view: View) -> Iterator[str]:
    if lines := [*list_ignored(report, view.lang)]:
        yield from ("", f"### {IGNORED_SIGN} {_word('ignored', view.lang)}", "")
        yield from (f"- {inert_text(line)}" for line in lines)


def _requirements(report: Report, lang: Lang) -> Iterator[str]:
    """What the mailbox providers ask, a table a domain."""
    for table in requirement_tables(report, lang):
        yield from ("", f"### {inert_text(title(table, lang))}", "")
        yield f"|  | {' | '.join(map(inert_text, table.providers))} |"
        yield f"| --- |{' --- |' * len(table.providers)}"
        for what, signs in table.rows:
            yield f"| {inert_text(what)} | {' | '.join(map(inert_text, signs))} |"
        yield from ("", inert_text(legend(lang)))


def _packed(source: Packed) -> str:
    return f"- **{inert_text(source.source)}** {' · '.join(map(inert_text, source.pieces))}"


def _line(line: Line) -> str:
    parts = (line.value, line.held, line.about, line.age)
    return " · ".join([f"- **{inert_text(line.title)}**", *map(inert_text, filter(None, parts))])


def _note(note: Note) -> str:
    what = f"- {inert_text(note.sign)} **{inert_text(note.what)}**"
    return f"{what}: {inert_text(note.why)}" if note.why else what


def _summed_up(block: Block, known: str) -> str:
    about = "" if block.about == known else block.about
    aside = " · ".join(filter(None, (about, block.age)))
    cells = (SIGNS[block.level], block.brief_title, block.brief_value, aside)
    return f"| {' | '.join(map(inert_text, cells))} |"


def _word(name: str, lang: Lang, **values: int) -> str:
    return worded(say(f"console.{name}", **values), lang)
