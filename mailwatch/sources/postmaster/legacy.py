"""API v1's domain and IP reputation, for an account that Google still answers it to.

Only with `legacy_v1: true`: Google announced the end of v1 for October 2026, and names no
reputation in v2. In v1 a day without data is left out, and so is a value of 0.

Source: the discovery document of v1, revision 20250529 (TrafficStats).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mailwatch.model import Cause, Measurement, Phrase, Subject, Window, say, verbatim
from mailwatch.sources.http import ExchangeError
from mailwatch.sources.postmaster import metrics
from mailwatch.sources.postmaster.client import Postmaster
from mailwatch.text.inert import inert

LEVELS = ("HIGH", "MEDIUM", "LOW", "BAD")
UNSPECIFIED = "REPUTATION_CATEGORY_UNSPECIFIED"
MOST_DAYS = 1000
MOST_SAMPLES = 3
_DAY = re.compile(r"domains/[^/]+/trafficStats/([0-9]{4})([0-9]{2})([0-9]{2})")
_COUNT = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class IpReputation:
    """How many IP addresses have one level, and some of them."""

    level: str
    addresses: int
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LegacyReputation:
    """What v1 says of a domain on its newest day; no day where it has none."""

    day: date | None = None
    level: str = ""
    addresses: tuple[IpReputation, ...] = ()


def ask_legacy(service: Postmaster, domain: str, days: Window) -> LegacyReputation:
    """The newest day of v1. Raises ExchangeError."""
    try:
        return read_legacy(service.traffic(domain, days.first, days.last), days)
    except ValueError:
        raise ExchangeError(Cause.COULD_NOT_ASK, say("postmaster.malformed")) from None


def read_legacy(rows: Iterable[Any], days: Window) -> LegacyReputation:
    """The newest of `rows` (TrafficStats) within `days` that has a reputation.

    Raises ValueError for an answer of another shape than the API documents.
    """
    newest = LegacyReputation()
    for number, row in enumerate(rows):
        if not isinstance(row, dict) or number >= MOST_DAYS:
            raise ValueError("not the days of one domain")
        day = _read_day(row.get("name"))
        found = LegacyReputation(day, _level(row.get("domainReputation")), tuple(_addresses(row)))
        if day is None or not days.first <= day <= days.last:
            continue
        if (found.level or found.addresses) and (newest.day is None or day > newest.day):
            newest = found
    return newest


def measure_ip_reputation(
    domain: str, found: LegacyReputation, days: Window
) -> Iterator[Measurement]:
    """The worst level that any of the domain's IP addresses has, with how many have which."""
    subject = Subject.of(domain=domain)
    known = [one for one in found.addresses if one.level in LEVELS]
    if found.day is None or not known:
        note = say("postmaster.no_ip_reputation")
        yield Measurement(metrics.IP_REPUTATION, subject, cause=Cause.NO_DATA, note=note)
        return
    yield Measurement(
        metrics.IP_REPUTATION,
        subject,
        value=max((one.level for one in known), key=LEVELS.index),
        window=Window(found.day, found.day),
        evidence=(verbatim("source: google_v1"), *map(_tell, found.addresses)),
        complete_until=days.last,
    )


def _tell(found: IpReputation) -> Phrase:
    samples = f" ({', '.join(found.samples)})" if found.samples else ""
    return verbatim(f"{found.level}: {found.addresses}{samples}")


def _read_day(name: Any) -> date | None:
    match = _DAY.fullmatch(name) if isinstance(name, str) else None
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _level(value: Any) -> str:
    level = inert(value, 80) if isinstance(value, str) else ""
    return "" if level == UNSPECIFIED else level


def _addresses(row: Mapping[str, Any]) -> Iterator[IpReputation]:
    listed = row.get("ipReputations")
    for one in listed[:10] if isinstance(listed, list) else ():
        if not isinstance(one, dict):
            continue
        count, samples = one.get("ipCount"), one.get("sampleIps")
        level = _level(one.get("reputation"))
        if level and isinstance(count, str) and _COUNT.fullmatch(count) and int(count):
            named = [inert(s, 45) for s in samples if isinstance(s, str)] if isinstance(
                samples, list) else []  # fmt: skip
            yield IpReputation(level, int(count), tuple(named[:MOST_SAMPLES]))
