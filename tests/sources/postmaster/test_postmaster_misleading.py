"""Answers that look like one thing and are another: what is said of them is still true."""

import json
import threading
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mailwatch.config import Config, Domain
from mailwatch.demo import HttpReply, Rule, serve
from mailwatch.model import Cause
from mailwatch.sources import postmaster
from mailwatch.sources.postmaster.compliance import (
    Compliance,
    RequirementStatus,
    measure_compliance,
    read_compliance,
)

from .postmaster_peer import (
    COMPLIANCE,
    HEALTHY,
    STATISTICS,
    Collected,
    answering,
    collect,
    configure,
    make_job,
    refusing,
)


def only_code(got: Collected) -> str:
    """The code of the only fault."""
    (fault,) = got.faults
    return fault.what.code


@pytest.mark.parametrize("expires_in", [10**12, 10**30, float("inf"), "soon"])
def test_given_a_token_of_an_absurd_age_when_refreshed_then_it_is_no_crash(expires_in: Any) -> None:
    body = json.dumps({"access_token": "ya29.x", "expires_in": expires_in})
    got = collect(Rule("token", HttpReply(200, body)))
    assert only_code(got) == "http.not_json"
    assert got.asked("postmaster") == 0


@pytest.mark.parametrize("token", [5, {}, None])
def test_given_an_access_token_that_is_no_text_then_it_is_refused(token: Any) -> None:
    body = json.dumps({"access_token": token, "expires_in": 3600})
    got = collect(Rule("token", HttpReply(200, body)))
    assert only_code(got) == "postmaster.token_refused"
    assert got.asked("postmaster") == 0


@pytest.mark.parametrize("token", ["ya29.a\r\nX-Evil: 1", "ya29.\u65e5\u672c"])
def test_given_an_access_token_that_no_header_can_hold_then_it_is_not_sent(token: str) -> None:
    body = json.dumps({"access_token": token, "expires_in": 3600})
    got = collect(Rule("token", HttpReply(200, body)))
    assert got.faults
    assert got.asked("postmaster") == 0
    assert not any("Evil" in text or "\u65e5" in text for text in got.said())


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("error", "internal_failure"),
        ("error", "temporarily_unavailable"),
        ("error_description", "server_error"),
    ],
)
def test_given_a_token_server_in_passing_trouble_then_the_tries_are_ours(
    key: str, code: str
) -> None:
    rule = Rule("token", HttpReply(400, json.dumps({key: code})))
    got = collect(rule)
    (fault,) = got.faults
    assert (fault.what.code, fault.cause) == ("postmaster.token_refused", Cause.COULD_NOT_ASK)
    assert code in got.said()[0]
    # google-auth by itself asks three times, and sleeps in between whatever time is left.
    assert (got.asked("token"), got.pauses) == (4, (0.5, 1.0, 2.0))


def test_given_passing_trouble_with_the_token_that_ends_then_all_is_measured() -> None:
    rule = Rule("token", HttpReply(400, '{"error": "temporarily_unavailable"}'), times=2)
    got = collect(rule)
    assert got.faults == ()
    assert got.one("postmaster.spam_rate").value is not None


def test_given_an_old_way_of_consent_then_the_api_is_not_said_to_be_shut_down() -> None:
    reply = {"error": "invalid_request", "error_description": "OOB flow is no longer supported."}
    assert only_code(collect(Rule("token", HttpReply(400, json.dumps(reply))))) == (
        "postmaster.token_refused"
    )


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (refusing(400, "Metric X is no longer supported."), "http.unexpected"),
        (
            Rule("postmaster", HttpReply(503, "Your browser is no longer supported.")),
            "server_error",
        ),
        (refusing(429, "Requests without a quota are no longer supported."), "rate_limited"),
    ],
)
def test_given_something_else_that_ended_then_the_api_is_not_said_to_be_shut_down(
    rule: Rule, code: str
) -> None:
    assert only_code(collect(rule)).endswith(code)


@pytest.mark.parametrize("body", ["<html>Blocked by the proxy", "", "[]", '{"error": "no"}'])
def test_given_a_403_that_is_not_googles_then_the_domain_is_not_said_to_be_unshared(
    body: str,
) -> None:
    got = collect(Rule("postmaster", HttpReply(403, body)))
    (fault,) = got.faults
    assert (fault.what.code, fault.cause) == ("http.unexpected", Cause.COULD_NOT_ASK)
    assert "403" in got.said()[0]
    assert got.pauses == ()


LIMITS = (
    {"details": [{"reason": "RATE_LIMIT_EXCEEDED"}]},
    {"errors": [{"reason": "rateLimitExceeded", "domain": "usageLimits"}]},
    {"errors": [{"reason": "userRateLimitExceeded"}]},
)


@pytest.mark.parametrize("limit", LIMITS)
def test_given_a_403_for_too_many_requests_then_it_is_tried_again(limit: Any) -> None:
    answer = HttpReply(403, json.dumps({"error": {"code": 403, "message": "Slow down.", **limit}}))
    got = collect(Rule("postmaster", answer, STATISTICS, times=2))
    assert got.faults == ()
    assert got.pauses == (0.5, 1.0)
    got = collect(Rule("postmaster", answer, STATISTICS))
    (fault,) = got.faults
    assert (fault.what.code, fault.cause) == ("http.unexpected", Cause.COULD_NOT_ASK)
    assert "exceeded" in got.said()[0].lower()
    assert len(got.pauses) == 3


def test_given_another_universe_in_the_environment_then_googles_own_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GOOGLE_CLOUD_UNIVERSE_DOMAIN", "elsewhere.example")
    monkeypatch.setenv("GOOGLE_API_USE_MTLS_ENDPOINT", "always")
    assert collect().faults == ()
    with serve(HEALTHY) as running:
        settings = configure(running, tmp_path)
        config = Config(domains=(Domain("example.com"),), postmaster=settings)
        assert all(found.works for found in postmaster.diagnose(config, make_job()))


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1, 1, 13), date(1, 1, 14)])
def test_given_a_day_near_the_beginning_of_dates_then_it_is_no_crash(day: date) -> None:
    got = collect(job=make_job(as_of=day))
    note = got.one("postmaster.spam_rate").note
    assert note
    assert dict(note.values) == {"first": date(1, 1, 1), "last": day}


@pytest.mark.parametrize(
    ("statuses", "value"),
    [
        (("COMPLIANT", "NEEDS_WORK"), "NEEDS_WORK"),
        (("NEEDS_WORK", "COMPLIANT"), "NEEDS_WORK"),
        (("COMPLIANT", "COMPLIANT"), "COMPLIANT"),
        (("COMPLIANT", "NON_COMPLIANT"), None),
        (("NON_COMPLIANT", "COMPLIANT"), None),
        (("NON_COMPLIANT", "NEEDS_WORK"), "NEEDS_WORK"),
        (("NEEDS_WORK", "NON_COMPLIANT"), "NEEDS_WORK"),
    ],
)
def test_given_a_requirement_twice_then_it_is_one_figure_and_never_the_better(
    statuses: tuple[str, str], value: str | None
) -> None:
    rows = [{"requirement": "SPF", "status": {"status": status}} for status in statuses]
    got = collect(answering({"complianceData": {"rowData": rows}}, match=COMPLIANCE))
    assert got.one("postmaster.compliance", domain="example.com", requirement="SPF").value == value


def test_given_both_parts_of_the_same_domain_then_each_row_is_one_figure() -> None:
    own = Compliance("a.example.com", (RequirementStatus("SPF", "NEEDS_WORK"),))
    other = Compliance(
        "a.example.com",
        (RequirementStatus("SPF", "COMPLIANT"), RequirementStatus("DKIM", "COMPLIANT")),
    )
    measured = list(measure_compliance("a.example.com", (own, other), frozenset()))
    assert max(Counter(m.subject for m in measured).values()) == 1
    assert measured[0].value == "NEEDS_WORK"


def test_given_an_answer_that_names_no_domain_then_the_rows_are_the_asked_ones() -> None:
    for name in (None, "", 0):
        (found,) = read_compliance({"complianceData": {"domainId": name}}, "a.example.com")
        assert found.domain == "a.example.com"


class SlowEcho:
    """Repeats in its refusal the token that it was sent, once another token is there."""

    def __init__(self, renewed: threading.Event) -> None:
        self.renewed = renewed
        self.sent = ""

    def play(self, wire: Any) -> bool:
        """Waits, then repeats."""
        self.sent = wire.headers.get("authorization", "").removeprefix("Bearer ")
        assert self.renewed.wait(5)
        error = {"error": {"code": 400, "message": f"Odd: {self.sent}."}}
        return HttpReply(400, json.dumps(error)).play(wire)


class Renewed:
    """Tells that a request with the second token came in, and answers truly."""

    def __init__(self, renewed: threading.Event) -> None:
        self.renewed = renewed

    def play(self, wire: Any) -> bool:
        """Tells."""
        self.renewed.set()
        return False


def test_given_a_token_renewed_meanwhile_when_the_old_one_is_repeated_then_it_is_hidden() -> None:
    renewed = threading.Event()
    echo = SlowEcho(renewed)
    got = collect(
        Rule("postmaster", echo, STATISTICS),
        Rule("postmaster", HttpReply(401, "{}"), COMPLIANCE, times=1),
        Rule("postmaster", Renewed(renewed), COMPLIANCE),
    )
    assert got.asked("token") == 2
    assert echo.sent.startswith("ya29.")
    (said,) = got.said()
    assert "400 (Bad Request)" in said
    assert echo.sent not in said
