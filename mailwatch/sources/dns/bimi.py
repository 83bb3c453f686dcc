"""BIMI figures of a domain."""

from collections.abc import Sequence

from mailwatch.mailauth.bimi import find_faults, has_evidence, is_declined, select_records
from mailwatch.mailauth.dmarc.discovery import discover, effect_on, organizational_domain
from mailwatch.model import Phrase, Subject, say, verbatim
from mailwatch.resolver.lookup import Lookup
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, measured, not_asked
from mailwatch.text.inert import inert, inert_octets

_SHOWN = 10
_ENFORCED = ("quarantine", "reject")


async def measure_bimi(domain: str, lookup: Lookup) -> list[Taken]:
    """The state of the record at the selector `default`. One question, and where there is a record
    those for the DMARC policy that it needs."""
    subject = Subject.of(domain=domain)
    name = f"default._bimi.{domain}"
    answer = await lookup.get(name, "TXT")
    if answer.failure is not None:
        return not_asked([metrics.BIMI], subject, answer.failure)
    records = select_records(answer.values)
    evidence: list[Phrase] = [verbatim(inert_octets(text)) for text in records[:_SHOWN]]
    word, said = _judge_records(records, name)
    if word == "valid":
        enforced = await _is_enforced(domain, lookup)
        if isinstance(enforced, Phrase):
            return not_asked([metrics.BIMI], subject, enforced, [*evidence, *said])
        if not enforced:
            word, said = "not_enforced", [say("dns.bimi_not_enforced"), *said]
    return [measured(metrics.BIMI, subject, word, [*evidence, *said])]


def _judge_records(records: Sequence[str], name: str) -> tuple[str, list[Phrase]]:
    """The state of the records alone, and what is said of them."""
    if not records:
        return "missing", [say("dns.bimi_none", name=inert(name))]
    if len(records) > 1:
        return "invalid", [say("dns.bimi_several", name=inert(name), n=len(records))]
    if is_declined(records[0]):
        return "declined", [say("dns.bimi_declined")]
    faults = find_faults(records[0])
    if faults:
        return "invalid", list(faults)
    return "valid", [] if has_evidence(records[0]) else [say("dns.bimi_no_evidence")]


async def _is_enforced(domain: str, lookup: Lookup) -> bool | Phrase:
    """Whether the policy is quarantine or reject, for the domain and for what is below its
    organization."""
    found = await discover(domain, lookup, whole=True)
    if found.failure is not None:
        return found.failure
    if found.applies is None:
        return False
    effect = await effect_on(domain, found.applies, lookup)
    if isinstance(effect, Phrase):
        return effect
    organization = organizational_domain(found.steps)
    records = [
        step.record
        for step in found.steps
        if step.record is not None and step.domain in (domain, organization)
    ]
    return effect.policy in _ENFORCED and all(
        record.p in _ENFORCED and record.sp != "none" and not record.testing for record in records
    )
