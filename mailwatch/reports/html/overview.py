"""What is around the cards: the verdict, the summary, what is fine, the sources.

The blocks are in the order of the console report. The summary comes before them, since a page is
read from its top, where a terminal shows its end.
"""

from collections.abc import Iterator, Sequence

from mailwatch.model import Finding, Lang, Level, Report, SourceState, State, say
from mailwatch.reports.block import Block
from mailwatch.reports.groups import named
from mailwatch.reports.headline import (
    IGNORED_SIGN,
    SHOWN_SIGN,
    SIGNS,
    STATE_SIGNS,
    heading,
    source_notes,
    tally_parts,
    verdict,
)
from mailwatch.reports.html.card import badge, legend, spaced, word
from mailwatch.reports.html.markup import EMPTY, Markup, element, join, text
from mailwatch.reports.outline import known_subject
from mailwatch.reports.packed import list_ignored, list_one_by_one, pack_by_source, split
from mailwatch.reports.requirements import RequirementTable, requirement_tables
from mailwatch.reports.requirements import legend as requirement_legend
from mailwatch.reports.requirements import title as requirement_title
from mailwatch.reports.view import View
from mailwatch.words import day, worded


def opening(report: Report, lang: Lang) -> Markup:
    """The verdict, what was looked at and when, and how many of each level."""
    counts = tally_parts(report, lang) or [("", worded(say("console.nothing"), lang))]
    items = (element("li", text(shown), class_=f"count {name}".strip()) for name, shown in counts)
    return element(
        "header",
        element("p", text(heading(report, lang)), class_="heading"),
        element("h1", text(verdict(report, lang))),
        element("ul", *items, class_="tally"),
        class_=f"verdict {report.verdict.value}",
    )


def summary(blocks: Sequence[Block], report: Report, lang: Lang, idents: Sequence[str]) -> Markup:
    """One row for each block, each with a link to its card."""
    known = named(known_subject(report))
    head = (element("th", word(name, lang), scope="col") for name in ("level", "check", "value"))
    rows = [
        element(
            "tr",
            element("td", badge(block.level, lang)),
            element(
                "th",
                element("a", text(block.brief_title), href=f"#{ident}"),
                *_aside(block, known),
                scope="row",
            ),
            element("td", text(spaced(block.brief_value)), class_="value"),
        )
        for block, ident in zip(blocks, idents, strict=True)
    ]
    table = element(
        "table", element("thead", element("tr", *head)), element("tbody", *rows), class_="summary"
    )
    return section("summary", table, lang)


def _aside(block: Block, known: str) -> Iterator[Markup]:
    about = "" if block.about == known else block.about
    if shown := " · ".join(filter(None, (about, block.age))):
        yield element("span", text(shown), class_="about")


def section(name: str, body: Markup, lang: Lang, sign: str = "") -> Markup:
    """A part of the page with its heading."""
    title = element("h2", text(f"{sign} " if sign else ""), word(name, lang), id=f"part-{name}")
    return element("section", title, body, aria_labelledby=f"part-{name}", class_=f"part {name}")


def what_is_fine(report: Report, view: View) -> Iterator[Markup]:
    """What is within its limits, what has none, and what somebody accepted."""
    judged, shown = split(report.findings)
    listed = _one_by_one if view.all else _packed
    for name, sign, findings in (
        ("ok", SIGNS[Level.OK], judged),
        ("shown", SHOWN_SIGN, shown),
    ):
        if body := listed(findings, report, view.lang):
            yield section(name, body, view.lang, sign)
    if lines := [*list_ignored(report, view.lang)]:
        items = element("ul", *(element("li", text(line)) for line in lines))
        yield section("ignored", items, view.lang, IGNORED_SIGN)


def _packed(findings: Sequence[Finding], report: Report, lang: Lang) -> Markup:
    groups = []
    for source in pack_by_source(findings, report, lang):
        pieces = element("ul", *(element("li", text(piece)) for piece in source.pieces))
        groups.append(element("div", element("h3", text(source.source)), pieces, class_="pack"))
    return join(groups)


def _one_by_one(findings: Sequence[Finding], report: Report, lang: Lang) -> Markup:
    if not findings:
        return EMPTY
    names = ("check", "value", "limit", "subject")
    rows = []
    for line in list_one_by_one(findings, report, lang):
        about = " · ".join(filter(None, (line.about, line.age)))
        cells = (element("td", text(cell)) for cell in (line.value, line.held, about))
        rows.append(element("tr", element("th", text(line.title), scope="row"), *cells))
    return _table(names, rows, lang)


def requirements(report: Report, view: View) -> Iterator[Markup]:
    """What the mailbox providers ask, a table a domain; with everything only."""
    for n, table in enumerate(requirement_tables(report, view.lang) if view.all else (), 1):
        ident = f"requirements-{n}"
        title = element("h2", text(requirement_title(table, view.lang)), id=ident)
        legend_line = element("p", text(requirement_legend(view.lang)), class_="fact")
        body = (title, _requirement_table(table, view.lang), legend_line)
        yield element("section", *body, aria_labelledby=ident, class_="part requirements")


def _requirement_table(table: RequirementTable, lang: Lang) -> Markup:
    names = (element("th", text(name), scope="col") for name in table.providers)
    head = element("tr", element("th", word("requirement", lang), scope="col"), *names)
    rows = (
        element(
            "tr",
            element("th", text(what), scope="row"),
            *(element("td", text(sign)) for sign in signs),
        )
        for what, signs in table.rows
    )
    return element("table", element("thead", head), element("tbody", *rows))


def notes(report: Report, lang: Lang) -> Iterator[Markup]:
    """What is to be known about the sources beyond their state."""
    listed = [
        element(
            "li",
            element("b", text(f"{note.sign} {note.what}")),
            text(f": {note.why}" if note.why else ""),
        )
        for note in source_notes(report, lang)
    ]
    if listed:
        yield section("notes", element("ul", *listed), lang)


def sources(report: Report, lang: Lang) -> Iterator[Markup]:
    """The state of each source, its newest day, and how long it took."""
    names = ("source", "state", "newest_day", "seconds")
    if rows := [_source(state, report, lang) for state in report.sources]:
        yield section("sources", _table(names, rows, lang), lang)


def _source(state: SourceState, report: Report, lang: Lang) -> Markup:
    newest = state.newest_day
    shown = ""
    if newest:
        shown = day(newest, lang)
        if newest.year != report.generated_at.year:
            shown = worded(say("console.date", day=newest, year=str(newest.year)), lang)
    how = element("td", state_text(state.state, lang), class_=state.state.value)
    took = "" if state.state is State.SKIPPED else f"{state.seconds:.1f} s"
    name = element("th", text(state.name), scope="row")
    return element("tr", name, how, element("td", text(shown)), element("td", text(took)))


def state_text(state: State, lang: Lang) -> Markup:
    """The sign and the word of a source's state."""
    sign = STATE_SIGNS.get(state, SIGNS[Level.OK])
    return join((text(f"{sign} "), word(f"state_{state.value}", lang)))


def _table(names: Sequence[str], rows: Sequence[Markup], lang: Lang) -> Markup:
    head = element("tr", *(element("th", word(name, lang), scope="col") for name in names))
    return element("table", element("thead", head), element("tbody", *rows))


def closing(report: Report, lang: Lang) -> Markup:
    """Which program wrote it, and what the signs mean."""
    phrase = say("html.made_by", version=report.version, levels=legend(lang))
    return element("footer", element("p", text(worded(phrase, lang))))
