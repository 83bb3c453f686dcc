"""Where figures come from. A source is a module with what `Source` lists, named in SOURCES.

A source collects (network, files) and measures (pure). All parsing of strangers' bytes happens
here, and the formulas live here, beside their denominators. What it cannot get becomes a `Fault`,
never an exception and never a silent gap. It says which figures a run has to have: before the run
with `expected`, while it works with `Job.expect` and `Job.withdraw`.

The commands are made from SOURCES, so `mailwatch --help` imports this module and each source's own.
These import nothing but `About` at the top; what a function needs, it imports itself.
"""

from typing import TYPE_CHECKING, Protocol

from mailwatch.sources import blocklist, dmarc, dns, message, postfix, postmaster, sendgrid
from mailwatch.sources.about import About

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from mailwatch.config import Config
    from mailwatch.model import Phrase, Subject
    from mailwatch.sources.diagnosis import Diagnosis
    from mailwatch.sources.job import Job


class Source(Protocol):
    """The contract of a source module."""

    ABOUT: About
    """What its own command says and accepts."""

    def assume(self, config: "Config", environment: "Mapping[str, str]") -> "Config":
        """`config` as the source's own command uses it: configured, by defaults if need be."""
        ...

    def validate(self, config: "Config") -> None:
        """Raises ConfigError for a setting that no run can use. Asks nobody."""
        ...

    def skipped(self, config: "Config", as_of: "date | None") -> "Phrase | None":
        """Why this source is left out of the run; None where it is to be asked.

        With `as_of` None: None exactly where the source is configured.
        """
        ...

    def expected(self, config: "Config") -> "Iterable[tuple[str, Subject]]":
        """Each metric and subject that is known before the run to get a finding, measured or not.

        What only the answers show is added with `Job.expect`, or removed with `Job.withdraw`.
        """
        ...

    def newest_day(self, config: "Config", now: "datetime") -> "date | None":
        """The last day that is over in this source's own zone; None where it keeps no days."""
        ...

    def collect(self, config: "Config", job: "Job") -> None:
        """Gives every measurement and fault to `job`. Ends within the job's time."""
        ...

    def diagnose(self, config: "Config", job: "Job") -> "Iterable[Diagnosis]":
        """What works of all that this source needs, and how to fix what does not."""
        ...


SOURCES: dict[str, Source] = {
    "sendgrid": sendgrid,
    "postmaster": postmaster,
    "dns": dns,
    "blocklist": blocklist,
    "dmarc": dmarc,
    "message": message,
    "postfix": postfix,
}
