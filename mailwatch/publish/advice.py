"""Which record sets the domains need, by what DNS has now."""

from collections.abc import Sequence

from mailwatch.config import Domain
from mailwatch.model import Measurement
from mailwatch.publish.dmarc_advice import advise_dmarc
from mailwatch.publish.record_set import ExpectedRecord, Proposal, ZoneEntry, with_text
from mailwatch.publish.spf_advice import advise_spf
from mailwatch.publish.transport_advice import advise_mta_sts, advise_tls_rpt
from mailwatch.resolver.budget import BudgetedLookup
from mailwatch.resolver.lookup import Answer, Lookup
from mailwatch.sources.dns.existence import measure_existence
from mailwatch.sources.dns.policy_file import PolicyServer
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert_octets


async def propose(
    domains: Sequence[Domain],
    lookup: Lookup,
    job: Job,
    expected: Sequence[ExpectedRecord] = (),
    server: PolicyServer | None = None,
) -> Proposal:
    """What to publish for `domains`: first what others expect, then what the checks advise.

    `server` is where policy files are, other than at the usual place.
    """
    proposal = Proposal()
    for record in expected:
        await _compare(record, lookup, proposal)
    own = frozenset(domain.name for domain in domains)
    for domain in domains:
        asked = BudgetedLookup(lookup)
        existence = await measure_existence(domain.name, asked)
        words = [item.value for item in existence if isinstance(item, Measurement)]
        if "found" not in words:
            if "missing" in words:
                proposal.notes.append(f"{domain.name} does not exist in DNS: register it first.")
            else:
                proposal.missed(f"{domain.name} could not be looked up.")
            continue
        await advise_spf(domain, asked, proposal)
        await advise_dmarc(domain.name, own, asked, proposal)
        await advise_tls_rpt(domain.name, asked, proposal)
        await advise_mta_sts(domain.name, asked, job, proposal, server)
    return proposal


async def _compare(record: ExpectedRecord, lookup: Lookup, proposal: Proposal) -> None:
    """Adds `record` where DNS does not have it."""
    name, value = record.name.lower().rstrip("."), record.value
    # Of any type: a CNAME comes with every answer.
    answer = await lookup.get(name, "MX" if record.type == "MX" else "TXT")
    if answer.failure is not None and not answer.chain:
        proposal.missed(f"{record.type} {inert_octets(name)} could not be looked up.")
        return
    if record.type == "CNAME":
        value = value.lower().rstrip(".")
        if answer.chain[:1] != (value,):
            note = None
            if answer.values and not answer.chain:
                note = f"Remove the other records of {name} first: none may stand beside a CNAME."
            proposal.add(ZoneEntry(name, "CNAME", (value,), note))
    elif answer.chain:
        proposal.notes.append(
            f"{name} is a CNAME to {inert_octets(answer.chain[0])}: remove it before you publish "
            f"{record.type} {inert_octets(value)}"
        )
    elif record.type == "TXT":
        if value not in answer.values:
            proposal.add(_text(name, answer, value))
    elif value.lower().rstrip(".") not in answer.values:
        proposal.add(ZoneEntry(name, "MX", (*answer.values, value.lower().rstrip("."))))


def _text(name: str, answer: Answer, value: str) -> ZoneEntry:
    """An SPF record takes the place of the one that is there; all else stands beside it."""
    kind = value.partition(" ")[0].lower()
    old = [text for text in answer.values if kind == "v=spf1" and text.lower().startswith(kind)]
    return with_text(name, answer, value, old)
