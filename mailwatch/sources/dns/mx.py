"""Where a domain receives mail (RFC 5321 §5, RFC 7505)."""

from mailwatch.model import Subject, say, verbatim
from mailwatch.resolver.lookup import Answer, Lookup
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, measured, not_asked
from mailwatch.text.inert import inert_octets

_SHOWN = 10


async def measure_mx(domain: str, lookup: Lookup) -> list[Taken]:
    """Whether `domain` has MX records, has none, or says that it takes no mail (`null`)."""
    subject = Subject.of(domain=domain)
    answer = await lookup.get(domain, "MX")
    if answer.failure is not None:
        return not_asked([metrics.MX], subject, answer.failure)
    hosts = sorted(answer.values, key=by_preference)
    evidence = [verbatim(inert_octets(host)) for host in hosts[:_SHOWN]]
    if len(hosts) > _SHOWN:
        evidence.append(say("dns.more", n=len(hosts) - _SHOWN))
    return [measured(metrics.MX, subject, _word(answer), evidence)]


def _word(answer: Answer) -> str:
    if answer.absent:
        return "missing"
    only = answer.values[0] if len(answer.values) == 1 else ""
    return "null" if only.partition(" ")[2] == "." else "found"


def by_preference(value: str) -> tuple[int, str]:
    """The order in which senders try MX hosts; those of one preference by name."""
    preference, _, host = value.partition(" ")
    return int(preference), host
