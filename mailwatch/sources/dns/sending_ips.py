"""What DNS says of the addresses that a domain's mail is sent from (RFC 7208 §4, RFC 8601 §3)."""

import asyncio
from ipaddress import ip_address

from mailwatch.mailauth.spf.check_host import check_host
from mailwatch.mailauth.spf.result import Evaluation, Sender, SpfResult
from mailwatch.model import Phrase, Subject, say
from mailwatch.resolver.lookup import Lookup, RdType
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, measured, not_asked
from mailwatch.text.inert import inert, inert_octets

_ELSEWHERE = (SpfResult.FAIL, SpfResult.SOFTFAIL, SpfResult.NEUTRAL, SpfResult.NONE)
"""Results of a record that may not be the one that receivers look at."""
_MOST_NAMES = 10
"""Names of one address that are looked up, as for the `ptr` of SPF (RFC 7208 §4.6.4)."""


async def measure_sending_ip(domain: str, ip: str, lookup: Lookup) -> list[Taken]:
    """The SPF result of `domain` for mail from `ip`, as a receiver comes to it."""
    subject = Subject.of(domain=domain, ip=ip)
    sender = Sender(ip_address(ip), f"postmaster@{domain}", domain)
    found = await check_host(sender, lookup)
    evidence = _why(found, domain)
    if found.result is SpfResult.TEMPERROR:
        failure = found.why or say("dns.out_of_time")
        return not_asked([metrics.SPF_SENDING_IP], subject, failure, evidence)
    return [measured(metrics.SPF_SENDING_IP, subject, str(found.result), evidence)]


def _why(found: Evaluation, domain: str) -> list[Phrase]:
    evidence = []
    if found.decided_by is not None:
        term, where = found.decided_by.term, found.decided_by.domain
        evidence.append(say("dns.spf_decided", term=inert_octets(term), domain=inert_octets(where)))
    elif found.result is SpfResult.NEUTRAL:
        evidence.append(say("dns.spf_no_match"))
    if found.why is not None:
        evidence.append(found.why)
    if found.result in _ELSEWHERE:
        evidence.append(say("dns.spf_at_return_path", domain=domain))
    return evidence


async def measure_reverse_dns(domain: str, ip: str, lookup: Lookup) -> list[Taken]:
    """Whether `ip` has a name whose own addresses include it: `confirmed`, `unconfirmed`,
    `missing`."""
    subject = Subject.of(domain=domain, ip=ip)
    address = ip_address(ip)
    reverse = await lookup.get(address.reverse_pointer, "PTR")
    if reverse.failure is not None:
        return not_asked([metrics.REVERSE_DNS], subject, reverse.failure)
    if not reverse.values:
        why = say("dns.no_ptr", name=address.reverse_pointer)
        return [measured(metrics.REVERSE_DNS, subject, "missing", [why])]
    rdtype: RdType = "A" if address.version == 4 else "AAAA"
    names = reverse.values[:_MOST_NAMES]
    answers = await asyncio.gather(*(lookup.get(name, rdtype) for name in names))
    evidence: list[Phrase] = []
    for name, answer in zip(names, answers, strict=True):
        shown = inert_octets(name)
        if any(ip_address(value) == address for value in answer.values):
            why = say("dns.ptr_confirmed", name=shown)
            return [measured(metrics.REVERSE_DNS, subject, "confirmed", [why])]
        if answer.values:
            listed = inert(", ".join(answer.values[:3]))
            evidence.append(say("dns.ptr_elsewhere", name=shown, addresses=listed))
        elif answer.failure is None:
            evidence.append(say("dns.ptr_no_address", name=shown))
    failure = next((answer.failure for answer in answers if answer.failure is not None), None)
    if failure is not None:  # that name may be the one that confirms
        return not_asked([metrics.REVERSE_DNS], subject, failure, evidence)
    return [measured(metrics.REVERSE_DNS, subject, "unconfirmed", evidence)]
