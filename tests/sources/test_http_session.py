"""One session: connections that are kept, proxies that are gone through, and what stays apart."""

import json
import logging
import ssl
import threading
from base64 import b64encode
from pathlib import Path

import pytest

from mailwatch.demo import Answer, Endless, Raw
from mailwatch.sources.http import ExchangeError, HttpAnswer, Session, persist
from tests.sources.sendgrid.sendgrid_peer import Waits, on, serve_account
from tests.sources.test_http import PROXIES
from tests.sources.tls_peer import own_certificate, peer_that_answers, serve_tls, tunnel_to

KEY = {"Authorization": "Bearer T0ken-of-the-test"}
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


def get(session: Session, url: str) -> HttpAnswer:
    return session.send("GET", url, KEY)


def test_a_connection_is_kept_for_the_next_request() -> None:
    with serve_account(on("", Answer(200, "1"))) as served, Session(Waits().job()) as session:
        for _ in range(5):
            assert get(session, f"{served.url}/a").body == b"1"
        assert (len(served.requests), len(served.connections)) == (5, 1)


def test_tls_is_set_up_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a server behind TLS, and two threads that ask it ten times each
    certificate = own_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    made: list[ssl.SSLContext] = []
    create = ssl.create_default_context

    def counted() -> ssl.SSLContext:
        made.append(create())
        return made[-1]

    monkeypatch.setattr(ssl, "create_default_context", counted)
    with serve_tls(certificate) as served, Session(Waits().job()) as session:

        def work() -> None:
            for n in range(10):
                assert json.loads(get(session, f"{served.url}/{n}").body) == {"path": f"/{n}"}

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # Then there is one context, and no more connections than threads
        assert len(served.requests) == 20
        assert len(served.connections) <= 2
    assert len(made) == 1


def test_plain_http_reads_no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssl, "create_default_context", lambda: pytest.fail("not needed"))
    with serve_account(on("", Answer(200, "1"))) as served, Session(Waits().job()) as session:
        assert get(session, served.url).status == 200


def test_a_connection_that_the_server_closed_is_opened_again() -> None:
    # Given a server that closes each connection after its answer, without saying so
    with serve_account(on("", Raw(OK + b"1"))) as served, Session(Waits().job()) as session:
        for _ in range(3):
            assert persist(session.job, lambda: get(session, served.url)).body == b"1"


def test_what_follows_an_answer_is_not_taken_for_the_next_one() -> None:
    twice = Raw(OK + b"a" + OK + b"b")
    with serve_account(on("", twice)) as served, Session(Waits().job()) as session:
        bodies = [persist(session.job, lambda: get(session, served.url)).body for _ in range(3)]
    assert bodies == [b"a"] * 3


@pytest.mark.parametrize("kind", [Endless(100_000_000), Endless(100_000_000, announced=True)])
def test_an_answer_that_was_given_up_leaves_nothing_for_the_next(kind: Endless) -> None:
    rules = on("/long", kind), on("", Answer(200, "1"))
    with serve_account(*rules) as served, Session(Waits().job()) as session:
        with pytest.raises(ExchangeError):
            get(session, f"{served.url}/long")
        assert get(session, served.url).body == b"1"


def test_no_header_of_one_request_is_in_the_next() -> None:
    with serve_account(on("", Answer(200, "1"))) as served, Session(Waits().job()) as session:
        session.send("GET", served.url, {**KEY, "Accept-Encoding": "gzip", "X-One": "1"})
        session.send("POST", served.url, {"User-Agent": "two/1"}, b"body")
        first, second = served.requests
    assert first.headers["accept-encoding"] == second.headers["accept-encoding"] == "identity"
    assert first.headers["user-agent"].startswith("mailwatch/")
    assert second.headers["user-agent"] == "two/1"
    assert (second.method, second.body) == ("POST", b"body")
    assert not {"authorization", "x-one"} & set(second.headers)


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "日本", "a\nb"])
def test_a_header_that_http_cannot_carry_is_not_sent(value: str) -> None:
    with serve_account() as served, Session(Waits().job()) as session:
        with pytest.raises(ExchangeError):
            session.send("GET", served.url, {"X-One": value})
        assert served.requests == []


def test_malformed_headers_are_left_out_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nno colon \x1b[31m here\r\nA: b\r\n\r\n1"
    with serve_account(on("", Raw(raw))) as served, Session(Waits().job()) as session:
        answer = get(session, f"{served.url}/?secret=1")
    assert (answer.status, answer.body) == (200, b"1")
    assert caplog.messages == [f"GET {served.url}/"]


def test_another_user_of_urllib3_still_has_its_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serve_account() as served, Session(Waits().job()) as session:
        get(session, served.url)
    caplog.clear()
    logging.getLogger("urllib3.connectionpool").debug("of somebody else")
    assert caplog.messages == ["of somebody else"]


def test_an_address_whose_brackets_do_not_close_is_refused() -> None:
    with Session(Waits().job()) as session, pytest.raises(ExchangeError) as raised:
        get(session, "http://[::1/")
    assert raised.value.what.code == "http.broken"


def test_a_tunnel_carries_the_credential_to_the_server_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a server that is reached through a proxy with a password
    certificate = own_certificate(tmp_path, "mailwatch.invalid")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serve_tls(certificate) as served:
        with tunnel_to(int(served.url.rpartition(":")[2])) as (port, heard):
            monkeypatch.setenv("https_proxy", f"http://me:p%40ss@127.0.0.1:{port}")
            with Session(Waits().job()) as session:
                for _ in range(2):
                    assert get(session, "https://mailwatch.invalid/a").status == 200
        # Then one tunnel was asked for, with the proxy's password and without the credential
        (asked,) = heard
        assert asked.startswith(b"CONNECT mailwatch.invalid:443 ")
        assert b64encode(b"me:p@ss") in asked
        assert b"T0ken" not in asked
        # And the server got the credential and not the password
        for request in served.requests:
            assert request.headers["authorization"] == KEY["Authorization"]
            assert "proxy-authorization" not in request.headers


@pytest.mark.parametrize("https", [False, True])
def test_a_proxy_that_is_not_there_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, https: bool
) -> None:
    with serve_account() as gone:
        address = gone.url.partition("://")[2]
    monkeypatch.setenv("https_proxy" if https else "http_proxy", f"http://me:pass@{address}")
    with Session(Waits().job()) as session, pytest.raises(ExchangeError) as raised:
        get(session, f"http{'s' if https else ''}://mailwatch.invalid")
    assert raised.value.what.code == "http.refused"
    assert dict(raised.value.what.values)["host"] == address
    assert "pass" not in repr(raised.value)


def test_a_proxy_may_be_written_without_its_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve_account(on("", Answer(200, "1"))) as proxy, Session(Waits().job()) as session:
        monkeypatch.setenv("http_proxy", proxy.url.partition("://")[2])
        assert get(session, "http://mailwatch.invalid").body == b"1"


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "http://", "http://127.0.0.1:port"])
def test_a_proxy_of_another_kind_is_an_error_in_words(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    with Session(Waits().job()) as session, pytest.raises(ExchangeError):
        get(session, "https://mailwatch.invalid")


def test_no_proxy_is_used_for_the_hosts_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve_account() as proxy, Session(Waits().job()) as session:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "mailwatch.invalid")
        with pytest.raises(ExchangeError) as raised:
            get(session, "http://mailwatch.invalid")
        assert raised.value.what.code == "http.no_such_host"
        assert proxy.requests == []


def test_a_proxy_behind_tls_that_is_not_trusted_gets_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with peer_that_answers(b"HTTP/1.1 200 OK\r\n\r\n") as (port, heard):
        monkeypatch.setenv("https_proxy", f"https://127.0.0.1:{port}")
        with Session(Waits().job()) as session, pytest.raises(ExchangeError) as raised:
            get(session, "https://mailwatch.invalid")
    assert raised.value.what.code == "http.tls"
    assert b"CONNECT" not in heard[0]
