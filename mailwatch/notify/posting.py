"""A POST of a few kilobytes: bounded, never redirected, tried again with sense.

The address may be a secret in itself (that of a chat's webhook is), so nothing said about it goes
further than its host, and no log holds its path.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mailwatch.clock import Clock
from mailwatch.config.notify import Address, parse_target
from mailwatch.config.secret import SecretRef, hide
from mailwatch.errors import SecretError
from mailwatch.model import Cause, verbatim
from mailwatch.sources.connections import host_of
from mailwatch.sources.http import (
    ExchangeError,
    HttpAnswer,
    Session,
    asked_wait,
    persist,
    standard_reason,
)
from mailwatch.sources.job import Job
from mailwatch.words import worded

SECONDS = 30.0
"""For one channel, all tries together."""
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_LOG = logging.getLogger("mailwatch")
_UNHEARD = logging.getLogger("mailwatch.unheard")
"""Takes what the HTTP layer logs: the whole address."""
_UNHEARD.disabled = True


class NotDelivered(Exception):  # noqa: N818  # what happened, to be said and counted
    """Why a channel did not take a message, in words that hold no secret."""


@dataclass(frozen=True, slots=True)
class Post:
    """What is sent to one address."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    method: str = "POST"
    secrets: tuple[str, ...] = ()
    """What an answer may repeat and nobody may see."""
    refused: str = ""
    """What to do where it is not allowed (401, 403)."""


def json_post(url: str, document: Any, **more: Any) -> Post:
    """`document` as JSON, in ASCII: no reader can split a line at a character of it."""
    headers = {"Content-Type": "application/json", **more.pop("headers", {})}
    return Post(url, json.dumps(document).encode(), headers, **more)


def new_job(clock: Clock, seconds: float | None = None) -> Job:
    """The time that one channel has."""
    deadline = clock.monotonic() + (SECONDS if seconds is None else seconds)
    return Job(clock.now(), None, deadline, clock, log=_UNHEARD)


def deliver_post(post: Post, job: Job) -> HttpAnswer:
    """The answer, of a status from 200 to 299. Raises NotDelivered."""
    host = host_of(post.url)
    _LOG.info("%s %s", post.method, host)
    path = post.url.partition(host)[2]
    hidden = (post.url, *(one for one in (path, *post.secrets) if len(one) > 3))

    def attempt() -> HttpAnswer:
        with Session(job) as session:
            answer = session.send(post.method, post.url, post.headers, post.body or None)
        if answer.status >= 300 or answer.status < 200:
            raise ExchangeError(
                Cause.COULD_NOT_ASK,
                verbatim(_answered(host, answer.status, post.refused)),
                again=answer.status in _AGAIN,
                wait=asked_wait(answer.status, answer.headers, job.now),
            )
        return answer

    try:
        return persist(job, attempt)
    except ExchangeError as error:
        raise NotDelivered(hide(worded(error.what, "en"), *hidden)) from None


def _answered(host: str, status: int, refused: str) -> str:
    text = f"{host} answered {status} {standard_reason(status)}"
    return f"{text}. {refused}" if refused and status in (401, 403) else text


def resolved(address: Address | None) -> str:
    """The address itself, https or loopback. Raises NotDelivered."""
    if isinstance(address, SecretRef):
        written = resolved_secret(address)
        try:
            return parse_target(written)
        except ValueError as error:
            raise NotDelivered(f"the address at {address} {error}") from None
    return address.url if address else ""


def resolved_words(address: Address | None) -> str:
    """An address that another program understands. Raises NotDelivered."""
    return resolved_secret(address) if isinstance(address, SecretRef) else resolved(address)


def resolved_secret(reference: SecretRef | None) -> str:
    """The secret itself; "" where none is named. Raises NotDelivered."""
    try:
        return reference.line() if reference is not None else ""
    except SecretError as error:
        raise NotDelivered(error.what) from None
