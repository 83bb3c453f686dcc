"""The report as the HTML part of a mail.

The blocks of the page in the same order, with what mail clients understand: tables, styles at each
element, bars of table cells for charts. They fold nothing, so everything is open.
"""

from collections.abc import Iterator, Sequence

from mailwatch.model import Finding, Lang, Level, Report, say
from mailwatch.reports.block import Block, FigureLine, Seen
from mailwatch.reports.facts import comma
from mailwatch.reports.headline import (
    IGNORED_SIGN,
    SHOWN_SIGN,
    SIGNS,
    heading,
    marked,
    source_notes,
    source_summaries,
    tally,
    verdict,
)
from mailwatch.reports.html.bars import bars
from mailwatch.reports.html.card import facts_of, other_facts, spaced, word
from mailwatch.reports.html.markup import EMPTY, Markup, element, join, text
from mailwatch.reports.outline import blocks
from mailwatch.reports.packed import list_ignored, list_one_by_one, pack_by_source, split
from mailwatch.reports.view import View
from mailwatch.words import worded

COLOURS = {
    Level.BREACH: "#b42318",
    Level.WARN: "#8a5300",
    Level.UNKNOWN: "#0a6375",
    Level.OK: "#1a6b33",
}
"""On white, with a contrast of at least 4.5."""
_FONT = "-apple-system,'Segoe UI',Roboto,'Hiragino Sans',Meiryo,'Noto Sans CJK JP',sans-serif"
_BODY = (
    "margin:0;padding:16px;background:#f4f6f8;color:#1a2129;"
    f"overflow-wrap:anywhere;word-break:break-word;font:15px/1.55 {_FONT}"
)
_BOX = "background:#ffffff;border:1px solid #d8dee4;padding:14px 18px"
_MUTED = "color:#545d68;font-size:13px"
_LINE = "margin:4px 0"
_TITLE = "margin:20px 0 8px;font-size:16px"


def render_mail(report: Report, view: View) -> str:
    """The report as a page for mail clients: no script, no picture, nothing that is loaded."""
    lang = view.lang
    title = f"{verdict(report, lang)} · {heading(report, lang)}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light only"),
        element("title", text(title)),
    )
    inside = element("div", *_parts(report, view), style="max-width:680px;margin:0 auto")
    body = element("body", inside, style=_BODY)
    return f"<!DOCTYPE html>\n{element('html', head, body, lang=lang)}"


def _parts(report: Report, view: View) -> Iterator[Markup]:
    lang = view.lang
    colour = COLOURS[report.verdict]
    yield element(
        "div",
        element("p", text(heading(report, lang)), style=f"margin:0 0 4px;{_MUTED}"),
        element("h1", text(verdict(report, lang)), style=f"margin:0;font-size:26px;color:{colour}"),
        element("p", text(tally(report, lang)), style="margin:6px 0 0;font-weight:bold"),
        role="banner",
        style=f"{_BOX};border-top:6px solid {colour}",
    )
    main = [_card(block, lang) for block in blocks(report, view)]
    if not view.quiet:
        main += _fine(report, view)
    main.append(_sources(report, lang))
    yield element("div", *main, role="main")


def _card(block: Block, lang: Lang) -> Markup:
    colour = COLOURS[block.level]
    mark = element("span", text(marked(block.level, lang)), style=f"color:{colour}")
    name = element("h2", mark, text(f" {block.title}"), style="margin:0;font-size:17px")
    value = _p(text(spaced(block.value)), f"font-size:20px;font-weight:bold;color:{colour}")
    parts = (
        name,
        value if block.value else EMPTY,
        _p(text(block.about), _MUTED) if block.about else EMPTY,
        *_facts(block, lang),
        bars(block.finding, lang) if block.finding else EMPTY,
        _list([_row(row) for row in block.rows]),
        _p(text(worded(say("console.more", n=block.more), lang)), _MUTED) if block.more else EMPTY,
        _listed("seen", [_evidence(seen) for seen in block.seen], lang),
        _listed("do", [text(action) for action in block.actions], lang, kind="ol"),
        _listed("risk", [text(risk) for risk in block.risks], lang),
        _read_on(block, lang),
    )
    return element("div", *parts, style=f"{_BOX};border-left:6px solid {colour};margin-top:12px")


def _facts(block: Block, lang: Lang) -> Iterator[Markup]:
    if block.finding is None or block.level is Level.UNKNOWN:
        for fact in block.facts:
            yield _p(text(fact))
        return
    for name, shown in facts_of(block.finding, lang):
        label = element("span", word(name, lang), text(": "), style=_MUTED)
        yield _p(Markup(label + text(shown)))
    for fact in other_facts(block, lang):
        yield _p(text(fact))


def _row(row: FigureLine) -> Markup:
    name = element("strong", text(row.value)) if row.value else EMPTY
    rest = (text(part) for part in (row.name, row.spark, *row.rest) if part)
    return join(filter(None, (name, *rest)), " · ")


def _evidence(seen: Seen) -> Markup:
    whose = text(f"{seen.whose}: " if seen.whose else "")
    shown = element("code", text(seen.text)) if seen.quoted else text(seen.text)
    return Markup(whose + shown)


def _listed(name: str, items: Sequence[Markup], lang: Lang, *, kind: str = "ul") -> Markup:
    """A list with its name above; nothing where it is empty."""
    if not items:
        return EMPTY
    label = _p(element("strong", text(worded(say(f"console.{name}"), lang))), "margin-top:10px")
    return Markup(label + _list(items, kind))


def _list(items: Sequence[Markup], kind: str = "ul") -> Markup:
    if not items:
        return EMPTY
    lines = (element("li", item, style="margin:2px 0") for item in items)
    return element(kind, *lines, style="margin:4px 0;padding-left:22px")


def _read_on(block: Block, lang: Lang) -> Markup:
    if not block.command:
        return EMPTY
    label = text(f"{worded(say('console.read_on'), lang)}: ")
    return _p(Markup(label + element("code", text(block.command))), _MUTED)


def _fine(report: Report, view: View) -> Iterator[Markup]:
    judged, shown = split(report.findings)
    for name, sign, findings in (
        ("ok", SIGNS[Level.OK], judged),
        ("shown", SHOWN_SIGN, shown),
    ):
        if findings:
            yield _title(name, sign, view.lang)
            yield element("div", *_lines(findings, report, view), style=_BOX)
    if lines := [*list_ignored(report, view.lang)]:
        yield _title("ignored", IGNORED_SIGN, view.lang)
        yield element("div", *(_p(text(line)) for line in lines), style=_BOX)


def _lines(findings: Sequence[Finding], report: Report, view: View) -> Iterator[Markup]:
    if view.all:
        for line in list_one_by_one(findings, report, view.lang):
            rest = " · ".join(filter(None, (line.value, line.held, line.about, line.age)))
            yield _p(Markup(element("strong", text(line.title)) + text(f" {rest}")))
        return
    for source in pack_by_source(findings, report, view.lang):
        pieces = text(f" {' · '.join(source.pieces)}")
        yield _p(Markup(element("strong", text(source.source)) + pieces))


def _sources(report: Report, lang: Lang) -> Markup:
    notes = [
        f"{n.sign} {n.what}{f': {n.why}' if n.why else ''}" for n in source_notes(report, lang)
    ]
    lines = (*notes, comma(lang).join(source_summaries(report, lang)))
    shown = element("div", *(_p(text(line)) for line in lines), style=_BOX)
    return Markup(_title("sources", "", lang) + shown)


def _title(name: str, sign: str, lang: Lang) -> Markup:
    return element("h2", text(f"{sign} " if sign else ""), word(name, lang), style=_TITLE)


def _p(content: Markup, style: str = "") -> Markup:
    return element("p", content, style=";".join(filter(None, (_LINE, style))))
