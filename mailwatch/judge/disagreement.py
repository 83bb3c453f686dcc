"""Where Gmail's own status and what is measured here disagree, and which of them is behind.

Gmail judges a requirement by the mail of the last days, and can take a week to see a change. A row
that needs work beside records that are valid and rates that are high is old news; beside a share
that fails, or at a subdomain that fails, it is not.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from mailwatch.model import Finding, Level, Phrase, say, verbatim
from mailwatch.text.domain import domain_text
from mailwatch.text.units import display

COMPLIANCE = "postmaster.compliance"
SPF, DKIM = "postmaster.spf_pass_rate", "postmaster.dkim_pass_rate"
SPF_RECORDS, DKIM_RECORDS = ("dns.spf_record", "dns.spf_lookups"), ("dns.dkim_key",)
DMARC = ("dns.dmarc_record", "dns.dmarc_policy")
MEASURED_HERE: Mapping[str, tuple[str, ...]] = {
    "SPF": (SPF, *SPF_RECORDS),
    "DKIM": (DKIM, *DKIM_RECORDS),
    "SPF_AND_DKIM": (SPF, DKIM, *SPF_RECORDS, *DKIM_RECORDS),
    "DMARC_ALIGNMENT": ("postmaster.dmarc_pass_rate",),
    "DMARC_POLICY": DMARC,
    "ENCRYPTION": ("postmaster.tls_rate",),
    "USER_REPORTED_SPAM_RATE": ("postmaster.spam_rate",),
}
"""Requirement → the metrics that say the same, rates first."""
MOST_RIGHT, MOST_WRONG = 2, 4
"""Findings that are named: two that are right are enough to believe it."""


def compare_sources(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """`findings`, those of Gmail's requirements with what is measured here as evidence: that it
    looks right and the status follows days later, or what differs.

    For a requirement that is met, only records that are broken are named.
    """
    if not any(finding.measurement.metric == COMPLIANCE for finding in findings):
        return findings
    by_metric: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.level is not Level.UNKNOWN:
            by_metric.setdefault(finding.measurement.metric, []).append(finding)
    return tuple(_compare(finding, by_metric) for finding in findings)


def _compare(finding: Finding, by_metric: Mapping[str, list[Finding]]) -> Finding:
    measurement = finding.measurement
    if measurement.metric != COMPLIANCE or finding.level is Level.UNKNOWN:
        return finding
    domain = measurement.subject.get("domain") or ""
    metrics = MEASURED_HERE.get(measurement.subject.get("requirement") or "", ())
    related = [one for metric in metrics for one in by_metric.get(metric, ()) if _in(one, domain)]
    said = _say(finding, domain, related)
    if said is None:
        return finding
    evidence = (*measurement.evidence, said)
    return replace(finding, measurement=replace(measurement, evidence=evidence))


def _in(finding: Finding, domain: str) -> bool:
    """True for a finding on the domain or below it, whose mail the domain's status is of too."""
    name = finding.measurement.subject.get("domain") or ""
    return name == domain or name.endswith(f".{domain}")


def _say(finding: Finding, domain: str, related: list[Finding]) -> Phrase | None:
    wrong = [one for one in related if _is_wrong(one)]
    if finding.level is Level.OK:
        broken = [one for one in wrong if one.check.source == "dns"]
        return say("judge.still_met", seen=_listed(broken, domain)) if broken else None
    if wrong:
        seen, share = _listed(wrong, domain), _failing(wrong[0])
        return (
            say("judge.share_fails", share=share, seen=seen)
            if share
            else say("judge.differs", seen=seen)
        )
    own = [one for one in related if one.measurement.subject.get("domain") == domain]
    if own:
        return say("judge.status_follows", seen=_listed(own, domain))
    if related:
        return say("judge.only_below", domain=domain_text(domain), seen=_listed(related, domain))
    return None


def _is_wrong(finding: Finding) -> bool:
    """True for what Gmail would not accept either: it asks for no stricter policy than none."""
    if finding.measurement.metric == "dns.dmarc_policy":
        return finding.level is Level.BREACH
    return finding.level in (Level.WARN, Level.BREACH)


def _failing(finding: Finding) -> str | None:
    """The share of the mail that does not pass; None where that is not what is measured."""
    value, check = finding.measurement.compared, finding.check
    if isinstance(value, str) or value is None or check.unit != "percent" or check.worse != "lower":
        return None
    return display(1 - value, "percent")


def _listed(findings: Iterable[Finding], domain: str) -> Phrase:
    """The findings by check, each with its value: `postmaster.spf_pass_rate 99.6 %`."""
    named = {_name(finding, domain): _is_wrong(finding) for finding in findings}
    most = MOST_WRONG if any(named.values()) else MOST_RIGHT
    return verbatim(", ".join(list(named)[:most]))


def _name(finding: Finding, domain: str) -> str:
    measurement = finding.measurement
    limits = finding.threshold.ideal, finding.threshold.act
    parts = [finding.check.id, display(measurement.compared, finding.check.unit, *limits)]
    return " ".join((*parts, *_where(finding, domain)))


def _where(finding: Finding, domain: str) -> Iterator[str]:
    """The selector of a broken key, and the domain where it is another one."""
    subject, window = finding.measurement.subject, finding.measurement.window
    selector, name = subject.get("selector"), subject.get("domain") or ""
    inside = [selector] if selector and _is_wrong(finding) else []
    inside += [domain_text(name)] if name != domain else []
    inside += [str(window.last)] if window and _is_wrong(finding) else []
    if inside:
        yield f"({', '.join(inside)})"
