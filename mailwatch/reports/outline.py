"""What is not ok, as data: the order and the cuts of every report for people.

Findings of one check and level make one block, so that what to do stands once. The formats draw
the blocks; none of them decides what is said.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mailwatch.model import Finding, Lang, Level, Phrase, Report, say
from mailwatch.reports.facts import (
    act,
    comma,
    counts,
    days,
    ideal,
    limits,
    newest_days,
    old,
    sample,
    spark,
    value,
    value_range,
)
from mailwatch.reports.groups import (
    Group,
    by_check,
    by_reason,
    chosen_actions,
    named,
    shared,
    told_apart,
)
from mailwatch.reports.view import View
from mailwatch.words import PHRASES, worded

MOST_ACTIONS = 2
MOST_RISKS = 1
MOST_SEEN = 3
LONGEST_SEEN = 200
"""Characters of one piece of evidence."""
MOST_LISTED = 8
"""Findings of one block that are listed one by one."""
MOST_NAMED = 24
"""Subjects that are named one after the other."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of several."""

    value: str
    name: str = ""
    spark: str = ""
    rest: tuple[str, ...] = ()
    """Its limits where they differ from the others', what it rests on, why it cannot be told."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One piece of evidence."""

    text: str
    whose: str = ""
    """The subjects that it is about, where it is not about all."""
    quoted: bool = False
    """The text is a record or somebody else's words, not ours."""


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that is not ok."""

    level: Level
    title: str
    brief_title: str
    """The title in the summary."""
    value: str = ""
    brief_value: str = ""
    about: str = ""
    """The subject, or what the subjects have in common."""
    facts: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    more: int = 0
    """Figures that are not listed."""
    seen: tuple[Seen, ...] = ()
    actions: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    command: str = ""
    """What to run to read on."""
    age: str = ""
    """How old the figure is, where it is older than its source usually is."""
    size: int = 1
    """Findings in it."""


def blocks(report: Report, view: View) -> Iterator[Block]:
    """Breaches, warnings, and what cannot be told."""
    totals = Counter(finding.check.id for finding in report.findings)
    newest = newest_days(report)
    for level in (Level.BREACH, Level.WARN):
        for group in by_check(report.findings, level):
            yield _trouble(group, totals[group[0].check.id], newest, view)
    for reason, group in by_reason(report):
        yield _unknown(group, reason, totals[group[0].check.id], newest, view)


def is_summed_up(shown: Iterable[Block]) -> bool:
    """True where a summary tells more than the only finding that is not ok."""
    return sum(block.size for block in shown) > 1


def known_subject(report: Report) -> list[tuple[str, str]]:
    """What the heading says already: the domain, where only one is watched."""
    return [("domain", report.subjects[0])] if len(report.subjects) == 1 else []


def few(names: Iterable[str], lang: Lang, most: int | None = MOST_NAMED) -> str:
    """The names one after the other, each once; of many, the first and how many more."""
    different = [name for name in dict.fromkeys(names) if name]
    if most is None or len(different) <= most:
        return ", ".join(different)
    more = worded(say("console.more", n=len(different) - most), lang)
    return comma(lang).join([", ".join(different[:most]), more])


def _trouble(group: Group, total: int, newest: Mapping[str, date | None], view: View) -> Block:
    first, lang = group[0], view.lang
    check = first.check
    facts, rows = _alone(first, lang) if len(group) == 1 else _together(group, view)
    shown = _how_many(group, total, lang)
    return Block(
        level=first.level,
        title=check.title[lang],
        brief_title=check.title[lang],
        value=shown,
        brief_value=shown,
        about=named(shared(group)),
        facts=facts,
        rows=rows,
        more=len(group) - len(rows) if rows else 0,
        seen=tuple(_seen(group, view)),
        actions=chosen_actions(group, lang, view.most(MOST_ACTIONS)),
        risks=check.risks[lang][: view.most(MOST_RISKS)],
        command=f"mailwatch explain {check.id}",
        age=old(group, newest, lang),
        size=len(group),
    )


def _how_many(group: Group, total: int, lang: Lang) -> str:
    """`6.1 %`; of several findings `3 of 11 NEEDS_WORK`, `6.1 - 7 %  3 of 11 subusers`."""
    shown = value_range(group, lang)
    if total == 1:
        return shown
    if isinstance(group[0].measurement.value, str) and shown == value(group[0]):
        part = worded(say("console.part", n=len(group), of=total), lang)
        return worded(say("console.part_word", part=part, word=shown), lang)
    return f"{shown}  {_part(group, total, lang)}"


def _part(group: Group, total: int, lang: Lang) -> str:
    """`3 of 11 subusers`."""
    pairs = group[0].measurement.subject.pairs
    code = f"console.of_{pairs[-1][0]}" if pairs else ""
    if code not in PHRASES:
        return worded(say("console.part", n=len(group), of=total), lang)
    return worded(say("console.part_of", n=len(group), of=total, noun=say(code)), lang)


def _alone(finding: Finding, lang: Lang) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    measurement = finding.measurement
    facts = (spark(measurement), limits(finding, lang), sample(measurement, lang))
    return tuple(filter(None, facts)), ()


def _together(group: Group, view: View) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """What holds for all of the group, and its figures one by one, the worst first.

    Where all have the same word, their names are enough.
    """
    lang, first = view.lang, group[0]
    dated = any(finding.measurement.window for finding in group)
    alike = len({(f.threshold.ideal, f.threshold.act) for f in group}) == 1
    now = "" if dated else days(first.measurement, lang)
    if alike and not dated and len({f.measurement.compared for f in group}) == 1:
        crossed = act if first.level is Level.BREACH else ideal
        names = few(told_apart(group), lang, view.most(MOST_NAMED))
        line = " · ".join(filter(None, (names, crossed(first, lang), now)))
        return (line,), ()
    common = set(shared(group))
    rows = []
    for finding in group[: view.most(MOST_LISTED)]:
        measurement = finding.measurement
        rest = (
            "" if alike else limits(finding, lang),
            sample(measurement, lang) if dated else "",
        )
        name = named(measurement.subject.pairs, common)
        rows.append(Row(value(finding), name, spark(measurement), tuple(filter(None, rest))))
    facts = (limits(first, lang) if alike else "", now)
    return tuple(filter(None, facts)), tuple(rows)


def _seen(group: Group, view: View) -> Iterator[Seen]:
    """The evidence, the same only once, and of which of the findings."""
    found: dict[Phrase, list[Finding]] = {}
    for finding in group:
        for phrase in finding.measurement.evidence:
            found.setdefault(phrase, []).append(finding)
    common = set(shared(group))
    most = view.most(MOST_SEEN)
    cut = most is not None and len(found) > most
    for phrase, findings in list(found.items())[: MOST_SEEN - 1 if cut else None]:
        of = (named(f.measurement.subject.pairs, common) for f in findings)
        whose = few(of, view.lang, 3) if len(findings) < len(group) else ""
        text = worded(phrase, view.lang)
        if view.most(LONGEST_SEEN) and len(text) > LONGEST_SEEN:
            text = text[: LONGEST_SEEN - 1] + "…"
        yield Seen(text, whose, quoted=phrase.code == "verbatim")
    if cut:
        more = len(found) - MOST_SEEN + 1
        yield Seen(worded(say("console.more", n=more), view.lang))


def _unknown(
    group: Group, reason: Phrase, total: int, newest: Mapping[str, date | None], view: View
) -> Block:
    """What cannot be told, and why."""
    lang, first = view.lang, group[0]
    common = shared(group)
    measured = first.measurement.value is not None
    one_reason = all(finding.reason == first.reason for finding in group)
    if measured and not one_reason:
        return _too_little(group, total, view)
    titles: dict[str, list[Finding]] = {}
    for finding in group:
        titles.setdefault(finding.check.title[lang], []).append(finding)
    without = set(common)
    parts = []
    for title, findings in titles.items():
        names = (named(f.measurement.subject.pairs, without) for f in findings)
        whose = few(names, lang, view.most(MOST_NAMED))
        parts.append(f"{title} ({whose})" if whose else title)
    brief = next(iter(titles))
    part = _part(group, total, lang) if len(group) > 1 and len(titles) == 1 else ""
    if len(titles) > 1:
        brief = worded(say("console.and_more", first=brief, more=len(titles) - 1), lang)
    alone = measured and len(group) == 1
    shown = counts(first.measurement, lang) or (value(first) if measured else "")
    taken = comma(lang).join(filter(None, (shown, days(first.measurement, lang))))
    return Block(
        level=Level.UNKNOWN,
        title=comma(lang).join(parts),
        brief_title=brief,
        value=taken if alone else "",
        brief_value=shown if alone else part,
        about=named(common),
        facts=(worded(reason, lang),),
        age=old(group, newest, lang) if measured else "",
        size=len(group),
    )


def _too_little(group: Group, total: int, view: View) -> Block:
    """Figures of one check, each with its own reason why it cannot be told."""
    lang, title = view.lang, group[0].check.title[view.lang]
    common = set(shared(group))
    listed: Sequence[Finding] = group[: view.most(MOST_LISTED)]
    rows = tuple(
        Row(named(f.measurement.subject.pairs, common), rest=(worded(f.reason, lang),))
        for f in listed
    )
    part = _part(group, total, lang)
    dated = days(group[0].measurement, lang)
    return Block(
        level=Level.UNKNOWN,
        title=title,
        brief_title=title,
        value=part,
        brief_value=part,
        about=named(shared(group)),
        facts=(dated,) if dated else (),
        rows=rows,
        more=len(group) - len(rows),
        size=len(group),
    )
