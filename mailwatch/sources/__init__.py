"""Where figures come from. A source is a module with five functions, listed in SOURCES.

A source collects (network, files) and measures (pure). All parsing of strangers' bytes happens
here, and the formulas live here, beside their denominators. What it cannot get becomes a `Fault`,
never an exception and never a silent gap. It says which figures a run has to have: before the run
with `expected`, while it works with `Job.expect` and `Job.withdraw`. Client libraries are imported
inside the functions that use them, so that `mailwatch --help` stays quick.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from mailwatch.config import Config
from mailwatch.model import Phrase, Subject
from mailwatch.sources import dns, postmaster, sendgrid
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.job import Job


class Source(Protocol):
    """The contract of a source module."""

    def skipped(self, config: Config, as_of: date | None) -> Phrase | None:
        """Why this source has nothing to do in this run; None when it is to be asked."""
        ...

    def expected(self, config: Config) -> Iterable[tuple[str, Subject]]:
        """Each metric and subject that is known before the run to get a finding, measured or not.

        What only the answers show is added with `Job.expect`, or removed with `Job.withdraw`.
        """
        ...

    def newest_day(self, config: Config, now: datetime) -> date | None:
        """The last day that is over in this source's own zone; None where it keeps no days."""
        ...

    def collect(self, config: Config, job: Job) -> None:
        """Gives every measurement and fault to `job`. Ends within the job's time."""
        ...

    def diagnose(self, config: Config, job: Job) -> Iterable[Diagnosis]:
        """What works of all that this source needs, and how to fix what does not."""
        ...


SOURCES: dict[str, Source] = {
    "sendgrid": sendgrid,
    "postmaster": postmaster,
    "dns": dns,
}
