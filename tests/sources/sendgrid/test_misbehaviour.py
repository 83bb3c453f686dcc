"""Servers that misbehave: within time and memory, and the rest is reported all the same."""

from pathlib import Path

import pytest

from mailwatch.demo import Drop, Endless, Hang, HttpReply, Redirect, Trickle, Truncate
from mailwatch.demo.wire.faults import HttpFault
from mailwatch.model import Cause, Phrase, State
from mailwatch.sources.sendgrid.statistics import METRICS
from tests.sources.alone import exchange_alone
from tests.sources.sendgrid.sendgrid_peer import ask, on, serve_account, together


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (HttpReply(200, b"<html>"), "http.not_json"),
        (HttpReply(200, b"[" * 50_000), "http.not_json"),
        (Endless(100_000_000), "http.too_large"),
        (Endless(20_000_000, compressed=True), "http.not_json"),
        (Redirect("http://127.0.0.1:9/v3/stats"), "http.redirect"),
        (Truncate(), "http.cut_short"),
        (Drop(), "http.broken"),
    ],
)
def test_statistics_that_do_not_arrive_are_unknown(
    tmp_path: Path, behaviour: HttpFault, code: str
) -> None:
    # Given statistics that never arrive, and a reputation that is asked for at the same time
    asked = ask(tmp_path, *together(behaviour))
    assert asked.finding("bounce_rate").reason.code == code
    assert asked.finding("bounce_rate").measurement.value is None
    assert asked.finding("reputation").measurement.value is not None
    assert asked.state.state is State.PARTIAL


def test_what_breaks_once_is_asked_again(tmp_path: Path) -> None:
    for behaviour in (Drop(), Truncate(), HttpReply(200, b"<html>"), HttpReply(200, b"[{")):
        asked = ask(tmp_path, on("/v3/stats", behaviour, times=1))
        assert (asked.state.state, asked.pauses) == (State.OK, (0.5,))


@pytest.mark.parametrize("behaviour", [Hang(), Trickle()])
def test_a_server_that_takes_for_ever_fails_the_source_in_time(
    tmp_path: Path, behaviour: HttpFault
) -> None:
    asked = ask(tmp_path, on("", behaviour), timeout=0.4)
    assert asked.causes() == {Cause.COULD_NOT_ASK: set(METRICS)}
    assert asked.state.state is State.FAILED
    assert asked.state.error is not None
    # Then time ran out, for one call or for both, whichever noticed it first.
    errors = [asked.state.error, *dict(asked.state.error.values).values()]
    codes = {error.code for error in errors if isinstance(error, Phrase)} - {"run.some_failed"}
    assert codes
    assert codes <= {"http.timeout", "run.out_of_time", "run.unanswered"}
    assert len(asked.paths) == len(set(asked.paths))


def test_a_server_that_takes_for_ever_costs_what_is_not_there_yet(tmp_path: Path) -> None:
    asked = ask(tmp_path, on("/v3/user", Hang()), timeout=3.0)
    assert asked.state.state is State.PARTIAL
    assert asked.causes()[Cause.COULD_NOT_ASK] == {"sendgrid.reputation"}
    assert asked.finding("bounce_rate").measurement.value is not None


def test_the_largest_answer_stays_small_in_memory() -> None:
    body = b'[{"date":"2026-11-23","stats":[{"metrics":{' + b'"a":1,' * 190_000 + b'"b":1}}]}]'
    with serve_account(on("", HttpReply(200, body))) as served:
        outcome = exchange_alone("statistics", served.url)
    assert outcome.code == ""
    assert outcome.peak < 100 << 20
