"""An HTTP/1.1 server on loopback that answers from a pure function, or plays a fault instead."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from mailwatch.demo.wire.exchange import Application, Record, Request, Response
from mailwatch.demo.wire.faults import Faults, HttpFault, Service

MAX_BODY = 1 << 20


class WebServer(HTTPServer):
    """Serves `application` on a free port of 127.0.0.1, each connection in a daemon thread."""

    request_queue_size = 128

    def __init__(
        self,
        service: Callable[[str], Service],
        application: Application,
        faults: tuple[Faults, ...],
        record: Record,
    ) -> None:
        """Binds the port. `service` names the service that a path belongs to."""
        self.service = service
        self.application = application
        self.faults = faults
        self.record = record
        self.stopping = threading.Event()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), Handler)
        self._accepting = threading.Thread(target=self.serve_forever, args=(0.005,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def server_bind(self) -> None:
        """Binds without asking for the host's name, which HTTPServer looks up in the DNS."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def start(self) -> None:
        """Begins to accept."""
        self._accepting.start()

    def stop(self) -> None:
        """Ends every exchange, closes every socket and waits for the threads."""
        self.stopping.set()
        self.shutdown()
        self._accepting.join()
        self.server_close()
        with self._lock:
            left = dict(self._open)
        for connection in left:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in left.values():
            thread.join(5)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Hands the connection to a thread of its own."""
        thread = threading.Thread(target=self._serve, args=(request, client_address), daemon=True)
        with self._lock:
            self._open[request] = thread
        thread.start()

    def _serve(self, connection: socket.socket, client_address: Any) -> None:
        try:
            self.finish_request(connection, client_address)
        except OSError:
            pass  # the client went away, which is its right
        finally:
            with self._lock:
                self._open.pop(connection, None)
            self.shutdown_request(connection)


class Handler(BaseHTTPRequestHandler):
    """One connection. It is the `Wire` that a fault is played on."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: WebServer

    def exchange(self) -> None:
        """Reads the request, records it, plays a fault or answers."""
        request = self._read()
        if request is None:
            return
        self.server.record(request)
        for faults in self.server.faults:
            behaviour = faults.pick(request.service, request.path)
            if isinstance(behaviour, HttpFault) and behaviour.play(self):
                return
        self._answer(self.server.application(request))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = exchange  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (http.server's name)
        """Says nothing: requests are recorded."""

    def send(self, data: bytes) -> None:
        """Writes at once."""
        self.wfile.write(data)
        self.wfile.flush()

    def head(self, status: int, headers: tuple[tuple[str, str], ...]) -> None:
        """Writes a status line and headers."""
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()

    def rest(self, seconds: float | None) -> bool:
        """Waits; True when the server stops meanwhile."""
        return self.server.stopping.wait(seconds)

    def close(self) -> None:
        """Closes the connection after this exchange."""
        self.close_connection = True

    def _read(self) -> Request | None:
        """The request, or None when it was refused for its length."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdigit() or int(length) > MAX_BODY:
            self.close()
            self._answer(Response(413 if length.isdigit() else 411, {"error": "length"}))
            return None
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        return Request(
            service=self.server.service(path),
            method=self.command,
            path=path,
            query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(length)),
        )

    def _answer(self, response: Response) -> None:
        html = isinstance(response.body, str)
        body = response.body.encode() if html else json.dumps(response.body).encode()
        kind = "text/html; charset=utf-8" if html else "application/json; charset=utf-8"
        self.head(
            response.status,
            (("Content-Type", kind), ("Content-Length", str(len(body))), *response.headers),
        )
        if self.command != "HEAD":
            self.wfile.write(body)
