"""urllib3's connections, directly or through a proxy, with every read limited by the job's time.

A socket's own timeout begins anew with every byte: a status line, headers or trailers that trickle
in would never end. Here each read gets no more than what is left of the job's time.
"""

import http.client
import io
import socket
import ssl
import urllib.request
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from urllib3 import (
    HTTPConnectionPool,
    HTTPSConnectionPool,
    PoolManager,
    ProxyManager,
    make_headers,
)
from urllib3.connection import HTTPConnection, HTTPSConnection

from mailwatch.config.addresses import is_loopback
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert

CALL_SECONDS = 10.0
MOST_CONNECTIONS = 16
"""Connections to one server that are kept open for the next request."""


def patience(job: Job) -> float:
    """Seconds to wait for the next bytes. Raises TimeoutError when the job's time is up."""
    seconds = min(CALL_SECONDS, job.remaining())
    if seconds <= 0:
        raise TimeoutError
    return seconds


def host_of(url: str) -> str:
    """The host and port of `url`, harmless to print and without a user's name and password."""
    try:
        return inert(urlsplit(url).netloc.rpartition("@")[2], 100)
    except ValueError:  # brackets that do not close
        return "?"


def proxy_for(url: str) -> str | None:
    """The proxy that the environment names for `url`. Loopback never goes through one."""
    parts = urlsplit(url)
    if is_loopback(parts.hostname) or urllib.request.proxy_bypass(parts.netloc):
        return None
    proxy = urllib.request.getproxies().get(parts.scheme.lower())
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def new_manager(job: Job, proxy: str | None, tls: ssl.SSLContext | None) -> PoolManager:
    """Pools of connections that read within the time of `job`."""
    options: dict[str, Any] = {"maxsize": MOST_CONNECTIONS, "ssl_context": tls}
    if proxy is None:
        manager = PoolManager(**options)
    else:
        parts = urlsplit(proxy)
        user = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        # To the proxy alone: in a tunnel the server does not see it.
        headers = make_headers(proxy_basic_auth=user) if parts.username else None
        manager = ProxyManager(proxy, proxy_headers=headers, proxy_ssl_context=tls, **options)
    pools: Any = {"http": partial(_PlainPool, job=job), "https": partial(_TlsPool, job=job)}
    manager.pool_classes_by_scheme = pools
    return manager


class _TimedReader(io.RawIOBase):
    """What a socket receives, within the job's time."""

    def __init__(self, sock: socket.socket, job: Job) -> None:
        self._sock = sock
        self._job = job
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(patience(self._job))
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


class _Timed(HTTPConnection):
    def __init__(self, *args: Any, job: Job, **options: Any) -> None:
        super().__init__(*args, **options)
        self._job = job

    def response_class(self, sock: Any, *args: Any, **options: Any) -> http.client.HTTPResponse:  # type: ignore[override]  # http.client only calls it
        timed: Any = _TimedSocket(sock, self._job)
        return http.client.HTTPResponse(timed, *args, **options)


class _TimedTls(_Timed, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Timed


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TimedTls
