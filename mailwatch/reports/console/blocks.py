"""The findings as lines: those of one check and level together, so that what to do stands once."""

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from mailwatch.model import Finding, Lang, Level, Phrase, Report, say
from mailwatch.reports.console.frame import SIGNS, STYLES
from mailwatch.reports.console.layout import hang, pack, pad, spread
from mailwatch.reports.facts import (
    comma,
    counts,
    days,
    limits,
    sample,
    spark,
    standing,
    value,
    value_range,
)
from mailwatch.reports.groups import Group, Pair, fitting_actions, named, shared, told_apart
from mailwatch.reports.view import View
from mailwatch.words import worded

INDENT = 10
LABEL = 8
MOST_EVIDENCE = 4
MOST_LISTED = 8
"""Findings of one group that are listed one by one."""
MOST_NAMED = 24
"""Subjects that are named one after the other."""
WIDEST_VALUE = 18
"""Cells of the column of values; a value that is wider moves what follows it."""


def trouble(group: Group, view: View) -> Iterator[Text]:
    """A breach or a warning: the figure, its limits and sample; what it risks; what to do."""
    first, lang, indent = group[0], view.lang, _indent(view)
    head = Text(first.check.title[lang], "bold")
    if len(group) == 1:
        head.append(f"  {value(first)}", STYLES[first.level])
    about = Text(named(shared(group)))
    yield from spread(_mark(first.level, lang), head, about, view.width, indent)
    for facts in pack(_facts(group, lang, view.width - indent), view.width - indent):
        yield from _indented(Text(facts), view, indent)
    if len(group) > 1:
        yield from _listed(group, view, indent)
    for name, lines in (("risk", first.check.risks[lang]), ("seen", _evidence(group, lang))):
        yield from _section(worded(say(f"console.{name}"), lang), lines, view, indent)
    yield from _steps(fitting_actions(group, lang), view, indent)


def unknown(group: Group, reason: Phrase, view: View) -> Iterator[Text]:
    """What cannot be told, and why."""
    lang, indent = view.lang, _indent(view)
    titles: dict[str, list[Finding]] = {}
    for finding in group:
        titles.setdefault(finding.check.title[lang], []).append(finding)
    head = Text()
    for title, findings in titles.items():
        head.append(comma(lang) if head else "")
        head.append(title, "bold")
        if names := _few(
            [named(f.measurement.subject.pairs, shared(group)) for f in findings], lang
        ):
            head.append(f" ({names})")
    if len(group) == 1:
        head.append(f"  {sample(group[0].measurement, lang)}")
        head.rstrip()
    mark = _mark(Level.UNKNOWN, lang)
    yield from spread(mark, head, Text(named(shared(group))), view.width, indent)
    yield from _indented(Text(worded(reason, lang)), view, indent)


def fine(groups: Sequence[Group], view: View, report: Report) -> Iterator[Text]:
    """What is ok, a line for each check; more than one where a line is too short for it."""
    lang = view.lang
    mark = Text(f"{SIGNS[Level.OK]} {worded(say('console.ok_short'), lang)}  ", STYLES[Level.OK])
    known = [("domain", report.subjects[0])] if len(report.subjects) == 1 else []
    values = min(max(cell_len(value_range(group, lang)) for group in groups), WIDEST_VALUE)
    titles = max(cell_len(group[0].check.title[lang]) for group in groups)
    aligned = mark.cell_len + titles + 2 + values + 2 + WIDEST_VALUE <= view.width
    room = view.width - mark.cell_len
    for group in groups:
        title, shown = group[0].check.title[lang], value_range(group, lang)
        standings = _standings(group, lang)
        left = room // 3
        if aligned:
            title, shown = pad(title, titles), pad(shown, values)
            left = min(left, room - titles - values - cell_len(standings) - 6)
        rest = [standings, _who(group, known, lang, left), _old(group, report, lang)]
        line = Text.assemble(
            title, "  ", shown, ("".join(f"  {part}" for part in rest if part), "dim")
        )
        if line.cell_len <= room:
            yield Text.assemble(mark, line)
            continue
        for n, packed in enumerate(pack((title.rstrip(), shown.rstrip(), *rest), room)):
            lead = Text(" " * mark.cell_len) if n else mark
            yield from hang(lead, Text(packed), view.width, mark.cell_len)


def _indent(view: View) -> int:
    return INDENT if view.width >= 50 else 2


def _mark(level: Level, lang: Lang) -> Text:
    word = worded(say(f"console.{level.value}"), lang)
    return Text(f"{SIGNS[level]} {word}  ", STYLES[level])


def _few(names: Iterable[str], lang: Lang, most: int = MOST_NAMED) -> str:
    """The names one after the other, each once; of many, the first and how many more."""
    different = [name for name in dict.fromkeys(names) if name]
    if len(different) <= most:
        return ", ".join(different)
    more = worded(say("console.more", n=len(different) - most), lang)
    return comma(lang).join([", ".join(different[:most]), more])


def _standings(group: Group, lang: Lang) -> str:
    """What the group was held against; overrides can differ from subject to subject."""
    return comma(lang).join(dict.fromkeys(standing(finding, lang) for finding in group))


def _who(group: Group, known: Iterable[Pair], lang: Lang, left: int) -> str:
    """What a line of ok findings is about; how many they are where the names are too long."""
    names = ", ".join(told_apart(group, known)) if len(group) > 1 else ""
    about = named(shared(group), known)
    if names and cell_len(names) + cell_len(about) <= left:
        return " · ".join(filter(None, (names, about)))
    in_all = worded(say("console.in_all", n=len(group)), lang) if len(group) > 1 else ""
    return "  ".join(filter(None, (about, in_all)))


def _old(group: Group, report: Report, lang: Lang) -> str:
    """The age of figures that are older than the newest day of their source, told below."""
    newest = {state.name: state.newest_day for state in report.sources}.get(group[0].check.source)
    ages = [
        finding.measurement.age_days or 0
        for finding in group
        if finding.measurement.window and finding.measurement.window.last != newest
    ]
    age = max(ages, default=0)
    return worded(say("console.old", age=age), lang) if age > 1 else ""


def _facts(group: Group, lang: Lang, room: int) -> Iterator[str]:
    """The way here, the limits, and what the figure rests on."""
    first, measurement = group[0], group[0].measurement
    if len(group) > 1:
        dated = any(finding.measurement.window for finding in group)
        yield from (_alike(group, lang), "" if dated else days(measurement, lang))
        return
    yield from (spark(measurement), limits(first, lang))
    if cell_len(sample(measurement, lang)) <= room:
        yield sample(measurement, lang)
    else:
        yield from (counts(measurement, lang), days(measurement, lang))


def _alike(group: Group, lang: Lang) -> str:
    """The limits of the whole group; "" where overrides make them differ."""
    different = {limits(finding, lang) for finding in group}
    return different.pop() if len(different) == 1 else ""


def _listed(group: Group, view: View, indent: int) -> Iterator[Text]:
    """The findings of a group one by one, or their subjects alone where the values are one word."""
    lang, style = view.lang, STYLES[group[0].level]
    dated = any(finding.measurement.window for finding in group)
    alike = _alike(group, lang)
    if len({value(finding) for finding in group}) == 1 and alike and not dated:
        mark = Text.assemble(" " * indent, (value(group[0]), style), "  ")
        text = Text(_few(told_apart(group), lang))
        yield from hang(mark, text, view.width, mark.cell_len)
        return
    listed = group[:MOST_LISTED]
    names = [named(finding.measurement.subject.pairs, shared(group)) for finding in listed]
    values = max(cell_len(value(finding)) for finding in listed)
    widest = max(map(cell_len, names)) if max(map(cell_len, names)) <= view.width // 4 else 0
    ways = max(cell_len(spark(finding.measurement)) for finding in listed)
    for finding, name in zip(listed, names, strict=True):
        measurement = finding.measurement
        based = sample(measurement, lang) if dated else ""
        held = "" if alike else limits(finding, lang)
        way = pad(spark(measurement), ways)
        rest = "  ".join(filter(None, (pad(name, widest), way, held, based)))
        mark = Text.assemble(" " * indent, (pad(value(finding), values), style), "  ")
        yield from hang(mark, Text(rest), view.width, mark.cell_len)
    if len(group) > MOST_LISTED:
        more = worded(say("console.more", n=len(group) - MOST_LISTED), lang)
        yield from _indented(Text(more), view, indent)


def _evidence(group: Group, lang: Lang) -> list[str]:
    """What was seen, the same only once, and of which of the findings."""
    found: dict[str, list[Finding]] = {}
    for finding in group:
        for phrase in finding.measurement.evidence:
            found.setdefault(worded(phrase, lang), []).append(finding)
    lines = []
    for line, seen in found.items():
        of = [named(f.measurement.subject.pairs, shared(group)) for f in seen]
        whose = _few(of, lang, 3) if len(seen) < len(group) else ""
        lines.append(f"{whose}: {line}" if whose else line)
    if len(lines) > MOST_EVIDENCE:
        more = worded(say("console.more", n=len(lines) - MOST_EVIDENCE + 1), lang)
        lines = [*lines[: MOST_EVIDENCE - 1], more]
    return lines


def _indented(text: Text, view: View, indent: int) -> Iterator[Text]:
    yield from hang(Text(" " * indent), text, view.width, indent)


def _section(label: str, lines: Sequence[str], view: View, indent: int) -> Iterator[Text]:
    for n, line in enumerate(lines):
        mark = Text(" " * indent + ("" if n else label), "bold")
        yield from hang(mark, Text(line), view.width, indent + LABEL)


def _steps(actions: Sequence[str], view: View, indent: int) -> Iterator[Text]:
    label = pad(worded(say("console.do"), view.lang), LABEL - 3)
    for n, action in enumerate(actions, 1):
        mark = Text(" " * indent + (label if n == 1 else " " * (LABEL - 3)) + f"{n}", "bold")
        yield from hang(mark, Text(action), view.width, indent + LABEL)
