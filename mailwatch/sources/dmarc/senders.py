"""Whose mail it is: each source of a domain by its name, ours or not, in a window of days.

A source is ours when one of its messages passed DMARC, since only the owner of the domain can
bring that about; when it is SendGrid; or when the user lists it. What fails from any other source
is spoofing, as far as the reports can tell.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from ipaddress import ip_address, ip_network

from mailwatch.model import Window
from mailwatch.sources.dmarc.identity import SENDGRID
from mailwatch.sources.dmarc.summary import REST, SourceTally, Summary

_MOST_ADDRESSES = 5
"""Addresses that are kept of a source, to be shown."""
_AT_HOME = 0.1
"""The share of what passes from a source that makes an address its home, where SPF is never
aligned. A forwarder passes on mail of ours too, but only a small part of it."""


@dataclass(slots=True)
class MailSource:
    """A source of mail in the name of a domain."""

    name: str
    ours: bool
    total: SourceTally = field(default_factory=SourceTally)
    days: dict[date, SourceTally] = field(default_factory=dict)
    """In the window."""
    first: date = date.max
    """The first day it was seen on, also before the window."""
    addresses: list[str] = field(default_factory=list)

    @property
    def spoofed(self) -> int:
        """Messages that failed, are not ours, and were not forwarded."""
        if self.ours:
            return 0
        return self.total.failed - self.total.forwarded - self.total.listed

    @property
    def broken(self) -> int:
        """Messages that failed though they are ours, and were not forwarded."""
        if not self.ours:
            return 0
        return self.total.failed - self.total.forwarded - self.total.listed


@dataclass(frozen=True, slots=True)
class DomainMail:
    """The mail in the name of one domain, by source, the ones with the most failures first."""

    domain: str
    window: Window
    senders: tuple[MailSource, ...]
    days: Mapping[date, SourceTally]
    """Of all sources."""
    total: SourceTally
    earlier_days: int
    """Days with data before the last seven of the window: what "new" is held against."""


def choose_window(summary: Summary, newest: date, days: int) -> Window | None:
    """At most `days` days up to the newest report that is not after `newest`; None without any."""
    known = [day for _, day, _, _ in summary.sources if day <= newest.toordinal()]
    if not known:
        return None
    last = max(known)
    first = min(day for day in known if day > last - days)
    return Window(date.fromordinal(first), date.fromordinal(last))


def list_domains(summary: Summary, window: Window) -> list[str]:
    """The domains with mail in the window, the busiest first."""
    totals: dict[str, int] = {}
    for (domain, day, _, _), tally in summary.sources.items():
        if window.first.toordinal() <= day <= window.last.toordinal() and domain != REST:
            totals[domain] = totals.get(domain, 0) + tally.messages
    return sorted(totals, key=lambda name: (-totals[name], name))


def sort_mail(
    summary: Summary, domains: Iterable[str], window: Window, own: Sequence[str]
) -> dict[str, DomainMail]:
    """The mail of each of `domains`, its sources named, and whose they are.

    `own` are the sources that the user lists: names, domains, addresses or networks.
    """
    wanted = set(domains)
    names = _Names(summary, wanted, own)
    senders: dict[str, dict[str, MailSource]] = {domain: {} for domain in wanted}
    dates = {day: date.fromordinal(day) for day in {day for _, day, _, _ in summary.sources}}
    for (domain, ordinal, address, identity), tally in summary.sources.items():
        day = dates[ordinal]
        if domain not in wanted or day > window.last:
            continue
        name, ours = names.of(domain, address, identity)
        sender = senders[domain].get(name)
        if sender is None:
            sender = senders[domain][name] = MailSource(name, ours)
        sender.first = min(sender.first, day)
        if day >= window.first:
            there = sender.days.get(day)
            if there is None:
                there = sender.days[day] = SourceTally()
            there.merge(tally)
            if len(sender.addresses) < _MOST_ADDRESSES and address not in sender.addresses:
                sender.addresses.append(address)
    return {domain: _of_domain(domain, window, found) for domain, found in senders.items()}


def _of_domain(domain: str, window: Window, senders: Mapping[str, MailSource]) -> DomainMail:
    total, days = SourceTally(), dict[date, SourceTally]()
    earlier: set[date] = set()
    recent = window.last.toordinal() - 6
    for sender in senders.values():
        for day, tally in sender.days.items():
            total.merge(tally)
            sender.total.merge(tally)
            days.setdefault(day, SourceTally()).merge(tally)
            if day.toordinal() < recent:
                earlier.add(day)
    there = [sender for sender in senders.values() if sender.days]
    there.sort(key=lambda one: (-(one.broken + one.spoofed), -one.total.messages, one.name))
    return DomainMail(domain, window, tuple(there), days, total, len(earlier))


class _Names:
    """The name of each source, and whether it is ours."""

    def __init__(self, summary: Summary, domains: set[str], own: Sequence[str]) -> None:
        self._words = {word.lower() for word in own}
        self._networks = [ip_network(word) for word in own if _is_network(word)]
        self._passing: set[tuple[str, str]] = set()
        """Domains, and names from which a message passed."""
        self._homes: dict[tuple[str, str], str] = {}
        """By domain and address, the source of ours that is at home there."""
        passed_at: dict[tuple[str, str], dict[str, int]] = {}
        passed: dict[tuple[str, str], int] = {}
        for (domain, _, address, identity), tally in summary.sources.items():
            if domain in domains and tally.passed:
                name = identity or address
                there = passed_at.setdefault((domain, address), {})
                there[name] = there.get(name, 0) + tally.passed
                passed[domain, name] = passed.get((domain, name), 0) + tally.passed
                if tally.spf:
                    self._homes[domain, address] = name
        self._passing.update(passed)
        for (domain, address), names in passed_at.items():
            name = max(names, key=lambda one: (names[one], one))
            if names[name] >= _AT_HOME * passed[domain, name]:
                self._homes.setdefault((domain, address), name)

    def of(self, domain: str, address: str, identity: str) -> tuple[str, bool]:
        """The name, and whether it is ours.

        What does not pass from an address where a source of ours is at home is that source,
        broken: without its signature it is left with a return path, or with nothing.
        """
        name = identity or address
        if (domain, name) not in self._passing:
            name = self._homes.get((domain, address), name)
        if name == REST:
            return REST, False
        ours = name == SENDGRID or (domain, name) in self._passing or self._is_listed(name, address)
        return name, ours

    def _is_listed(self, name: str, address: str) -> bool:
        if not self._words:
            return False
        name = name.lower()
        if name in self._words or any(name.endswith(f".{word}") for word in self._words):
            return True
        try:
            return any(ip_address(address) in network for network in self._networks)
        except ValueError:
            return False


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
