"""Whether a domain exists in DNS at all. Where it does not, there is nothing else to measure."""

from mailwatch.model import Subject, say
from mailwatch.resolver.lookup import Answer, Lookup, Outcome
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, measured, not_asked


async def measure_existence(domain: str, lookup: Lookup) -> list[Taken]:
    """Whether `domain` is `found` or `missing`: one item that covers the whole domain.

    A name without records exists (RFC 8020); one that could not be looked up for one type may be
    for another.
    """
    subject = Subject.of(domain=domain)
    answer = await lookup.get(domain, "TXT")
    if answer.failure is not None:
        other = await lookup.get(domain, "MX")
        if other.failure is not None:
            return not_asked([metrics.DOMAIN], subject, answer.failure)
        answer = other
    if is_missing(answer):
        return [measured(metrics.DOMAIN, subject, "missing", [say("dns.no_such_domain")])]
    return [measured(metrics.DOMAIN, subject, "found")]


def is_missing(answer: Answer) -> bool:
    """True when the name that was asked for does not exist. After a CNAME, it is the target that
    does not."""
    return answer.outcome is Outcome.NO_SUCH_NAME and not answer.chain
