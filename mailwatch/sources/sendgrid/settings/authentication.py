"""The authenticated domains and branded links of an account, matched with the monitored domains.

SendGrid keeps old rows that are no longer valid; they say nothing as long as a valid one is there,
and rows of other domains say nothing at all.
"""

from collections.abc import Iterable, Sequence

from mailwatch.model import Measurement, Phrase, Subject, say
from mailwatch.sources.sendgrid.settings.replies import ExpectedRecord, SenderDomain
from mailwatch.text.inert import inert

MOST_ROWS = 3
"""Rows of one domain whose records are compared with DNS."""


def rows_for(rows: Iterable[SenderDomain], domain: str) -> tuple[SenderDomain, ...]:
    """The rows in force for `domain`: its own, else those of subdomains, else of the domain above.

    Where one is valid, the valid ones alone, the default first; else the newest. DMARC accepts a
    signature of a subdomain or of the domain above (relaxed alignment, RFC 9989).
    """
    domain = domain.lower().removesuffix(".")
    rows = tuple(rows)
    near = (
        [row for row in rows if row.domain == domain],
        [row for row in rows if row.domain.endswith(f".{domain}")],
        [row for row in rows if "." in row.domain and domain.endswith(f".{row.domain}")],
    )
    matching = next((found for found in near if any(row.valid for row in found)), None)
    if matching is not None:
        valid = [row for row in matching if row.valid]
        return tuple(sorted(valid, key=lambda row: (not row.default, -row.id))[:MOST_ROWS])
    newest = sorted(next(filter(None, near), []), key=lambda row: -row.id)
    return tuple(newest[:1])


def records_for(rows: Iterable[SenderDomain], domain: str) -> tuple[ExpectedRecord, ...]:
    """The DNS records that SendGrid expects for `domain`, each once."""
    return tuple(dict.fromkeys(record for row in rows_for(rows, domain) for record in row.records))


def selectors_for(rows: Iterable[SenderDomain], domain: str) -> tuple[str, ...]:
    """The DKIM selectors that SendGrid signs `domain` with, each once."""
    return tuple(
        dict.fromkeys(selector for row in rows_for(rows, domain) for selector in row.selectors)
    )


def measure_validity(metric: str, domain: str, rows: Sequence[SenderDomain]) -> Measurement:
    """Whether SendGrid's last validation of `domain` found it `valid`, `invalid`, or there is
    nothing for it (`missing`)."""
    chosen = rows_for(rows, domain)
    subject = Subject.of(domain=domain)
    if not chosen:
        return Measurement(metric, subject, "missing")
    value = "valid" if chosen[0].valid else "invalid"
    return Measurement(metric, subject, value, evidence=tuple(_evidence(chosen, domain)))


def _evidence(rows: Sequence[SenderDomain], domain: str) -> Iterable[Phrase]:
    for row in rows:
        if row.domain != domain or not row.valid:
            yield say("sendgrid.settings_row", domain=inert(row.domain, 100), number=row.id)
