"""Whether a domain exists in DNS at all. Where it does not, there is nothing else to measure."""

import asyncio

from mailwatch.model import Subject, say
from mailwatch.resolver.lookup import Answer, Lookup, Outcome
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, measured, not_asked


async def measure_existence(domain: str, lookup: Lookup) -> list[Taken]:
    """Whether `domain` is `found` or `missing`.

    Both questions are asked at once, since both are needed of a domain that exists.
    """
    txt, mx = await asyncio.gather(lookup.get(domain, "TXT"), lookup.get(domain, "MX"))
    return existence_of(domain, txt, mx)


def existence_of(domain: str, txt: Answer, mx: Answer) -> list[Taken]:
    """Whether `domain` is `found` or `missing`: one item that covers the whole domain.

    A name without records exists (RFC 8020). One that could not be looked up for one type may be
    for another.
    """
    subject = Subject.of(domain=domain)
    if txt.failure is not None and mx.failure is not None:
        return not_asked([metrics.DOMAIN], subject, txt.failure)
    if is_missing(mx if txt.failure is not None else txt):
        return [measured(metrics.DOMAIN, subject, "missing", [say("dns.no_such_domain")])]
    return [measured(metrics.DOMAIN, subject, "found")]


def is_missing(answer: Answer) -> bool:
    """True when the name that was asked for does not exist. After a CNAME, it is the target that
    does not."""
    return answer.outcome is Outcome.NO_SUCH_NAME and not answer.chain
