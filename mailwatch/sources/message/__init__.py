"""One message, from its raw source: what authenticates, and what mailbox providers ask of it.

    rawsource       what programs save, made into what went over the wire
    examination     all that is found out, with DNS
    authentication  DKIM, SPF, DMARC, ARC, and what the receiver said
    unsubscribe, header_fields, structure, path      the other figures
    document        mailwatch.message/1
    collection      all of it

`mailwatch message FILE` gives the file; in `check` it is `message.file` of mailwatch.yaml.
"""

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
    "One message: what authenticates, what mailbox providers ask.", own_command=True, quiet=True
)


def assume(config: "Config", environment: "Mapping[str, str]") -> "Config":
    """As it is: the command names the file."""
    return config


def validate(config: "Config") -> None:
    """Nothing can be wrong that does not show in the file itself."""


def skipped(config: "Config", as_of: "date | None") -> "Phrase | None":
    """Skipped where no file is named, and for a day in the past: DNS has none."""
    from mailwatch.model import say

    if config.message is None:
        return say("run.not_configured")
    return say("dns.skipped_no_past") if as_of is not None else None


def expected(config: "Config") -> "Iterable[tuple[str, Subject]]":
    """Nothing before the file is read: its author is what the figures are about."""
    return ()


def newest_day(config: "Config", now: "datetime") -> "date | None":
    """None: a message has no days."""
    return None


def collect(config: "Config", job: "Job") -> None:
    """Hands the figures of the message to `job`."""
    import asyncio

    from mailwatch.sources.message.collection import collect_message

    asyncio.run(collect_message(config, job))


def diagnose(config: "Config", job: "Job") -> "Iterable[Diagnosis]":
    """Whether the file has a message."""
    from mailwatch.sources.message.doctor import examine_file

    return examine_file(config)
