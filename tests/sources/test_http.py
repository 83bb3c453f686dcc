"""HTTP against servers that misbehave: bounded in size and time, never redirected."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailwatch.demo import (
    Drop,
    Endless,
    Hang,
    HttpReply,
    Raw,
    Redirect,
    Trickle,
    Truncate,
)
from mailwatch.demo.wire.faults import HttpFault
from mailwatch.model import Cause, Phrase, say
from mailwatch.sources import connections, http
from mailwatch.sources.http import ExchangeError, HttpAnswer, Session, persist
from mailwatch.sources.job import Job
from tests.sources.alone import exchange_alone
from tests.sources.sendgrid.sendgrid_peer import Served, Slowly, Waits, on, serve_account
from tests.sources.tls_peer import own_certificate, peer_behind_tls, peer_that_answers

MIB = 1 << 20
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


@contextmanager
def bent(behaviour: HttpFault) -> Iterator[Served]:
    with serve_account(on("", behaviour)) as served:
        yield served


def fetch(url: str, seconds: float = 10.0) -> HttpAnswer:
    headers = {"Authorization": "Bearer T0ken-of-the-test"}
    with Session(Waits().job(seconds)) as session:
        return session.send("GET", f"{url}/x?secret=1", headers)


def trouble_with(url: str, seconds: float = 10.0) -> ExchangeError:
    with pytest.raises(ExchangeError) as raised:
        fetch(url, seconds)
    assert raised.value.cause is Cause.COULD_NOT_ASK
    return raised.value


def trouble(behaviour: HttpFault, seconds: float = 10.0) -> ExchangeError:
    with bent(behaviour) as served:
        return trouble_with(served.url, seconds)


def value(phrase: Phrase, name: str) -> object:
    return dict(phrase.values)[name]


@pytest.mark.parametrize("status", [200, 201, 204, 400, 401, 403, 404, 429, 500, 503, 599])
def test_any_answer_but_a_redirect_is_whole(status: int) -> None:
    body = b"" if status == 204 else b'{"a": 1}'
    with bent(HttpReply(status, body, (("X-Kind", "true"),))) as served:
        answer = fetch(served.url)
    assert (answer.status, answer.body, answer.headers["X-Kind"]) == (status, body, "true")


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
        (CHUNKED + b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", b"abcde"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: none\r\n\r\nab", b"ab"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", b"a"),
    ],
)
def test_a_body_may_be_framed_as_http_allows(raw: bytes, body: bytes) -> None:
    with bent(Raw(raw)) as served:
        assert fetch(served.url).body == body


def test_a_call_is_counted_and_named_without_its_query(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    waits = Waits()
    job = waits.job()
    with bent(HttpReply(200, "", (("Date", "Tue, 24 Nov 2026 02:59:30 GMT"),))) as served:
        with Session(job) as session:
            session.send("GET", f"{served.url}/a?key=b")
        assert caplog.messages == [f"GET {served.url}/a"]
    assert job.counts["calls"] == 1
    assert job.skew is not None  # the server's own Date comes first, so only that it was read


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with serve_account() as elsewhere, bent(Redirect(elsewhere.url, status)) as served:
        failure = trouble_with(served.url)
        assert len(served.requests) == 1
        assert elsewhere.requests == []
    assert failure.what.code == "http.redirect"
    assert value(failure.what, "place") == elsewhere.url
    assert not failure.again


def test_a_redirect_that_echoes_the_credential_hides_it() -> None:
    failure = trouble(Redirect("https://x.example/" + "a" * 70 + "?t=T0ken-of-the-test"))
    assert "T0ken" not in repr(failure)
    assert "x.example" in repr(failure)


def test_a_redirect_to_nowhere_and_a_hostile_place_are_reported() -> None:
    assert value(trouble(HttpReply(302)).what, "place") == ""
    failure = trouble(Redirect("\x1b[2Jhttps://x.example/" + "a" * 500))
    assert str(value(failure.what, "place")).startswith("\\x1b[2Jhttps://x.example/")
    assert len(str(value(failure.what, "place"))) == 100


def test_a_reason_that_echoes_the_credential_hides_it() -> None:
    raw = b"HTTP/1.1 400 No T0ken-of-the-test\x1b[1m\r\nContent-Length: 0\r\n\r\n"
    with bent(Raw(raw)) as served:
        assert fetch(served.url).reason == "No •••\\x1b[1m"


@pytest.mark.parametrize(
    ("behaviour", "code", "again"),
    [
        (Truncate(), "http.cut_short", True),
        (Truncate(b"", 1), "http.cut_short", True),
        (Truncate(status=500), "http.cut_short", True),
        (Raw(CHUNKED + b"ff\r\n[1,"), "http.cut_short", True),
        (Raw(CHUNKED + b"zz\r\n[1,"), "http.cut_short", True),
        (Raw(CHUNKED + b"-5\r\n[1,"), "http.cut_short", True),
        (Drop(), "http.broken", True),
        (Raw(b""), "http.broken", True),
        (Raw(b"\x00\xff\x00"), "http.broken", True),
        (Raw(b"HTTP/1.1 two hundred\r\n\r\n"), "http.broken", True),
        (Raw(b"HTTP/9.9 200 OK\r\n\r\n"), "http.broken", True),
        (Raw(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n"), "http.broken", True),
        (Raw(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000), "http.broken", True),
        (Raw(b"H" * 70_000), "http.broken", True),
    ],
)
def test_a_broken_answer_is_no_answer(behaviour: HttpFault, code: str, again: bool) -> None:
    failure = trouble(behaviour)
    assert (failure.what.code, failure.again) == (code, again)
    # One answer cut short says nothing of the next; a connection that breaks does.
    assert failure.unreachable is (code != "http.cut_short")


@pytest.mark.parametrize(
    "behaviour",
    [
        Endless(100_000_000),
        Endless(100_000_000, announced=True),
        Endless(100_000_000, status=500),
        HttpReply(200, b"[" + b"{}," * 200_001 + b"{}]"),
        HttpReply(200, b"[" + b"[]," * 100_001 + b"[]]"),
    ],
)
def test_a_huge_answer_is_given_up_before_it_is_held(behaviour: HttpFault) -> None:
    with bent(behaviour) as served:
        outcome = exchange_alone("send", served.url)
    assert (outcome.code, outcome.cause) == ("http.too_large", "COULD_NOT_ASK")
    assert not outcome.again
    assert not outcome.unreachable
    assert outcome.peak < 16 * MIB


def test_an_answer_of_the_largest_size_is_taken() -> None:
    with bent(HttpReply(200, b" " * http.MOST_BYTES)) as served:
        assert len(fetch(served.url).body) == http.MOST_BYTES
    assert trouble(HttpReply(200, b" " * (http.MOST_BYTES + 1))).what.code == "http.too_large"


def test_no_compression_is_asked_for_and_a_bomb_is_not_unpacked() -> None:
    with bent(Endless(100_000_000, compressed=True)) as served:
        answer = fetch(served.url)
        assert served.requests[0].headers["accept-encoding"] == "identity"
    assert len(answer.body) < MIB
    assert answer.body.startswith(b"\x1f\x8b")


@pytest.mark.parametrize(
    "behaviour",
    [
        Hang(),
        Trickle(),
        Slowly(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + b"x" * 100 + b"\r\n\r\n"),
        Slowly(b"HTTP/1.1 " + b"0" * 100 + b"200 OK\r\nContent-Length: 0\r\n\r\n"),
        Slowly(CHUNKED + b"0\r\n" + b"a: b\r\n" * 20 + b"\r\n", 0.01),
        Slowly(b"HTTP/1.1 100 Continue\r\n\r\n" * 4 + b"HTTP/1.1 204 OK\r\n\r\n", 0.01),
    ],
)
def test_an_answer_that_does_not_end_in_time_is_given_up(behaviour: HttpFault) -> None:
    begun = time.monotonic()
    failure = trouble(behaviour, seconds=0.4)
    assert failure.what.code == "http.timeout"
    assert failure.again
    assert time.monotonic() - begun < 5


def test_a_read_has_its_own_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "CALL_SECONDS", 0.2)
    begun = time.monotonic()
    assert trouble(Hang(), seconds=60).what.code == "http.timeout"
    assert time.monotonic() - begun < 20


def test_nothing_is_sent_when_the_time_is_up() -> None:
    with serve_account() as served:
        assert trouble_with(served.url, seconds=0).what.code == "http.timeout"
        assert served.requests == []


def test_a_refused_port_is_reported() -> None:
    with socket.socket() as bound:  # bound and not listening: the port is nobody else's
        bound.bind(("127.0.0.1", 0))
        host = "{}:{}".format(*bound.getsockname())
        failure = trouble_with(f"http://{host}")
    assert (failure.what.code, value(failure.what, "host")) == ("http.refused", host)
    assert (failure.again, failure.unreachable) == (True, True)


@pytest.mark.parametrize("host", ["mailwatch.invalid", "a..example", "a" * 64 + ".example"])
def test_a_name_that_cannot_be_resolved_is_reported(host: str) -> None:
    failure = trouble_with(f"http://{host}")
    assert failure.what.code == "http.no_such_host"
    assert value(failure.what, "host") == host


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "http://127.0.0.1:1/a b", "http://127.0.0.1:x"])
def test_an_address_that_is_none_breaks_nothing(url: str) -> None:
    assert trouble_with(url).what.code == "http.broken"


def test_a_path_that_http_cannot_carry_breaks_nothing() -> None:
    with serve_account() as served:
        assert trouble_with(f"{served.url}/é").again is False
        assert served.requests == []


def test_tls_to_a_plain_port_is_reported() -> None:
    with peer_that_answers(b"HTTP/1.1 400 Bad Request\r\n\r\n") as (port, heard):
        failure = trouble_with(f"https://127.0.0.1:{port}")
    assert (failure.what.code, failure.again, failure.unreachable) == ("http.tls", False, True)
    assert b"T0ken" not in heard[0]


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with peer_behind_tls(own_certificate(tmp_path)) as (port, heard):
        assert trouble_with(f"https://127.0.0.1:{port}").what.code == "http.tls"
    assert heard == []


def test_a_certificate_that_is_trusted_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = own_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with peer_behind_tls(certificate) as (port, heard):
        assert fetch(f"https://127.0.0.1:{port}").body == b"hi"
    assert b"T0ken-of-the-test" in heard[0]


def test_loopback_never_goes_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve_account() as proxy, bent(HttpReply(200, "true")) as served:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert fetch(served.url).body == b"true"
        localhost = served.url.replace("127.0.0.1", "localhost")
        assert fetch(localhost).body == b"true"
        assert proxy.requests == []


def test_elsewhere_a_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with bent(HttpReply(200, "true")) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert fetch("http://mailwatch.invalid").body == b"true"
        (request,) = proxy.requests
    assert request.headers["host"] == "mailwatch.invalid"


def test_a_proxy_that_opens_no_tunnel_gets_no_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    with peer_that_answers(b"HTTP/1.1 407 Proxy\r\n\r\n") as (port, heard):
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        failure = trouble_with("https://mailwatch.invalid")
    assert failure.what.code == "http.broken"
    assert heard[0].startswith(b"CONNECT mailwatch.invalid:443")
    assert b"T0ken" not in heard[0]


def failing(times: int, **how: object) -> tuple[list[float], Waits]:
    """The pauses of `persist` over an attempt that fails `times` times."""
    waits = Waits()
    left = iter(range(times))

    def attempt() -> str:
        for _ in left:
            raise ExchangeError(Cause.COULD_NOT_ASK, say("http.broken"), **how)  # type: ignore[arg-type]  # given by the tests
        return "done"

    assert persist(waits.job(), attempt) == "done"
    return waits.pauses, waits


def test_tries_wait_longer_each_time() -> None:
    assert failing(0)[0] == []
    assert failing(3, again=True)[0] == [0.5, 1.0, 2.0]


def test_a_wait_that_is_asked_for_is_kept() -> None:
    assert failing(2, again=True, wait=7.0)[0] == [7.0, 7.0]


@pytest.mark.parametrize(
    ("again", "wait", "seconds", "tries"),
    [
        (False, None, 60.0, 1),
        (True, None, 60.0, 4),
        (True, 5.0, 4.0, 1),  # longer than the run has
        (True, 5.0, 12.0, 3),
        (True, 100.0, 130.0, 2),  # as long as the run has
        (True, 3600.0, 130.0, 1),
        (True, None, 0.0, 1),
    ],
)
def test_what_does_not_pass_is_raised_in_the_end(
    again: bool, wait: float | None, seconds: float, tries: int
) -> None:
    made: list[ExchangeError] = []

    def attempt() -> None:
        made.append(ExchangeError(Cause.COULD_NOT_ASK, say("http.broken"), again, wait))
        raise made[-1]

    with pytest.raises(ExchangeError) as raised:
        persist(Waits().job(seconds), attempt)
    assert len(made) == tries
    assert raised.value is made[-1]


def test_a_task_that_is_late_tries_nothing_again() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    job = Job(now, None, deadline=time.monotonic() - timedelta(hours=1).total_seconds())
    assert job.remaining() == 0
    with serve_account() as served, Session(job) as session, pytest.raises(ExchangeError):
        persist(job, lambda: session.send("GET", served.url))
