"""Answers that are almost right: what is wrong is said, never taken for no data or for a key."""

import json
import logging
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailwatch.config import Config, SendGridConfig
from mailwatch.demo import HttpReply, Redirect, Rule
from mailwatch.demo.story.mail import METRICS as MAIL_METRICS
from mailwatch.judge import judge
from mailwatch.model import Cause, Fault, Level, State, say
from mailwatch.sources import sendgrid
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.sendgrid.bodies import MOST_MESSAGES
from mailwatch.sources.sendgrid.statistics import (
    COUNTED,
    METRICS,
    RATES,
    STATISTICS,
    Days,
    Rate,
    measure_statistics,
)
from tests.sources.sendgrid.sendgrid_peer import (
    KEY,
    NEWEST,
    Waits,
    ask,
    catalog,
    client_of,
    healthy,
    in_words,
    key_file,
    on,
    serve_account,
)

STATS, ACCOUNT, SCOPES = "/v3/stats", "/v3/user/account", "/v3/scopes"
NEEDED = ["stats.read", "user.account.read"]
MANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def diagnosed(folder: Path, *rules: Rule) -> list[Diagnosis]:
    """What doctor finds on a bent account."""
    with serve_account(*rules) as served:
        given = SendGridConfig(key_file(folder), served.url)
        return list(sendgrid.diagnose(Config(sendgrid=given), Waits().job()))


def scopes(*names: object) -> HttpReply:
    return HttpReply(200, json.dumps({"scopes": [*NEEDED, *names]}))


@pytest.mark.parametrize(
    "echo",
    [
        scopes(f"{KEY}.create"),
        scopes(f"Authorization: Bearer {KEY} mail.send"),
        scopes({"key": [KEY], "b": ".send"}, f"{'a' * 8}{KEY}.send"),
        HttpReply(200, json.dumps({"scopes": {KEY: KEY}})),
        HttpReply(401, json.dumps({"errors": [{"message": KEY}]})),
        HttpReply(418, json.dumps({"errors": [{"message": f"{'a' * 190}{KEY}"}]})),
        HttpReply(500, KEY),
        Redirect(f"https://x.example/{KEY}"),
    ],
)
def test_doctor_never_shows_a_key_that_the_server_echoes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, echo: Any
) -> None:
    # Given a server that tells the key in place of an answer, and everything logged
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "mailwatch")
    # When doctor looks at it
    found = diagnosed(tmp_path, on(SCOPES, echo))
    # Then not even a part of the key is in what it says, in either language
    said = "".join(in_words(one.what) + in_words(one.detail) for one in found) + caplog.text
    assert SCOPES in caplog.text
    assert not [at for at in range(len(KEY) - 9) if KEY[at : at + 10] in said]


def test_a_hidden_key_leaves_the_rest_of_a_scope_to_read(tmp_path: Path) -> None:
    found = diagnosed(tmp_path, on(SCOPES, scopes(f"of-{KEY}.create")))
    assert "of-•••.create and others, 1 scope" in in_words(found[1].detail)


@pytest.mark.parametrize("depth", range(900, 1000, 20))
def test_scopes_nested_as_deep_as_json_goes_break_nothing(tmp_path: Path, depth: int) -> None:
    body = '{"scopes":[' + "[" * depth + "]" * depth + "]}"
    found = diagnosed(tmp_path, on(SCOPES, HttpReply(200, body)))
    assert found[0].what.code == "doctor.sendgrid_key"
    assert found[-1].works is not True


@pytest.mark.parametrize("stats", [None, 0, 1, False, True, "", "x", {}, {"metrics": {}}, 0.0])
def test_stats_that_are_no_list_are_no_answer_and_not_a_day_without_data(
    tmp_path: Path, stats: object
) -> None:
    # Given a day whose statistics are of another shape
    body = json.dumps([{"date": str(NEWEST), "stats": stats}])
    # When it is judged
    asked = ask(tmp_path, on(STATS, HttpReply(200, body)))
    # Then that is said: nothing was learned of the mail, and the source did not answer in full
    assert asked.state.state is State.PARTIAL
    assert asked.causes() == {
        Cause.COULD_NOT_ASK: set(STATISTICS),
        None: set(METRICS) - set(STATISTICS),
    }
    assert asked.finding("bounce_rate").reason.code == "http.not_json"


def without(*names: str) -> Rule:
    """The healthy account's days, which lack these counts."""
    rows = [
        {
            "date": str(day),
            "stats": [{"metrics": {k: v for k, v in counts.items() if k not in names}}],
        }
        for day, counts in healthy().stats.items()
    ]
    return on(STATS, HttpReply(200, json.dumps(rows)))


def test_a_count_that_is_not_in_the_answer_is_unknown_and_the_rest_is_measured(
    tmp_path: Path,
) -> None:
    # Given an account whose days tell nothing of bounces
    asked = ask(tmp_path, without("bounces"))
    # Then the bounce rate is unknown and not 0 %, and the source says what was missing, and how
    # often
    finding = asked.finding("bounce_rate")
    assert (finding.level, finding.cause) == (Level.UNKNOWN, Cause.NO_DATA)
    assert finding.reason == say("sendgrid.counts_missing", names="bounces", days=7)
    assert asked.state.state is State.PARTIAL
    assert asked.state.error == say("sendgrid.counts_missing", names="bounces", days=31)
    # And all the others are measured
    assert asked.causes()[None] == set(METRICS) - {"sendgrid.bounce_rate"}


def test_an_answer_without_any_count_measures_nothing_of_the_mail(tmp_path: Path) -> None:
    asked = ask(tmp_path, without(*MAIL_METRICS))
    assert asked.causes()[Cause.NO_DATA] == set(STATISTICS)
    assert asked.state.state is State.PARTIAL


@pytest.mark.parametrize("rate", [rate for rate in RATES if rate.proportion and not rate.less])
def test_counts_that_cannot_all_be_true_are_unknown(tmp_path: Path, rate: Rate) -> None:
    # Given an account that counts more of a thing than what it is a part of
    days = {
        day: {**counts, rate.counted: counts[rate.denominator] + 1}
        for day, counts in healthy().stats.items()
    }
    asked = ask(tmp_path, world=replace(healthy(), stats=days))
    # Then that is not a rate over 100 %
    finding = asked.finding(rate.metric.removeprefix("sendgrid."))
    assert (finding.level, finding.cause) == (Level.UNKNOWN, Cause.NO_DATA)
    assert "The counts contradict each other" in in_words(finding.reason)
    # And it is no small matter: the source is partial, so that the report is not silent
    assert asked.state.state is State.PARTIAL
    assert asked.report.verdict is not Level.OK


def test_a_list_without_entries_is_a_day_without_data(tmp_path: Path) -> None:
    body = json.dumps([{"date": str(NEWEST), "stats": []}])
    asked = ask(tmp_path, on(STATS, HttpReply(200, body)))
    assert asked.state.state is State.OK
    assert asked.causes()[Cause.NO_DATA] == set(STATISTICS)


@pytest.mark.parametrize(
    ("status", "message", "code"),
    [
        (401, "authorization required", "sendgrid.wrong_key"),
        (403, "access forbidden", "sendgrid.scope"),
        (401, "Your IP address is not whitelisted.", "sendgrid.address"),
        (403, "YOUR IP ADDRESS IS NOT WHITELISTED", "sendgrid.address"),
    ],
)
def test_only_the_account_refused_leaves_the_statistics(
    tmp_path: Path, status: int, message: str, code: str
) -> None:
    refusal = HttpReply(status, json.dumps({"errors": [{"message": message}]}))
    asked = ask(tmp_path, on(ACCOUNT, refusal))
    assert asked.state.state is State.PARTIAL
    assert asked.causes() == {
        Cause.NOT_ALLOWED: {"sendgrid.reputation"},
        None: set(STATISTICS),
    }
    assert asked.finding("reputation").reason.code == code
    assert (asked.report.exit_code, asked.pauses) == (0, ())


def test_a_redirect_takes_the_key_nowhere(tmp_path: Path) -> None:
    # Given an API whose statistics are said to be elsewhere
    with serve_account() as elsewhere:
        asked = ask(tmp_path, on(STATS, Redirect(f"{elsewhere.url}{STATS}", 307)))
        # Then nobody went there, and it is tried once
        assert elsewhere.requests == []
    assert sorted(asked.paths) == [STATS, ACCOUNT]
    assert asked.finding("bounce_rate").reason.code == "http.redirect"


def test_the_libraries_log_stays_silent_whatever_its_level(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # Given the SDK's own logger switched on by name
    caplog.set_level(logging.DEBUG, "python_http_client")
    caplog.set_level(logging.DEBUG, "python_http_client.client")
    logging.getLogger("python_http_client.client").disabled = False
    # When the account is asked
    ask(tmp_path)
    # Then it tells nothing: it would log the headers
    assert [r for r in caplog.records if r.name.startswith("python_http_client")] == []
    assert KEY not in caplog.text


def test_each_rate_limit_is_waited_for_as_it_says() -> None:
    # Given a limit that is lifted later each time
    rules = [
        on(ACCOUNT, HttpReply(429, "", (("X-RateLimit-Reset", wait),) if wait else ()), times=1)
        for wait in ("3", "11", None)
    ]
    with client_of(*rules) as (client, _, waits):
        client.reputation()
    # Then the waits are what the headers say, and our own where there is none
    assert waits.pauses == [3.0, 11.0, 2.0]


HUGE = st.sampled_from([0, 1, 2, 49, 50, 10**6, MOST_MESSAGES])
COUNTS = st.fixed_dictionaries({name: HUGE | st.integers(0, 2000) for name in COUNTED})
MONTH = st.dictionaries(
    st.integers(0, 30).map(lambda n: NEWEST - timedelta(n)), COUNTS, max_size=31
)


@MANY
@given(statistics=MONTH, window=st.integers(1, 31))
def test_any_counts_are_judged(statistics: dict[date, dict[str, int]], window: int) -> None:
    # Given counts that need not balance: more bounces than messages, more delivered than processed
    numbers = catalog()
    for measurement in measure_statistics(statistics, Days(NEWEST, window, 31, zone_known=False)):
        if isinstance(measurement, Fault):  # no count is missing
            assert measurement.what.code == "sendgrid.contradiction"
            continue
        check = numbers.judging(measurement.metric)[0]
        # When they are judged
        finding = judge(measurement, check, numbers.threshold(check, measurement.subject))
        # Then there is a level, an interval only where it can hold, and no rate without mail
        assert (finding.level is Level.UNKNOWN) == (finding.cause is not None)
        if finding.interval is not None:
            low, high = finding.interval
            assert 0 <= low <= high <= 1
        if measurement.denominator == 0:
            assert (measurement.value, finding.level) == (None, Level.UNKNOWN)
        assert in_words(finding.reason)
