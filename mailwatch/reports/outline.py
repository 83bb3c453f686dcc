"""What is not ok, as data: the order and the cuts of every report for people.

Findings of one check and level make one block, so that what to do is given once. The formats draw
the blocks; none of them decides what is said.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from mailwatch.model import Finding, Lang, Level, Measurement, Phrase, Report, say
from mailwatch.reports.block import Block, FigureLine, Seen
from mailwatch.reports.extent import how_many, kind_of, part_of, total_of
from mailwatch.reports.facts import (
    BUDGET,
    act,
    budget,
    comma,
    counts,
    days,
    forecast,
    ideal,
    life,
    limits,
    newest_days,
    old,
    sample,
    spark,
    value,
)
from mailwatch.reports.followers import lead, with_followers
from mailwatch.reports.groups import (
    Group,
    Pair,
    by_check,
    by_reason,
    chosen_actions,
    distinct_names,
    failures,
    named,
    scope_of,
    shared,
)
from mailwatch.reports.view import View
from mailwatch.words import worded

MOST_ACTIONS = 2
MOST_RISKS = 1
MOST_SEEN = 3
NAMES_OTHERS = "related.same_days"
LONGEST_SEEN = 200
"""Characters of one piece of evidence."""
MOST_LISTED = 8
"""Findings of one block that are listed one by one."""
MOST_NAMED = 24
"""Subjects that are named one after the other."""


def blocks(report: Report, view: View) -> Iterator[Block]:
    """Breaches, warnings, and what is unknown."""
    totals = Counter(map(kind_of, report.counted))
    newest = newest_days(report)
    first: dict[str, Block] = {}
    troubles = (by_check(report.counted, level) for level in (Level.BREACH, Level.WARN))
    for led in lead(chain.from_iterable(troubles)):
        group = led.group
        block = _trouble(group, total_of(group, totals), newest, view)
        block = with_followers(block, led, totals, view)
        yield _without_repeats(block, first.setdefault(group[0].check.id, block))
    failed = failures(report)
    for group in by_reason(report):
        error = failed.get(group[0].check.source)
        yield _unknown(group, error, total_of(group, totals), newest, view)


def block_of(finding: Finding, view: View) -> Block:
    """The finding alone, whatever its level is."""
    if finding.level is Level.UNKNOWN:
        return _unknown((finding,), None, 1, {}, view)
    return _trouble((finding,), 1, {}, view)


def is_summed_up(shown: Iterable[Block]) -> bool:
    """True where a summary says more than the only finding that is not ok."""
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
    shown = how_many(group, total, lang)
    return Block(
        level=first.level,
        title=check.title[lang],
        brief_title=check.title[lang],
        value=shown,
        brief_value=shown,
        about=named(shared(group), lang=lang),
        facts=facts,
        rows=rows,
        more=len(group) - len(rows) if rows else 0,
        seen=tuple(_seen(group, view)),
        actions=chosen_actions(group, lang, view.most(MOST_ACTIONS)),
        risks=check.risks[lang][: view.most(MOST_RISKS)],
        command=f"mailwatch explain {check.id}",
        age=old(group, newest, lang),
        size=len(group),
        finding=first if len(group) == 1 else None,
        check=check.id,
    )


def _without_repeats(block: Block, earlier: Block) -> Block:
    """The warnings of a check whose breaches say already what to do and what it risks."""
    if block is earlier:
        return block
    actions = tuple(action for action in block.actions if action not in earlier.actions)
    return replace(block, actions=actions, risks=(), command="")


def _alone(finding: Finding, lang: Lang) -> tuple[tuple[str, ...], tuple[FigureLine, ...]]:
    measurement = finding.measurement
    facts = (
        forecast(finding, lang),
        spark(finding),
        limits(finding, lang),
        sample(measurement, lang),
        budget(finding, lang),
        life(finding, lang),
    )
    return tuple(filter(None, facts)), ()


def _together(group: Group, view: View) -> tuple[tuple[str, ...], tuple[FigureLine, ...]]:
    """What holds for all of the group, and its figures one by one, the worst first.

    Where all have the same word, their names are enough.
    """
    lang, first = view.lang, group[0]
    dated = any(finding.measurement.window for finding in group)
    alike = len({(f.threshold.ideal, f.threshold.act) for f in group}) == 1
    # Of segments, whose days are those of one answer, the days are said once.
    same_days = scope_of(first)[1] and len({f.measurement.window for f in group}) == 1
    now = "" if dated and not same_days else days(first.measurement, lang)
    if alike and not dated and len({f.measurement.compared for f in group}) == 1:
        crossed = act if first.level is Level.BREACH else ideal
        names = few(distinct_names(group), lang, view.most(MOST_NAMED))
        line = " · ".join(filter(None, (names, crossed(first, lang), now)))
        return (line,), ()
    common = set(shared(group))
    rows, kinds = [], _kinds(group, lang)
    foreseen = {forecast(finding, lang) for finding in group}
    together = foreseen.pop() if len(foreseen) == 1 else ""
    for finding in group[: view.most(MOST_LISTED)]:
        measurement = finding.measurement
        rest = (
            "" if together else forecast(finding, lang),
            "" if alike else limits(finding, lang),
            _row_sample(measurement, lang, same_days) if dated else "",
            life(finding, lang),
        )
        name = named(measurement.subject.pairs, common, kinds)
        rows.append(
            FigureLine(value(finding), name, spark(finding), tuple(filter(None, rest)), finding)
        )
    facts = (together, limits(first, lang) if alike else "", now)
    return tuple(filter(None, facts)), tuple(rows)


def _row_sample(measurement: Measurement, lang: Lang, without_days: bool) -> str:
    return counts(measurement, lang) if without_days else sample(measurement, lang)


def _kinds(group: Group, lang: Lang) -> Lang | None:
    """The language to name segments with their kind in; None where all are of one kind."""
    segments = (finding.measurement.subject.segment for finding in group)
    return lang if len({segment and segment[0] for segment in segments}) > 1 else None


def _seen(group: Group, view: View) -> Iterator[Seen]:
    """The evidence, the same only once, and of which of the findings."""
    found: dict[Phrase, list[Finding]] = {}
    for finding in group:
        for phrase in finding.measurement.evidence:
            if phrase.code == NAMES_OTHERS or phrase.code.startswith(BUDGET):
                continue  # the block itself says it
            found.setdefault(phrase, []).append(finding)
    common = set(shared(group))
    most, kinds = view.most(MOST_SEEN), _kinds(group, view.lang)
    cut = most is not None and len(found) > most
    for phrase, findings in list(found.items())[: MOST_SEEN - 1 if cut else None]:
        of = (named(f.measurement.subject.pairs, common, kinds) for f in findings)
        whose = few(of, view.lang, 3) if len(findings) < len(group) else ""
        text = worded(phrase, view.lang)
        if view.most(LONGEST_SEEN) and len(text) > LONGEST_SEEN:
            text = text[: LONGEST_SEEN - 1] + "…"
        yield Seen(text, whose, quoted=phrase.code == "verbatim")
    if cut:
        more = len(found) - MOST_SEEN + 1
        yield Seen(worded(say("console.more", n=more), view.lang))


def _unknown(
    group: Group, error: Phrase | None, total: int, newest: Mapping[str, date | None], view: View
) -> Block:
    """What is unknown, and why; `error` is why its source failed, if it did."""
    lang, first = view.lang, group[0]
    common = shared(group)
    measured = first.measurement.value is not None
    reasons: dict[Phrase, list[Finding]] = {}
    for finding in group:
        reasons.setdefault(error or finding.reason, []).append(finding)
    titles = {finding.check.title[lang]: None for finding in group}
    brief, *others = titles
    part = part_of(group, total, lang) if len(group) > 1 and not others else ""
    if others:
        brief = worded(say("console.and_more", first=brief, more=len(others)), lang)
    block = Block(
        level=Level.UNKNOWN,
        title=comma(lang).join(titles),
        brief_title=brief,
        value=part,
        brief_value=part,
        about=named(common, lang=lang),
        age=old(group, newest, lang) if measured else "",
        size=len(group),
        finding=first if len(group) == 1 else None,
        check="" if others else first.check.id,
    )
    dated = days(first.measurement, lang)
    if len(reasons) > 1:
        listed = list(reasons.items())[: view.most(MOST_LISTED)]
        rows = tuple(
            FigureLine(_whose(those, common, lang), rest=(worded(r, lang),)) for r, those in listed
        )
        facts = (dated,) if dated else ()
        return replace(block, facts=facts, rows=rows, more=len(reasons) - len(rows))
    facts = (worded(next(iter(reasons)), lang),)
    if measured and len(group) == 1:
        shown = counts(first.measurement, lang) or value(first)
        taken = comma(lang).join(filter(None, (shown, dated)))
        return replace(block, facts=facts, value=taken, brief_value=shown)
    return replace(block, facts=facts, value="", title=_with_names(group, common, view))


def _with_names(group: Group, common: Sequence[Pair], view: View) -> str:
    """`DKIM key (s1, s2), DKIM key size (s1)`: the titles, each with what it is about."""
    without, lang = set(common), view.lang
    kinds = _kinds(group, lang)  # once: of thousands of segments, each has several findings
    names: dict[str, list[str]] = {}
    for finding in group:
        name = named(finding.measurement.subject.pairs, without, kinds)
        names.setdefault(finding.check.title[lang], []).append(name)
    parts = []
    same, *others = names.values()
    if len(same) > MOST_LISTED and all(those == same for those in others):
        # Of hundreds of segments, which have seven rates each, the names are said once.
        return f"{comma(lang).join(names)} ({few(same, lang, view.most(MOST_NAMED))})"
    for title, those in names.items():
        whose = few(those, lang, view.most(MOST_NAMED))
        parts.append(f"{title} ({whose})" if whose else title)
    return comma(lang).join(parts)


def _whose(group: Group, common: Sequence[Pair], lang: Lang) -> str:
    """The subjects that have one reason; where all are about the same, the checks."""
    without, kinds = set(common), _kinds(group, lang)
    names = [named(finding.measurement.subject.pairs, without, kinds) for finding in group]
    return few(names if any(names) else [f.check.title[lang] for f in group], lang, 3)
