"""Where the browser comes back to after the consent: one address on loopback, for one answer.

Anything on this machine, and any page that the person has open, can send requests here. Only one
with our `state` is an answer; everything else is refused and waited past.
"""

import hmac
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

LONGEST_CODE = 4096
PAGE = (
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>mailwatch</title><p>{}</p></html>'
)
DONE = "mailwatch has the answer. You can close this window."
NOT_OURS = "This is not the answer that mailwatch waits for."


@dataclass(frozen=True, slots=True)
class RedirectAnswer:
    """What the browser brought: a code, or why there is none."""

    code: str | None = None
    error: str | None = None


class LoopbackReceiver:
    """Listens on a port of 127.0.0.1 while the context lasts."""

    def __init__(self, port: int = 0) -> None:
        """Binds `port`, 0 for any that is free. Raises OSError where it is taken."""
        self._server = _Server(("127.0.0.1", port), _Handler)
        self.redirect_uri = f"http://127.0.0.1:{self._server.server_address[1]}/"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    def __enter__(self) -> "LoopbackReceiver":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def expect(self, state: str) -> None:
        """Takes the answer that carries `state`; to be called before the address is shown."""
        self._server.state = state

    def wait(self, seconds: float) -> RedirectAnswer | None:
        """The answer that was expected; None when it did not come in time."""
        self._server.answered.wait(seconds)
        return self._server.answer


class _Server(ThreadingHTTPServer):
    """One thread a connection: browsers open some that they never use."""

    daemon_threads = True

    def __init__(self, *args: Any) -> None:
        self.state: str | None = None
        self.answer: RedirectAnswer | None = None
        self.answered = threading.Event()
        super().__init__(*args)

    def server_bind(self) -> None:
        """Binds without asking for the host's name, which HTTPServer looks up in the DNS."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: a client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 5
    server_version, sys_version = "mailwatch", ""

    def do_GET(self) -> None:
        """Takes the answer that has our state, once."""
        parts = urlsplit(self.path)
        found = _read(parts.query, self.server.state) if parts.path == "/" else None
        if found is None or self.server.answered.is_set():
            self._reply(404, NOT_OURS)
            return
        self._reply(200, DONE)
        self.server.answer = found
        self.server.answered.set()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # http.server's name
        """Says nothing: the request line has the code in it."""

    def _reply(self, status: int, text: str) -> None:
        body = PAGE.format(text).encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", "default-src 'none'"),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "no-store"),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _read(query: str, state: str | None) -> RedirectAnswer | None:
    """The answer in a query; None where it is not ours."""
    try:
        fields = parse_qs(query, max_num_fields=20)
    except ValueError:
        return None
    given = {name: values[0] for name, values in fields.items() if len(values) == 1}
    if state is None or not hmac.compare_digest(given.get("state", "").encode(), state.encode()):
        return None
    code, error = given.get("code"), given.get("error")
    if error is not None:
        return RedirectAnswer(error=error)
    if code is None or not code.isascii() or not code.isprintable() or len(code) > LONGEST_CODE:
        return None
    return RedirectAnswer(code=code)
