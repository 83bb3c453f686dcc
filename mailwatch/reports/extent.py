"""How many of how many: what a group of findings has in place of one value."""

from collections.abc import Mapping

from mailwatch.model import Finding, Lang, say
from mailwatch.reports.facts import value, value_range
from mailwatch.reports.groups import Group, scope_of
from mailwatch.words import PHRASES, worded

Kind = tuple[str, tuple[str, ...]]


def kind_of(finding: Finding) -> Kind:
    """What a finding is one of: of a check, the segments, the domains, the sources of domains …"""
    check_id, segment = scope_of(finding)
    keys = tuple(key for key, _ in finding.measurement.subject.pairs)
    return check_id, ("segment",) if segment else keys


def total_of(group: Group, totals: Mapping[Kind, int]) -> int:
    """How many findings there are of the kinds of `group`."""
    return sum(totals[kind] for kind in set(map(kind_of, group)))


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
    kind = "segment" if len(kinds) > 1 and scope_of(group[0])[1] else "".join(kinds)
    code = f"console.of_{kind}"
    if code not in PHRASES or len(set(map(kind_of, group))) > 1:
        return worded(say("console.part", n=len(group), of=total), lang)
    return worded(say("console.part_of", n=len(group), of=total, noun=say(code)), lang)
