"""DMARC aggregate reports, from files, Maildirs and IMAP: what really authenticated.

    files        the files of folders           blob, container   what a file is, and what is in it
    ziparchive   the members of an archive      aggregate, fields the XML, read whole or not at all
    mailfile     messages and mboxes
    tlsrpt       TLS reports                    identity          which service it was
    contents     what is read: plain values     bounds            how much of it
    partition    files read here or by other processes
    imap         a folder of an IMAP server     mailbox           its messages, and where they go
    imap_wire    the connection to it
    summary      all reports added up, each once
    senders      sources by name, ours or not
    pass_rates, policy_seen, other_reports      the figures
    names        what DNS says                  safekeeping       what could not be read
    kept_reports the reports of moved messages, for the history
    collection   all of it                      doctor            for `mailwatch doctor`

Days are UTC. A report belongs to the day in which the middle of its period is.
"""

from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from mailwatch.sources.about import About

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from mailwatch.config import Config
    from mailwatch.model import Phrase, Subject
    from mailwatch.sources.diagnosis import Diagnosis
    from mailwatch.sources.job import Job

ABOUT = About(
    "DMARC aggregate reports: what passes, what fails, and who sends it.",
    own_command=True,
    tells_selectors=True,
    counts=("calls", "reports", "duplicates", "messages", "dmarc_pass", "failed"),
)


def assume(config: "Config", environment: "Mapping[str, str]") -> "Config":
    """Configured, if without any reports."""
    from mailwatch.config import DmarcConfig

    return replace(config, dmarc=config.dmarc or DmarcConfig())


def validate(config: "Config") -> None:
    """Raises ConfigError where the section names no place for reports, or for --failed."""
    from mailwatch.errors import ConfigError
    from mailwatch.sources.dmarc.safekeeping import make_folder

    settings = config.dmarc
    if settings is None:
        return
    if not settings.paths and not settings.maildir and settings.imap is None:
        raise ConfigError(
            "dmarc: no reports are named",
            "Write mailwatch dmarc PATH, or set paths, maildir or imap under dmarc: in "
            "mailwatch.yaml.",
        )
    if settings.failed is not None:
        make_folder(settings.failed)


def skipped(config: "Config", as_of: "date | None") -> "Phrase | None":
    """Skipped where it is not configured."""
    from mailwatch.model import say

    return say("run.not_configured") if config.dmarc is None else None


def expected(config: "Config") -> "Iterable[tuple[str, Subject]]":
    """The pass rate of each configured domain. Which others there are, only the reports show."""
    from mailwatch.model import Subject
    from mailwatch.sources.dmarc import metrics

    for domain in config.domains:
        yield metrics.PASS_RATE, Subject.of(domain=domain.name)


def newest_day(config: "Config", now: "datetime") -> "date | None":
    """The last day that is over in UTC."""
    return now.astimezone(UTC).date() - timedelta(days=1)


def collect(config: "Config", job: "Job") -> None:
    """Reads every report, and measures them."""
    from mailwatch.sources.dmarc.collection import collect_reports

    collect_reports(config, job)


def diagnose(config: "Config", job: "Job") -> "Iterable[Diagnosis]":
    """Whether the places for reports can be read."""
    from mailwatch.sources.dmarc.doctor import examine

    return examine(config, job)
