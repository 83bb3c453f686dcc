"""What the tests of the DNS source share: a zone in memory, and the same zone on loopback."""

import asyncio
import time
from collections.abc import Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from mailwatch.config import Config, DnsConfig, Domain
from mailwatch.demo import Faults, Rule, build, serve
from mailwatch.model import Fault, Measurement, Subject, say
from mailwatch.resolver.lookup import Answer, Outcome, RdType, failed
from mailwatch.sources.dns.collection import measure_domains
from mailwatch.sources.dns.measured import Taken
from mailwatch.sources.job import Job
from mailwatch.words import worded

Zone = Mapping[tuple[str, RdType], Sequence[str]]
TODAY = date(2026, 11, 24)


class MemoryLookup:
    """A zone that is asked without a network. What is in `lost`, each a name or `name TYPE`,
    cannot be asked for."""

    def __init__(self, zone: Zone, lost: Collection[str] = ()) -> None:
        self._zone = zone
        self._lost = lost
        self.asked: list[str] = []

    async def get(self, name: str, rdtype: RdType) -> Answer:
        """The records of `name`."""
        self.asked.append(name)
        if {name, f"{name} {rdtype}"} & set(self._lost):
            return failed(say("dns.timeout", server="192.0.2.53"))
        values = tuple(self._zone.get((name, rdtype), ()))
        if values:
            return Answer(Outcome.FOUND, values, 300)
        exists = any(owner == name or owner.endswith(f".{name}") for owner, _ in self._zone)
        return Answer(Outcome.NO_DATA if exists else Outcome.NO_SUCH_NAME)


@dataclass(frozen=True)
class Figures:
    """What was measured, by metric."""

    measured: tuple[Measurement, ...]
    faults: tuple[Fault, ...]
    asked: tuple[tuple[str, str, str], ...] = ()
    """Questions that came in: type, name, transport."""
    calls: int = 0

    def __getitem__(self, metric: str) -> Measurement:
        return next(m for m in self.measured if m.metric == metric)

    @property
    def metrics(self) -> set[str]:
        """Those that there is a measurement for, with or without a value."""
        return {m.metric for m in self.measured}

    def value(self, metric: str) -> float | str | None:
        """The value of `metric`."""
        return self[metric].value

    def said(self, metric: str) -> str:
        """All that is said beside `metric`, in English."""
        figure = self[metric]
        phrases = [*figure.evidence, *([figure.note] if figure.note else [])]
        return "\n".join(worded(phrase, "en") for phrase in phrases)

    def of(self, **subject: str) -> "Figures":
        """Those of one subject."""
        wanted = Subject.of(**subject)
        kept = tuple(m for m in self.measured if m.subject == wanted)
        return replace(self, measured=kept)


def run(measuring: Coroutine[Any, Any, list[Taken]]) -> Figures:
    """The figures that `measuring` comes to."""
    return sorted_out(asyncio.run(measuring))


def sorted_out(figures: Sequence[Taken]) -> Figures:
    """Measurements and faults apart."""
    return Figures(
        tuple(f for f in figures if isinstance(f, Measurement)),
        tuple(f for f in figures if isinstance(f, Fault)),
    )


def job(seconds: float = 30) -> Job:
    """A job with so much time."""
    return Job(datetime.now(UTC), None, time.monotonic() + seconds)


def figures_of(
    zone: Mapping[tuple[str, str], Any],
    *domains: Domain,
    rules: Sequence[Rule] = (),
    before: Sequence[str] = (),
    tries: Sequence[float] = (1.0, 1.0, 1.0),
) -> Figures:
    """The figures of `domains` with `zone` served on loopback, bent by `rules`.

    `before` are name servers to be asked first.
    """
    given = job()
    world = replace(build("healthy", TODAY), zone=zone)
    with serve(world, faults=Faults(*rules)) as running:
        config = Config(domains=domains, dns=DnsConfig((*before, running.nameserver)))
        asyncio.run(measure_domains(config, given, tries))
        asked = tuple((r.method, r.path, r.query[0][1]) for r in running.requests)
    return Figures(tuple(given.taken), tuple(given.faults), asked, given.counts["calls"])
