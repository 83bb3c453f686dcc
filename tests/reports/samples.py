"""Reports made by hand, through the real checks, numbers and judging: one for each way it can look.

The clock stands at noon of 24 November 2026 in Tokyo; the newest complete day is the 23rd.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import cache

from mailwatch.catalog import Catalog, read_catalog
from mailwatch.judge import judge
from mailwatch.model import (
    ACCOUNT,
    Cause,
    Day,
    Finding,
    Measurement,
    Phrase,
    Report,
    SourceState,
    State,
    Subject,
    Window,
    say,
    verbatim,
)
from mailwatch.run import WORST_FIRST, choose_exit_code, reach_verdict

JST = timezone(timedelta(hours=9), "JST")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=JST)
YESTERDAY = date(2026, 11, 23)
EXAMPLE = Subject.of(domain="example.com")

SENDGRID = SourceState("sendgrid", State.OK, None, 0.41, YESTERDAY, 7)
POSTMASTER = SourceState("postmaster", State.OK, None, 0.9, date(2026, 11, 21), 4)
DNS = SourceState("dns", State.OK, None, 0.12, None, 23)
ALL_WELL = (SENDGRID, POSTMASTER, DNS)


@cache
def catalog() -> Catalog:
    """The shipped checks and numbers."""
    return read_catalog()


def rate(
    metric: str,
    numerators: Sequence[int],
    denominators: Sequence[int],
    subject: Subject = ACCOUNT,
    *,
    name: str = "processed",
    newest: date = YESTERDAY,
    evidence: tuple[Phrase, ...] = (),
) -> Measurement:
    """A rate from counts, a pair for each day up to `newest`."""
    first = newest - timedelta(days=len(numerators) - 1)
    days = [
        Day(first + timedelta(days=n), part / whole if whole else None, part, whole)
        for n, (part, whole) in enumerate(zip(numerators, denominators, strict=True))
    ]
    numerator, denominator = sum(numerators), sum(denominators)
    return Measurement(
        metric,
        subject,
        value=numerator / denominator,
        numerator=numerator,
        denominator=denominator,
        denominator_name=name,
        window=Window(first, newest),
        daily=tuple(days),
        evidence=evidence,
        proportion=True,
        complete_until=YESTERDAY,
    )


def published(
    metric: str,
    values: Sequence[float | None],
    subject: Subject = EXAMPLE,
    *,
    newest: date = date(2026, 11, 21),
) -> Measurement:
    """A rate that Google publishes; None for a day without one."""
    first = newest - timedelta(days=len(values) - 1)
    days = [Day(first + timedelta(days=n), value) for n, value in enumerate(values)]
    return Measurement(
        metric,
        subject,
        value=values[-1],
        window=Window(newest, newest),
        daily=tuple(day for day in days if day.value is not None),
        complete_until=YESTERDAY,
    )


def plain(
    metric: str, value: float | str, subject: Subject = EXAMPLE, *evidence: Phrase
) -> Measurement:
    """A figure without days."""
    return Measurement(metric, subject, value=value, evidence=evidence)


def lacking(metric: str, cause: Cause, note: Phrase, subject: Subject = EXAMPLE) -> Measurement:
    """A figure that was not measured, and why."""
    return Measurement(metric, subject, cause=cause, note=note)


def judged(*measurements: Measurement) -> tuple[Finding, ...]:
    """Every finding of the measurements, the worst first."""
    findings = [
        judge(measurement, check, catalog().threshold(check, measurement.subject))
        for measurement in measurements
        for check in catalog().judging(measurement.metric)
    ]
    return tuple(sorted(findings, key=lambda finding: WORST_FIRST.index(finding.level)))


def report(
    *measurements: Measurement,
    sources: tuple[SourceState, ...] = ALL_WELL,
    subjects: tuple[str, ...] = ("example.com",),
) -> Report:
    """The report on the measurements."""
    return compose(judged(*measurements), sources, subjects)


def compose(
    findings: tuple[Finding, ...],
    sources: tuple[SourceState, ...] = ALL_WELL,
    subjects: tuple[str, ...] = ("example.com",),
) -> Report:
    """The report that these findings and sources make."""
    return Report(
        generated_at=NOON,
        version="0.1.0",
        findings=findings,
        sources=sources,
        verdict=reach_verdict(findings, sources),
        exit_code=choose_exit_code(findings, sources, "breach"),
        subjects=subjects,
    )


def bounces() -> Measurement:
    """A subuser's bounce rate past act: 612 of 10,020 processed."""
    return rate(
        "sendgrid.bounce_rate",
        (14, 22, 38, 71, 98, 149, 220),
        (1400, 1420, 1380, 1450, 1430, 1490, 1450),
        Subject.of(subuser="newsletter"),
        evidence=(
            say(
                "sendgrid.growth_since", day=date(2026, 11, 20), volume=431
            ),  # any phrase with values
            verbatim("yahoo.example 212, au.example 90"),
        ),
    )


FINE: tuple[Measurement, ...] = (
    rate("sendgrid.block_rate", (30, 20), (5000, 5100)),
    rate("sendgrid.deferral_rate", (30, 20), (5000, 5100)),
    Measurement("sendgrid.daily_volume", ACCOUNT, value=20800, newest_volume=20800),
    plain("sendgrid.reputation", 97, ACCOUNT),
    published("postmaster.dkim_pass_rate", (0.996, 0.997)),
    published("postmaster.tls_rate", (1.0, 1.0)),
    plain("postmaster.compliance", "COMPLIANT", Subject.of(domain="example.com", requirement="SPF")),
    plain(
        "postmaster.compliance", "COMPLIANT", Subject.of(domain="example.com", requirement="DKIM")
    ),
    plain("dns.spf_record", "valid"),
    plain("dns.spf_lookups", 5),
    plain("dns.dkim_key", "valid", Subject.of(domain="example.com", selector="s1")),
    plain("dns.dkim_key", "valid", Subject.of(domain="example.com", selector="s2")),
)


def every_level() -> Report:
    """A breach, two warnings, a figure that cannot be told, and what is fine."""
    return report(
        bounces(),
        published("postmaster.spam_rate", (0.0004, 0.0005, None, 0.0006, 0.0011, 0.0012, 0.0014)),
        plain(
            "dns.dmarc_policy",
            "none",
            EXAMPLE,
            *(verbatim(f"line {n}: rua=mailto:reports@example.com") for n in range(1, 7)),
        ),
        rate("sendgrid.spam_report_rate", (0, 2), (40, 47), name="delivered"),
        *FINE,
    )


def all_well() -> Report:
    """Nothing worse than ok."""
    return report(*FINE)


def outage() -> Report:
    """SendGrid answers with its own failure; a domain is not shared at Google; DNS was skipped."""
    down = say("http.server_error", host="api.sendgrid.com", status=503, reason="Unavailable")
    refused = say("http.refused", host="gmailpostmastertools.googleapis.com")
    metrics = [check.metric for check in catalog().checks.values()]
    return report(
        *(
            lacking(metric, Cause.COULD_NOT_ASK, down, ACCOUNT)
            for metric in metrics
            if metric.startswith("sendgrid.")
        ),
        lacking("postmaster.spam_rate", Cause.COULD_NOT_ASK, refused),
        published("postmaster.dkim_pass_rate", (0.996, 0.997)),
        sources=(
            replace(SENDGRID, state=State.FAILED, error=down, newest_day=None),
            replace(POSTMASTER, state=State.PARTIAL, error=refused),
            SourceState("dns", State.SKIPPED, say("dns.skipped_no_past")),
        ),
    )


def three_domains() -> Report:
    """Domains that share some troubles and not others."""
    a, b, c = (Subject.of(domain=f"{name}.example") for name in ("alpha", "beta", "gamma"))
    no_data = say("run.not_measured")
    return report(
        published("postmaster.spam_rate", (0.001, 0.002, 0.0034), a),
        published("postmaster.spam_rate", (0.004, 0.005, 0.0061), b),
        published("postmaster.spam_rate", (0.0002, 0.0003, 0.0003), c),
        plain("dns.dmarc_policy", "missing", a),
        plain("dns.dmarc_policy", "missing", c),
        plain("dns.dmarc_policy", "none", b),
        plain("postmaster.compliance", "NEEDS_WORK", Subject((*b.pairs, ("requirement", "SPF")))),
        plain("postmaster.compliance", "NEEDS_WORK", Subject((*b.pairs, ("requirement", "DKIM")))),
        plain("postmaster.compliance", "COMPLIANT", Subject((*a.pairs, ("requirement", "SPF")))),
        lacking("postmaster.reputation", Cause.NO_DATA, no_data, a),
        lacking("postmaster.dkim_pass_rate", Cause.NO_DATA, no_data, c),
        *(plain("dns.mx", "found", subject) for subject in (a, b, c)),
        plain("dns.dkim_key", "valid", Subject((*a.pairs, ("selector", "s1")))),
        plain("dns.dkim_key", "valid", Subject((*a.pairs, ("selector", "s2")))),
        subjects=("alpha.example", "beta.example", "gamma.example"),
    )
