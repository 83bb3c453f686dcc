"""HTTP as the sources need it: bounded in size and time, never redirected, tried again with sense.

Both vendors' clients read whole bodies, follow redirects with the credential in hand, or wait for
ever. They are given a transport of ours instead: `exchange` for one request, `persist` for the
tries around it. What goes wrong becomes an `ExchangeError`, which says if trying again can help.
"""

import http.client
import io
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from typing import Any, TypeVar
from urllib.parse import urlsplit

from mailwatch.config.addresses import is_loopback
from mailwatch.config.secret import hide
from mailwatch.model import Cause, Phrase, say
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert

MOST_BYTES = 4 * 1024 * 1024
"""A longer body is given up before it is held; the answers used here have some 50 kB."""
MOST_VALUES = 200_000
"""JSON of more values is not parsed: three bytes of it (`{},`) become seventy in memory."""
CALL_SECONDS = 10.0
TRIES = 4
FIRST_WAIT = 0.5
LONGEST_WAIT = 60.0

T = TypeVar("T")


@dataclass(slots=True)
class ExchangeError(Exception):
    """A request that did not get its answer."""

    cause: Cause
    what: Phrase
    again: bool = False
    """True when another try may succeed."""
    wait: float | None = None
    """Seconds that the server asks to wait first."""
    unreachable: bool = False
    """True when no other request to this server can be expected to do better."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, whole. Any status but a redirect, which is an `ExchangeError`."""

    status: int
    reason: str
    headers: Message
    body: bytes


def persist(job: Job, attempt: Callable[[], T]) -> T:
    """What `attempt` returns, tried up to four times within the job's time.

    Between tries it waits what the server asked for, else 0.5, 1, 2 seconds.
    Raises the last `ExchangeError`.
    """
    wait = FIRST_WAIT
    for tries_left in reversed(range(TRIES)):
        try:
            return attempt()
        except ExchangeError as trouble:
            pause = min(trouble.wait if trouble.wait is not None else wait, LONGEST_WAIT)
            if not (trouble.again and tries_left and pause < job.remaining()):
                raise
            job.clock.pause(pause)
            wait *= 2
    raise AssertionError("the last try returns or raises")


def exchange(request: urllib.request.Request, job: Job) -> Answer:
    """The answer to `request`, within `CALL_SECONDS` a read and the job's time in all.

    Raises `ExchangeError` for a connection that fails, a body that is cut short or too large, and
    for redirects: following one would carry the credential to another host.
    """
    job.called(f"{request.get_method()} {request.full_url.partition('?')[0]}")
    try:
        with _open(request, job) as response:
            body = _read(response)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise _network_error(error, request.host) from None
    job.note_time(response.headers.get("Date"))
    credential = request.get_header("Authorization", "").partition(" ")[2]
    if 300 <= response.status < 400:
        place = inert(hide(response.headers.get("Location", ""), credential), 100)
        raise ExchangeError(
            Cause.COULD_NOT_ASK, say("http.redirect", host=request.host, place=place)
        )
    reason = inert(hide(response.reason, credential), 80)
    return Answer(response.status, reason, response.headers, body)


def _open(request: urllib.request.Request, job: Job) -> http.client.HTTPResponse:
    opener = urllib.request.OpenerDirector()
    local = is_loopback(urlsplit(request.full_url).hostname)
    opener.add_handler(urllib.request.ProxyHandler({} if local else None))
    if request.type == "https":  # reading the machine's certificates takes a while
        opener.add_handler(_TlsHandler(job, context=ssl.create_default_context()))
    else:
        opener.add_handler(_PlainHandler(job))
    response = opener.open(request, timeout=_patience(job))
    if not isinstance(response, http.client.HTTPResponse):
        raise http.client.HTTPException("no handler for this URL")
    return response


def _patience(job: Job) -> float:
    """Seconds to wait for the next bytes. Raises TimeoutError when the job's time is up."""
    seconds = min(CALL_SECONDS, job.remaining())
    if seconds <= 0:
        raise TimeoutError
    return seconds


class _TimedReader(io.RawIOBase):
    """What a socket receives, within the job's time.

    A socket's own timeout begins anew with every byte: a status line, headers or trailers that
    trickle in would never end.
    """

    def __init__(self, sock: socket.socket, job: Job) -> None:
        self._sock = sock
        self._job = job
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_patience(self._job))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedSocket:
    """As much of a socket as `HTTPResponse` asks for."""

    def __init__(self, sock: socket.socket, job: Job) -> None:
        self._sock = sock
        self._job = job

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._sock, self._job))


class _Timed(urllib.request.AbstractHTTPHandler):
    """Makes the connections of urllib's handlers read through `_TimedReader`."""

    def __init__(self, job: Job, **options: Any) -> None:
        super().__init__(**options)
        self._job = job

    def do_open(self, http_class: Any, req: Any, **options: Any) -> http.client.HTTPResponse:
        def respond(sock: socket.socket, *args: Any, **named: Any) -> http.client.HTTPResponse:
            timed: Any = _TimedSocket(sock, self._job)
            return http.client.HTTPResponse(timed, *args, **named)

        def connect(*args: Any, **named: Any) -> Any:
            connection = http_class(*args, **named)
            connection.response_class = respond
            return connection

        return super().do_open(connect, req, **options)


class _PlainHandler(_Timed, urllib.request.HTTPHandler):
    pass


class _TlsHandler(_Timed, urllib.request.HTTPSHandler):
    pass


def _read(response: http.client.HTTPResponse) -> bytes:
    body = bytearray()
    while chunk := response.read1(65536):
        body += chunk
        if len(body) > MOST_BYTES:
            raise _too_large()
    if response.length:  # read1 does not complain about a body that ends early; read() would
        raise http.client.IncompleteRead(b"", response.length)
    if sum(map(body.count, (b"[", b"{", b","))) > MOST_VALUES:
        raise _too_large()
    return bytes(body)


def _too_large() -> ExchangeError:
    return ExchangeError(Cause.COULD_NOT_ASK, say("http.too_large", limit=MOST_BYTES // 1024**2))


def _network_error(error: Exception, host: str) -> ExchangeError:
    """What a broken exchange means, in words that name no secret: never the exception's own."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    kinds: tuple[tuple[type[BaseException], str, bool], ...] = (
        (TimeoutError, "http.timeout", True),
        (ConnectionRefusedError, "http.refused", True),
        (socket.gaierror, "http.no_such_host", True),
        (UnicodeError, "http.no_such_host", False),  # a label that is empty or too long
        (ssl.SSLError, "http.tls", False),
        (http.client.IncompleteRead, "http.cut_short", True),
    )
    code, again = next(
        ((code, again) for kind, code, again in kinds if isinstance(reason, kind)),
        ("http.broken", True),
    )
    what = say(code, host=inert(host, 100))
    # A server that cut one answer short may still give another.
    unreachable = code != "http.cut_short"
    return ExchangeError(Cause.COULD_NOT_ASK, what, again, unreachable=unreachable)
