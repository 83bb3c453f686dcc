"""What is not ok, as data: the order and the cuts of every report for people.

Findings of one check and level make one block, so that what to do is given once. The formats draw
the blocks; none of them decides what is said.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain

from mailwatch.model import Finding, Lang, Level, Measurement, Phrase, Report, say
from mailwatch.reports.beside import is_of_account, needed_by_each, with_segments
from mailwatch.reports.block import Block, FigureLine, Seen
from mailwatch.reports.extent import how_many, kind_of, part_of, total_of
from mailwatch.reports.facts import (
    BUDGET,
    act,
    budget,
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
    by_check,
    by_reason,
    chosen_actions,
    distinct_names,
    failures,
    named,
    scope_of,
    shared,
)
from mailwatch.reports.undecided import MOST_LISTED, MOST_NAMED, few, kinds_in, unknown_block
from mailwatch.reports.view import View
from mailwatch.words import worded

MOST_ACTIONS = 2
MOST_RISKS = 1
MOST_SEEN = 3
NAMES_OTHERS = "related.same_days"
LONGEST_SEEN = 200
"""Characters of one piece of evidence."""


def blocks(report: Report, view: View) -> Iterator[Block]:
    """Breaches, warnings, and what is unknown."""
    totals = Counter(map(kind_of, report.counted))
    newest = newest_days(report)
    first: dict[str, Block] = {}
    found: list[Block] = []
    troubles = (by_check(report.counted, level) for level in (Level.BREACH, Level.WARN))
    for led in lead(chain.from_iterable(troubles)):
        group, total = led.group, total_of(led.group, totals)
        block = with_followers(_trouble(group, total, newest, view), led, totals, view)
        if not led.followers and _joins(found, block, group, total, view):
            continue
        found.append(_without_repeats(block, first.setdefault(group[0].check.id, block)))
    failed = failures(report)
    for group in by_reason(report):
        error, total = failed.get(group[0].check.source), total_of(group, totals)
        block = unknown_block(group, error, total, newest, view)
        if error is not None or not _joins(found, block, group, total, view):
            found.append(block)
    yield from found


def _joins(found: list[Block], block: Block, group: Group, total: int, view: View) -> bool:
    """Puts segments into the block of the account's own figure, where it has their level."""
    place = next((n for n, account in enumerate(found) if is_of_account(account, group)), None)
    if place is None or (account := found[place].finding) is None:
        return False
    together = [account, *group]
    if block.level is Level.UNKNOWN:
        need = "" if view.all else needed_by_each(group, view.lang)
        lines = replace(block, facts=(need,), rows=(), more=0) if need else block
    else:
        facts, rows = _together(together, view)
        rows = tuple(row for row in rows if row.finding is not account)
        seen, more = tuple(_seen(together, view)), len(group) - len(rows)
        lines = replace(block, facts=facts, rows=rows, more=more, seen=seen) if rows else block
    if lines is block and not block.rows:
        return False
    part = part_of(group, total, view.lang)
    found[place] = with_segments(found[place], lines, part, view.lang)
    return True


def block_of(finding: Finding, view: View) -> Block:
    """The finding alone, whatever its level is."""
    if finding.level is Level.UNKNOWN:
        return unknown_block((finding,), None, 1, {}, view)
    return _trouble((finding,), 1, {}, view)


def is_summed_up(shown: Iterable[Block]) -> bool:
    """True where a summary says more than the only finding that is not ok."""
    return sum(block.size for block in shown) > 1


def known_subject(report: Report) -> list[tuple[str, str]]:
    """What the heading says already: the domain, where only one is watched."""
    return [("domain", report.subjects[0])] if len(report.subjects) == 1 else []


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
    of_segments = any(scope_of(finding)[1] for finding in group)
    same_days = of_segments and len({f.measurement.window for f in group}) == 1
    now = "" if dated and not same_days else days(first.measurement, lang)
    if alike and not dated and len({f.measurement.compared for f in group}) == 1:
        crossed = act if first.level is Level.BREACH else ideal
        names = few(distinct_names(group), lang, view.most(MOST_NAMED))
        line = " · ".join(filter(None, (names, crossed(first, lang), now)))
        return (line,), ()
    common = set(shared(group))
    rows, kinds = [], kinds_in(group, lang)
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


def _seen(group: Group, view: View) -> Iterator[Seen]:
    """The evidence, the same only once, and of which of the findings."""
    found: dict[Phrase, list[Finding]] = {}
    for finding in group:
        for phrase in finding.measurement.evidence:
            if phrase.code == NAMES_OTHERS or phrase.code.startswith(BUDGET):
                continue  # the block itself says it
            found.setdefault(phrase, []).append(finding)
    common = set(shared(group))
    most, kinds = view.most(MOST_SEEN), kinds_in(group, view.lang)
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
