"""What Google and the network refuse, each in words of its own, and never with a secret."""

import gzip
import json
from dataclasses import replace
from typing import Any

import pytest

from mailwatch.demo import (
    Drop,
    Endless,
    HttpReply,
    Raw,
    Redirect,
    Rule,
    Truncate,
    serve,
)
from mailwatch.demo.story.world import DOMAINS
from mailwatch.model import Cause, say
from mailwatch.sources.postmaster.client import MOST_PAGES
from mailwatch.words import worded

from .postmaster_peer import (
    COMPLIANCE,
    GMAIL,
    HEALTHY,
    STATISTICS,
    Collected,
    answering,
    collect,
    collect_from,
    refusing,
    with_gmail,
)

DISABLED = "SERVICE_DISABLED"
THREE = ("example.com", "b.example", "c.example")
ALL_SHARED = with_gmail(dict.fromkeys(THREE, GMAIL))


def token(error: str, status: int = 400) -> Rule:
    """A token endpoint that refuses with `error`."""
    return Rule("token", HttpReply(status, json.dumps({"error": error, "error_description": "x"})))


def codes(got: Collected) -> set[str]:
    """The codes of the faults."""
    return {fault.what.code for fault in got.faults}


@pytest.mark.parametrize(
    ("rule", "code", "calls", "said"),
    [
        (token("invalid_grant"), "postmaster.revoked", (1, 0), "Testing"),
        (token("invalid_client", 401), "postmaster.wrong_client", (1, 0), "OAuth client"),
        (token("unauthorized_client", 401), "postmaster.not_delegated", (1, 0), "delegation"),
        (token("invalid_scope"), "postmaster.not_delegated", (1, 0), "consent again"),
        (token("odd"), "postmaster.token_refused", (1, 0), "(400 Bad Request)"),
        (Rule("token", HttpReply(400, "<html>")), "postmaster.token_refused", (1, 0), "(400 B"),
        (Rule("token", HttpReply(400, "[1]")), "postmaster.token_refused", (1, 0), "(400 B"),
        (Rule("token", HttpReply(200, "[1]")), "http.not_json", (4, 0), "JSON"),
        (Rule("token", HttpReply(200, "{}")), "postmaster.token_refused", (1, 0), "access token"),
        (Rule("token", HttpReply(503, "{}")), "http.server_error", (4, 0), "503"),
        (Rule("token", HttpReply(429, "{}")), "http.rate_limited", (4, 0), "429"),
        (Rule("token", Drop()), "http.broken", (4, 0), "was lost"),
        (refusing(403, reason=DISABLED), "postmaster.disabled", (1, 1), "Enable it"),
        (
            refusing(403, reason="ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
            "postmaster.scope",
            (1, 1),
            "auth/postmaster.traffic.readonly",
        ),
        (refusing(401), "postmaster.unauthorized", (3, 3), "clock"),
    ],
)
def test_what_ends_the_source_is_one_fault_and_no_further_calls(
    rule: Rule, code: str, calls: tuple[int, int], said: str
) -> None:
    got = collect(rule, world=ALL_SHARED, domains=THREE)
    (fault,) = got.faults
    assert fault.what.code == code
    assert (fault.subject.pairs, fault.metrics) == ((), ())
    assert said in got.said()[0]
    assert got.silent() == []
    assert got.measured == ()
    # Up to four workers have each begun a question before the first answer is in.
    assert got.asked("token") <= calls[0] * (4 if calls[1] else 1) + 8 * (calls[1] > 1)
    assert got.asked("postmaster") <= 4 * calls[1]


@pytest.mark.parametrize(
    ("rule", "code", "cause"),
    [
        (refusing(403), "postmaster.not_shared", Cause.NOT_ALLOWED),
        (refusing(403, domain="x", reason=5), "postmaster.not_shared", Cause.NOT_ALLOWED),
        (refusing(404), "postmaster.not_shared", Cause.NOT_ALLOWED),
        (refusing(400, "Bad \x1b[31m"), "http.unexpected", Cause.COULD_NOT_ASK),
    ],
)
def test_a_refusal_of_one_domain_is_asked_once(rule: Rule, code: str, cause: Cause) -> None:
    got = collect(rule)
    (fault,) = got.faults
    assert (fault.what.code, fault.cause) == (code, cause)
    assert got.asked("postmaster") == 2
    assert got.pauses == ()
    assert all(text.isprintable() for text in got.said())


def test_the_six_messages_differ() -> None:
    no_data = collect(answering({})).one("postmaster.spam_rate").note
    row = {"requirement": "SPF", "status": {"status": "NON_COMPLIANT"}}
    strange = collect(answering({"complianceData": {"rowData": [row]}}, match=COMPLIANCE))
    unknown = strange.one("postmaster.compliance", domain="example.com", requirement="SPF").note
    assert no_data
    assert unknown == say("postmaster.unknown_word", word="NON_COMPLIANT")
    for lang in ("en", "ja"):
        said = {
            *collect(token("invalid_grant")).said(lang),
            *collect(refusing(403, reason=DISABLED)).said(lang),
            *collect(refusing(403, reason="ACCESS_TOKEN_SCOPE_INSUFFICIENT")).said(lang),
            *collect(refusing(403)).said(lang),
            worded(no_data, lang),
            worded(unknown, lang),
        }
        assert len(said) == 6


def test_the_servers_own_refusals_are_distinguished_too() -> None:
    account = replace(HEALTHY.google, scopes=frozenset({DOMAINS}))
    with serve(replace(HEALTHY, google=account)) as running:
        assert codes(collect_from(running)) == {"postmaster.scope"}
    with serve(HEALTHY) as running:
        revoked = {**running.credentials(), "refresh_token": "1//gone"}
        assert codes(collect_from(running, info=revoked)) == {"postmaster.revoked"}
        other = {**running.credentials(), "client_secret": "replaced"}
        assert codes(collect_from(running, info=other)) == {"postmaster.wrong_client"}
        assert codes(collect_from(running, ("other.example",))) == {"postmaster.not_shared"}


@pytest.mark.parametrize(
    ("url", "given"),
    [
        ("https://console.developers.google.com/apis/api/x?project=1", True),
        ("https://console.cloud.google.com/apis/api/x?project=1", True),
        ("http://console.cloud.google.com/apis", False),
        ("https://google.com.evil.example/", False),
        ("https://evil.example\\@console.cloud.google.com/", False),
        ("https://evil.example/#.google.com/", False),
        ("https://a.google.com/\x1b[31m", False),
        (5, False),
        (None, False),
    ],
)
def test_the_page_to_switch_the_api_on_is_googles_or_not_given(url: Any, given: bool) -> None:
    got = collect(refusing(403, reason=DISABLED, metadata={"activationUrl": url}))
    assert (str(url) in got.said()[0]) is given
    assert "google.com/apis" in got.said()[0]


SHUT = "This version of the Postmaster Tools API is no longer supported"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, json.dumps({"error": {"code": 429, "message": SHUT}})),
        (429, json.dumps({"error": {"code": 429, "message": "x" * 300 + SHUT.upper()}})),
        (429, f"<p>{SHUT}.</p>"),
        (404, json.dumps({"error": {"code": 404, "message": SHUT}})),
    ],
)
def test_an_api_that_was_shut_down_is_not_asked_again(status: int, body: str) -> None:
    got = collect(Rule("postmaster", HttpReply(status, body)), world=ALL_SHARED, domains=THREE)
    (fault,) = got.faults
    assert (fault.what, fault.cause) == (say("postmaster.shut_down"), Cause.NOT_ALLOWED)
    assert got.pauses == ()
    assert got.asked("postmaster") <= 4


@pytest.mark.parametrize(
    "behaviour",
    [
        HttpReply(429, "{}", (("Retry-After", "7"),)),
        HttpReply(500, "<html>"),
        HttpReply(503, "{}"),
        HttpReply(408, "{}"),
        HttpReply(200, "<!doctype html><title>Log in</title>"),
        HttpReply(200, b"\xff\xfe\x00"),
        HttpReply(200, "[" * 20_000),
        HttpReply(200, ""),
        Truncate(b'{"domainStats": ['),
        Drop(),
        Raw(b"SMTP ready\r\n"),
    ],
)
def test_what_may_pass_is_tried_again_and_then_measured(behaviour: Any) -> None:
    got = collect(Rule("postmaster", behaviour, match=STATISTICS, times=2))
    assert got.faults == ()
    assert got.one("postmaster.spam_rate").value is not None
    asked_to_wait = isinstance(behaviour, HttpReply) and behaviour.headers
    assert got.pauses == ((7.0, 7.0) if asked_to_wait else (0.5, 1.0))


@pytest.mark.parametrize(
    ("behaviour", "code", "tries"),
    [
        (HttpReply(429, "{}"), "http.rate_limited", 4),
        (HttpReply(503, "{}"), "http.server_error", 4),
        (HttpReply(599, "{}"), "http.server_error", 4),
        (HttpReply(200, "<html>"), "http.not_json", 4),
        (HttpReply(200, "[1]"), "http.not_json", 4),
        (HttpReply(200, '{"domainStats": {}}'), "http.not_json", 1),
        (HttpReply(200, gzip.compress(b"{}"), (("Content-Encoding", "gzip"),)), "http.not_json", 4),
        (Endless(20_000_000, compressed=True), "http.not_json", 4),
        (Endless(), "http.too_large", 1),
        (Endless(announced=True), "http.too_large", 1),
        (HttpReply(200, '{"domainStats": [' + "{}," * 150_000 + "{}]}"), "http.too_large", 1),
        (Redirect("https://evil.example/"), "http.redirect", 1),
        (HttpReply(200, '{"domainStats": [{}, 5]}'), "postmaster.malformed", 1),
    ],
)
def test_what_does_not_pass_costs_only_its_own_figures(
    behaviour: Any, code: str, tries: int
) -> None:
    got = collect(Rule("postmaster", behaviour, match=STATISTICS))
    (fault,) = got.faults
    assert (fault.what.code, fault.cause) == (code, Cause.COULD_NOT_ASK)
    assert sum(r.path.startswith(STATISTICS) for r in got.requests) == tries
    assert len(got.pauses) == tries - 1
    assert any(m.metric == "postmaster.compliance" and m.value for m in got.measured)
    assert got.silent() == []


def test_a_broken_compliance_status_costs_only_itself() -> None:
    got = collect(answering({"complianceData": []}, match=COMPLIANCE))
    assert codes(got) == {"postmaster.malformed"}
    assert got.one("postmaster.spam_rate").value is not None


def test_a_page_that_leads_back_is_given_up() -> None:
    got = collect(answering({"nextPageToken": "a"}, match=STATISTICS))
    assert codes(got) == {"postmaster.repeated_page"}
    assert sum(r.path.startswith(STATISTICS) for r in got.requests) == 2


class Pages:
    """An answer whose pages never end, each with a new token."""

    def __init__(self) -> None:
        self.count = 0

    def play(self, wire: Any) -> bool:
        """One page."""
        self.count += 1
        page = {"nextPageToken": f"t{self.count}", "domainStats": []}
        return HttpReply(200, json.dumps(page)).play(wire)


def test_pages_without_end_are_given_up() -> None:
    pages = Pages()
    got = collect(Rule("postmaster", pages, match=STATISTICS))
    assert codes(got) == {"postmaster.endless_pages"}
    assert pages.count == MOST_PAGES


def test_a_token_that_ends_meanwhile_is_got_anew() -> None:
    got = collect(Rule("postmaster", HttpReply(401, "{}"), times=1))
    assert got.faults == ()
    assert got.asked("token") == 2


def test_nobody_at_home_is_one_fault() -> None:
    with serve(HEALTHY) as running:
        info = {**running.credentials(), "token_uri": "http://127.0.0.1:1/token"}
        assert codes(collect_from(running, info=info)) == {"http.refused"}
