"""HTTP as the sources need it: bounded in size and time, never redirected, tried again with sense.

Both vendors' clients read whole bodies, follow redirects with the credential in hand, or wait for
ever. They are given a transport of ours instead: `exchange` for one request, `persist` for the
tries around it. What goes wrong becomes an `ExchangeError`, which says if trying again can help.
"""

import http.client
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from typing import TypeVar
from urllib.parse import urlsplit

from mailwatch.addresses import is_loopback
from mailwatch.inert import inert
from mailwatch.model import Cause, Phrase, say
from mailwatch.sources.task import Task

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


def persist(task: Task, attempt: Callable[[], T]) -> T:
    """What `attempt` returns, tried up to four times within the task's time.

    Between tries it waits what the server asked for, else 0.5, 1, 2 seconds.
    Raises the last `ExchangeError`.
    """
    wait = FIRST_WAIT
    for tries_left in reversed(range(TRIES)):
        try:
            return attempt()
        except ExchangeError as trouble:
            pause = min(trouble.wait if trouble.wait is not None else wait, LONGEST_WAIT)
            if not (trouble.again and tries_left and pause < task.remaining()):
                raise
            task.clock.pause(pause)
            wait *= 2
    raise AssertionError("the last try returns or raises")


def exchange(request: urllib.request.Request, task: Task) -> Answer:
    """The answer to `request`, within `CALL_SECONDS` a read and the task's time in all.

    Raises `ExchangeError` for a connection that fails, a body that is cut short or too large, and
    for redirects: following one would carry the credential to another host.
    """
    task.called(f"{request.get_method()} {request.full_url.partition('?')[0]}")
    try:
        with _open(request, min(CALL_SECONDS, task.remaining())) as response:
            body = _read(response, task)
    except (OSError, http.client.HTTPException) as error:
        raise _network_error(error, request.host) from None
    task.note_time(response.headers.get("Date"))
    if 300 <= response.status < 400:
        place = inert(response.headers.get("Location", ""), 100)
        raise ExchangeError(
            Cause.COULD_NOT_ASK, say("http.redirect", host=request.host, place=place)
        )
    return Answer(response.status, inert(response.reason, 80), response.headers, body)


def _open(request: urllib.request.Request, timeout: float) -> http.client.HTTPResponse:
    opener = urllib.request.OpenerDirector()
    local = is_loopback(urlsplit(request.full_url).hostname)
    opener.add_handler(urllib.request.ProxyHandler({} if local else None))
    opener.add_handler(urllib.request.HTTPHandler())
    opener.add_handler(urllib.request.HTTPSHandler(context=ssl.create_default_context()))
    if timeout <= 0:
        raise TimeoutError
    response = opener.open(request, timeout=timeout)
    if not isinstance(response, http.client.HTTPResponse):
        raise http.client.HTTPException("no handler for this URL")
    return response


def _read(response: http.client.HTTPResponse, task: Task) -> bytes:
    body = bytearray()
    while chunk := response.read1(65536):
        body += chunk
        if len(body) > MOST_BYTES:
            raise _too_large()
        if not task.remaining():
            raise TimeoutError
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
        (ssl.SSLError, "http.tls", False),
        (http.client.IncompleteRead, "http.cut_short", True),
        (http.client.HTTPException, "http.broken", True),
        (OSError, "http.broken", True),
    )
    for kind, code, again in kinds:
        if isinstance(reason, kind):
            what = say(code, host=inert(host, 100), seconds=int(CALL_SECONDS))
            return ExchangeError(Cause.COULD_NOT_ASK, what, again, unreachable=True)
    return ExchangeError(Cause.COULD_NOT_ASK, say("http.broken", host=inert(host, 100)), again=True)
