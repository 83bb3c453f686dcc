"""One block for the account's figure and those of its segments that have the same level."""

from collections.abc import Sequence
from dataclasses import replace

from mailwatch.model import Finding, Lang, Phrase, say
from mailwatch.reports.block import Block
from mailwatch.reports.facts import comma
from mailwatch.reports.groups import scope_of
from mailwatch.words import worded


def is_of_account(block: Block, group: Sequence[Finding]) -> bool:
    """True where `group` are segments, and the block is the account's figure of their check, with
    the level that they have, and nothing else."""
    finding = block.finding
    if finding is None or finding.measurement.subject.pairs or block.joined:
        return False
    check_id, segments = scope_of(group[0])
    return segments and (finding.check.id, finding.level) == (check_id, group[0].level)


def with_segments(account: Block, segments: Block, part: str, lang: Lang) -> Block:
    """The account's block, and its segments in lines; `part` says how many of them there are."""
    facts = (fact for fact in segments.facts if not any(fact in own for own in account.facts))
    return replace(
        account,
        value=f"{account.value}  {part}",
        brief_value=comma(lang).join((account.brief_value, part)),
        facts=(*account.facts, *facts),
        rows=segments.rows,
        more=segments.more,
        seen=segments.seen,
        actions=tuple(dict.fromkeys((*account.actions, *segments.actions))),
        size=account.size + segments.size,
    )


def needed_by_each(group: Sequence[Finding], lang: Lang) -> str:
    """How much more mail each segment needs to be judged; "" where one lacks something else."""
    needed = [dict(finding.reason.values).get("needed") for finding in group]
    numbers = [
        dict(phrase.values).get("more") if isinstance(phrase, Phrase) else None for phrase in needed
    ]
    counts = sorted(number for number in numbers if isinstance(number, int))
    if len(counts) < len(group):
        return ""
    return worded(say("console.each_needs", low=counts[0], high=counts[-1]), lang)
