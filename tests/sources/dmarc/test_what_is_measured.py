"""The figures of aggregate reports: pass rates, sources ours and not, policy, readiness."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.cli.conftest import Command
from tests.sources.dmarc.conftest import Measured, counts, finding, state
from tests.sources.dmarc.samples import NEWEST, SENDGRID, SPOOF, Row, gz, mail, report, series

GOOD = Row(count=1000)
FORWARDED = replace(SPOOF, ip="203.0.113.7", reason="forwarded", count=30)
LISTED = replace(SPOOF, ip="203.0.113.8", reason="mailing_list", count=20)


def evidence(found: dict[str, list[str]]) -> str:
    return "\n".join(found["evidence"])


def test_what_passes_is_what_the_receiver_evaluated(measure: Measured) -> None:
    """Given a source that authenticates as another domain, its raw results do not count."""
    outcome = measure(report(replace(SENDGRID, count=90), replace(GOOD, count=10)))
    found = finding(outcome, "dmarc.pass_rate")
    assert (found["numerator"], found["denominator"]) == (10, 100)
    assert found["denominator_name"] == "messages"
    assert counts(outcome)["dmarc_pass"] == 10
    assert finding(outcome, "dmarc.unaligned_sources")["value"] == 1
    assert "SendGrid: 0 of 90" in evidence(finding(outcome, "dmarc.unaligned_sources"))


def test_levels_of_a_domain_and_of_its_own_sources(measure: Measured) -> None:
    """Given a source that fails though it is ours, and spoofing, each is said for itself."""
    broken = replace(GOOD, dkim="fail", spf="fail", signature="fail", path_result="fail")
    outcome = measure(
        report(GOOD, replace(broken, count=300), replace(SPOOF, count=200), FORWARDED, LISTED)
    )
    whole = finding(outcome, "dmarc.pass_rate")
    assert (whole["level"], whole["numerator"], whole["denominator"]) == ("breach", 1000, 1550)
    assert whole["evidence"][0] == (
        "failed: 300 from your own sources, 200 from unknown ones, 30 forwarded, 20 through "
        "mailing lists"
    )
    own = finding(outcome, "dmarc.pass_rate", source="k1._domainkey.example.com")
    assert (own["level"], own["numerator"], own["denominator"]) == ("breach", 1000, 1300)
    spoofed = finding(outcome, "dmarc.spoofed_rate")
    assert spoofed["numerator"] == 200
    assert spoofed["evidence"] == ["198.51.100.66: 200 messages"]
    assert outcome.status == 1


def test_the_windows_of_a_domain_pool_its_days(measure: Measured) -> None:
    """Given 40 days of reports, the last 31 are judged, and all are counted."""
    outcome = measure(*series(40, GOOD))
    found = finding(outcome, "dmarc.pass_rate")
    assert found["denominator"] == 31_000
    assert found["window"] == {"from": "2026-10-24", "to": "2026-11-23"}
    assert counts(outcome)["messages"] == 40_000
    assert "are counted, but not judged" in state(outcome)["note"]


def test_as_of_a_past_day(measure: Measured) -> None:
    outcome = measure(*series(20, GOOD), options=("--as-of", "2026-11-10"))
    assert finding(outcome, "dmarc.pass_rate")["window"]["to"] == "2026-11-10"


def test_a_report_on_the_future_moves_no_window(measure: Measured) -> None:
    outcome = measure(report(GOOD), report(GOOD, day=date(2027, 1, 1), ident="later"))
    assert finding(outcome, "dmarc.pass_rate")["denominator"] == 1000
    assert state(outcome)["newest_day"] == str(NEWEST)


def test_sendgrid_is_named_by_return_path_and_signature(measure: Measured) -> None:
    own = replace(GOOD, return_path="em1234.example.com", selector="s1")
    other = replace(GOOD, ip="192.0.2.77", selector="", signature="fail", dkim="fail")
    outcome = measure(report(own, other))
    subjects = {
        one["subject"].get("source")
        for one in outcome.json["findings"]
        if one["check"] == "dmarc.pass_rate"
    }
    assert subjects == {None, "SendGrid", "192.0.2.77"}


def test_new_sources(measure: Measured) -> None:
    """Given two weeks of reports, a source that is first seen in the last days is new."""
    reports = series(14, GOOD)
    outcome = measure(*reports, report(replace(SPOOF, count=50), ident="wave"))
    found = finding(outcome, "dmarc.new_sources")
    assert (found["level"], found["value"]) == ("warn", 1)
    assert found["evidence"] == ["198.51.100.66: 0 of 50 messages pass"]


def test_without_earlier_days_nothing_can_be_called_new(measure: Measured) -> None:
    found = finding(measure(report(GOOD)), "dmarc.new_sources")
    assert (found["level"], found["cause"]) == ("unknown", "no_data")


def test_readiness_for_the_next_step(measure: Measured) -> None:
    """Spoofed mail is what the policy is for: it does not count against the step."""
    broken = replace(SENDGRID, count=4)
    outcome = measure(*series(31, GOOD, broken, replace(SPOOF, count=500)))
    found = finding(outcome, "dmarc.readiness")
    assert (found["level"], found["numerator"], found["denominator"]) == ("ok", 31_000, 31_124)
    assert found["evidence"] == [
        "99.6 % of 31,124 messages in 31 days would survive p=quarantine",
        "1 source would not: SendGrid",
    ]


def test_at_reject_there_is_no_next_step(measure: Measured) -> None:
    outcome = measure(report(GOOD, p="reject"))
    assert "dmarc.readiness" not in outcome.levels()


def test_the_policy_that_reporters_see(measure: Measured) -> None:
    same = measure(report(GOOD), report(GOOD, org="other.example"))
    assert finding(same, "dmarc.policy_seen")["value"] == "same"
    reports = report(GOOD), report(GOOD, org="other.example", p="reject")
    mixed = measure(*reports, options=("--history", "none"))
    found = finding(mixed, "dmarc.policy_seen")
    assert (found["value"], found["level"]) == ("mixed", "warn")
    assert sorted(found["evidence"]) == [
        "p=none: seen by 1 reporter", "p=reject: seen by 1 reporter"
    ]  # fmt: skip


def test_a_reporter_that_went_silent(measure: Measured) -> None:
    silent = series(12, GOOD, org="silent.example")[5:]
    outcome = measure(*series(12, GOOD), *silent)
    found = finding(outcome, "dmarc.silent_reporters")
    assert (found["level"], found["value"]) == ("warn", 1)
    assert found["evidence"] == ["silent.example: last report on 18 Nov, 7,000 messages before"]


def test_own_sources_that_the_user_lists(measure: Measured, empty_home: Path) -> None:
    Path("mailwatch.yaml").write_text("dmarc: {own_sources: [198.51.100.0/24]}\n")
    outcome = measure(report(GOOD, replace(SPOOF, count=100)))
    assert finding(outcome, "dmarc.spoofed_rate")["numerator"] == 0
    assert finding(outcome, "dmarc.pass_rate", source="198.51.100.66")["level"] == "breach"


def test_check_includes_it_where_it_is_configured(mailwatch: Command) -> None:
    """A configured domain that no report is about is unknown."""
    Path("reports").mkdir()
    Path("reports/a").write_text(report(GOOD))
    Path("mailwatch.yaml").write_text(
        "domains: [{name: example.net}]\ndns: {nameservers: ['127.0.0.1:1']}\n"
        "dmarc: {paths: [reports]}\n"
    )
    outcome = mailwatch("check", "--format", "json", "--timeout", "4")
    assert outcome.state("dmarc") == "ok"
    assert finding(outcome, "dmarc.pass_rate", domain="example.net")["level"] == "unknown"
    assert finding(outcome, "dmarc.pass_rate")["level"] == "ok"


TLS = {
    "organization-name": "receiver.example",
    "date-range": {
        "start-datetime": "2026-11-23T00:00:00Z",
        "end-datetime": "2026-11-23T23:59:59Z",
    },
    "contact-info": "tls@receiver.example",
    "report-id": "t1",
    "policies": [
        {
            "policy": {"policy-type": "sts", "policy-domain": "example.com"},
            "summary": {"total-successful-session-count": 90, "total-failure-session-count": 10},
            "failure-details": [
                {"result-type": "certificate-expired", "failed-session-count": 7},
                {"result-type": "starttls-not-supported", "failed-session-count": 3},
            ],
        }
    ],
}
FAILURE = b"""From: noreply@receiver.example
To: ruf@example.com
Subject: FW: secret subject
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: text/plain

A message failed.
--b
Content-Type: message/feedback-report

Feedback-Type: auth-failure
User-Agent: x/1
Version: 1
Auth-Failure: dmarc
Original-Mail-From: <alice.smith@example.com>
Original-Rcpt-To: <bob.jones@receiver.example>
Source-IP: 198.51.100.66
Reported-Domain: example.com
Delivery-Result: reject

--b
Content-Type: text/rfc822-headers

From: alice.smith@example.com
--b--
"""


def test_tls_reports_and_failure_reports_are_counted_apart(measure: Measured) -> None:
    """They are in no count of the source, and no address of a person is in the report."""
    outcome = measure(report(GOOD), gz(json.dumps(TLS)), json.dumps(TLS), FAILURE)
    assert counts(outcome)["reports"] == 1
    assert counts(outcome)["messages"] == 1000
    tls = finding(outcome, "dmarc.tls_failure_rate")
    assert (tls["numerator"], tls["denominator"]) == (10, 100)
    assert tls["evidence"][0] == "certificate-expired: 7 sessions"
    failure = finding(outcome, "dmarc.failure_reports")
    assert failure["value"] == 1
    assert failure["evidence"] == [
        "dmarc (reject): 1 report", "sender a•••@example.com: 1 report"
    ]  # fmt: skip
    assert "alice.smith" not in outcome.out
    assert "bob.jones" not in outcome.out


def test_a_tls_report_in_a_message(measure: Measured) -> None:
    content = mail(gz(json.dumps(TLS)), "t.json.gz", "tlsrpt+gzip")
    assert finding(measure(content), "dmarc.tls_failure_rate")["denominator"] == 100


def test_a_forwarder_is_no_source_of_ours(measure: Measured) -> None:
    """Given mail of ours that somebody forwards, partly changed on the way, then what no longer
    passes is not called a broken source; from an address of our own it is."""
    sent = replace(GOOD, count=10_000)
    forwarded = replace(
        GOOD, ip="203.0.113.50", count=40, spf="fail", return_path="forwarder.example"
    )
    changed = replace(forwarded, count=20, dkim="fail", signature="fail")
    lost = replace(changed, ip=sent.ip, count=30, path_result="fail")
    outcome = measure(report(sent, forwarded, changed, lost))
    assert finding(outcome, "dmarc.pass_rate")["evidence"][0].startswith(
        "failed: 30 from your own sources, 20 from unknown ones"
    )


def test_a_wave_from_many_addresses_hides_no_source_of_ours(measure: Measured) -> None:
    wave = [replace(SPOOF, ip=f"198.51.100.{n}", count=500) for n in range(80)]
    own = [replace(GOOD, selector=f"k{n}", ip=f"192.0.2.{n}") for n in range(45)]
    outcome = measure(report(*wave, *own))
    assert finding(outcome, "dmarc.pass_rate", source="k20._domainkey.example.com")
    assert finding(outcome, "dmarc.pass_rate", source="other sources")["denominator"] == 5000
