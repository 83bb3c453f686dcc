"""HTTP as the sources need it: bounded in size and time, never redirected, tried again with sense.

Both vendors' clients read whole bodies, follow redirects with the credential in hand, or wait for
ever. They are given a `Session` instead, one for a source and job: urllib3 keeps the connections
and goes through proxies, the bounds are ours. `persist` is for the tries around a request. What
goes wrong becomes an `ExchangeError`, which says if trying again can help.
"""

import http.client
import logging
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import TypeVar

import urllib3
from urllib3 import exceptions

from mailwatch import __version__
from mailwatch.config.secret import hide
from mailwatch.model import Cause, Phrase, say
from mailwatch.sources.connections import host_of, new_manager, patience, proxy_for
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert

MOST_BYTES = 4 * 1024 * 1024
"""A longer body is abandoned before it is stored; the answers used here have some 50 kB."""
MOST_VALUES = 200_000
"""JSON of more values is not parsed: three bytes of it (`{},`) become seventy in memory."""
TRIES = 4
FIRST_WAIT = 0.5

T = TypeVar("T")

_URL = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_SECONDS = re.compile(r"[0-9]{1,10}")
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,9})?")

# urllib3 logs each request with its query, which may hold a secret, and headers that it cannot read
# as they came. Its loggers are quiet while this module sends, and as before for all other users.
_sending: ContextVar[bool] = ContextVar("sending", default=False)
for _name in ("urllib3.connection", "urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(lambda record: not _sending.get())


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
class HttpAnswer:
    """One HTTP answer, whole. Any status but a redirect, which is an `ExchangeError`."""

    status: int
    reason: str
    headers: Mapping[str, str]
    """By name, in any case."""
    body: bytes


def persist(job: Job, attempt: Callable[[], T]) -> T:
    """What `attempt` returns, tried up to four times within the job's time.

    Between tries it waits what the server asked for, else 0.5, 1, 2 seconds. A wait that is longer
    than the time left is not begun. Raises the last `ExchangeError`.
    """
    wait = FIRST_WAIT
    for tries_left in reversed(range(TRIES)):
        try:
            return attempt()
        except ExchangeError as error:
            pause = error.wait if error.wait is not None else wait
            if not (error.again and tries_left and pause < job.remaining()):
                raise
            job.clock.pause(pause)
            wait *= 2
    raise AssertionError("the last try returns or raises")


def asked_wait(status: int, headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that the server asks to wait before the next try; None when it does not say.

    `Retry-After` is a number of seconds or a date (RFC 9110 §10.2.3). After a 429 SendGrid's
    `X-RateLimit-Reset` counts too, and the longer of the two is taken: it is an epoch on some of
    SendGrid's endpoints and a number of seconds on others; a large number can only be an epoch.
    """
    waits = [_retry_after(headers.get("Retry-After") or "", now)]
    if status == 429:
        waits.append(_until_reset(headers.get("X-RateLimit-Reset") or "", now))
    return max((wait for wait in waits if wait is not None), default=None)


def _retry_after(value: str, now: datetime) -> float | None:
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        then = parsedate_to_datetime(value)
    except (ValueError, OverflowError, LookupError):  # the parser lets these through
        return None
    if then.tzinfo is None:  # HTTP dates are GMT
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - now).total_seconds())


def _until_reset(value: str, now: datetime) -> float | None:
    if not _NUMBER.fullmatch(value):
        return None
    reset = float(value)
    return max(0.1, reset - now.timestamp() if reset > 1e9 else reset)


def standard_reason(status: int) -> str:
    """What HTTP calls `status`. The server's own words may echo what it was sent."""
    return http.client.responses.get(status, f"{status // 100}xx")


class Session:
    """One job's requests: connections are kept open, and TLS is set up once. Safe in threads.

    A request on a connection that the server closes at that moment fails like any other; `persist`
    tries it again, on a new one.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self._managers: dict[tuple[bool, str | None], urllib3.PoolManager] = {}
        """By whether TLS is needed, and the proxy's address (None: without one)."""
        self._tls: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes every connection; one that is in use, once its request is done."""
        with self._lock:
            for manager in self._managers.values():
                manager.clear()

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> HttpAnswer:
        """The answer to one request, within `CALL_SECONDS` a read and the job's time in all.

        Raises `ExchangeError` for a connection that fails, a body that is cut short or too large,
        and for redirects: following one would carry the credential to another host. No compressed
        answer is asked for, and none is unpacked: there a small body grows large.
        """
        self.job.called(f"{method} {url.partition('?')[0]}")
        host = host_of(url)
        if not _is_address(url):
            raise ExchangeError(Cause.COULD_NOT_ASK, say("http.broken", host=host))
        fields = {name.lower(): value for name, value in (headers or {}).items()}
        fields = {"user-agent": f"mailwatch/{__version__}", **fields, "accept-encoding": "identity"}
        proxy = proxy_for(url)
        quiet = _sending.set(True)
        try:
            with self._open(method, url, fields, body, proxy) as response:
                content = _read(response)
        except (OSError, http.client.HTTPException, ValueError, exceptions.HTTPError) as error:
            raise _network_error(error, host, proxy) from None
        finally:
            _sending.reset(quiet)
        self.job.note_time(next(iter(response.headers.getlist("Date")), None))
        credential = fields.get("authorization", "").partition(" ")[2]
        if 300 <= response.status < 400:
            place = inert(hide(response.headers.get("Location", ""), credential), 100)
            raise ExchangeError(Cause.COULD_NOT_ASK, say("http.redirect", host=host, place=place))
        reason = inert(hide(response.reason or "", credential), 80)
        return HttpAnswer(response.status, reason, response.headers, content)

    def _open(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        proxy: str | None,
    ) -> urllib3.BaseHTTPResponse:
        seconds = patience(self.job)
        return self._manager(url, proxy).urlopen(
            method,
            url,
            redirect=False,
            headers=headers,
            body=body,
            retries=False,
            timeout=urllib3.Timeout(connect=seconds, read=seconds),
            preload_content=False,
            decode_content=False,
        )

    def _manager(self, url: str, proxy: str | None) -> urllib3.PoolManager:
        secure = any(place.lower().startswith("https:") for place in (url, proxy or ""))
        with self._lock:
            if secure and self._tls is None:  # reading the machine's certificates takes a while
                self._tls = ssl.create_default_context()
            key = (secure, proxy)
            if key not in self._managers:
                self._managers[key] = new_manager(self.job, proxy, self._tls if secure else None)
            return self._managers[key]


def _is_address(url: str) -> bool:
    """False for what urllib3 would refuse, or correct and send to another address."""
    try:
        return bool(_URL.fullmatch(url) and urllib3.util.parse_url(url).host)
    except exceptions.LocationParseError:
        return False


def _read(response: urllib3.BaseHTTPResponse) -> bytes:
    body = bytearray()
    while chunk := response.read1(65536, decode_content=False):
        body += chunk
        if len(body) > MOST_BYTES:
            raise _too_large()
    if sum(map(body.count, (b"[", b"{", b","))) > MOST_VALUES:
        raise _too_large()
    return bytes(body)


def _too_large() -> ExchangeError:
    return ExchangeError(Cause.COULD_NOT_ASK, say("http.too_large", limit=MOST_BYTES // 1024**2))


_Kinds = tuple[type[BaseException], ...]
_FAILURES: tuple[tuple[_Kinds, str, bool], ...] = (
    ((TimeoutError,), "http.timeout", True),
    ((ConnectionRefusedError,), "http.refused", True),
    ((socket.gaierror,), "http.no_such_host", True),
    # A label that is empty or too long.
    ((UnicodeError, exceptions.LocationParseError), "http.no_such_host", False),
    ((ssl.SSLError, exceptions.SSLError), "http.tls", False),
    ((http.client.IncompleteRead,), "http.cut_short", True),
)
"""What is behind an exception, the code that says so, and whether another try may succeed."""


def _network_error(error: Exception, host: str, proxy: str | None) -> ExchangeError:
    """What a broken exchange means, in words that name no secret: never the exception's own."""
    reasons = tuple(_reasons(error))
    if proxy is not None and any(isinstance(one, exceptions.ProxyError) for one in reasons):
        host = host_of(proxy)
    code, again = next(
        (
            (code, again)
            for kinds, code, again in _FAILURES
            if any(isinstance(one, kinds) for one in reasons)
        ),
        ("http.broken", True),
    )
    # A server that cut one answer short may still give another.
    unreachable = code != "http.cut_short"
    return ExchangeError(Cause.COULD_NOT_ASK, say(code, host=host), again, unreachable=unreachable)


def _reasons(error: BaseException | None) -> Iterator[BaseException]:
    """`error` and what it was raised for: urllib3 wraps up to three times."""
    while error is not None:
        yield error
        wrapped = (one for one in error.args if isinstance(one, BaseException))
        error = error.__cause__ or next(wrapped, None)
