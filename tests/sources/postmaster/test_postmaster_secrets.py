"""No secret is in anything that is said or logged."""

import json
import logging
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from mailwatch.demo import (
    Answer,
    Faults,
    Rule,
    serve,
)
from mailwatch.model import Phrase
from mailwatch.words import worded

from .postmaster_peer import (
    HEALTHY,
    Collected,
    collect,
    collect_from,
)

SECRET = "1//very-secret-refresh-token"
WORDS = ("demo-client-secret", "1//demo-refresh-token", "ya29.", SECRET)


class Echo:
    """A server that repeats the credential it was sent, in its error and its reason phrase."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.seen: list[str] = []

    def play(self, wire: Any) -> bool:
        """Repeats it."""
        sent = wire.headers.get("authorization", "")
        self.seen.append(sent)
        told = f"no: {sent} demo-client-secret 1//demo-refresh-token"
        body = {"error": {"code": self.status, "message": told, "details": [told]}}
        text = json.dumps(body)
        head = f"HTTP/1.1 {self.status} {sent}\r\nContent-Length: {len(text)}\r\n\r\n"
        wire.close()
        wire.send((head + text).encode())
        return True


def phrases(got: Collected) -> Iterator[Phrase]:
    """Every phrase that was handed over."""
    yield from (fault.what for fault in got.faults)
    for measurement in got.measured:
        yield from measurement.evidence
        if measurement.note:
            yield measurement.note


@pytest.mark.parametrize("status", [400, 401, 403, 404, 418, 429, 500, 503])
def test_no_secret_is_said_or_logged(status: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = Echo(status)
    got = collect(Rule("postmaster", echo))
    assert echo.seen[0].startswith("Bearer ya29.")
    assert got.faults
    said = [worded(phrase, lang) for phrase in phrases(got) for lang in ("en", "ja")]
    traces = [
        "".join(traceback.format_exception(*r.exc_info)) for r in caplog.records if r.exc_info
    ]
    for text in (*said, caplog.text, *traces):
        assert not any(word in text for word in WORDS)


def test_a_token_server_that_echoes_is_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echoed = json.dumps({"error": SECRET, "error_description": SECRET})
    faults = Faults(Rule("token", Answer(400, echoed)))
    with serve(HEALTHY, faults=faults) as running:
        got = collect_from(running, info={**running.credentials(), "refresh_token": SECRET})
    assert [fault.what.code for fault in got.faults] == ["postmaster.token_refused"]
    assert SECRET not in caplog.text + "".join(got.said())
