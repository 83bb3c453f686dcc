"""Gmail's status of a requirement beside what is measured here."""

from datetime import date

import pytest

from mailwatch.catalog.catalog import read_catalog
from mailwatch.judge import judge_all, relate
from mailwatch.model import Cause, Finding, Measurement, Subject, Window, say
from mailwatch.words import worded

CATALOG = read_catalog()
DAY = Window(date(2026, 11, 21), date(2026, 11, 21))


def row(
    requirement: str, status: str | None = "NEEDS_WORK", domain: str = "a.example"
) -> Measurement:
    """Gmail's status of a requirement."""
    subject = Subject.of(domain=domain, requirement=requirement)
    return Measurement("postmaster.compliance", subject, value=status)


def here(
    metric: str, value: float | str | None, domain: str = "a.example", **keys: str
) -> Measurement:
    """What is measured here."""
    window = None if metric.startswith("dns.") else DAY
    cause = Cause.NO_DATA if value is None else None
    subject = Subject.of(domain=domain, **keys)
    note = say("postmaster.no_reputation") if value is None else None
    return Measurement(metric, subject, value, window=window, cause=cause, note=note)


def said(*measurements: Measurement) -> list[str]:
    """The evidence of the first of them, after all were judged and compared."""
    findings: tuple[Finding, ...] = relate(judge_all(measurements, CATALOG))
    return [worded(phrase, "en") for phrase in findings[0].measurement.evidence]


SPF_OK = here("postmaster.spf_pass_rate", 0.996)
RECORD_OK = here("dns.spf_record", "valid")
DKIM_OK = here("postmaster.dkim_pass_rate", 0.998)


@pytest.mark.parametrize(
    ("gmail", "measured", "evidence"),
    [
        (
            row("SPF"),
            [SPF_OK, RECORD_OK],
            [("looks right here (postmaster.spf_pass_rate 99.6 %, dns.spf_record valid); Gmail's "
             "status follows days later")],
        ),
        (
            row("SPF_AND_DKIM"),
            [RECORD_OK, SPF_OK, DKIM_OK],
            [("looks right here (postmaster.spf_pass_rate 99.6 %, postmaster.dkim_pass_rate 99.8 %"
             "); Gmail's status follows days later")],
        ),
        (  # the share that fails
            row("SPF"),
            [here("postmaster.spf_pass_rate", 0.88), RECORD_OK],
            ["differs here, 12 % of the mail fails: postmaster.spf_pass_rate 88 % (2026-11-21)"],
        ),
        (  # a record, by its selector
            row("DKIM"),
            [DKIM_OK, here("dns.dkim_key", "revoked", selector="s2")],
            ["differs here: dns.dkim_key revoked (s2)"],
        ),
        (  # the subdomain
            row("DKIM"),
            [DKIM_OK, here("postmaster.dkim_pass_rate", 0.5, "news.a.example")],
            [("differs here, 50 % of the mail fails: postmaster.dkim_pass_rate 50 % "
             "(news.a.example, 2026-11-21)")],
        ),
        (  # only a subdomain is watched
            row("SPF"),
            [here("postmaster.spf_pass_rate", 0.999, "news.a.example")],
            [("the status is of all mail of a.example, of which only this is watched, and looks "
             "right: postmaster.spf_pass_rate 99.9 % (news.a.example)")],
        ),
        (  # Gmail accepts p=none
            row("DMARC_POLICY"),
            [here("dns.dmarc_policy", "none"), here("dns.dmarc_record", "valid")],
            [("looks right here (dns.dmarc_record valid, dns.dmarc_policy none); Gmail's status "
             "follows days later")],
        ),
        (  # Gmail has not seen it yet
            row("DKIM", "COMPLIANT"),
            [here("dns.dkim_key", "revoked", selector="s1")],
            ["Gmail's status does not show it yet: dns.dkim_key revoked (s1)"],
        ),
        (row("DKIM", "COMPLIANT"), [here("postmaster.dkim_pass_rate", 0.5)], []),
        (row("SPF"), [], []),
        (row("SPF"), [here("postmaster.spf_pass_rate", None)], []),
        (row("SPF"), [here("postmaster.spf_pass_rate", 0.5, "another-a.example")], []),
        (row("HONOR_UNSUBSCRIBE"), [SPF_OK], []),
        (SPF_OK, [row("SPF")], []),
    ],
)  # fmt: skip
def test_a_status_is_compared_with_what_is_measured_here(
    gmail: Measurement, measured: list[Measurement], evidence: list[str]
) -> None:
    assert said(gmail, *measured) == evidence


def test_without_gmail_nothing_is_compared() -> None:
    findings = tuple(judge_all([SPF_OK, RECORD_OK], CATALOG))
    assert relate(findings) == findings
