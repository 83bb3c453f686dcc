"""What the tests of the Postmaster source share: a collection from the servers on loopback."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings

from mailwatch.clock import Clock
from mailwatch.config import Config, Domain, PostmasterConfig
from mailwatch.config.secret import SecretRef
from mailwatch.demo import Faults, HttpReply, Rule, Running, World, build, serve
from mailwatch.demo.story.world import GmailDomain
from mailwatch.demo.wire.exchange import Request
from mailwatch.model import Fault, Measurement, Subject
from mailwatch.sources import postmaster
from mailwatch.sources.job import Expected, Job
from mailwatch.words import worded

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
NEWEST = date(2026, 11, 21)
"""The newest day with data in the healthy world."""
HEALTHY = build("healthy", TODAY)
GMAIL = HEALTHY.gmail["example.com"]
PATIENT = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
"""Properties hold however slow the machine is that tries them."""
ONE = ("example.com",)
NO_OPTIONS: Mapping[str, Any] = {}
STATISTICS = "/v2/domains/example.com/domainStats"
BATCH = "/v2/domainStats:batchQuery"
COMPLIANCE = "/v2/domains/example.com/complianceStatus"


@dataclass(frozen=True)
class Collected:
    """What a collection handed over, and what it asked."""

    measured: tuple[Measurement, ...]
    faults: tuple[Fault, ...]
    requests: tuple[Request, ...]
    pauses: tuple[float, ...]
    domains: tuple[str, ...]
    said_of: Mapping[Expected, bool]
    """What the source expected and withdrew while it worked."""

    def one(self, metric: str, **subject: str) -> Measurement:
        """The only measurement of `metric` on the subject (default: example.com)."""
        wanted = Subject.of(**(subject or {"domain": "example.com"}))
        (found,) = (m for m in self.measured if (m.metric, m.subject) == (metric, wanted))
        return found

    def asked(self, service: str) -> int:
        """How many requests came in to `service`."""
        return sum(request.service == service for request in self.requests)

    def said(self, lang: Any = "en") -> list[str]:
        """The faults in words, each once."""
        return list(dict.fromkeys(worded(fault.what, lang) for fault in self.faults))

    def silent(self) -> list[tuple[str, Subject]]:
        """What is expected and neither measured nor covered by a fault."""
        config = Config(domains=tuple(map(Domain, self.domains)))
        measured = {(m.metric, m.subject) for m in self.measured}
        return [
            (metric, subject)
            for metric, subject in (*postmaster.expected(config), *self.said_of)
            if self.said_of.get((metric, subject), True)
            and (metric, subject) not in measured
            and not any(fault.covers(metric, subject) for fault in self.faults)
        ]


def make_job(
    seconds: float = 20,
    as_of: date | None = None,
    pause: Callable[[float], None] = lambda seconds: None,
) -> Job:
    """A job at 3:00 UTC on TODAY; by default its pauses take no time."""
    return Job(NOW, as_of, time.monotonic() + seconds, Clock(now=lambda: NOW, pause=pause))


def configure(
    running: Running, folder: Path, info: Any = None, subject: str | None = None
) -> PostmasterConfig:
    """The settings for `running`, with `info` (default: the account's consent) in a file."""
    stored = running.credentials() if info is None else info
    path = folder / "token.json"
    path.write_text(stored if isinstance(stored, str) else json.dumps(stored))
    return PostmasterConfig(SecretRef("file", str(path)), subject, running.postmaster_url)


def collect_from(
    running: Running,
    domains: Sequence[str] = ONE,
    *,
    info: Any = None,
    subject: str | None = None,
    job: Job | None = None,
    options: Mapping[str, Any] = NO_OPTIONS,
) -> Collected:
    """What is collected of `domains` from `running`."""
    pauses: list[float] = []
    job = job or make_job(pause=pauses.append)
    with TemporaryDirectory() as name:
        settings = replace(configure(running, Path(name), info, subject), **options)
        postmaster.collect(Config(domains=tuple(map(Domain, domains)), postmaster=settings), job)
    measured, faults, _ = job.so_far()
    requests, said_of = tuple(running.requests), job.expected_so_far()
    return Collected(measured, faults, requests, tuple(pauses), tuple(domains), said_of)


def collect(
    *rules: Rule,
    world: World = HEALTHY,
    domains: Sequence[str] = ONE,
    job: Job | None = None,
    options: Mapping[str, Any] = NO_OPTIONS,
) -> Collected:
    """What is collected of `domains` from `world`, bent by `rules`, with `options` set."""
    with serve(world, faults=Faults(*rules)) as running:
        return collect_from(running, domains, job=job, options=options)


def with_gmail(gmail: Mapping[str, GmailDomain]) -> World:
    """The healthy world with these domains in Postmaster Tools."""
    return replace(HEALTHY, gmail=gmail)


def refusing(
    status: int, message: str = "No.", service: Any = "postmaster", match: str = "", **info: Any
) -> Rule:
    """A rule that answers with Google's shape of an error; `info` makes an ErrorInfo of it."""
    error: dict[str, Any] = {"code": status, "message": message}
    if info:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", **info}]
    return Rule(service, HttpReply(status, json.dumps({"error": error})), match)


def answering(body: Any, match: str = "", times: int | None = None) -> Rule:
    """A rule that answers an API call with 200 and `body`."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return Rule("postmaster", HttpReply(200, text), match, times=times)
