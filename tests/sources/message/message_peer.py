"""The demo's message, changed for a test, and what is measured of it over a zone in memory."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mailwatch.config.message import MessageConfig
from mailwatch.demo.story.sample_message import sample_message, sign
from mailwatch.demo.story.zone import healthy
from mailwatch.model import Measurement
from mailwatch.sources.message.collection import measure
from mailwatch.sources.message.examination import Examined, examine
from mailwatch.sources.message.rawsource import read_source
from mailwatch.words import worded
from tests.sources.dns.dns_peer import Figures, MemoryLookup, Zone

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SAMPLE = sample_message(NOON)
ENVELOPE = MessageConfig(Path("message.eml"))
START = SAMPLE.index(b"From: Example News")
"""Where the message begins that was signed, below what the receiver added."""


def zone(changes: Zone | None = None) -> Zone:
    """The demo's zone, with TXT records joined and CNAMEs followed."""
    records: dict[tuple[str, Any], Sequence[str]] = {}
    for (name, rdtype), values in healthy().items():
        joined = tuple("".join(map(str, value)).removesuffix(".") for value in values)
        records[name, rdtype] = joined
    for (name, rdtype), (target, *_) in list(records.items()):
        if rdtype == "CNAME":
            for (owner, kind), values in list(records.items()):
                if owner == target:
                    records[name, kind] = values
    return {**records, **(changes or {})}


def resigned(old: bytes, new: bytes) -> bytes:
    """The sample with `old` replaced below its signature, which is made again."""
    below = SAMPLE[START:]
    assert old in below
    below = below.replace(old, new)
    above = SAMPLE[: SAMPLE.index(b"DKIM-Signature:")]
    return above + sign(below, int(NOON.timestamp())) + below


def examined(
    data: bytes,
    given: MessageConfig = ENVELOPE,
    changes: Zone | None = None,
    lost: Sequence[str] = (),
    **envelope: Any,
) -> Examined:
    """All about the message in `data`."""
    lookup = MemoryLookup(zone(changes), lost)
    return asyncio.run(examine(read_source(data), replace(given, **envelope), lookup, NOON))


def figures(data: bytes, **more: Any) -> Figures:
    """What is measured of the message in `data`."""
    taken = list(measure(examined(data, **more)))
    measured = tuple(item for item in taken if isinstance(item, Measurement))
    return Figures(measured, tuple(item for item in taken if not isinstance(item, Measurement)))


def words_of(found: Measurement) -> str:
    """What stands beside a figure, in English."""
    phrases = [*found.evidence, *([found.note] if found.note else [])]
    return "\n".join(worded(phrase, "en") for phrase in phrases)
