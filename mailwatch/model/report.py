"""All findings of a run, the state of each source, and the verdict."""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import UTC, date, datetime
from enum import StrEnum

from mailwatch.frozen import dataclass
from mailwatch.model.finding import Finding, Level
from mailwatch.model.keepsake import Keepsake
from mailwatch.model.phrase import Phrase
from mailwatch.model.recordset import RecordSet


class State(StrEnum):
    """How far a source was measured."""

    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class SourceState:
    """What one source came to in a run. `error` is None exactly where `state` is ok."""

    name: str
    state: State
    error: Phrase | None = None
    seconds: float = 0.0
    newest_day: date | None = None
    counts: Mapping[str, int] = field(default_factory=lambda: {"calls": 0})
    """What was counted during the run, by name: `calls`, and others that a source adds."""
    note: Phrase | None = None
    """Something to know about all of its figures, though nothing failed."""
    records: tuple[RecordSet, ...] = ()
    """What DNS answered, for the next run to compare with."""
    keepsakes: tuple[Keepsake, ...] = ()
    """What the history is to keep for it."""
    afterwards: tuple[Callable[[], Phrase | None], ...] = ()
    """What it does once the run is stored, such as moving what was read; each says what went
    wrong, if anything did."""


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of a run, the state of each source, and the verdict."""

    generated_at: datetime
    """When it was made, aware; its zone is the reader's."""
    version: str
    findings: tuple[Finding, ...]
    sources: tuple[SourceState, ...]
    verdict: Level
    exit_code: int
    subjects: tuple[str, ...] = field(default=())
    """What was watched, for the heading: the domains, or nothing."""

    @property
    def counted(self) -> tuple[Finding, ...]:
        """The findings that somebody did not accept: what the verdict comes from."""
        return tuple(finding for finding in self.findings if finding.ignored is None)

    @property
    def instant(self) -> str:
        """`generated_at` as every report and the history write it: UTC, to the second."""
        return self.generated_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def recovered(self) -> tuple[Finding, ...]:
        """The findings that are ok again since the last run."""
        return tuple(finding for finding in self.findings if finding.recovered)
