"""What passes: rates of a domain and of its sources, and what fails, spoofing apart from broken."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from mailwatch.model import Cause, Measurement, Phrase, Subject, Window, say
from mailwatch.sources.dmarc import metrics
from mailwatch.sources.dmarc.senders import DomainMail, MailSource
from mailwatch.sources.dmarc.summary import REST, SourceTally
from mailwatch.sources.series import Share, pool_shares

NAMED = 50
"""Sources that are named in a report, the worst first. The others are counted in one."""
UNALIGNED = 0.05
"""The share of a source's messages from which it counts as unaligned."""
RECENT_DAYS = 7
"""A source first seen in the last seven days is new, …"""
EARLIER_DAYS = 7
"""… where there are reports of so many days before."""
OTHERS = "other sources"
"""The name of the sources of ours that are not named, together."""
_OWN_NAMED = 40
_LISTED = 5
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Naming:
    """Which sources are named, and how."""

    window: Window
    complete_until: date
    """The newest day that is over."""
    named: frozenset[tuple[str, str]]
    """Domains and names of sources."""
    hosts: Mapping[str, str]
    """Host names by address, where they were looked up."""

    def shown(self, sender: MailSource) -> str:
        """The name of a source: a host name where it was looked up."""
        return self.hosts.get(sender.name, sender.name)[:_LONGEST_NAME]


def choose_named(mails: Iterable[DomainMail]) -> frozenset[tuple[str, str]]:
    """The worst sources of all domains together: first those that are ours, which a wave of
    spoofing from very many addresses must not hide."""
    found = [(mail.domain, one) for mail in mails for one in mail.senders if one.name != REST]
    found.sort(key=lambda pair: (-(pair[1].broken + pair[1].spoofed), -pair[1].total.messages))
    own = [(domain, one.name) for domain, one in found if one.ours][:_OWN_NAMED]
    strangers = [(domain, one.name) for domain, one in found if not one.ours]
    return frozenset([*own, *strangers[: NAMED - len(own)]])


def measure_domain(mail: DomainMail, naming: Naming, *, whole: bool) -> Iterator[Measurement]:
    """The rates of a domain: its pass rate, and where `whole` everything else."""
    about = Subject.of(domain=mail.domain)
    yield _rate(metrics.PASS_RATE, about, mail.days, "passed", naming, _what_fails(mail))
    if not whole:
        return
    for metric, name in ((metrics.SPF_RATE, "spf"), (metrics.DKIM_RATE, "dkim")):
        yield _rate(metric, about, mail.days, name, naming)
    yield _spoofed(mail, naming)
    yield from _own_sources(mail, naming)
    yield _unaligned(mail, naming)
    yield _new(mail, naming)


def _rate(
    metric: str,
    about: Subject,
    days: Mapping[date, SourceTally],
    name: str,
    naming: Naming,
    evidence: Iterable[Phrase] = (),
) -> Measurement:
    """The share of messages that the field `name` of their tallies counts."""
    count = attrgetter(name)
    shares = {day: Share(count(tally), tally.messages) for day, tally in days.items()}
    pooled = pool_shares(shares, naming.window)
    return Measurement(
        metric,
        about,
        value=pooled.rate,
        numerator=pooled.numerator,
        denominator=pooled.denominator,
        denominator_name="messages",
        window=naming.window,
        daily=pooled.daily,
        evidence=tuple(evidence),
        cause=Cause.NO_DATA if pooled.rate is None else None,
        note=say("dmarc.no_messages") if pooled.rate is None else None,
        proportion=True,
        complete_until=naming.complete_until,
    )


def _what_fails(mail: DomainMail) -> Iterator[Phrase]:
    """Who the failures are from, and what receivers did."""
    total = mail.total
    if total.failed:
        yield say(
            "dmarc.what_fails",
            broken=sum(sender.broken for sender in mail.senders),
            spoofed=sum(sender.spoofed for sender in mail.senders),
            forwarded=total.forwarded,
            listed=total.listed,
        )
    if total.quarantined or total.rejected or total.overridden:
        yield say(
            "dmarc.disposition",
            quarantined=total.quarantined,
            rejected=total.rejected,
            overridden=total.overridden,
        )


def _spoofed(mail: DomainMail, naming: Naming) -> Measurement:
    """The share of messages that fail and are not ours; its sources are named in the evidence."""
    count = sum(sender.spoofed for sender in mail.senders)
    strangers = [sender for sender in mail.senders if sender.spoofed > 0]
    return Measurement(
        metrics.SPOOFED_RATE,
        Subject.of(domain=mail.domain),
        value=count / mail.total.messages if mail.total.messages else None,
        numerator=count,
        denominator=mail.total.messages,
        denominator_name="messages",
        window=mail.window,
        evidence=tuple(_list_strangers(mail.domain, strangers, naming)),
        cause=None if mail.total.messages else Cause.NO_DATA,
        proportion=True,
        complete_until=naming.complete_until,
    )


def _list_strangers(domain: str, strangers: list[MailSource], naming: Naming) -> Iterator[Phrase]:
    named = [sender for sender in strangers if (domain, sender.name) in naming.named]
    for sender in named:
        yield say("dmarc.stranger", name=naming.shown(sender), messages=sender.spoofed)
    others = [sender for sender in strangers if (domain, sender.name) not in naming.named]
    if others:
        messages = sum(sender.spoofed for sender in others)
        yield say("dmarc.other_strangers", sources=len(others), messages=messages)


def _own_sources(mail: DomainMail, naming: Naming) -> Iterator[Measurement]:
    """The pass rate of each source that is ours and among the worst; the others in one."""
    own = [sender for sender in mail.senders if sender.ours]
    others: list[MailSource] = []
    for sender in own:
        if (mail.domain, sender.name) not in naming.named:
            others.append(sender)
            continue
        about = Subject.of(domain=mail.domain, source=naming.shown(sender))
        facts = _about_source(sender, naming)
        yield _rate(metrics.PASS_RATE, about, sender.days, "passed", naming, facts)
    if others:
        days: dict[date, SourceTally] = {}
        for sender in others:
            for day, tally in sender.days.items():
                days.setdefault(day, SourceTally()).merge(tally)
        about = Subject.of(domain=mail.domain, source=OTHERS)
        yield _rate(metrics.PASS_RATE, about, days, "passed", naming)


def _about_source(sender: MailSource, naming: Naming) -> Iterator[Phrase]:
    total = sender.total
    if total.failed:
        yield say(
            "dmarc.source_fails",
            failed=total.failed,
            unaligned=total.unaligned,
            forwarded=total.forwarded + total.listed,
        )
    addresses = [naming.hosts.get(one, one)[:_LONGEST_NAME] for one in sender.addresses]
    if total.failed and addresses != [sender.name]:
        yield say("dmarc.sent_from", addresses=", ".join(one for one in addresses if one != REST))


def _unaligned(mail: DomainMail, naming: Naming) -> Measurement:
    """Sources that are ours and authenticate as another domain."""
    found = [
        sender
        for sender in mail.senders
        if sender.ours and sender.total.unaligned > UNALIGNED * sender.total.messages
    ]
    return _count_sources(metrics.UNALIGNED_SOURCES, mail, found, naming)


def _new(mail: DomainMail, naming: Naming) -> Measurement:
    """Sources first seen in the last days. Without reports of the days before, every one is."""
    if mail.earlier_days < EARLIER_DAYS:
        return Measurement(
            metrics.NEW_SOURCES,
            Subject.of(domain=mail.domain),
            cause=Cause.NO_DATA,
            note=say("dmarc.no_earlier_days", days=EARLIER_DAYS),
        )
    since = mail.window.last - timedelta(days=RECENT_DAYS - 1)
    found = [one for one in mail.senders if one.first >= since and one.name != REST]
    return _count_sources(metrics.NEW_SOURCES, mail, found, naming)


def _count_sources(
    metric: str, mail: DomainMail, found: list[MailSource], naming: Naming
) -> Measurement:
    evidence = [
        say(
            "dmarc.source_counted",
            name=naming.shown(sender),
            messages=sender.total.messages,
            passed=sender.total.passed,
        )
        for sender in found[:_LISTED]
    ]
    if len(found) > _LISTED:
        evidence.append(say("dmarc.and_more", n=len(found) - _LISTED))
    return Measurement(
        metric,
        Subject.of(domain=mail.domain),
        value=len(found),
        window=mail.window,
        evidence=tuple(evidence),
        complete_until=naming.complete_until,
    )
