"""What a DMARC record does beyond its own domain: subdomains, reports, and what mail is sent with.

Each function asks for itself, so that a list of very many domains may leave it out. With a cache in
front the record itself is not asked for again.
"""

from mailwatch.frozen import dataclass
from mailwatch.mailauth.dmarc.alignment import is_aligned
from mailwatch.mailauth.dmarc.discovery import Discovery, discover, lowered, organizational_domain
from mailwatch.mailauth.dmarc.record import DmarcRecord
from mailwatch.mailauth.dmarc.report_authorization import (
    MOST_HOSTS,
    ReportHost,
    find_report_hosts,
    report_hosts,
)
from mailwatch.model import Phrase, Subject, say, verbatim
from mailwatch.resolver.lookup import Lookup
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, measured, not_asked, without_data
from mailwatch.text.inert import inert_octets


@dataclass(frozen=True, slots=True)
class SendingIdentity:
    """What receivers authenticate of a domain's mail. None: not known."""

    return_path: str | None = None
    """The domain of the envelope sender, which SPF is checked for."""
    dkim_domain: str | None = None
    """The d= of the signatures."""


async def measure_subdomain_policies(domain: str, lookup: Lookup) -> list[Taken]:
    """What the record of `domain` asks for below it: where it says so, and where that counts.

    `sp` and `np` have no effect in the record of a subdomain (RFC 9989 §4.7). Without them `p`
    holds, which has a finding of its own.
    """
    found = await discover(domain, lookup, whole=True)
    own = found.own.record
    if found.failure is not None or own is None or not own.sound:
        return []  # the policy's own finding says so
    if organizational_domain(found.steps) != domain:
        return []
    subject = Subject.of(domain=domain)
    evidence = [verbatim(inert_octets(own.text))]
    if own.testing:
        evidence.append(say("dns.dmarc_testing"))
    return [
        measured(metric, subject, lowered(policy, own), evidence)
        for metric, policy in (
            (metrics.DMARC_SUBDOMAIN_POLICY, own.sp),
            (metrics.DMARC_NONEXISTENT_POLICY, own.np),
        )
        if policy is not None
    ]


async def measure_report_authorization(domain: str, lookup: Lookup) -> list[Taken]:
    """Whether every report address in another organization's domain is accepted there.

    Of a record of the domain's own only: an inherited one is for the domain that it is at.
    """
    found = await discover(domain, lookup)
    if found.failure is not None or found.own.record is None:
        return []
    hosts = await find_report_hosts(domain, found.own.record, lookup)
    if not hosts:
        return []
    subject = Subject.of(domain=domain)
    evidence = [_said(host) for host in hosts]
    more = len(report_hosts(found.own.record)) - MOST_HOSTS
    if more > 0:
        evidence.append(say("dns.more", n=more))
    refused = [host for host in hosts if host.accepted is False]
    unknown = next((host.failure for host in hosts if host.failure is not None), None)
    if not refused and unknown is not None:
        return not_asked([metrics.DMARC_REPORT_AUTHORIZATION], subject, unknown, evidence)
    word = "unauthorized" if refused else "authorized"
    if refused and any(host.accepted for host in hosts):
        word = "partly"
    return [measured(metrics.DMARC_REPORT_AUTHORIZATION, subject, word, evidence)]


async def measure_alignment(domain: str, identity: SendingIdentity, lookup: Lookup) -> list[Taken]:
    """Which of SPF and DKIM can make mail from `domain` pass DMARC, by the domains it is sent with.

    Nothing where neither is known.
    """
    if identity.return_path is None and identity.dkim_domain is None:
        return []
    subject = Subject.of(domain=domain)
    found = await discover(domain, lookup)
    if found.failure is not None:
        return not_asked([metrics.DMARC_ALIGNMENT], subject, found.failure)
    record = found.applies.record if found.applies else None
    spf = await _aligned(domain, identity.return_path, record.aspf if record else "r", lookup)
    dkim = await _aligned(domain, identity.dkim_domain, record.adkim if record else "r", lookup)
    evidence = [*_identity(identity, spf, dkim), *_modes(found, record)]
    for failure in (dkim, spf):
        if isinstance(failure, Phrase):
            return not_asked([metrics.DMARC_ALIGNMENT], subject, failure, evidence)
    if dkim is None:  # then "only SPF" would say that DKIM is not aligned
        why = say("dns.dmarc_dkim_not_known")
        return [without_data(metrics.DMARC_ALIGNMENT, subject, why, evidence)]
    word = ("both" if spf else "dkim") if dkim else ("spf" if spf else "neither")
    if word == "neither" and spf is None:
        why = say("dns.dmarc_return_path_not_known")
        return [without_data(metrics.DMARC_ALIGNMENT, subject, why, evidence)]
    return [measured(metrics.DMARC_ALIGNMENT, subject, word, evidence)]


async def _aligned(
    domain: str, identifier: str | None, mode: str, lookup: Lookup
) -> bool | Phrase | None:
    if identifier is None:
        return None
    return await is_aligned(domain, identifier, "s" if mode == "s" else "r", lookup)


def _identity(
    identity: SendingIdentity, spf: bool | Phrase | None, dkim: bool | Phrase | None
) -> list[Phrase]:
    shown = []
    for name, aligned, yes, no in (
        (identity.return_path, spf, "dns.dmarc_spf_aligned", "dns.dmarc_spf_not_aligned"),
        (identity.dkim_domain, dkim, "dns.dmarc_dkim_aligned", "dns.dmarc_dkim_not_aligned"),
    ):
        if name is not None and isinstance(aligned, bool):
            shown.append(say(yes if aligned else no, name=inert_octets(name)))
    if identity.return_path is None:
        shown.append(say("dns.dmarc_return_path_not_known"))
    return shown


def _modes(found: Discovery, record: DmarcRecord | None) -> list[Phrase]:
    """The tags that ask for the same domain, where there are any."""
    if record is None or found.applies is None:
        return []
    strict = [tag for tag, mode in (("adkim", record.adkim), ("aspf", record.aspf)) if mode == "s"]
    where = inert_octets(f"_dmarc.{found.applies.domain}")
    return [say("dns.dmarc_strict", tag=tag, name=where) for tag in strict]


def _said(host: ReportHost) -> Phrase:
    if host.failure is not None:
        return host.failure
    code = "dns.dmarc_reports_accepted" if host.accepted else "dns.dmarc_reports_not_accepted"
    return say(code, host=inert_octets(host.host), name=inert_octets(host.name))
