"""What an SPF record is like, whoever sends: what it costs, and whether it can be evaluated."""

from dataclasses import dataclass

from mailwatch.mailauth.spf.check_host import is_domain, not_a_domain
from mailwatch.mailauth.spf.limits import MOST_LOOKUPS, MOST_VOIDS
from mailwatch.mailauth.spf.record import parse_record, select_records
from mailwatch.mailauth.spf.result import SpfResult
from mailwatch.mailauth.spf.tree import Branch, evaluate_tree
from mailwatch.model import Phrase, say
from mailwatch.resolver.lookup import Lookup
from mailwatch.text.inert import inert_octets


@dataclass(frozen=True, slots=True)
class Inspection:
    """The record of a domain, and the tree below it."""

    result: SpfResult | None = None
    """What holds for every sender or, of a limit, for those that are checked to the end: `none`,
    `permerror` or `temperror`. None where there is nothing wrong."""
    problems: tuple[Phrase, ...] = ()
    """Why it has that result."""
    records: tuple[str, ...] = ()
    tree: Branch | None = None
    """None where there is no record that can be parsed."""
    notes: tuple[Phrase, ...] = ()
    """What else is worth knowing."""


async def inspect_record(domain: str, lookup: Lookup) -> Inspection:
    """What the SPF record of `domain` is like."""
    if not is_domain(domain):
        return Inspection(SpfResult.NONE, (not_a_domain(domain),))
    answer = await lookup.get(domain, "TXT")
    if answer.failure is not None:
        return Inspection(SpfResult.TEMPERROR, (answer.failure,))
    records = select_records(answer.values)
    if not records:
        return Inspection(SpfResult.NONE, (say("dns.spf_none"),))
    if len(records) > 1:
        several = say("dns.spf_several", n=len(records))
        return Inspection(SpfResult.PERMERROR, (several,), records)
    record = parse_record(records[0])
    if isinstance(record, Phrase):
        return Inspection(SpfResult.PERMERROR, (record,), records)
    tree = await evaluate_tree(record, domain, lookup)
    notes = [
        *(say("dns.spf_void", term=inert_octets(term)) for term in tree.voids),
        *(say("dns.spf_hidden", term=inert_octets(term)) for term in tree.hidden),
        *(say("dns.spf_ignored", term=inert_octets(term)) for term in record.ignored),
    ]
    result, problems = _judge(tree)
    return Inspection(result, problems, records, tree, tuple(notes))


def _judge(tree: Branch) -> tuple[SpfResult | None, tuple[Phrase, ...]]:
    """A permanent error is certain whatever could not be asked for, so it comes first."""
    broken = list(tree.broken)
    if tree.lookups > MOST_LOOKUPS:
        broken.append(say("spf.over_limit", n=tree.lookups, most=MOST_LOOKUPS))
    if len(tree.voids) > MOST_VOIDS:
        broken.append(say("dns.spf_many_voids", most=MOST_VOIDS))
    if broken:
        return SpfResult.PERMERROR, (*broken, *tree.unasked)
    if tree.unasked:
        return SpfResult.TEMPERROR, tree.unasked
    if tree.stopped:
        return SpfResult.TEMPERROR, (say("dns.spf_stopped"),)
    return None, ()
