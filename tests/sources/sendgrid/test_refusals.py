"""What SendGrid refuses or does not answer: said in one line, and the rest is reported."""

from dataclasses import replace
from pathlib import Path

import pytest

from mailwatch.config import SendGridConfig
from mailwatch.config.secret import SecretRef
from mailwatch.demo import HttpReply, Rule
from mailwatch.model import Cause, State
from mailwatch.sources.sendgrid.statistics import METRICS, REPUTATION, STATISTICS
from tests.sources.sendgrid.sendgrid_peer import (
    NOON,
    Asked,
    ask,
    healthy,
    judge_account,
    on,
    together,
)

STATS, ACCOUNT = "/v3/stats", "/v3/user/account"
HTML = "<html><body>Sign in to the network</body></html>"
WHITELIST = (
    '{"errors":[{"message":"Your IP address is not whitelisted. See http://send.gd/1PemvHz '
    'for more information","field":null,"help":null}]}'
)
TRIES = [0.5, 1.0, 2.0]


def all_unknown(asked: Asked, cause: Cause) -> bool:
    return asked.state.state is State.FAILED and asked.causes() == {cause: set(METRICS)}


def tried_once(asked: Asked) -> bool:
    """True when something was asked for, and nothing twice."""
    return bool(asked.paths) and len(asked.paths) == len(set(asked.paths))


def test_an_account_that_answers_is_ok(tmp_path: Path) -> None:
    asked = ask(tmp_path)
    assert (asked.state.state, asked.state.error) == (State.OK, None)
    assert asked.causes() == {None: set(METRICS)}
    assert sorted(asked.paths) == [STATS, ACCOUNT]
    assert (asked.state.counts["calls"], asked.report.exit_code) == (2, 0)


def test_no_key_is_said_and_nothing_is_asked() -> None:
    asked = judge_account(
        SendGridConfig(
            api_key=SecretRef("env", "MAILWATCH_NO_SUCH_KEY"),
            recipient_domains=False,
            account_health=False,
        )
    )
    assert all_unknown(asked, Cause.NOT_ALLOWED)
    assert asked.error.startswith("No API key: The variable MAILWATCH_NO_SUCH_KEY is not set")
    assert "\n" not in asked.error
    assert asked.state.counts["calls"] == 0
    assert asked.report.exit_code == 3


def test_a_wrong_key_is_tried_once(tmp_path: Path) -> None:
    asked = ask(tmp_path, world=replace(healthy(), api_key="SG.another"))
    assert all_unknown(asked, Cause.NOT_ALLOWED)
    assert "does not accept the API key (401)" in asked.error
    assert tried_once(asked)
    assert asked.report.exit_code == 3


@pytest.mark.parametrize("status", [401, 403])
def test_an_address_that_is_not_listed_is_named(tmp_path: Path, status: int) -> None:
    asked = ask(tmp_path, on("", HttpReply(status, WHITELIST)))
    assert all_unknown(asked, Cause.NOT_ALLOWED)
    assert "IP Access Management" in asked.error
    assert tried_once(asked)


@pytest.mark.parametrize(
    ("scopes", "refused", "scope"),
    [
        ({"user.account.read"}, STATISTICS, "stats.read"),
        ({"stats.read"}, (REPUTATION,), "user.account.read"),
        ({"stats.global.read"}, (REPUTATION,), "user.account.read"),
    ],
)
def test_a_missing_scope_costs_its_own_figures_only(
    tmp_path: Path, scopes: set[str], refused: tuple[str, ...], scope: str
) -> None:
    asked = ask(tmp_path, world=replace(healthy(), scopes=frozenset(scopes)))
    assert asked.state.state is State.PARTIAL
    assert asked.causes() == {
        Cause.NOT_ALLOWED: set(refused),
        None: set(METRICS) - set(refused),
    }
    assert f"Give it the scope {scope};" in asked.error
    assert tried_once(asked)
    assert asked.report.exit_code == 0


def test_a_key_without_any_scope_fails_and_tells_both(tmp_path: Path) -> None:
    asked = ask(tmp_path, world=replace(healthy(), scopes=frozenset()))
    assert all_unknown(asked, Cause.NOT_ALLOWED)
    assert asked.error.endswith("(and 1 more problem)")
    assert "user.account.read" in repr(asked.finding("reputation").reason)
    assert "stats.read" in repr(asked.finding("bounce_rate").reason)


@pytest.mark.parametrize(
    ("reset", "pauses"),
    [
        (str(NOON.timestamp() + 20), [20.0]),  # an epoch
        (str(int(NOON.timestamp()) - 5), [0.1]),  # one that has passed
        ("7", [7.0]),  # a delta
        ("0", [0.1]),
        ("-3", [0.1]),
        (None, [0.5]),
        ("soon", [0.5]),
        ("", [0.5]),
        ("nan", [0.5]),
        ("inf", [0.5]),
        ("1e999", [0.5]),
    ],
)
def test_a_rate_limit_is_waited_for(tmp_path: Path, reset: str | None, pauses: list[float]) -> None:
    headers = () if reset is None else (("X-RateLimit-Reset", reset),)
    asked = ask(tmp_path, on(STATS, HttpReply(429, "{}", headers), times=1))
    assert list(asked.pauses) == pytest.approx(pauses)
    assert asked.state.state is State.OK
    assert sorted(asked.paths) == [STATS, STATS, ACCOUNT]


@pytest.mark.parametrize("name", ["x-ratelimit-reset", "X-Ratelimit-Reset"])
def test_the_case_of_the_header_does_not_matter(tmp_path: Path, name: str) -> None:
    asked = ask(tmp_path, on(STATS, HttpReply(429, "", ((name, "3"),)), times=1))
    assert asked.pauses == (3.0,)


@pytest.mark.parametrize("reset", ["59.99", "3600", str(NOON.timestamp() + 3600), "9" * 20])
def test_a_wait_beyond_the_run_is_given_up(tmp_path: Path, reset: str) -> None:
    limited = HttpReply(429, "{}", (("X-RateLimit-Reset", reset),))
    asked = ask(tmp_path, on("", limited), timeout=59.0)
    assert all_unknown(asked, Cause.COULD_NOT_ASK)
    assert asked.error.startswith("127.0.0.1:")
    assert "answered 429: too many requests" in asked.error
    assert asked.pauses == ()
    assert sorted(asked.paths) == [STATS, ACCOUNT]


def test_a_rate_limit_of_one_endpoint_costs_its_own_figures(tmp_path: Path) -> None:
    asked = ask(tmp_path, on(STATS, HttpReply(429, "{}")))
    assert asked.state.state is State.PARTIAL
    assert asked.causes() == {Cause.COULD_NOT_ASK: set(STATISTICS), None: {REPUTATION}}
    assert list(asked.pauses) == TRIES


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (500, "Internal Server Error"),
        (502, "Bad Gateway"),
        (503, "Service Unavailable"),
        (504, "Gateway Timeout"),
        (599, "5xx"),
    ],
)
@pytest.mark.parametrize("body", ['{"errors":[]}', HTML])
def test_a_server_that_fails_is_tried_four_times(
    tmp_path: Path, status: int, reason: str, body: str
) -> None:
    asked = ask(tmp_path, *together(HttpReply(status, body), HttpReply(status, body)))
    assert all_unknown(asked, Cause.COULD_NOT_ASK)
    assert f"answered {status} ({reason})" in asked.error
    assert sorted(asked.paths) == [STATS] * 4 + [ACCOUNT] * 4
    assert sorted(asked.pauses) == sorted(TRIES * 2)
    assert HTML not in repr(asked.report)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_that_passes_is_not_reported(tmp_path: Path, status: int) -> None:
    asked = ask(tmp_path, on(STATS, HttpReply(status, HTML), times=3))
    assert asked.state.state is State.OK
    assert list(asked.pauses) == TRIES


def test_a_gateway_that_fails_costs_what_it_did_not_answer(tmp_path: Path) -> None:
    asked = ask(tmp_path, *together(HttpReply(503, HTML)))
    assert asked.state.state is State.PARTIAL
    assert asked.causes() == {Cause.COULD_NOT_ASK: set(STATISTICS), None: {REPUTATION}}


def test_a_gateway_that_fails_twice_is_one_problem(tmp_path: Path) -> None:
    asked = ask(tmp_path, *together(HttpReply(503, HTML), HttpReply(502, HTML)))
    assert all_unknown(asked, Cause.COULD_NOT_ASK)
    assert "more problem" not in asked.error


@pytest.mark.parametrize(
    ("headers", "pauses"),
    [
        ({"Retry-After": "7"}, [7.0]),
        ({"Retry-After": "0"}, [0.0]),
        ({"Retry-After": "Tue, 24 Nov 2026 03:00:20 GMT"}, [20.0]),
        ({"Retry-After": "Tuesday, 24-Nov-26 03:00:20 GMT"}, [20.0]),
        ({"Retry-After": "Tue, 24 Nov 2026 02:00:00 GMT"}, [0.0]),
        ({"Retry-After": "Tue, 24 Nov 2026 03:00:20 -0000"}, [20.0]),
        ({"Retry-After": "7", "X-RateLimit-Reset": "9"}, [9.0]),
        ({"Retry-After": "9", "X-RateLimit-Reset": "7"}, [9.0]),
        ({"Retry-After": "7", "X-RateLimit-Reset": str(NOON.timestamp() + 9)}, [9.0]),
        ({"Retry-After": "7", "X-RateLimit-Reset": "soon"}, [7.0]),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "7"}, [7.0]),
        ({"Retry-After": "٧"}, [0.5]),
        ({"Retry-After": "60"}, []),  # all the time there is
        ({"Retry-After": "Wed, 25 Nov 2026 03:00:00 GMT", "X-RateLimit-Reset": "1"}, []),
        ({"Retry-After": "Tue, 24 Nov 99999 03:00:20 GMT"}, [0.5]),
    ],
)
def test_the_longer_of_two_waits_is_kept(
    tmp_path: Path, headers: dict[str, str], pauses: list[float]
) -> None:
    sent = tuple((name, value.encode().decode("latin-1")) for name, value in headers.items())
    asked = ask(tmp_path, on(STATS, HttpReply(429, "{}", sent), times=1))
    assert list(asked.pauses) == pytest.approx(pauses)
    assert asked.state.state is (State.OK if pauses else State.PARTIAL)


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ((("Retry-After", "7"),), 7.0),
        ((("X-RateLimit-Reset", "7"),), 0.5),  # it is on every answer, and says nothing of a 503
    ],
)
def test_a_server_in_trouble_is_waited_for_too(
    tmp_path: Path, headers: tuple[tuple[str, str], ...], pause: float
) -> None:
    asked = ask(tmp_path, on(STATS, HttpReply(503, "{}", headers), times=1))
    assert asked.pauses == (pause,)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_is_never_tried_again(tmp_path: Path, status: int) -> None:
    refused = HttpReply(status, "{}", (("Retry-After", "1"),))
    asked = ask(tmp_path, on("", refused))
    assert asked.state.state is State.FAILED
    assert asked.pauses == ()
    assert tried_once(asked)


@pytest.mark.parametrize(("path", "lost"), [(STATS, STATISTICS), (ACCOUNT, (REPUTATION,))])
@pytest.mark.parametrize("status", [400, 404, 500])
def test_an_endpoint_that_fails_costs_its_own_figures_only(
    tmp_path: Path, path: str, lost: tuple[str, ...], status: int
) -> None:
    asked = ask(tmp_path, on(path, HttpReply(status, '{"errors":[{"message":"no such thing"}]}')))
    assert asked.state.state is State.PARTIAL
    assert asked.causes() == {Cause.COULD_NOT_ASK: set(lost), None: set(METRICS) - set(lost)}
    assert str(status) in asked.error
    assert asked.paths.count(path) == (4 if status == 500 else 1)


def test_an_unexpected_status_is_said_and_the_body_is_not_quoted(tmp_path: Path) -> None:
    teapot = HttpReply(418, '{"errors":[{"message":"short and stout"}]}')
    asked = ask(tmp_path, on(STATS, teapot))
    assert "answered 418 (I'm a Teapot)" in asked.error
    assert "stout" not in repr(asked.report)


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"\xff\xfe\x00", b"[", b"5", b'"errors"', b"[]", b"[" * 100_000, b"9" * 5000),
        *(b'{"errors":5}', b'{"errors":[]}', b'{"errors":["x"]}', b'{"errors":[{"message":null}]}'),
    ],
)
@pytest.mark.parametrize("status", [400, 403])
def test_no_error_body_is_too_odd_to_be_reported(tmp_path: Path, status: int, body: bytes) -> None:
    asked = ask(tmp_path, on("", HttpReply(status, body)))
    assert asked.state.state is State.FAILED
    assert len(asked.error) < 400
    assert "mailwatch itself" not in asked.error


@pytest.mark.parametrize("status", [201, 202, 206])
def test_any_status_but_200_is_no_whole_answer(tmp_path: Path, status: int) -> None:
    asked = ask(tmp_path, on(ACCOUNT, HttpReply(status, '{"reputation": 98}')))
    assert asked.finding("reputation").reason.code == "http.unexpected"


@pytest.mark.parametrize("status", [200, 201, 204, 403])
def test_a_page_instead_of_json_is_no_figure(tmp_path: Path, status: int) -> None:
    page: Rule = on(STATS, HttpReply(status, "" if status == 204 else HTML))
    asked = ask(tmp_path, page)
    assert asked.state.state is State.PARTIAL
    assert asked.finding("bounce_rate").measurement.value is None
    if status == 200:
        assert "did not answer with the JSON" in asked.error
