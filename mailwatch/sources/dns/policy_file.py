"""A domain's MTA-STS policy file: fetched as senders have to (RFC 8461 §3.3).

https only, with a certificate that is valid for the host; status 200 only; no redirect is followed;
at most 64 kB, within a time of its own. The host's address is the one that DNS has just given, so
that `--resolver` holds here, too.
"""

import asyncio
import logging
import os
import ssl
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace

import urllib3
from urllib3 import exceptions

from mailwatch import __version__
from mailwatch.mailauth.mta_sts import LARGEST
from mailwatch.model import Phrase, say
from mailwatch.resolver.lookup import Lookup
from mailwatch.sources.connections import new_manager, patience, proxy_for
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert

PATH = "/.well-known/mta-sts.txt"
PATIENCE = 15.0
"""Seconds for one file; §3.3 suggests a minute at most."""
_MOST_ADDRESSES = 2

# urllib3 logs headers that it cannot read as they came.
_fetching: ContextVar[bool] = ContextVar("fetching", default=False)
for _name in ("urllib3.connection", "urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(lambda record: not _fetching.get())


@dataclass(frozen=True, slots=True)
class PolicyServer:
    """Where policy files are: on the usual port, with certificates that this machine trusts.

    Tests give a port and a certificate authority of their own.
    """

    port: int = 443
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """Why there is no policy file to read."""

    why: Phrase
    certain: bool
    """True where every sender finds the same; False where it could not be asked for."""


def policy_host(domain: str) -> str:
    """The host that has the policy of `domain`."""
    return f"mta-sts.{domain}"


def policy_url(domain: str) -> str:
    """The address of the policy of `domain`."""
    return f"https://{policy_host(domain)}{PATH}"


async def fetch_policy(
    domain: str, lookup: Lookup, job: Job, server: PolicyServer
) -> bytes | PolicyProblem:
    """The policy file of `domain`, or why there is none."""
    host = policy_host(domain)
    addresses: tuple[str, ...] = ()
    if proxy_for(policy_url(domain)) is None:
        for rdtype in ("A", "AAAA"):
            answer = await lookup.get(host, "A" if rdtype == "A" else "AAAA")
            if answer.failure is not None:
                return PolicyProblem(answer.failure, certain=False)
            addresses = answer.values
            if addresses:
                break
        if not addresses:
            return PolicyProblem(say("dns.sts_no_host", name=inert(host)), certain=True)
    # What it takes of the time, another domain's file does not: but never more than the run has.
    limited = replace(job, deadline=min(job.deadline, job.clock.monotonic() + PATIENCE))
    job.called(f"GET {policy_url(domain)}")
    return await asyncio.to_thread(_fetch, host, addresses[:_MOST_ADDRESSES], limited, server)


def _fetch(
    host: str, addresses: Sequence[str], job: Job, server: PolicyServer
) -> bytes | PolicyProblem:
    """The file from the first address that answers."""
    problem = PolicyProblem(say("dns.sts_timeout", name=inert(host)), certain=False)
    context = server.tls or ssl.create_default_context()
    _fetching.set(True)  # in the copy of the context that the thread has
    for address in addresses or (None,):
        try:
            return _exchange(host, address, job, replace(server, tls=context))
        except (OSError, ValueError, exceptions.HTTPError) as error:
            problem = _problem(error, host)
        if problem.certain or job.remaining() <= 0:
            break
    return problem


def _exchange(
    host: str, address: str | None, job: Job, server: PolicyServer
) -> bytes | PolicyProblem:
    """One request: to `address`, or where None through the proxy that the environment names."""
    proxy = proxy_for(f"https://{host}{PATH}") if address is None else None
    manager = new_manager(job, proxy, server.tls)
    try:
        if address is None:
            pool = manager.connection_from_host(host, server.port, "https")
        else:
            # The name is asked for in TLS, and the certificate has to be valid for it.
            name = {"server_hostname": host}
            pool = manager.connection_from_host(address, server.port, "https", name)
        seconds = patience(job)
        with pool.urlopen(
            "GET",
            PATH,
            headers={
                "host": host,
                "user-agent": f"mailwatch/{__version__}",
                "accept-encoding": "identity",
            },
            redirect=False,
            retries=False,
            timeout=urllib3.Timeout(connect=seconds, read=seconds),
            preload_content=False,
            decode_content=False,
        ) as response:
            return _read(response)
    finally:
        manager.clear()


def _read(response: urllib3.BaseHTTPResponse) -> bytes | PolicyProblem:
    if response.status != 200:
        status = say("dns.sts_status", status=response.status)
        # A server that is overloaded or broken for a while may have a sound file.
        return PolicyProblem(status, certain=response.status < 500)
    media_type = (response.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    if media_type != "text/plain":
        shown = inert(media_type, 60) or "?"
        return PolicyProblem(say("dns.sts_media_type", type=shown), certain=True)
    body = bytearray()
    while chunk := response.read1(16384, decode_content=False):
        body += chunk
        if len(body) > LARGEST:
            return PolicyProblem(say("dns.sts_too_large", n=LARGEST // 1024), certain=True)
    return bytes(body)


def _problem(error: BaseException, host: str) -> PolicyProblem:
    reasons = tuple(_reasons(error))
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in reasons):
        return PolicyProblem(say("dns.sts_certificate", name=inert(host)), certain=True)
    if any(map(_is_timeout, reasons)):
        return PolicyProblem(say("dns.sts_timeout", name=inert(host)), certain=False)
    numbers = (one.errno for one in reasons if isinstance(one, OSError) and one.errno)
    number = next(numbers, None)
    shown = os.strerror(number) if number else type(reasons[-1]).__name__
    what = say("dns.sts_unreachable", name=inert(host), error=inert(shown, 80))
    return PolicyProblem(what, certain=False)


def _is_timeout(error: BaseException) -> bool:
    # urllib3 counts a connection that was refused among its time-outs.
    return isinstance(error, TimeoutError | exceptions.TimeoutError) and not isinstance(
        error, exceptions.NewConnectionError
    )


def _reasons(error: BaseException | None) -> Iterator[BaseException]:
    """`error` and what it was raised for."""
    while error is not None:
        yield error
        wrapped = (one for one in error.args if isinstance(one, BaseException))
        error = error.__cause__ or next(wrapped, None)
