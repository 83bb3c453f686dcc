"""Hostile clients: wrong hosts and methods, bodies without end, slow ones, guessed tokens."""

import base64
import contextlib
import http.client
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailwatch.serve import server, site
from mailwatch.serve.guard import HOOK
from tests.serve.conftest import SECONDS, SENDER, Served, open_at, serving
from tests.serve.peer import ask, event, packed

TOKEN = "correct-horse-battery"


def raw(port: int, sent: bytes, *, close: bool = False) -> bytes:
    """All that comes back for these bytes, until the server ends the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(sent)
        if close:
            connection.shutdown(socket.SHUT_WR)
        found = b""
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(65536):
                found += part
    return found


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (b"Host: localhost\r\n", b"200"),
        (b"Host: LOCALHOST.:9999\r\n", b"200"),
        (b"Host: 127.0.0.1:80\r\n", b"200"),
        (b"Host: [::1]:80\r\n", b"200"),
        (b"Host: mail.example.com\r\n", b"200"),
        (b"Host: evil.example\r\n", b"421"),
        (b"Host: localhost.evil.example\r\n", b"421"),
        (b"Host: 192.0.2.1\r\n", b"421"),
        (b"Host:\r\n", b"421"),
        (b"Host: localhost@evil.example\r\n", b"421"),
        (b"Host: [::1\r\n", b"200"),
        (b"Host: localhost\r\nHost: evil.example\r\n", b"400"),
        (b"", b"400"),
    ],
)
def test_only_a_known_host_is_answered(guarded: Served, host: bytes, status: bytes) -> None:
    answer = raw(guarded.port, b"GET /healthz HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n")
    assert answer.split(b" ")[1] == status


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site with a token and a name."""
    store = open_at(tmp_path_factory.mktemp("guarded") / "history.sqlite")
    hosts = frozenset({"localhost", "127.0.0.1", "::1", "mail.example.com"})
    with serving(store, token=TOKEN, hosts=hosts) as running:
        yield running


def test_only_the_methods_of_an_address_are_allowed(served: Served) -> None:
    for path in ("/", "/dns", "/metrics", "/healthz", "/checks/a", "/nowhere"):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW"):
            answer = ask(served.port, path, method)
            assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
        assert ask(served.port, path, "HEAD").text == ""
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS"):
        answer = ask(served.port, HOOK, method)
        assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_a_body_is_bounded(served: Served) -> None:
    headers = SENDER.headers(b"", SECONDS)
    line = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    begin = f"POST {HOOK} HTTP/1.1\r\nHost: localhost\r\n{line}".encode()
    # A length that is too large is refused before anything of it is sent; it may be absurd.
    for length in (site.MOST_BODY + 1, 10**18):
        answer = raw(served.port, begin + f"Content-Length: {length}\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 413")
    # Pages take none, and addresses and headers are bounded.
    assert ask(served.port, "/", "GET", b"x").status == 413
    assert ask(served.port, "/checks/" + "x" * 3000).status == 414
    assert ask(served.port, "/?" + "&".join(f"a={n}" for n in range(900))).status == 414
    assert ask(served.port, "/healthz", headers={"X": "x" * 100_000}).status in (400, 431)
    assert served.get("/healthz").status == 200


def test_a_body_without_a_length_is_bounded(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = b"[" + b" " * 3000 + b"]"
    headers = {**SENDER.headers(body, SECONDS), "Transfer-Encoding": "chunked"}
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    assert ask(served.port, HOOK, "POST", chunks, headers).status == 204
    monkeypatch.setattr(site, "MOST_BODY", 1000)
    assert ask(served.port, HOOK, "POST", chunks, headers).status == 413


def test_bodies_together_are_bounded(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "MOST_BODIES", 1000)
    assert served.post([event(n, "bounce", SECONDS) for n in range(20)]).status == 503
    monkeypatch.undo()
    assert served.post([event(n, "bounce", SECONDS) for n in range(20)]).status == 204


def test_what_is_no_http_is_refused(served: Served) -> None:
    for sent in (b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HTTP/9\r\n\r\n", b"\r\n\r\nx\r\n\r\n"):
        assert raw(served.port, sent, close=True)[:12] in (b"HTTP/1.1 400", b"")
    upgrade = b"Connection: Upgrade, close\r\nUpgrade: websocket\r\n"
    answer = raw(served.port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + upgrade + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 200")


def test_slow_clients_are_cut_off_and_hold_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a server that waits for a second where it waits for many
    monkeypatch.setattr(server, "HEADER_SECONDS", 1.5)
    monkeypatch.setattr(server, "REQUEST_SECONDS", 6.0)
    monkeypatch.setattr(site, "BODY_SECONDS", 1.5)
    headers = SENDER.headers(b"", SECONDS)
    line = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    begun = f"POST {HOOK} HTTP/1.1\r\nHost: localhost\r\n{line}Content-Length: 100\r\n\r\n["
    with serving(open_at(tmp_path / "history.sqlite")) as running:
        # When clients say nothing, half a header, half a body, or send a byte now and then
        slow = [socket.create_connection(("127.0.0.1", running.port), timeout=20) for _ in range(4)]
        slow[1].sendall(b"GET / HTTP/1.1\r\nHost: local")
        slow[2].sendall(begun.encode())
        slow[3].sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answers: list[bytes] = []
        for n in range(20):
            time.sleep(0.1)
            with contextlib.suppress(OSError):
                slow[1].sendall(b"x")
            with contextlib.suppress(OSError):
                slow[3].sendall(b"G" if n == 3 else b"")
            # Then others are answered
            assert running.get("/healthz").status == 200
        # And they are cut off
        for connection in slow:
            found = b""
            with contextlib.suppress(ConnectionResetError):
                while part := connection.recv(65536):
                    found += part
            answers.append(found)
            connection.close()
        assert (answers[0], answers[1]) == (b"", b"")
        assert answers[2].startswith(b"HTTP/1.1 408")
        assert answers[3].startswith(b"HTTP/1.1 200")


def test_there_are_not_too_many_connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 3)
    with serving(open_at(tmp_path / "history.sqlite")) as running:
        with contextlib.ExitStack() as stack:
            for _ in range(3):
                address = ("127.0.0.1", running.port)
                stack.enter_context(socket.create_connection(address, timeout=20))
            with pytest.raises((ConnectionError, http.client.BadStatusLine)):
                running.get("/healthz")
        while True:  # the server takes note of the ends in its own time
            with contextlib.suppress(ConnectionError, http.client.BadStatusLine):
                assert running.get("/healthz").status == 200
                break


def test_pages_need_the_token_where_one_is_set(guarded: Served) -> None:
    def basic(user: str, password: str) -> str:
        return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    good = ["Bearer " + TOKEN, "bearer  " + TOKEN, basic("", TOKEN), basic("anybody", TOKEN)]
    bad = ["", "Bearer", "Bearer x", f"Bearer {TOKEN}x", basic(TOKEN, ""), "Basic ?", TOKEN]
    for path in ("/", "/metrics", "/dns", "/checks/sendgrid.bounce_rate", "/nowhere", "//"):
        for header in good:
            assert guarded.get(path, Authorization=header).status in (200, 404)
        for header in bad:
            answer = guarded.get(path, Authorization=header)
            assert answer.status == 401
            assert answer.headers["www-authenticate"].startswith("Basic ")
    assert guarded.get("/").status == 401
    assert guarded.get(f"/?token={TOKEN}").status == 401
    # Health has nothing to show, and the webhook has signatures.
    assert guarded.get("/healthz").status == 200
    assert guarded.post([event(1, "bounce", SECONDS)]).status == 204
    assert ask(guarded.port, HOOK, "POST", packed([])).status == 401


def test_every_answer_forbids_scripts_frames_and_stores(guarded: Served) -> None:
    for path in ("/healthz", "/", "/nowhere"):
        headers = guarded.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "script" not in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers
