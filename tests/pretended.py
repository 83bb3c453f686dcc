"""Sources with a given behaviour, for tests of what a run makes of any source."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from mailwatch.catalog.catalog import Catalog
from mailwatch.config import Config, Domain
from mailwatch.model import (
    Cause,
    Check,
    Fault,
    Finding,
    Limit,
    Measurement,
    Phrase,
    Report,
    Subject,
    say,
)
from mailwatch.sources import SOURCES
from mailwatch.sources.about import About
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.job import Job

DOMAIN = Subject.of(domain="example.com")
EXAMPLE = Config(domains=(Domain("example.com"),))
BROKEN = Fault(Cause.COULD_NOT_ASK, say("http.broken", host="x"))


def simple(*metrics: str) -> Catalog:
    """A check of each metric: up to 1 is ok, up to 2 a warning."""
    checks = {name: Check(name, name, {}, "count", "higher", {}, {}, ()) for name in metrics}
    numbers = {"ideal": Limit(1.0, "<="), "act": Limit(2.0, ">")}
    return Catalog(checks, dict.fromkeys(metrics, numbers), (), {})


SIMPLE = simple(*(f"{source}.{name}" for source in SOURCES for name in "abcdef"))


@dataclass
class Pretended:
    """A source with a given behaviour."""

    ABOUT: ClassVar[About] = About("A source.")
    expects: tuple[tuple[str, Subject], ...] = ()
    collecting: Callable[[Job], None] = lambda job: None
    reason: Phrase | None = None
    jobs: list[Job] = field(default_factory=list)

    def skipped(self, config: Config, as_of: date | None) -> Phrase | None:
        """As given."""
        return self.reason

    def expected(self, config: Config) -> Iterable[tuple[str, Subject]]:
        """As given."""
        return self.expects

    def collect(self, config: Config, job: Job) -> None:
        """As given."""
        self.jobs.append(job)
        self.collecting(job)

    def diagnose(self, config: Config, job: Job) -> Iterable[Diagnosis]:
        """Nothing."""
        return ()


def handing_over(*items: Measurement | Fault) -> Callable[[Job], None]:
    """A source's work that comes to these."""

    def collect(job: Job) -> None:
        for item in items:
            job.take(item)

    return collect


def figure(metric: str, subject: Subject = DOMAIN, value: float | None = 1.0) -> Measurement:
    return Measurement(metric, subject, value, cause=None if value is not None else Cause.NO_DATA)


def by_check(report: Report) -> dict[str, Finding]:
    assert len({f.check.id for f in report.findings}) == len(report.findings)
    return {finding.check.id: finding for finding in report.findings}
