"""The report as the HTML part of a mail.

The blocks of the page in the same order, with what mail clients understand: tables, styles at each
element, pictures or bars of table cells for charts. They fold nothing, so everything is open.
"""

from collections.abc import Iterator, Sequence

from mailwatch.model import Finding, Lang, Level, Report, say
from mailwatch.reports.block import Block, FigureLine, Seen
from mailwatch.reports.facts import comma, limits
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
from mailwatch.reports.html.bars import WORDS, bars, in_words
from mailwatch.reports.html.card import facts_of, other_facts, spaced, word
from mailwatch.reports.html.day_series import read_days
from mailwatch.reports.html.mail_style import BODY, BOX, COLOURS, DARK, LINE, MUTED, TITLE
from mailwatch.reports.html.markup import EMPTY, Markup, element, join, text
from mailwatch.reports.html.picture import HEIGHT, WIDTH, Pictures
from mailwatch.reports.outline import blocks
from mailwatch.reports.packed import list_ignored, list_one_by_one, pack_by_source, split
from mailwatch.reports.view import View
from mailwatch.words import worded


def render_mail(report: Report, view: View, pictures: Pictures | None = None) -> str:
    """The report as a page for mail clients: no script, and nothing that is loaded.

    Its charts are added to `pictures`, which have to go with the mail; without, they are bars.
    """
    lang = view.lang
    title = f"{verdict(report, lang)} · {heading(report, lang)}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="supported-color-schemes", content="light dark"),
        element("title", text(title)),
        element("style", Markup(DARK)),
    )
    inside = element("div", *_parts(report, view, pictures), style="max-width:680px;margin:0 auto")
    body = element("body", inside, class_="page", style=BODY)
    return f"<!DOCTYPE html>\n{element('html', head, body, lang=lang)}"


def _parts(report: Report, view: View, pictures: Pictures | None) -> Iterator[Markup]:
    lang, level = view.lang, report.verdict
    colour = COLOURS[level]
    big = f"margin:0;font-size:26px;color:{colour}"
    yield element(
        "div",
        element("p", text(heading(report, lang)), class_="muted", style=f"margin:0 0 4px;{MUTED}"),
        element("h1", text(verdict(report, lang)), class_=level.value, style=big),
        element("p", text(tally(report, lang)), style="margin:6px 0 0;font-weight:bold"),
        role="banner",
        class_=f"box top-{level.value}",
        style=f"{BOX};border-top:6px solid {colour}",
    )
    main = [_card(block, lang, pictures) for block in blocks(report, view)]
    if not view.quiet:
        main += _fine(report, view)
    main.append(_sources(report, lang))
    yield element("div", *main, role="main")


def _card(block: Block, lang: Lang, pictures: Pictures | None) -> Markup:
    level, colour = block.level.value, COLOURS[block.level]
    mark = element("span", text(marked(block.level, lang)), class_=level, style=f"color:{colour}")
    name = element("h2", mark, text(f" {block.title}"), style="margin:0;font-size:17px")
    large = f"font-size:20px;font-weight:bold;color:{colour}"
    value = _p(text(spaced(block.value)), large, level)
    parts = (
        name,
        value if block.value else EMPTY,
        _muted(text(block.about)) if block.about else EMPTY,
        *_facts(block, lang),
        _chart(block.finding, lang, pictures) if block.finding else EMPTY,
        _list([_row(row) for row in block.rows]),
        _muted(text(worded(say("console.more", n=block.more), lang))) if block.more else EMPTY,
        _listed("seen", [_evidence(seen) for seen in block.seen], lang),
        _listed("do", [text(action) for action in block.actions], lang, kind="ol"),
        _listed("risk", [text(risk) for risk in block.risks], lang),
        _read_on(block, lang),
    )
    style = f"{BOX};border-left:6px solid {colour};margin-top:12px"
    return element("div", *parts, class_=f"box left-{level}", style=style)


def _chart(finding: Finding, lang: Lang, pictures: Pictures | None) -> Markup:
    """A picture with its words below it, where one can go with the mail; else bars."""
    picture = pictures.add(finding) if pictures is not None else None
    series = read_days(finding.measurement)
    if picture is None or series is None:
        return bars(finding, lang)
    said = in_words(finding, series, lang)
    held = limits(finding, lang) if series.alike else ""
    shown = element(
        "img",
        src=f"cid:{picture.ident}",
        alt=comma(lang).join(filter(None, (said, held))),
        width=str(WIDTH // 2),
        height=str(HEIGHT // 2),
        style=f"display:block;max-width:100%;width:{WIDTH // 2}px;height:auto;margin:8px 0 2px",
    )
    keys = (_key(name, lang) for name in picture.limits)
    return Markup(shown + element("p", text(said), *keys, class_="muted", style=WORDS))


def _key(name: str, lang: Lang) -> Markup:
    """Which line a limit is."""
    level = Level.OK if name == "ideal" else Level.BREACH
    shown = text(f" ┄┄ {worded(say(f'console.{name}'), lang)}")
    return element("span", shown, class_=level.value, style=f"color:{COLOURS[level]}")


def _facts(block: Block, lang: Lang) -> Iterator[Markup]:
    if block.finding is None or block.level is Level.UNKNOWN:
        for fact in block.facts:
            yield _p(text(fact))
        return
    for name, shown in facts_of(block.finding, lang):
        label = element("span", word(name, lang), text(": "), class_="muted", style=MUTED)
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
    return _muted(Markup(label + element("code", text(block.command))))


def _fine(report: Report, view: View) -> Iterator[Markup]:
    judged, shown = split(report.findings)
    for name, sign, findings in (
        ("ok", SIGNS[Level.OK], judged),
        ("shown", SHOWN_SIGN, shown),
    ):
        if findings:
            yield _title(name, sign, view.lang)
            yield element("div", *_lines(findings, report, view), class_="box", style=BOX)
    if lines := [*list_ignored(report, view.lang)]:
        yield _title("ignored", IGNORED_SIGN, view.lang)
        yield element("div", *(_p(text(line)) for line in lines), class_="box", style=BOX)


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
    shown = element("div", *(_p(text(line)) for line in lines), class_="box", style=BOX)
    return Markup(_title("sources", "", lang) + shown)


def _title(name: str, sign: str, lang: Lang) -> Markup:
    return element("h2", text(f"{sign} " if sign else ""), word(name, lang), style=TITLE)


def _p(content: Markup, style: str = "", class_: str = "") -> Markup:
    return element("p", content, class_=class_, style=";".join(filter(None, (LINE, style))))


def _muted(content: Markup) -> Markup:
    return _p(content, MUTED, "muted")
