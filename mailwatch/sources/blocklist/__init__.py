"""The blocklist source: are your own addresses and domains on a DNS blocklist? Off by default.

lists         the lists, and what their answers mean: data
listing       one answer read: listed, not listed, or neither
collection    each list tested (RFC 5782 §5), then asked
doctor        whether each list answers as it should
"""

from typing import TYPE_CHECKING

from mailwatch.sources.about import About

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from mailwatch.config import Config
    from mailwatch.model import Phrase, Subject
    from mailwatch.sources.diagnosis import Diagnosis
    from mailwatch.sources.job import Job

ABOUT = About(
    "DNS blocklists: your domains and sending_ips.",
    domains=True,
    resolver=True,
)


def assume(config: "Config", environment: "Mapping[str, str]") -> "Config":
    """Without a section, with every list that is known."""
    from dataclasses import replace

    from mailwatch.config.blocklist import BlocklistConfig

    return replace(config, blocklist=config.blocklist or BlocklistConfig())


def validate(config: "Config") -> None:
    """Nothing can be wrong: the lists were read with the file."""


def skipped(config: "Config", as_of: "date | None") -> "Phrase | None":
    """Skipped where it is not configured, and for a day in the past."""
    from mailwatch.model import say

    if config.blocklist is None:
        return say("run.not_configured")
    return say("blocklist.skipped_no_past") if as_of is not None else None


def expected(config: "Config") -> "Iterator[tuple[str, Subject]]":
    """Each address and domain on each list that takes such."""
    from mailwatch.sources.blocklist.collection import METRIC, entries_of

    for entry in entries_of(config):
        yield METRIC, entry.subject


def newest_day(config: "Config", now: "datetime") -> "date | None":
    """None: a blocklist has no past."""
    return None


def collect(config: "Config", job: "Job") -> None:
    """Asks each list that passes its test."""
    import asyncio

    from mailwatch.sources.blocklist.collection import measure_listings

    asyncio.run(measure_listings(config, job))


def diagnose(config: "Config", job: "Job") -> "list[Diagnosis]":
    """Tests each list."""
    import asyncio

    from mailwatch.sources.blocklist.doctor import examine

    return asyncio.run(examine(config, job))
