"""What is unknown, and why, as blocks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from mailwatch.model import Finding, Lang, Level, Phrase, say
from mailwatch.reports.block import Block, FigureLine
from mailwatch.reports.extent import part_of
from mailwatch.reports.facts import comma, counts, days, old, value
from mailwatch.reports.groups import Group, Pair, named, shared
from mailwatch.reports.view import View
from mailwatch.words import worded

MOST_LISTED = 8
"""Findings of one block that are listed one by one."""
MOST_NAMED = 24
"""Subjects that are named one after the other."""


def few(names: Iterable[str], lang: Lang, most: int | None = MOST_NAMED) -> str:
    """The names one after the other, each once; of many, the first and how many more."""
    different = [name for name in dict.fromkeys(names) if name]
    if most is None or len(different) <= most:
        return ", ".join(different)
    more = worded(say("console.more", n=len(different) - most), lang)
    return comma(lang).join([", ".join(different[:most]), more])


def kinds_in(group: Group, lang: Lang) -> Lang | None:
    """The language to name segments with their kind in; None where all are of one kind."""
    segments = (finding.measurement.subject.segment for finding in group)
    return lang if len({segment and segment[0] for segment in segments}) > 1 else None


def unknown_block(
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
        kinds = kinds_in(group, lang)
        rows = tuple(
            FigureLine(_whose(those, common, lang, kinds), rest=(worded(reason, lang),))
            for reason, those in listed
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
    kinds = kinds_in(group, lang)  # once: of thousands of segments, each has several findings
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


def _whose(group: Group, common: Sequence[Pair], lang: Lang, kinds: Lang | None) -> str:
    """The subjects that have one reason; where all are about the same, the checks."""
    without = set(common)
    names = [named(finding.measurement.subject.pairs, without, kinds) for finding in group]
    return few(names if any(names) else [f.check.title[lang] for f in group], lang, 3)
