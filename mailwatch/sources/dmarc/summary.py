"""All reports of a run, added up: each once, in a memory that does not grow with their number.

What is kept apart is bounded by `ENTRIES`. Beyond that, messages are still counted, for their
domain and day, but no more by the source that they came from.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from mailwatch.sources.dmarc.bounds import ENTRIES
from mailwatch.sources.dmarc.contents import (
    AggregateKey,
    AggregateReport,
    FailureReport,
    Item,
    Policy,
    Refusal,
    RowShape,
    TlsReport,
)
from mailwatch.sources.dmarc.identity import Identity

_MOST_NAMED = 10
"""Refusals that are kept with their reasons. All are counted."""
_MOST_DOMAINS = 2000
_MOST_REASONS = 100
_MOST_REPORTERS = 5000
_MOST_KEYS = 40
"""DKIM keys of one domain."""
REST = "\x00"
"""In place of an address or a name: what was counted together."""


@dataclass(slots=True)
class SourceTally:
    """Messages, and how many of them."""

    messages: int = 0
    passed: int = 0
    """Passed DMARC: SPF or DKIM, aligned."""
    spf: int = 0
    dkim: int = 0
    unaligned: int = 0
    """Failed DMARC, though SPF or DKIM passed for another domain."""
    forwarded: int = 0
    """Failed DMARC, and the receiver says that they were forwarded."""
    listed: int = 0
    """Failed DMARC, and the receiver says that a mailing list sent them on."""
    overridden: int = 0
    """Failed DMARC, and the receiver did not follow the policy for a reason of its own."""
    quarantined: int = 0
    rejected: int = 0

    def add(self, shape: RowShape, count: int) -> None:
        """Adds the messages of a record."""
        self.messages += count
        self.spf += count * shape.spf
        self.dkim += count * shape.dkim
        self.quarantined += count * (shape.disposition == "quarantine")
        self.rejected += count * (shape.disposition == "reject")
        if shape.passed:
            self.passed += count
            return
        self.unaligned += count * shape.authenticated
        self.forwarded += count * (shape.override == "forwarded")
        self.listed += count * (shape.override == "mailing_list")
        self.overridden += count * (shape.override in ("local_policy", "other"))

    def merge(self, other: "SourceTally") -> None:
        """Adds what another one has."""
        self.messages += other.messages
        self.passed += other.passed
        self.spf += other.spf
        self.dkim += other.dkim
        self.unaligned += other.unaligned
        self.forwarded += other.forwarded
        self.listed += other.listed
        self.overridden += other.overridden
        self.quarantined += other.quarantined
        self.rejected += other.rejected

    @property
    def failed(self) -> int:
        """Messages that failed DMARC."""
        return self.messages - self.passed


@dataclass(slots=True)
class ReporterDays:
    """When a reporter sent reports on a domain, and the newest policy that it saw."""

    days: dict[int, int] = field(default_factory=dict)
    """Messages by day."""
    policy: Policy = field(default_factory=Policy)
    policy_day: int = 0


@dataclass(slots=True)
class TlsTally:
    """Sessions of TLS reports."""

    succeeded: int = 0
    failed: int = 0
    days: set[int] = field(default_factory=set)
    reasons: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Summary:
    """What all reports come to."""

    counts: Counter[str] = field(
        default_factory=lambda: Counter(reports=0, duplicates=0, messages=0, dmarc_pass=0, failed=0)
    )
    sources: dict[tuple[str, int, str, str], SourceTally] = field(default_factory=dict)
    """By domain, day, address and identity."""
    reporters: dict[tuple[str, str], ReporterDays] = field(default_factory=dict)
    """By domain and reporter."""
    tls: dict[str, TlsTally] = field(default_factory=dict)
    failures: dict[str, Counter[str]] = field(default_factory=dict)
    """Failure reports by domain and reason."""
    senders: dict[str, Counter[str]] = field(default_factory=dict)
    """The same by the address of the sender, masked."""
    keys: dict[str, dict[Identity, int]] = field(default_factory=dict)
    """By domain: the DKIM keys that its mail passed with, and the newest day of each."""
    refusals: list[Refusal] = field(default_factory=list)
    passed_over: int = 0
    """Messages of a mailbox that are not reports."""
    cut: int = 0
    """Reports with a field that was cut."""
    rest: bool = False
    """True where some sources were counted together, for want of room."""
    _seen: set[int] = field(default_factory=set)
    _failed_paths: set[int] = field(default_factory=set)

    def add(self, items: Iterable[Item]) -> list[Item]:
        """Adds each of `items` that was not added before; those that are new or were refused."""
        return [item for item in items if self._add(item)]

    def _add(self, item: Item) -> bool:
        if isinstance(item, AggregateReport):
            return self._add_aggregate(item)
        if isinstance(item, TlsReport):
            return self._add_tls(item)
        if isinstance(item, FailureReport):
            domain = self._known(item.domain, self.failures)
            _count_in(self.failures.setdefault(domain, Counter()), item.reason)
            if item.sender:
                _count_in(self.senders.setdefault(domain, Counter()), item.sender)
        elif isinstance(item, Refusal):
            self._add_refusal(item)
        else:
            self.passed_over += 1
        return True

    def _add_aggregate(self, report: AggregateReport) -> bool:
        if not self._is_new(report_id(report.key)):
            self.counts["duplicates"] += 1
            return False
        self.counts["reports"] += 1
        self.cut += report.cut
        domain, total = report.domain, 0
        for (address, shape), count in report.rows.items():
            key = (domain, report.day, address, shape.identity)
            tally = self.sources.get(key)
            if tally is None:
                tally = self._room_for(key)
            tally.add(shape, count)
            for signature in shape.keys:
                self._add_key(domain, signature, report.day)
            total += count
            self.counts["dmarc_pass"] += count * shape.passed
        self.counts["messages"] += total
        self._add_reporter(report, total)
        return True

    def _room_for(self, key: tuple[str, int, str, str]) -> SourceTally:
        if len(self.sources) >= ENTRIES:
            self.rest = True
            key = (key[0], key[1], REST, REST)
            if len(self.sources) >= 2 * ENTRIES:
                key = (REST, key[1], REST, REST)
        return self.sources.setdefault(key, SourceTally())

    def _add_reporter(self, report: AggregateReport, total: int) -> None:
        key = (report.domain, report.reporter)
        if key not in self.reporters and len(self.reporters) >= _MOST_REPORTERS:
            self.rest = True
            return
        seen = self.reporters.setdefault(key, ReporterDays())
        seen.days[report.day] = seen.days.get(report.day, 0) + total
        if len(seen.days) > 400:
            del seen.days[min(seen.days)]
        if report.day >= seen.policy_day:
            seen.policy, seen.policy_day = report.policy, report.day

    def _add_key(self, domain: str, signature: Identity, day: int) -> None:
        if domain not in self.keys and len(self.keys) >= _MOST_DOMAINS:
            return
        days = self.keys.setdefault(domain, {})
        if signature in days or len(days) < _MOST_KEYS:
            days[signature] = max(day, days.get(signature, 0))

    def _add_tls(self, report: TlsReport) -> bool:
        if not self._is_new(_digest(("tls", *report.key))):
            return False
        tally = self.tls.setdefault(self._known(report.domain, self.tls), TlsTally())
        tally.succeeded += report.succeeded
        tally.failed += report.failed
        tally.days.add(report.day)
        for reason, count in report.reasons.items():
            _count_in(tally.reasons, reason, count)
        return True

    def _add_refusal(self, refusal: Refusal) -> None:
        path = _digest(("path", refusal.path or refusal.place))
        if path not in self._failed_paths:
            self._failed_paths.add(path)
            self.counts["failed"] += 1
        if len(self.refusals) < _MOST_NAMED:
            self.refusals.append(Refusal(refusal.place, refusal.why, refusal.path))

    def knows(self, number: int) -> bool:
        """True for the `report_id` of a report that was added."""
        return number in self._seen

    def _is_new(self, digest: int) -> bool:
        if digest in self._seen:
            return False
        self._seen.add(digest)
        return True

    @staticmethod
    def _known(
        domain: str, known: dict[str, object] | dict[str, Counter[str]] | dict[str, TlsTally]
    ) -> str:
        return domain if domain in known or len(known) < _MOST_DOMAINS else REST


def _count_in(counter: Counter[str], name: str, number: int = 1) -> None:
    """Adds to the count of `name`, or of the rest where there are many names."""
    counter[name if name in counter or len(counter) < _MOST_REASONS else REST] += number


def report_id(key: AggregateKey) -> int:
    """A number of 64 bits that is the same for the same report."""
    return _digest(("aggregate", *key))


def _digest(key: tuple[str, ...]) -> int:
    """A number of 64 bits: the keys themselves would fill the memory of a large mailbox."""
    text = "\x00".join(f"{len(part)}:{part}" for part in key)
    return int.from_bytes(
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"
    )
