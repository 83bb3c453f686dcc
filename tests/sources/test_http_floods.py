"""Servers that send as fast as they can, and never what was asked for: no flood outlasts a run."""

from dataclasses import dataclass

import pytest

from mailwatch.demo.wire.faults import HttpFault, Wire
from mailwatch.sources.http import MOST_BYTES
from tests.sources.alone import Outcome, exchange_alone
from tests.sources.sendgrid.sendgrid_peer import on, serve_account

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass(frozen=True)
class Flood:
    """`head`, then `again` until the client is gone or the server stops."""

    head: bytes
    again: bytes

    def play(self, wire: Wire) -> bool:
        """Sends without a pause."""
        wire.close()
        wire.send(self.head)
        block = self.again * (65536 // len(self.again))
        while not wire.rest(0):
            wire.send(block)
        return True


def drown(flood: HttpFault, budget: float) -> Outcome:
    """What becomes of an exchange with a server that plays `flood`."""
    with serve_account(on("", flood)) as served:
        outcome = exchange_alone("send", served.url, budget)
    assert outcome.cause == "COULD_NOT_ASK"
    return outcome


@pytest.mark.parametrize(
    "flood",
    [
        pytest.param(Flood(CHUNKED + b"0\r\n", b"a: b\r\n"), id="trailers"),
        pytest.param(Flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), id="continue"),
        pytest.param(Flood(CHUNKED, b"1\r\na\r\n"), id="smallest chunks"),
    ],
)
def test_a_flood_that_http_allows_ends_with_the_time(flood: HttpFault) -> None:
    # Given 0.4 seconds, and an answer that is well-formed for as long as it goes on
    outcome = drown(flood, 0.4)
    # Then it is given up in time, or at the size limit, without being held
    assert outcome.code in ("http.timeout", "http.too_large")
    assert outcome.seconds < 5
    assert outcome.peak < 4 * MOST_BYTES


@pytest.mark.parametrize(
    ("flood", "code"),
    [
        pytest.param(Flood(OK, b"a: b\r\n"), "http.broken", id="headers"),
        pytest.param(Flood(OK + b"a: ", b"b"), "http.broken", id="one header"),
        pytest.param(Flood(b"HTTP/1.1 200 ", b"O"), "http.broken", id="reason"),
        pytest.param(Flood(CHUNKED + b"5;", b"x"), "http.broken", id="chunk extension"),
        pytest.param(Flood(CHUNKED + b"f" * 30 + b"\r\n", b" "), "http.too_large", id="one chunk"),
        pytest.param(
            Flood(OK + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n", b" "),
            "http.too_large",
            id="length",
        ),
    ],
)
def test_a_flood_past_a_limit_is_given_up_at_once(flood: HttpFault, code: str) -> None:
    # Given a minute, and an answer without end in one of its parts
    outcome = drown(flood, 60)
    # Then it ends at the limit of that part, long before the time
    assert outcome.code == code
    assert outcome.seconds < 15
    assert outcome.peak < 4 * MOST_BYTES


def test_a_redirect_without_end_is_not_read_for_ever() -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n"
    assert drown(Flood(head, b" "), 60).code == "http.too_large"
