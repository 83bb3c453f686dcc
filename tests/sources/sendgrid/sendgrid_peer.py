"""What the tests of the SendGrid source share: an account on loopback, and a patient clock."""

import functools
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from mailwatch.catalog.catalog import read_catalog
from mailwatch.clock import Clock
from mailwatch.config import Config, SendGridConfig
from mailwatch.config.secret import SecretRef
from mailwatch.demo import Delay, Faults, Rule, World, build
from mailwatch.demo.sendgrid.api import SendGridApi
from mailwatch.demo.wire.exchange import Request
from mailwatch.demo.wire.faults import HttpFault, Wire
from mailwatch.demo.wire.web import WebServer
from mailwatch.model import Cause, Finding, Level, Phrase, Report, SourceState
from mailwatch.run import Options, run
from mailwatch.sources.http import Session
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid.client import SendGrid
from mailwatch.words import worded

TODAY = date(2026, 11, 24)
NEWEST = TODAY - timedelta(days=1)
NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""Noon in Asia/Tokyo, the account's zone."""
KEY = "SG.qJ7xWv2LrTz9KdYb.hN4mPc8sUeGf1Aa6RoXi3BtVwZlQkDyHjMnCpSgTuEr5F0xO9bLa2"

catalog = functools.cache(read_catalog)


@functools.cache
def healthy() -> World:
    """The healthy story with a key that is like no word."""
    return replace(build("healthy", TODAY), api_key=KEY)


@dataclass(frozen=True)
class Served:
    """Where an account is served, and what it was asked."""

    url: str
    requests: list[Request]
    connections: list[Any]
    """One entry for each that was accepted."""


class CountingServer(WebServer):
    """Keeps the address of each connection that it accepted."""

    def __init__(self, *options: Any) -> None:
        self.accepted: list[Any] = []
        super().__init__(*options)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Notes it first."""
        self.accepted.append(client_address)
        super().process_request(request, client_address)


@contextmanager
def serve_account(*rules: Rule, world: World | None = None) -> Iterator[Served]:
    """The SendGrid server of a world alone, bent by `rules`."""
    requests: list[Request] = []
    api = SendGridApi(world or healthy())
    server = CountingServer(lambda path: "sendgrid", api, (Faults(*rules),), requests.append)
    server.start()
    try:
        yield Served(server.url, requests, server.accepted)
    finally:
        server.stop()


def on(path: str, behaviour: HttpFault, times: int | None = None) -> Rule:
    """`behaviour` instead of the answer of every path that begins with `path`."""
    return Rule("sendgrid", behaviour, path, times=times)


HONEST = Delay(0)
"""The true answer."""


class Both:
    """The fault `then`, once both the statistics and the reputation were asked for."""

    def __init__(self, then: HttpFault, barrier: threading.Barrier) -> None:
        self._then = then
        self._barrier = barrier
        self._met = False

    def play(self, wire: Wire) -> bool:
        """Waits for the other the first time."""
        if not self._met:
            self._met = True
            self._barrier.wait(10)
        return self._then.play(wire)


def together(statistics: HttpFault, reputation: HttpFault = HONEST) -> tuple[Rule, Rule]:
    """Rules under which neither is answered before both were asked for."""
    barrier = threading.Barrier(2)
    return (
        on("/v3/stats", Both(statistics, barrier)),
        on("/v3/user/account", Both(reputation, barrier)),
    )


@dataclass
class Waits:
    """A clock that stands at `now`; a wait takes no time, and counts as time gone by."""

    now: datetime = NOON
    pauses: list[float] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        """The clock itself."""
        return Clock(
            now=lambda: self.now,
            monotonic=lambda: time.monotonic() + sum(self.pauses),
            pause=self.pauses.append,
        )

    def job(self, seconds: float = 60.0) -> Job:
        """A job that has `seconds`."""
        clock = self.clock
        return Job(self.now, None, clock.monotonic() + seconds, clock)


@dataclass
class Slowly:
    """These octets one by one, one every `every` seconds."""

    data: bytes
    every: float = 0.02

    def play(self, wire: Wire) -> bool:
        """Sends until the client is gone or the server stops."""
        wire.close()
        for at in range(len(self.data)):
            wire.send(self.data[at : at + 1])
            if wire.rest(self.every):
                break
        return True


@dataclass(frozen=True)
class Asked:
    """A run over SendGrid alone, and how it came about."""

    report: Report
    requests: tuple[Request, ...]
    pauses: tuple[float, ...]

    @property
    def state(self) -> SourceState:
        """The source's state."""
        (state,) = self.report.sources
        return state

    @property
    def error(self) -> str:
        """The state's error in words."""
        assert self.state.error is not None
        return worded(self.state.error, "en")

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [request.path for request in self.requests]

    def finding(self, name: str) -> Finding:
        """The finding on sendgrid.`name`."""
        (only,) = [f for f in self.report.findings if f.check.id == f"sendgrid.{name}"]
        return only

    def causes(self) -> dict[Cause | None, set[str]]:
        """The metrics by the cause of their being unknown; None: those that were measured."""
        causes: dict[Cause | None, set[str]] = {}
        for finding in self.report.findings:
            assert (finding.level is Level.UNKNOWN) == (finding.cause is not None)
            causes.setdefault(finding.cause, set()).add(finding.check.metric)
        return causes


def key_file(folder: Path, key: str = KEY) -> SecretRef:
    """A file in `folder` with `key` on its first line."""
    (folder / "key").write_text(key + "\n")
    return SecretRef("file", "key", folder)


def judge_account(
    settings: SendGridConfig,
    served: Served | None = None,
    waits: Waits | None = None,
    **options: Any,
) -> Asked:
    """What a run over this account alone comes to."""
    waits = waits or Waits()
    chosen = Options(sources=("sendgrid",), **options)
    report = run(Config(sendgrid=settings), catalog(), chosen, waits.clock)
    return Asked(report, tuple(served.requests) if served else (), tuple(waits.pauses))


def ask(
    folder: Path,
    *rules: Rule,
    world: World | None = None,
    settings: Mapping[str, Any] | None = None,
    now: datetime = NOON,
    **options: Any,
) -> Asked:
    """What a run over `world` comes to, bent by `rules`."""
    with serve_account(*rules, world=world) as served:
        given: dict[str, Any] = {"api_key": key_file(folder), "timezone": "Asia/Tokyo"}
        given |= {"recipient_domains": False, "account_health": False}
        given["audit"] = False
        given |= {"base_url": served.url, **(settings or {})}
        return judge_account(SendGridConfig(**given), served, Waits(now), **options)


@contextmanager
def client_of(
    *rules: Rule, world: World | None = None, seconds: float = 60.0
) -> Iterator[tuple[SendGrid, Served, Waits]]:
    """A client of a bent account, the server, and the clock it waits by."""
    waits = Waits()
    with (
        serve_account(*rules, world=world) as served,
        Session(waits.job(seconds)) as session,
    ):
        yield SendGrid(KEY, served.url, session), served, waits


def in_words(phrase: Phrase) -> str:
    """A phrase in both languages."""
    return worded(phrase, "en") + "\n" + worded(phrase, "ja")
