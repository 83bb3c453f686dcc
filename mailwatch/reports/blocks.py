"""The findings: those of one check and level together, so that what to do stands once."""

import re
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from mailwatch.figures import display, limit_text
from mailwatch.model import (
    Finding,
    Lang,
    Level,
    Measurement,
    Phrase,
    Report,
    State,
    Subject,
    say,
)
from mailwatch.reports.frame import SIGNS, STYLES
from mailwatch.reports.layout import cut, hang, pack, pad, spread
from mailwatch.reports.sparkline import sparkline
from mailwatch.reports.view import View
from mailwatch.words import PHRASES, day, worded

Group = Sequence[Finding]
INDENT = 10
LABEL = 8
MOST_EVIDENCE = 4
_CODE = re.compile(r"[A-Z]+(_[A-Z]+)*|[a-z]+(_[a-z]+)+")
"""How Google writes its requirements and reasons."""
MOST_LISTED = 8
"""Findings of one group that are listed one by one."""


def by_check(findings: Iterable[Finding], level: Level) -> Iterator[Group]:
    """The findings of `level`, those of one check together."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.level is level:
            groups.setdefault(finding.check.id, []).append(finding)
    return iter(groups.values())


def by_reason(report: Report) -> Iterator[tuple[Phrase, Group]]:
    """What cannot be told, by reason; a source that failed is one thing to read."""
    failed = {s.name: s.error for s in report.sources if s.state is State.FAILED and s.error}
    groups: dict[tuple[str, Phrase], list[Finding]] = {}
    for finding in report.findings:
        if finding.level is Level.UNKNOWN:
            reason = failed.get(finding.check.source, finding.reason)
            groups.setdefault((finding.check.source, reason), []).append(finding)
    return ((reason, group) for (_, reason), group in groups.items())


def trouble(group: Group, view: View) -> Iterator[Text]:
    """A breach or a warning: the figure, its limits and sample; what it risks; what to do."""
    first, lang, indent = group[0], view.lang, _indent(view)
    mark = _mark(first.level, lang)
    if len(group) == 1:
        head = Text.assemble(
            mark,
            "  ",
            (first.check.title[lang], "bold"),
            "  ",
            (_value(first), STYLES[first.level]),
        )
        yield from spread(head, Text(_subject(first.measurement.subject)), view.width, indent)
        for facts in pack(_facts(first, lang), view.width - indent):
            yield from _indented(Text(facts), view, indent)
    else:
        head = Text.assemble(mark, "  ", (first.check.title[lang], "bold"))
        yield from spread(head, Text(_limits(first, lang)), view.width, indent)
        yield from _listed(group, view, indent)
    for name, lines in (("risk", first.check.risks[lang]), ("seen", _evidence(group, lang))):
        yield from _section(worded(say(f"console.{name}"), lang), lines, view, indent)
    yield from _steps(fitting_actions(group, lang), view, indent)


def unknown(group: Group, reason: Phrase, view: View) -> Iterator[Text]:
    """What cannot be told, and why."""
    lang, indent = view.lang, _indent(view)
    mark = Text.assemble(_mark(Level.UNKNOWN, lang), "  ")
    if len(group) == 1:
        title = Text.assemble(
            (group[0].check.title[lang], "bold"), "  ", _sample(group[0].measurement, lang)
        )
        title.rstrip()
        head = Text.assemble(mark, title)
        yield from spread(head, Text(_subject(group[0].measurement.subject)), view.width, indent)
    else:
        names = dict.fromkeys(_titled(finding, lang) for finding in group)
        yield from hang(mark, Text(", ".join(names), "bold"), view.width, mark.cell_len)
    yield from _indented(Text(worded(reason, lang)), view, indent)


def fine(groups: Sequence[Group], view: View, domains: Sequence[str]) -> Iterator[Text]:
    """What is ok, a line for each check."""
    lang = view.lang
    word = f"{SIGNS[Level.OK]} {worded(say('console.ok_short'), lang)}"
    mark = pad(word, max(cell_len(word) + 2, _indent(view)))
    values = min(max(cell_len(_range(group)) for group in groups), 18)
    room = max(view.width - cell_len(mark) - values - 20, 8)
    titles = min(max(cell_len(group[0].check.title[lang]) for group in groups), room)
    for group in groups:
        shown = group[0]
        limit = _limits(shown, lang, side="ideal") if _judged(shown) else ""
        rest = limit or worded(say("console.not_judged"), lang)
        line = Text.assemble(
            (mark, STYLES[Level.OK]),
            pad(cut(Text(shown.check.title[lang]), titles).plain, titles),
            "  ",
            pad(_range(group), values),
            "  ",
            (rest, "dim"),
        )
        in_all = worded(say("console.in_all", n=len(group)), lang) if len(group) > 1 else ""
        for subjects in (_told_apart(group, single=len(domains) == 1), in_all):
            if subjects and line.cell_len + 2 + cell_len(subjects) <= view.width:
                line.append(f"  {subjects}", "dim")
                break
        yield cut(line, view.width)


def _indent(view: View) -> int:
    return INDENT if view.width >= 50 else 2


def _mark(level: Level, lang: Lang) -> Text:
    word = worded(say(f"console.{level.value}"), lang)
    return Text(f"{SIGNS[level]} {word}", STYLES[level])


def _value(finding: Finding) -> str:
    limits = finding.threshold.ideal, finding.threshold.act
    return display(finding.measurement.value, finding.check.unit, *limits)


def _range(group: Group) -> str:
    """The one value, or from the lowest to the highest of the group."""
    shown = list(dict.fromkeys(_value(finding) for finding in group))
    if len(shown) == 1:
        return shown[0]
    numbers = [f for f in group if isinstance(f.measurement.value, int | float)]
    if len(numbers) < len(group):
        return ", ".join(shown)
    ordered = sorted(numbers, key=lambda f: float(f.measurement.value or 0))
    low, high = _value(ordered[0]), _value(ordered[-1])
    unit = " %" if low.endswith(" %") and high.endswith(" %") else ""
    return f"{low.removesuffix(unit)} - {high}"


def _subject(subject: Subject) -> str:
    """The most particular first: `s1 · example.com`."""
    return " · ".join(value for _, value in reversed(subject.pairs))


def _told_apart(group: Group, *, single: bool = False) -> str:
    """What tells the findings of a group apart; of a `single` domain, not the domain."""
    names = [finding.measurement.subject.pairs for finding in group]
    shared = set.intersection(*map(set, names)) if len(group) > 1 else set()
    if single:
        shared |= {pair for pairs in names for pair in pairs if pair[0] == "domain"}
    parts = [" · ".join(v for k, v in pairs[::-1] if (k, v) not in shared) for pairs in names]
    return ", ".join(part for part in dict.fromkeys(parts) if part)


def fitting_actions(group: Group, lang: Lang) -> tuple[str, ...]:
    """The check's actions without those that are for other values, requirements or reasons.

    Such an action begins with what it is for: `missing: …`, `SPF, DKIM: …`.
    """
    actions = group[0].check.actions[lang]
    worse = group[0].check.worse
    here = {str(finding.measurement.value) for finding in group}
    here |= {v for finding in group for _, v in finding.measurement.subject.pairs}
    fitting = []
    for action in actions:
        words = action.partition(": ")[0].split(", ") if ": " in action else []
        particular = words and all(word in worse or _CODE.fullmatch(word) for word in words)
        if not particular or here & set(words):
            fitting.append(action)
    return tuple(fitting) or actions


def _titled(finding: Finding, lang: Lang) -> str:
    """A title, with what in it is more particular than a domain."""
    particular = [v for k, v in finding.measurement.subject.pairs if k != "domain"]
    title = finding.check.title[lang]
    return f"{title} ({', '.join(particular)})" if particular else title


def _judged(finding: Finding) -> bool:
    return finding.reason.code not in ("judge.switched_off", "judge.under_floor", "judge.exempt")


def _limits(finding: Finding, lang: Lang, side: str = "both") -> str:
    """`ideal ≤ 3 %, act > 5 %`."""
    unit, threshold = finding.check.unit, finding.threshold
    sides = (("ideal", threshold.ideal), ("act", threshold.act))
    shown = [
        f"{worded(say(f'console.{name}'), lang)} {limit_text(limit, unit, readable=True)}"
        for name, limit in sides
        if limit is not None and side in ("both", name)
    ]
    return ", ".join(shown)


def _facts(finding: Finding, lang: Lang) -> tuple[str, ...]:
    """The way here, the limits, and what the figure rests on."""
    measurement = finding.measurement
    return _spark(measurement), _limits(finding, lang), _sample(measurement, lang)


def _spark(measurement: Measurement) -> str:
    return sparkline(measurement.daily, measurement.window.last) if measurement.window else ""


def _sample(measurement: Measurement, lang: Lang) -> str:
    """`612 of 10,020 processed, 17-23 Nov`, or the newest day and its age."""
    name = f"console.{measurement.denominator_name}"
    days = _days(measurement, lang)
    if name in PHRASES and measurement.denominator is not None:
        counts = {"n": measurement.numerator or 0, "of": measurement.denominator}
        sample = worded(say("console.sample", **counts, name=say(name)), lang)
        return f"{sample}, {days}" if days else sample
    return days


def _days(measurement: Measurement, lang: Lang) -> str:
    window, age = measurement.window, measurement.age_days
    if window is None:
        return ""
    last = day(window.last, lang)
    if age is not None and age > 1:
        return worded(say("console.newest", day=window.last, age=age), lang)
    if window.first == window.last:
        return last
    same_month = window.first.month == window.last.month
    first = str(window.first.day) if same_month and lang == "en" else day(window.first, lang)
    return f"{first}-{last}" if lang == "en" else f"{first}~{last}"


def _listed(group: Group, view: View, indent: int) -> Iterator[Text]:
    """The findings of a group one by one, or their subjects alone where the values are one word."""
    lang = view.lang
    values = {_value(finding) for finding in group}
    if len(values) == 1 and isinstance(group[0].measurement.value, str):
        text = Text.assemble((values.pop(), STYLES[group[0].level]), "  ", _told_apart(group))
        yield from _indented(text, view, indent)
        return
    for finding in group[:MOST_LISTED]:
        measurement = finding.measurement
        line = "  ".join(
            filter(
                None,
                (_subject(measurement.subject), _spark(measurement), _sample(measurement, lang)),
            )
        )
        yield from _indented(
            Text.assemble((_value(finding), STYLES[finding.level]), "  ", line), view, indent
        )
    if len(group) > MOST_LISTED:
        more = worded(say("console.more", n=len(group) - MOST_LISTED), lang)
        yield from _indented(Text(more), view, indent)


def _evidence(group: Group, lang: Lang) -> list[str]:
    """What was seen, the same only once."""
    found = dict.fromkeys(
        worded(phrase, lang) for finding in group for phrase in finding.measurement.evidence
    )
    lines = list(found)
    if len(lines) > MOST_EVIDENCE:
        more = worded(say("console.more", n=len(lines) - MOST_EVIDENCE + 1), lang)
        lines = [*lines[: MOST_EVIDENCE - 1], more]
    return lines


def _indented(text: Text, view: View, indent: int) -> Iterator[Text]:
    if text.plain:
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
