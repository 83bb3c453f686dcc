"""The Postmaster source as a run uses it: what it expects, asks for and hands over."""

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from mailwatch.config import Config, Domain, PostmasterConfig
from mailwatch.demo import Faults, HttpReply, Rule, serve
from mailwatch.demo.story.world import CompliancePage, GmailDomain
from mailwatch.model import Cause, Day, Phrase, Subject, Window, say
from mailwatch.sources import SOURCES, postmaster
from mailwatch.sources.postmaster import metrics
from mailwatch.words import postmaster as refusal_words
from mailwatch.words import postmaster_figures, worded

from .postmaster_peer import (
    BATCH,
    COMPLIANCE,
    GMAIL,
    HEALTHY,
    NEWEST,
    STATISTICS,
    TODAY,
    answering,
    collect,
    collect_from,
    configure,
    make_job,
    refusing,
    with_gmail,
)

THREE = ("example.com", "b.example", "c.example")
ALL_SHARED = with_gmail(dict.fromkeys(THREE, GMAIL))


def test_it_is_one_of_the_sources_and_skipped_where_not_configured() -> None:
    assert "postmaster" in SOURCES
    assert postmaster.skipped(Config(), None) == say("run.not_configured")
    assert postmaster.skipped(Config(postmaster=PostmasterConfig()), TODAY) is None


def test_each_domain_expects_twelve_figures() -> None:
    expected = list(postmaster.expected(Config(domains=(Domain("a.example"), Domain("b.example")))))
    assert len(expected) == len(set(expected)) == 2 * 12
    assert ("postmaster.spam_rate", Subject.of(domain="b.example")) in expected


def test_a_healthy_domain_is_measured_in_full() -> None:
    got = collect()
    assert got.faults == ()
    assert got.silent() == []
    assert max(Counter((m.metric, m.subject) for m in got.measured).values()) == 1
    spam = got.one("postmaster.spam_rate")
    assert spam.window == Window(NEWEST, NEWEST)
    assert spam.complete_until == date(2026, 11, 23)
    assert spam.age_days == 3
    assert len(spam.daily) == 12  # 14 days were asked for, the newest two have no data yet
    assert spam.daily[-1] == Day(NEWEST, float(str(spam.value)))
    assert (spam.numerator, spam.denominator) == (None, None)
    assert got.one("postmaster.spf_pass_rate").value == pytest.approx(0.9962)
    zero = got.one("postmaster.rejections_by_reason", domain="example.com", reason="ip_in_rbls")
    assert zero.value == 0.0
    assert got.one("postmaster.reputation").value == "HIGH"
    row = got.one("postmaster.compliance", domain="example.com", requirement="SPF")
    assert (row.value, row.window) == ("COMPLIANT", None)


def test_one_token_serves_all_workers_and_the_query_is_the_documented_one() -> None:
    got = collect(world=ALL_SHARED, domains=THREE)
    assert got.asked("token") == 1
    # 18 series on 12 days are 216 rows: two pages of 200 for all domains together. The counts and
    # the feedback loops are one each; each domain has a compliance status.
    assert got.asked("postmaster") == 2 + 1 + 1 + 3
    query = next(r for r in got.requests if r.path == BATCH)
    body, *others = json.loads(query.body)["requests"]
    assert [other["parent"] for other in others] == ["domains/b.example", "domains/c.example"]
    assert body["parent"] == "domains/example.com"
    assert len(body["metricDefinitions"]) == 18
    (span,) = body["timeQuery"]["dateRanges"]["dateRanges"]
    assert span["start"] == {"year": 2026, "month": 11, "day": 10}
    assert span["end"] == {"year": 2026, "month": 11, "day": 23}
    assert query.headers.get("accept-encoding", "identity") == "identity"
    (token,) = (r for r in got.requests if r.service == "token")
    assert b"scope" not in token.body


def test_all_252_rows_of_full_days_are_read() -> None:
    figures = GMAIL.days[NEWEST]
    days = {date(2026, 11, 23) - timedelta(days=age): figures for age in range(14)}
    got = collect(world=with_gmail({"example.com": replace(GMAIL, days=days)}))
    series = [m for m in got.measured if m.metric in metrics.STATISTICS]
    assert len(series) == 18
    assert {len(m.daily) for m in series} == {14}


def test_gaps_stay_gaps_zero_stays_zero_and_floats_have_32_bits() -> None:
    days = {
        date(2026, 11, 12): {"SPAM_RATE": 0.1 / 3},
        date(2026, 11, 19): {"SPAM_RATE": 0.003},
        date(2026, 11, 20): {"SPAM_RATE": 0.0, "AUTH_SUCCESS_RATE/spf": 0.5},
        date(2026, 11, 21): {"AUTH_SUCCESS_RATE/spf": 1.0},
    }
    got = collect(world=with_gmail({"example.com": GmailDomain(days)}))
    spam = got.one("postmaster.spam_rate")
    assert spam.value == 0.0
    assert [day.day.day for day in spam.daily] == [12, 19, 20]
    assert spam.daily[0].value == 0.033333335
    assert round(float(spam.daily[1].value or 0), 6) == 0.003
    assert spam.age_days == 4  # its own age, though another series has a newer day
    assert got.one("postmaster.spf_pass_rate").age_days == 3


def test_no_data_is_a_measurement_with_its_reason_and_no_fault() -> None:
    got = collect(answering({}))
    assert got.faults == ()
    assert got.silent() == []
    assert len(got.measured) == 12
    assert {m.cause for m in got.measured} == {Cause.NO_DATA}
    assert all(m.value is None and m.note for m in got.measured)
    note = got.one("postmaster.spam_rate").note
    assert note == say("postmaster.no_data", first=date(2026, 11, 10), last=date(2026, 11, 23))


def test_a_domain_that_is_not_shared_leaves_the_others_measured() -> None:
    world = with_gmail({"example.com": GMAIL, "c.example": GMAIL})
    got = collect(world=world, domains=THREE)
    (fault,) = got.faults
    assert fault.what == say("postmaster.not_shared")
    assert (fault.cause, fault.subject) == (Cause.NOT_ALLOWED, Subject.of(domain="b.example"))
    assert got.silent() == []
    for domain in ("example.com", "c.example"):
        assert got.one("postmaster.spam_rate", domain=domain).value is not None


@pytest.mark.parametrize(
    ("part", "lost", "kept"),
    [
        (STATISTICS, "postmaster.spam_rate", "postmaster.compliance"),
        (COMPLIANCE, "postmaster.compliance", "postmaster.spam_rate"),
    ],
)
def test_half_an_answer_is_measured_and_the_fault_covers_the_other_half(
    part: str, lost: str, kept: str
) -> None:
    got = collect(refusing(403, match=part))
    (fault,) = got.faults
    subject = Subject.of(domain="example.com")
    assert fault.covers(lost, subject)
    assert not fault.covers(kept, subject)
    assert any(m.metric == kept and m.value is not None for m in got.measured)
    assert not any(m.metric == lost for m in got.measured)
    assert got.one("postmaster.reputation").value == "HIGH"
    assert got.silent() == []


def test_two_different_refusals_of_one_domain_are_two_faults() -> None:
    rules = refusing(403, match=STATISTICS), refusing(400, "Odd.", match=COMPLIANCE)
    got = collect(*rules)
    assert len(got.faults) == len(got.said()) == 2
    assert all(fault.metrics for fault in got.faults)
    assert got.silent() == []


def test_the_past_has_statistics_but_no_compliance() -> None:
    day = date(2026, 11, 15)
    got = collect(job=make_job(as_of=day))
    assert not any("complianceStatus" in request.path for request in got.requests)
    spam = got.one("postmaster.spam_rate")
    assert (spam.window, spam.age_days) == (Window(day, day), 1)
    assert got.one("postmaster.compliance").note == say("postmaster.compliance_no_past")
    assert got.one("postmaster.reputation").evidence[0] == say("verbatim", text="source: derived")
    assert got.silent() == []


def test_what_google_tells_by_part_is_expected_by_part() -> None:
    # Given answers by requirement and by reason, and a domain of which Google tells nothing
    world = with_gmail({"example.com": GMAIL, "b.example": GmailDomain({})})
    got = collect(world=world, domains=("example.com", "b.example"))
    # Then each part is expected instead of the whole, where there are parts
    whole, empty = Subject.of(domain="example.com"), Subject.of(domain="b.example")
    split = {"compliance", "rejections_by_reason", "temporary_failures_by_reason"}
    split |= {"reputation_rejections", "loop_spam_rate"}
    withdrawn = {pair for pair, expected in got.said_of.items() if not expected}
    assert withdrawn == {(f"postmaster.{metric}", whole) for metric in split}
    parts = {(m.metric, m.subject) for m in got.measured if len(m.subject.pairs) > 1}
    assert parts == {pair for pair, expected in got.said_of.items() if expected}
    assert not any(subject == empty for _, subject in got.said_of)
    assert got.silent() == []


def test_two_subdomains_hand_over_the_registrable_domains_rows_once() -> None:
    sub = replace(GMAIL, registrable="example.com")
    names = ("a.example.com", "b.example.com")
    got = collect(world=with_gmail(dict.fromkeys(names, sub)), domains=names)
    assert max(Counter((m.metric, m.subject) for m in got.measured).values()) == 1
    row = got.one("postmaster.compliance", domain="example.com", requirement="SPF")
    assert row.value == "COMPLIANT"
    for name in names:
        note = got.one("postmaster.compliance", domain=name).note
        assert note == say("postmaster.only_parent", domain="example.com")
    assert got.silent() == []


def test_a_watched_parent_keeps_its_rows_and_a_subdomain_has_its_own() -> None:
    own = CompliancePage({"SPF": "NEEDS_WORK"})
    sub = replace(GMAIL, registrable="example.com", subdomain_compliance=own)
    names = ("a.example.com", "example.com")
    got = collect(world=with_gmail({"a.example.com": sub, "example.com": GMAIL}), domains=names)
    assert max(Counter((m.metric, m.subject) for m in got.measured).values()) == 1
    asked = {"domain": "a.example.com", "requirement": "SPF"}
    assert got.one("postmaster.compliance", **asked).value == "NEEDS_WORK"
    whole = {"domain": "example.com", "requirement": "SPF"}
    assert got.one("postmaster.compliance", **whole).value == "COMPLIANT"


def test_the_doctor_tells_what_works(tmp_path: Path) -> None:
    with serve(HEALTHY) as running:
        settings = configure(running, tmp_path)
        domains = (Domain("example.com"), Domain("other.example"))
        config = Config(domains=domains, postmaster=settings)
        works = [d.works for d in postmaster.diagnose(config, make_job())]
        assert works == [True, True, True, False]
        config = Config(domains=domains, postmaster=configure(running, tmp_path, "{"))
        assert [d.works for d in postmaster.diagnose(config, make_job())] == [False]
    faults = Faults(Rule("token", HttpReply(400, '{"error": "invalid_grant"}')))
    with serve(HEALTHY, faults=faults) as running:
        config = Config(domains=domains, postmaster=configure(running, tmp_path))
        *_, last = postmaster.diagnose(config, make_job())
        assert (last.works, last.detail.code) == (False, "postmaster.revoked")


def test_a_service_account_acts_for_its_subject() -> None:
    with serve(HEALTHY) as running:
        key = running.service_account()
        email = HEALTHY.google.email
        assert collect_from(running, info=key, subject=email).faults == ()
        got = collect_from(running, info=key)
        assert [fault.what.code for fault in got.faults] == ["postmaster.no_subject"]
        got = collect_from(running, info=key, subject="someone@example.com")
        assert [fault.what.code for fault in got.faults] == ["postmaster.not_impersonated"]
        key = running.service_account(frozenset({"https://www.googleapis.com/auth/postmaster"}))
        got = collect_from(running, info=key, subject=email)
        assert [fault.what.code for fault in got.faults] == ["postmaster.not_delegated"]


def test_importing_the_source_imports_no_client_library() -> None:
    script = (
        "import sys, mailwatch.sources.postmaster\n"
        "print([m for m in sys.modules if m.startswith(('google', 'httplib2'))])"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.strip() == "[]"


def test_everything_said_is_worded_in_both_languages() -> None:
    folder = Path(postmaster.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    codes = set(re.findall(r'"(postmaster\.[a-z0-9_]+)"', source))
    phrases = refusal_words.PHRASES | postmaster_figures.PHRASES
    assert codes - set(metrics.ALL) == set(phrases)
    for english, japanese in phrases.values():
        names = [set(re.findall(r"\{(\w+)", wording)) for wording in (english, japanese)]
        assert names[0] == names[1]
    assert "{" not in worded(Phrase("postmaster.revoked"), "ja")
