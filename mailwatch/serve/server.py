"""uvicorn, with limits of time and number: a client that is slow on purpose holds up nobody.

uvicorn itself waits for ever for the first request of a connection, and for the rest of a header
that has begun.
"""

import asyncio
import logging
import socket
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from mailwatch.serve.guard import LONGEST_HEADER

HEADER_SECONDS = 10.0
"""From the connection, or from the last answer, to the end of the next header."""
REQUEST_SECONDS = 30.0
"""From the end of a header to the end of the answer."""
IDLE_SECONDS = 5
"""Without a byte after an answer."""
MOST_CONNECTIONS = 200


class ImpatientProtocol(H11Protocol):
    """One connection, which is ended when its time is over or when there are too many."""

    _timer: asyncio.TimerHandle | None = None
    _seen: Any = None
    """The request that the timer runs for."""

    def connection_made(self, transport: Any) -> None:
        """Starts its time."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
            return
        self._give(HEADER_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Gives a request that has begun its own time."""
        try:
            super().data_received(data)
        except h11.LocalProtocolError:  # an error after an answer that has begun
            self.transport.abort()
            return
        self._renew()

    def on_response_complete(self) -> None:
        """The next request may come, or has come already."""
        super().on_response_complete()
        if self.transport.is_closing():
            # What is not read any more is not waited for.
            self._give(HEADER_SECONDS)
        elif not self._renew():
            self._give(HEADER_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends its time."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def _renew(self) -> bool:
        if self.cycle is self._seen:
            return False
        self._seen = self.cycle
        self._give(REQUEST_SECONDS)
        return True

    def _give(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, self.transport.abort)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises OSError."""
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = infos[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(MOST_CONNECTIONS)
    except OSError:
        listening.close()
        raise
    return listening


def make_server(app: ASGIApp) -> uvicorn.Server:
    """A server of `app`, to be run with a listening socket. It logs nothing by itself."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).disabled = True
    config = uvicorn.Config(
        app,
        http=ImpatientProtocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=LONGEST_HEADER,
    )
    return uvicorn.Server(config)
