"""DMARC figures of a domain (RFC 9989): what receivers do, and what is wrong with the record."""

from mailwatch.mailauth.dmarc.discovery import Applied, Discovery, Effect, Step, discover, effect_on
from mailwatch.mailauth.dmarc.effective_policy import reasons_for, trouble_at
from mailwatch.mailauth.dmarc.record import HISTORIC, DmarcRecord
from mailwatch.model import Phrase, Subject, say, verbatim
from mailwatch.resolver.lookup import Lookup
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, measured, not_asked
from mailwatch.text.inert import inert_octets

_SHOWN = 10


async def measure_dmarc(domain: str, lookup: Lookup) -> list[Taken]:
    """The policy in effect for `domain`, the state of the record behind it, and where it has
    reports sent. The policy follows receivers; the record may be faulty and still have one.
    """
    subject = Subject.of(domain=domain)
    found = await discover(domain, lookup)
    troubles = [phrase for step in found.steps for phrase in trouble_at(step)]
    if found.failure is not None:
        return not_asked(metrics.DMARC, subject, found.failure, troubles)
    if found.applies is None:
        return _without_record(subject, found, troubles)
    where = [_place(found.applies), *troubles]
    effect = await effect_on(domain, found.applies, lookup)
    return [
        *_policy(subject, found.applies, effect, where),
        *_state(subject, found, found.applies, where),
    ]


def _without_record(subject: Subject, found: Discovery, troubles: list[Phrase]) -> list[Taken]:
    """The policy is missing, and so is all that is measured of a record; unless there is one that
    receivers ignore, the first from the domain up: that is a record to correct."""
    why = say("dns.dmarc_none", name=inert_octets(f"_dmarc.{found.own.domain}"))
    policy = measured(metrics.DMARC_POLICY, subject, "missing", [why, *troubles])
    for step in found.steps:
        if step.several or step.spoilt:
            word = "multiple" if step.several else "invalid"
            return [policy, measured(metrics.DMARC_RECORD, subject, word, [why, *troubles])]
    return [policy]


def _policy(
    subject: Subject, applies: Applied, effect: Effect | Phrase, where: list[Phrase]
) -> list[Taken]:
    text = verbatim(inert_octets(applies.record.text))
    if isinstance(effect, Phrase):
        return not_asked([metrics.DMARC_POLICY], subject, effect, [*where, text])
    evidence = [*where, text, *reasons_for(applies, effect)]
    return [measured(metrics.DMARC_POLICY, subject, effect.policy, evidence)]


def _state(
    subject: Subject, found: Discovery, applies: Applied, where: list[Phrase]
) -> list[Taken]:
    record = applies.record
    text = verbatim(inert_octets(record.text))
    addresses = [verbatim(inert_octets(address)) for address in record.addresses[:_SHOWN]]
    evidence = [*where, text, *_flaws(record)]
    return [
        measured(metrics.DMARC_RECORD, subject, _word(found.own, record), evidence),
        measured(metrics.DMARC_REPORT_ADDRESSES, subject, len(record.addresses), addresses),
    ]


def _word(own: Step, record: DmarcRecord) -> str:
    """The state of the domain's own record, or of the one it inherits."""
    if own.several:
        return "multiple"
    if own.spoilt or not (record.sound or record.reachable):
        return "invalid"
    return "flawed" if record.discarded or not record.sound else "valid"


def _flaws(record: DmarcRecord) -> list[Phrase]:
    flaws = [say("dns.dmarc_discarded", tag=inert_octets(tag)) for tag in record.discarded[:_SHOWN]]
    if record.p is None:
        flaws.append(say("dns.dmarc_no_p"))
    for tag in record.ignored[:_SHOWN]:
        code = "dns.dmarc_historic" if tag in HISTORIC else "dns.dmarc_unknown"
        flaws.append(say(code, tag=inert_octets(tag)))
    return flaws


def _place(applies: Applied) -> Phrase:
    return say("dns.dmarc_found", name=inert_octets(f"_dmarc.{applies.domain}"))
