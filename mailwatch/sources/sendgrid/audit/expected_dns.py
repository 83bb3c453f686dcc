"""What SendGrid expects of DNS, compared with what DNS answers now. A look-up that failed is
neither a match nor a difference.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from mailwatch.model import Cause, Measurement, Phrase, Subject, say
from mailwatch.resolver.lookup import Answer, Lookup, Outcome, RdType
from mailwatch.sources.sendgrid.audit.endpoints import RECORDS
from mailwatch.sources.sendgrid.audit.replies import DnsExpectation
from mailwatch.text.inert import inert, inert_octets

MOST_EVIDENCE = 6


@dataclass(frozen=True, slots=True)
class Comparison:
    """An expected record, and what is wrong with it in DNS; `answered` False: not known."""

    record: DnsExpectation
    answered: bool
    difference: Phrase | None = None


async def compare(record: DnsExpectation, lookup: Lookup) -> Comparison:
    """The record as DNS has it now.

    A CNAME is seen as the chain of another question's answer. A provider that flattens CNAMEs
    answers with the target's own records, which are as good.
    """
    rdtype = _asked(record)
    answer = await lookup.get(record.name, rdtype)
    if _matches(record, answer):
        return Comparison(record, True)
    if answer.outcome is Outcome.COULD_NOT_ASK:
        return Comparison(record, False, answer.failure)
    if record.type == "CNAME" and not answer.chain and answer.outcome is Outcome.FOUND:
        target = await lookup.get(record.value, rdtype)
        if target.outcome is Outcome.COULD_NOT_ASK:
            return Comparison(record, False, target.failure)
        if target.values and set(target.values) <= set(answer.values):
            return Comparison(record, True)
    return Comparison(record, True, _difference(record, answer))


def _asked(record: DnsExpectation) -> RdType:
    if record.type == "MX":
        return "MX"
    return "TXT" if record.type == "TXT" or "._domainkey." in record.name else "A"


def _matches(record: DnsExpectation, answer: Answer) -> bool:
    if record.type == "CNAME":
        return record.value in answer.chain
    if record.type == "MX":
        return record.value.split()[-1:] in [value.split()[-1:] for value in answer.values]
    if record.type == "TXT":
        return any(_same_text(record.value, value) for value in answer.values)
    return record.value in answer.values


def _same_text(expected: str, found: str) -> bool:
    """True for equal texts, and for an SPF record that has every term that is expected."""
    wanted, there = expected.strip('"').split(), found.split()
    if wanted[:1] == ["v=spf1"] == there[:1]:
        return {term for term in wanted if not term.endswith("all")} <= set(there)
    return "".join(wanted) == "".join(there)


def _difference(record: DnsExpectation, answer: Answer) -> Phrase:
    found = (*answer.chain[:1], *answer.values)
    values = {
        "name": inert(record.name, 100),
        "rdtype": record.type,
        "value": inert(record.value, 120),
    }
    if not found:
        return say("sendgrid.record_missing", **values)
    return say("sendgrid.record_differs", **values, found=inert_octets(found[0], 120))


async def measure_records(
    domain: str, records: Sequence[DnsExpectation], lookup: Lookup
) -> Measurement:
    """How many of `records` DNS does not have as SendGrid expects them."""
    compared = await asyncio.gather(*(compare(record, lookup) for record in records))
    subject = Subject.of(domain=domain)
    different = [found.difference for found in compared if found.answered and found.difference]
    unanswered = [found.difference for found in compared if not found.answered]
    if unanswered and not different:
        return Measurement(RECORDS, subject, cause=Cause.COULD_NOT_ASK, note=unanswered[0])
    evidence = tuple(filter(None, chain(different, unanswered)))
    return Measurement(RECORDS, subject, len(different), evidence=evidence[:MOST_EVIDENCE])
