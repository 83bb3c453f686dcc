"""How many of how many: what a group of findings has in place of one value."""

from collections.abc import Mapping

from mailwatch.model import Finding, Lang, say
from mailwatch.model.subject import SEGMENT_KEYS
from mailwatch.reports.facts import value, value_range
from mailwatch.reports.groups import Group, scope_of
from mailwatch.words import PHRASES, worded

Kind = tuple[str, tuple[str, ...]]


def kind_of(finding: Finding) -> Kind:
    """What a finding is one of: of a check, the subusers, the domains, the sources of domains …"""
    return finding.check.id, tuple(key for key, _ in finding.measurement.subject.pairs)


def total_of(group: Group, totals: Mapping[Kind, int]) -> int:
    """How many findings there are of the kinds of `group`: of several segments, all segments."""
    kinds = set(map(kind_of, group))
    check_id, segments = scope_of(group[0])
    if segments and len(kinds) > 1:
        kinds = {
            kind for kind in totals if kind[0] == check_id and set(kind[1]) & set(SEGMENT_KEYS)
        }
    return sum(totals[kind] for kind in kinds)


def how_many(group: Group, total: int, lang: Lang) -> str:
    """`6.1 %`; of several findings `3 of 11 NEEDS_WORK`, `6.1 - 7 %  3 of 11 subusers`."""
    shown = value_range(group, lang)
    if total == 1:
        return shown
    if isinstance(group[0].measurement.value, str) and shown == value(group[0]):
        part = worded(say("console.part", n=len(group), of=total), lang)
        return worded(say("console.part_word", part=part, word=shown), lang)
    return f"{shown}  {part_of(group, total, lang)}"


def part_of(group: Group, total: int, lang: Lang) -> str:
    """`3 of 11 subusers`."""
    kinds = {pair[0] for finding in group for pair in finding.measurement.subject.pairs[-1:]}
    mixed = len(set(map(kind_of, group))) > 1
    code = (
        "console.of_segment" if mixed and scope_of(group[0])[1] else f"console.of_{''.join(kinds)}"
    )
    if code not in PHRASES or (mixed and code != "console.of_segment"):
        return worded(say("console.part", n=len(group), of=total), lang)
    return worded(say("console.part_of", n=len(group), of=total, noun=say(code)), lang)
