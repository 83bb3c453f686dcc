"""The key appears nowhere but in the header it is sent in."""

import logging
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from mailwatch.demo import Answer, Raw, Redirect
from mailwatch.demo.wire.faults import HttpFault
from mailwatch.sources.http import ExchangeError
from tests.sources.sendgrid.sendgrid_peer import KEY, NEWEST, ask, client_of, in_words, on

PIECES = tuple(KEY[at : at + 10] for at in range(len(KEY) - 9))
"""Not even a part of it: an echo may be cut."""
AUTHORIZATION = f"Authorization: Bearer {KEY}"
ECHOES: list[HttpFault] = [
    Answer(status, body)
    for status in (200, 400, 401, 403, 503)
    for body in (
        f'{{"errors":[{{"message":"{AUTHORIZATION}"}}]}}',
        f'{{"errors":[{{"message":"{"." * 150}{AUTHORIZATION}"}}]}}',
        f'{{"errors":[{{"message":["{KEY}", {{"{KEY}": 1}}]}}]}}',
        f"<html>{'.' * 120}{AUTHORIZATION}</html>",
        f'{{"reputation":"{KEY}","scopes":"{KEY}"}}',
    )
] + [
    Redirect(f"https://x.example/?key={KEY}"),
    Redirect(f"https://x.example/{'.' * 60}?key={KEY}"),
    Raw(f"HTTP/1.1 400 {AUTHORIZATION}\r\n\r\n".encode()),
    Raw(f"{AUTHORIZATION}\r\n\r\n".encode()),
    Raw(f"HTTP/1.1 {KEY} {KEY}\r\n\r\n".encode()),
    Raw(f"HTTP/1.1 429 Slow\r\nX-RateLimit-Reset: {KEY}\r\nDate: {KEY}\r\n\r\n".encode()),
    Raw(f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{KEY}\r\n".encode()),
]


def assert_no_key_in(text: str) -> None:
    assert not [piece for piece in PIECES if piece in text]


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The root logger at DEBUG, as an application may set it, every library's with it."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "mailwatch")
    return caplog


def test_a_run_logs_its_calls_and_no_key(
    tmp_path: Path, everything_logged: pytest.LogCaptureFixture
) -> None:
    asked = ask(tmp_path)
    assert asked.requests[0].headers["authorization"] == f"Bearer {KEY}"
    logged = "\n".join(everything_logged.messages)
    assert "/v3/stats" in logged
    assert_no_key_in(logged + repr(asked.report))


@pytest.mark.parametrize("echo", ECHOES)
def test_an_echoed_key_is_in_no_report_and_no_log(
    tmp_path: Path,
    everything_logged: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    echo: HttpFault,
) -> None:
    asked = ask(tmp_path, on("", echo), timeout=30)
    assert asked.requests
    assert_no_key_in(repr(asked.report))
    for finding in asked.report.findings:
        assert_no_key_in(in_words(finding.reason))
    assert_no_key_in(everything_logged.text)
    assert_no_key_in("".join(capfd.readouterr()))


def refusal(call: Callable[[], object]) -> str:
    """All that an exception of `call` would show."""
    with pytest.raises(ExchangeError) as raised:
        call()
    error = raised.value
    return "".join(traceback.format_exception(error)) + repr(error) + str(error)


def test_an_echoed_key_is_in_no_exception() -> None:
    for echo in ECHOES:
        with client_of(on("", echo), seconds=10) as (client, _, _):
            assert_no_key_in(refusal(lambda: client.statistics(NEWEST, NEWEST)))
            assert_no_key_in(refusal(client.reputation))
            assert_no_key_in(refusal(client.scopes))
