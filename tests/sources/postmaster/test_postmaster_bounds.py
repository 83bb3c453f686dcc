"""Nothing is sent elsewhere, held whole, or waited for without an end; and any words are read."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwatch.demo import Endless, Hang, HttpReply, Redirect, Rule, Trickle, Truncate, serve
from mailwatch.model import Cause
from mailwatch.sources.http import ExchangeError, HttpAnswer
from mailwatch.sources.postmaster.refusals import read_forbidden, refuse_token
from mailwatch.words import worded

from .postmaster_peer import (
    COMPLIANCE,
    HEALTHY,
    NOW,
    PATIENT,
    STATISTICS,
    answering,
    collect,
    collect_from,
    make_job,
    refusing,
)


@pytest.mark.parametrize("status", [302, 307])
@pytest.mark.parametrize("service", ["token", "postmaster"])
def test_given_a_redirect_then_nothing_is_sent_to_where_it_leads(service: Any, status: int) -> None:
    with serve(HEALTHY) as elsewhere:
        place = f"{elsewhere.postmaster_url}v2/domains/example.com/complianceStatus"
        got = collect(Rule(service, Redirect(place, status)))
        assert elsewhere.requests == []
    assert {fault.what.code for fault in got.faults} == {"http.redirect"}
    assert {fault.cause for fault in got.faults} == {Cause.COULD_NOT_ASK}
    assert got.pauses == ()
    assert got.asked("token") == 1
    assert got.silent() == []


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (Endless(), "http.too_large"),
        (Endless(20_000_000, compressed=True), "http.not_json"),
        (Truncate(b'{"access_token": "ya29.x'), "http.cut_short"),
        (HttpReply(200, "<html>Log in"), "http.not_json"),
        (HttpReply(200, "[" * 20_000), "http.not_json"),
        (HttpReply(403, "<html>Blocked"), "postmaster.token_refused"),
    ],
)
def test_given_a_broken_token_server_then_the_api_is_not_asked(behaviour: Any, code: str) -> None:
    got = collect(Rule("token", behaviour))
    (fault,) = got.faults
    assert fault.what.code == code
    assert got.asked("postmaster") == 0
    assert got.silent() == []


@pytest.mark.parametrize("behaviour", [Hang(), Trickle(b"{" + b" " * 500)])
@pytest.mark.parametrize("service", ["token", "postmaster"])
def test_given_no_end_of_an_answer_when_the_time_is_up_then_it_is_given_up(
    service: Any, behaviour: Any
) -> None:
    began = time.monotonic()
    got = collect(Rule(service, behaviour), job=make_job(seconds=0.2))
    assert time.monotonic() - began < 5  # a single read is given ten seconds
    assert got.faults
    assert {fault.cause for fault in got.faults} == {Cause.COULD_NOT_ASK}
    assert got.silent() == []


@pytest.mark.parametrize("rate", ["NaN", "-Infinity", "1e999"])
def test_given_a_rate_that_is_none_then_no_figure_is_made_of_it(rate: str) -> None:
    row = '{"metric": "postmaster.spam_rate", "date": {"year": 2026, "month": 11, "day": 20}, '
    body = '{"domainStats": [' + row + '"value": {"floatValue": ' + rate + "}}]}"
    got = collect(answering(body, match=STATISTICS))
    (fault,) = got.faults
    assert (fault.what.code, fault.cause) == ("postmaster.malformed", Cause.COULD_NOT_ASK)
    assert not any(m.metric == "postmaster.spam_rate" for m in got.measured)


def test_given_one_broken_row_then_all_other_figures_are_measured_and_it_is_said() -> None:
    # Given an answer whose newest spam rate is text, and a pass rate that is there twice
    def row(metric: str, day: int, value: Any) -> dict[str, Any]:
        date = {"year": 2026, "month": 11, "day": day}
        return {"metric": metric, "date": date, "value": {"floatValue": value}}

    spam, spf, dkim = (f"postmaster.{name}" for name in ("spam_rate", "spf_pass_rate", "tls_rate"))
    rows = [row(spam, 20, 0.002), row(spam, 21, "0.9"), row(dkim, 21, 0.97)]
    rows += [row(spf, 20, 0.96), row(spf, 21, 0.98), row(spf, 21, 0.5)]
    got = collect(answering({"domainStats": rows}, match=STATISTICS))
    # Then those days are gaps, and everything else is there
    assert (got.one(spam).value, got.one(spam).age_days) == (0.002, 4)
    assert (got.one(spf).value, got.one(spf).age_days) == (0.96, 4)
    assert (got.one(dkim).value, got.one(dkim).age_days) == (0.97, 3)
    # And one fault says so
    (said,) = got.said()
    assert said.startswith("2 rows of Google's statistics could not be used, the first in ")
    assert "postmaster.spam_rate: the value for 21 Nov is not a rate from 0 to 1." in said
    assert got.silent() == []


@pytest.mark.parametrize(
    "body",
    [
        {"complianceData": {"rowData": ["SPF"]}},
        {"subdomainComplianceData": "x"},
        {"complianceData": {"deliverabilityStatusVerdict": "COMPLIANT"}},
    ],
)
def test_given_compliance_of_a_wrong_shape_then_it_is_said_and_the_rates_stay(body: Any) -> None:
    got = collect(answering(body, match=COMPLIANCE))
    (fault,) = got.faults
    assert fault.what.code == "postmaster.malformed"
    assert not any(m.metric == "postmaster.compliance" for m in got.measured)
    assert got.one("postmaster.spam_rate").value is not None


def test_given_a_verdict_in_the_wrong_member_then_it_is_no_verdict() -> None:
    wrong = {"status": {"status": "COMPLIANT"}, "reason": "USER_FEEDBACK_POSITIVE"}
    body = {"complianceData": {"deliverabilityStatusVerdict": wrong}}
    got = collect(answering(body, match=COMPLIANCE))
    assert worded(got.one("postmaster.reputation").evidence[0], "en") == "source: derived"


def test_given_a_token_file_without_a_type_then_it_is_a_persons() -> None:
    with serve(HEALTHY) as running:
        info = {key: text for key, text in running.credentials().items() if key != "type"}
        got = collect_from(running, info=info)
    assert got.faults == ()
    assert got.one("postmaster.spam_rate").value is not None


KEYS = ("error", "error_description", "details", "errors", "reason", "metadata", "activationUrl")
CODES = st.sampled_from(
    [
        *("SERVICE_DISABLED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "RATE_LIMIT_EXCEEDED"),
        *("server_error", "https://console.cloud.google.com/apis"),
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | CODES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
ERROR = st.fixed_dictionaries({"error": st.fixed_dictionaries({"details": st.lists(JSON)})})
BODY = st.binary(max_size=20) | (JSON | ERROR).map(lambda value: json.dumps(value).encode())


@PATIENT
@given(BODY)
def test_given_any_body_of_a_403_then_it_is_a_refusal_in_words(body: bytes) -> None:
    refusal = read_forbidden(HttpAnswer(403, "Forbidden", {}, body), "h.example", NOW)
    assert worded(refusal.what, "en").isprintable()
    assert worded(refusal.what, "ja").isprintable()
    assert refusal.cause in (Cause.NOT_ALLOWED, Cause.COULD_NOT_ASK)


@PATIENT
@given(BODY)
def test_given_any_body_of_a_refused_token_then_it_passes_or_is_tried_again(body: bytes) -> None:
    passing = False
    try:
        refuse_token(HttpAnswer(400, "Bad Request", {}, body))
    except ExchangeError as refusal:
        passing = refusal.again
    assert passing is (read_code(body) == "server_error")


def read_code(body: bytes) -> Any:
    """The code of a refusal, looked for where it may stand."""
    try:
        reply = json.loads(body)
    except ValueError:
        return None
    words = (
        [reply.get(key) for key in ("error", "error_description")] if type(reply) is dict else []
    )
    return "server_error" if "server_error" in words else None


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        *(("0", 0.0), ("7", 7.0), ("99999", 60.0), ("100000", 60.0), ("-1", 0.5), ("1.5", 0.5)),
        ("Tue, 24 Nov 2026 03:00:09 GMT", 9.0),
        ("Tue, 24 Nov 2026 02:59:00 GMT", 0.0),
        ("Tue, 24 Nov 2026 04:00:00 GMT", 60.0),
    ],
)
def test_given_a_wait_that_is_asked_for_then_it_is_kept_within_bounds(
    asked: str, waited: float
) -> None:
    limited = HttpReply(429, "{}", (("Retry-After", asked),))
    got = collect(Rule("postmaster", limited, STATISTICS, times=1))
    if waited == 60.0:  # more than the time that is left
        assert {fault.what.code for fault in got.faults} == {"http.rate_limited"}
        assert got.pauses == ()
    else:
        assert (got.faults, got.pauses) == ((), (waited,))


def test_given_an_api_that_answers_as_a_token_server_then_no_token_was_refused() -> None:
    got = collect(Rule("postmaster", HttpReply(400, '{"error": "server_error"}'), STATISTICS))
    assert {fault.what.code for fault in got.faults} == {"http.unexpected"}
    assert got.pauses == ()


def test_given_more_rows_than_there_are_requirements_then_a_hundred_are_read() -> None:
    rows = [{"requirement": f"R{n}", "status": {"status": "COMPLIANT"}} for n in range(150)]
    got = collect(answering({"complianceData": {"rowData": rows}}, match=COMPLIANCE))
    assert sum(m.metric == "postmaster.compliance" for m in got.measured) == 100


def test_given_any_message_then_it_is_not_quoted() -> None:
    # Given refusals whose bodies hold words of the server's own
    refused = collect(refusing(400, "zzz"))
    no_token = collect(Rule("token", HttpReply(400, json.dumps({"error": "zzz"}))))
    # Then the status and its name are said, and no more of it
    assert "answered 400 (Bad Request)" in refused.said()[0]
    assert "an access token (400 Bad Request)" in no_token.said()[0]
    assert "zz" not in "".join((*refused.said(), *no_token.said()))
