"""The authenticated domains and branded links of an account, matched with the monitored domains.

SendGrid keeps old rows that are no longer valid; they say nothing as long as a valid one is there,
and rows of other domains say nothing at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from mailwatch.config.addresses import parse_domain, parse_selector
from mailwatch.model import Cause, Measurement, Phrase, Subject, say
from mailwatch.sources.sendgrid.audit.replies import DnsExpectation, SenderDomain
from mailwatch.sources.sightings import SenderSeen, Sighting, Sightings
from mailwatch.text.inert import inert

MOST_ROWS = 3
"""Rows of one domain whose records are compared with DNS."""


class SenderRecords(NamedTuple):
    """What SendGrid expects of DNS."""

    records: tuple[DnsExpectation, ...]
    unanswered: Phrase | None
    """Why SendGrid did not name all of them; None: it did."""


class SenderDomains:
    """Rows of `/v3/whitelabel/domains` or `/links`, found by the domain that they are for.

    Finding takes as long as the name has labels, however many rows there are.
    """

    def __init__(self, rows: Iterable[SenderDomain]) -> None:
        self._own: dict[str, list[SenderDomain]] = defaultdict(list)
        self._below: dict[str, list[SenderDomain]] = defaultdict(list)
        for row in rows:
            self._own[row.domain].append(row)
            for name in names_above(row.domain):
                self._below[name].append(row)

    def in_force(self, domain: str) -> tuple[SenderDomain, ...]:
        """The rows in force for `domain`: its own, else those of subdomains, else of the domain
        above.

        Where one is valid, the valid ones alone, the default first, at most `MOST_ROWS`; else the
        newest. DMARC accepts a signature of a subdomain or of the domain above (relaxed alignment,
        RFC 9989).
        """
        domain = domain.lower().removesuffix(".")
        near = [
            self._own.get(domain, []),
            self._below.get(domain, []),
            *(self._own.get(name, []) for name in names_above(domain)),
        ]
        for rows in near:
            valid = [row for row in rows if row.valid]
            if valid:
                return tuple(sorted(valid, key=lambda row: (not row.default, -row.id))[:MOST_ROWS])
        newest = sorted(next(filter(None, near), []), key=lambda row: -row.id)
        return tuple(newest[:1])

    def records(self, domain: str) -> tuple[DnsExpectation, ...]:
        """The DNS records that SendGrid expects for `domain`, each once."""
        return tuple(
            dict.fromkeys(record for row in self.in_force(domain) for record in row.records)
        )

    def keys(self, domain: str) -> tuple[tuple[str, str], ...]:
        """The DKIM keys that SendGrid signs `domain` with and found valid, each once: the domain
        that the key is at, and the selector."""
        records = (record for row in self.in_force(domain) if row.valid for record in row.records)
        return tuple(dict.fromkeys(filter(None, map(_read_key, records))))

    def sender(self, domain: str) -> SenderDomain | None:
        """What SendGrid sends the mail of `domain` with: its own valid row, or the default; None
        where neither is there, since a row of another name may be for other mail."""
        name = domain.lower().removesuffix(".")
        rows = (row for row in self.in_force(domain) if row.valid)
        return next((row for row in rows if row.domain == name or row.default), None)


def tell_senders(domains: Iterable[str], rows: SenderDomains, sightings: Sightings) -> None:
    """Tells the other sources which keys SendGrid signs the mail of `domains` with, and in which
    names it is sent."""
    origin, sender_origin = say("sendgrid.selector"), say("sendgrid.sender")
    for name in domains:
        keys = rows.keys(name)
        sightings.tell(Sighting(name, signer, selector, origin, True) for signer, selector in keys)
        row = rows.sender(name)
        if row is not None:
            sightings.tell([SenderSeen(name, row.return_path, row.domain, sender_origin)])


def _read_key(record: DnsExpectation) -> tuple[str, str] | None:
    """The signing domain and the selector; None for another record, and for what is no name."""
    selector, infix, signer = record.name.partition("._domainkey.")
    try:
        return (parse_domain(signer), parse_selector(selector)) if infix else None
    except ValueError:
        return None


def names_above(domain: str) -> Iterator[str]:
    """The names above `domain`, the nearest first, without the top one."""
    labels = domain.split(".")[:12]
    for at in range(1, len(labels) - 1):
        yield ".".join(labels[at:])


def measure_validity(
    metric: str, domain: str, rows: SenderDomains, *, complete: bool
) -> Measurement:
    """Whether SendGrid's last validation of `domain` found it `valid`, `invalid`, or there is
    nothing for it (`missing`, where the rows are `complete`)."""
    chosen = rows.in_force(domain)
    subject = Subject.of(domain=domain)
    if not chosen and not complete:
        note = say("sendgrid.too_many_rows")
        return Measurement(metric, subject, cause=Cause.NO_DATA, note=note)
    if not chosen:
        return Measurement(metric, subject, "missing")
    value = "valid" if chosen[0].valid else "invalid"
    return Measurement(metric, subject, value, evidence=tuple(_evidence(chosen, domain)))


def _evidence(rows: Sequence[SenderDomain], domain: str) -> Iterator[Phrase]:
    for row in rows:
        if row.domain != domain or not row.valid:
            yield say("sendgrid.settings_row", domain=inert(row.domain, 100), number=row.id)
