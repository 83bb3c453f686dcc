"""MTA-STS figures of a domain (RFC 8461): the record, the policy file, and the hosts it covers."""

from typing import TYPE_CHECKING

from mailwatch.mailauth.mta_sts import StsPolicy, parse_id, parse_policy, select_records
from mailwatch.model import Phrase, Subject, say, verbatim
from mailwatch.resolver.lookup import Lookup
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, measured, not_asked
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert, inert_octets

if TYPE_CHECKING:
    from mailwatch.sources.dns.policy_file import PolicyServer

_SHOWN = 10
_DAY = 86400


async def measure_mta_sts(
    domain: str, lookup: Lookup, job: Job, server: "PolicyServer | None" = None
) -> list[Taken]:
    """The mode of the policy in force, how long senders keep it, and whether it covers every MX
    host. A question each for record, address and MX, and one file."""
    subject = Subject.of(domain=domain)
    name = f"_mta-sts.{domain}"
    answer = await lookup.get(name, "TXT")
    if answer.failure is not None:
        return not_asked([metrics.MTA_STS], subject, answer.failure)
    records = select_records(answer.values)
    if not records:
        return [_state(subject, "missing", [say("dns.sts_none", name=inert(name))])]
    evidence: list[Phrase] = [verbatim(inert_octets(text)) for text in records[:_SHOWN]]
    several = say("dns.sts_several", name=inert(name), n=len(records))
    found = several if len(records) > 1 else parse_id(records[0])
    if isinstance(found, Phrase):
        return [_state(subject, "invalid", [*evidence, found])]
    # urllib3 is imported only where there is a file to fetch.
    from mailwatch.sources.dns import policy_file

    evidence.append(say("dns.sts_file", url=inert(policy_file.policy_url(domain))))
    body = await policy_file.fetch_policy(domain, lookup, job, server or policy_file.PolicyServer())
    if isinstance(body, policy_file.PolicyProblem) and not body.certain:
        return not_asked([metrics.MTA_STS], subject, body.why, evidence)
    policy = (body.why,) if isinstance(body, policy_file.PolicyProblem) else parse_policy(body)
    if isinstance(policy, StsPolicy):
        return await _with_policy(domain, policy, evidence, lookup)
    return [_state(subject, "invalid", [*evidence, *policy])]


async def _with_policy(
    domain: str, policy: StsPolicy, evidence: list[Phrase], lookup: Lookup
) -> list[Taken]:
    subject = Subject.of(domain=domain)
    if policy.mode == "none":
        return [_state(subject, "disabled", evidence)]
    patterns = [verbatim(f"mx: {inert(pattern, 100)}") for pattern in policy.patterns[:_SHOWN]]
    taken: list[Taken] = [_state(subject, policy.mode, [*evidence, *patterns])]
    if policy.mode == "enforce":
        taken.append(measured(metrics.MTA_STS_MAX_AGE, subject, policy.max_age / _DAY))
    answer = await lookup.get(domain, "MX")
    if answer.failure is not None:
        return [*taken, *not_asked([metrics.MTA_STS_MX], subject, answer.failure)]
    hosts = [value.partition(" ")[2] for value in answer.values]
    # Without an MX record the domain is its own host (RFC 5321 §5.1); with a null MX there is none.
    hosts = [host for host in hosts or [domain] if host != "."]
    uncovered = [host for host in hosts if not policy.covers(host)]
    word = "covered"
    if uncovered:
        word = "uncovered" if policy.mode == "enforce" else "uncovered_in_testing"
    missing = [say("dns.sts_uncovered", host=inert_octets(host)) for host in uncovered[:_SHOWN]]
    return [*taken, measured(metrics.MTA_STS_MX, subject, word, [*missing, *patterns])]


def _state(subject: Subject, word: str, evidence: list[Phrase]) -> Taken:
    return measured(metrics.MTA_STS, subject, word, evidence)
