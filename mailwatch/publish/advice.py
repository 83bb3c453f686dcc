"""Which record sets the domains need, by what DNS has now."""

from collections.abc import Sequence
from dataclasses import replace

from mailwatch.config import Domain
from mailwatch.mailauth.spf.record import select_records
from mailwatch.model import Measurement
from mailwatch.publish.dmarc_advice import advise_dmarc
from mailwatch.publish.record_set import ExpectedRecord, Proposal, ZoneEntry, with_text
from mailwatch.publish.spf_advice import advise_spf, join_records
from mailwatch.publish.transport_advice import advise_mta_sts, advise_tls_rpt
from mailwatch.resolver.budget import BudgetedLookup
from mailwatch.resolver.lookup import Answer, Ask, CachedLookup, Lookup, RdType
from mailwatch.sources.dns.existence import measure_existence
from mailwatch.sources.dns.policy_file import PolicyServer
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid.audit.expected_dns import compare
from mailwatch.sources.sendgrid.audit.replies import DnsExpectation
from mailwatch.text.inert import inert_octets

_BESIDE: tuple[RdType, ...] = ("A", "MX", "TXT")
"""Types that a name may have where it is to become a CNAME."""


async def propose(
    domains: Sequence[Domain],
    ask: Ask,
    job: Job,
    expected: Sequence[ExpectedRecord] = (),
    server: PolicyServer | None = None,
) -> Proposal:
    """What to publish for `domains`: first what others expect, then what the checks advise.

    `server` is where policy files are, other than at the usual place.
    """
    proposal = Proposal()
    lookup = CachedLookup(ask)
    for record in expected:
        await _compare(record, lookup, proposal)
    own = frozenset(domain.name for domain in domains)
    for domain in domains:
        asked = BudgetedLookup(lookup.once)
        existence = await measure_existence(domain.name, asked)
        words = [item.value for item in existence if isinstance(item, Measurement)]
        if "found" not in words:
            if "missing" in words:
                proposal.notes.append(f"{domain.name} does not exist in DNS: register it first.")
            else:
                proposal.missed(f"{domain.name} could not be looked up.")
            continue
        if not _has_spf(domain.name, proposal):  # a second record would break both
            await advise_spf(domain, asked, proposal)
        await advise_dmarc(domain.name, own, asked, proposal)
        await advise_tls_rpt(domain.name, asked, proposal)
        await advise_mta_sts(domain.name, asked, job, proposal, server)
    return proposal


async def _compare(record: ExpectedRecord, lookup: Lookup, proposal: Proposal) -> None:
    """Adds `record` where DNS does not have it, by the rules of the check that says so."""
    name, value = record.name.lower().rstrip("."), record.value
    if record.type != "TXT":
        value = value.lower().rstrip(".")
    found = await compare(DnsExpectation(name, record.type, value), lookup)
    if not found.answered:
        proposal.missed(f"{record.type} {inert_octets(name)} could not be looked up.")
    elif found.difference is not None:
        await _add(ZoneEntry(name, record.type, (value,)), lookup, proposal)


async def _add(made: ZoneEntry, lookup: Lookup, proposal: Proposal) -> None:
    """Adds the one record of `made` to those that stand at its name now."""
    name, (value,) = made.name, made.values
    if made.type == "CNAME":
        there = [await lookup.get(name, rdtype) for rdtype in _BESIDE]
        if any(answer.values and not answer.chain for answer in there):
            note = f"Remove the other records of {name} first: none may stand beside a CNAME."
            made = replace(made, note=note)
        proposal.add(made)
        return
    answer = await lookup.get(name, made.type)
    if answer.chain:
        proposal.notes.append(
            f"{name} is a CNAME to {inert_octets(answer.chain[0])}: remove it before you publish "
            f"{made.type} {inert_octets(value)}"
        )
    elif made.type == "TXT":
        proposal.add(_text(name, answer, value))
    else:
        proposal.add(replace(made, values=(*answer.values, value)))


def _text(name: str, answer: Answer, value: str) -> ZoneEntry:
    """An SPF record is joined with the one that is there, and a key takes the place of another:
    two would be none. All else stands beside it."""
    if "._domainkey." in name and answer.values:
        return with_text(name, answer, value, answer.values, f"Replaces the key at {name}.")
    old = select_records(answer.values) if select_records((value,)) else ()
    if not old:
        return with_text(name, answer, value)
    note = f"Replaces the SPF record of {name}; its other TXT records are kept."
    return with_text(name, answer, join_records((value, *old)), old, note)


def _has_spf(name: str, proposal: Proposal) -> bool:
    texts = [made.values for made in proposal.sets if (made.name, made.type) == (name, "TXT")]
    return any(map(select_records, texts))
