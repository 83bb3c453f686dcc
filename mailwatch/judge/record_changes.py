"""DNS records that are not what the last run saw, and keys that are what they were a year ago."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from mailwatch.frozen import dataclass
from mailwatch.model import (
    KnownRecords,
    Measurement,
    Past,
    Phrase,
    RecordSet,
    Subject,
    say,
    verbatim,
)

OLD_KEY_DAYS = 365
"""M3AAWG, DKIM Key Rotation Best Common Practices: replace keys at least twice a year. A year is
what nobody calls rotation any more."""
_SPF = "v=spf1"
_DMARC = "_dmarc."
_DKIM = "._domainkey."
LONGEST = 600


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record set before and after."""

    before: KnownRecords
    after: RecordSet

    @property
    def phrase(self) -> Phrase:
        """Old → new, with the day on which the old one was last seen."""
        return say(
            "history.record_changed",
            rdtype=self.after.rdtype,
            name=self.after.name,
            day=str(self.before.last_seen),
            old=_shown(self.before.records.values, self.after.values),
            new=_shown(self.after.values, self.before.records.values),
        )


def record_changes(
    records: Iterable[RecordSet], known: Mapping[tuple[str, str], KnownRecords]
) -> Iterator[RecordChange]:
    """Each of `records` that is not as it was known."""
    for found in records:
        before = known.get(found.key)
        if before is not None and before.records.values != found.values:
            yield RecordChange(before, found)


def explain_records(
    measurements: Sequence[Measurement], records: Sequence[RecordSet], past: Past, today: date
) -> list[Measurement]:
    """`measurements`, those of DNS with what changed in their records as evidence."""
    evidence: dict[tuple[str, Subject], list[Phrase]] = {}
    domains = {m.subject.get("domain") or "" for m in measurements if m.metric == "dns.domain"}
    for change in record_changes(records, past.records):
        for about in _explained_by(change, domains):
            evidence.setdefault(about, []).append(change.phrase)
    for about, phrase in _old_keys(records, past, today):
        evidence.setdefault(about, []).append(phrase)
    return [
        replace(m, evidence=(*m.evidence, *evidence[m.metric, m.subject]))
        if (m.metric, m.subject) in evidence
        else m
        for m in measurements
    ]


def _explained_by(change: RecordChange, domains: set[str]) -> Iterator[tuple[str, Subject]]:
    """The metric and subject of each figure that the changed record is about."""
    name, rdtype = change.after.key
    selector, dkim, signing = name.partition(_DKIM)
    if rdtype == "MX":
        yield "dns.mx", Subject.of(domain=name)
    elif name.startswith(_DMARC):
        owner = name.removeprefix(_DMARC)
        for domain in domains:
            if domain == owner or domain.endswith(f".{owner}"):
                yield "dns.dmarc_policy", Subject.of(domain=domain)
    elif dkim:
        yield "dns.dkim_key", Subject.of(selector=selector, domain=signing)
    elif _spf(change.before.records.values) != _spf(change.after.values):
        # A record that is included is known to be a domain's only where there is one domain.
        for domain in domains if len(domains) == 1 else domains & {name}:
            yield "dns.spf_record", Subject.of(domain=domain)


def _old_keys(
    records: Iterable[RecordSet], past: Past, today: date
) -> Iterator[tuple[tuple[str, Subject], Phrase]]:
    """The DKIM keys that have been the same for a year."""
    for found in records:
        known = past.records.get(found.key)
        selector, dkim, domain = found.name.partition(_DKIM)
        if not dkim or not found.values or known is None or known.records != found:
            continue
        days = (today - known.first_seen).days
        if days >= OLD_KEY_DAYS:
            phrase = say("history.key_unchanged", day=str(known.first_seen), days=days)
            yield ("dns.dkim_key", Subject.of(selector=selector, domain=domain)), phrase


def _spf(values: Iterable[str]) -> list[str]:
    return [value for value in values if value.lower().startswith(_SPF)]


def _shown(values: Sequence[str], others: Sequence[str]) -> Phrase:
    """The values that the other side does not have."""
    different = [value for value in values if value not in others]
    text = " | ".join(different)
    if not text:
        return say("history.no_such_record")
    return verbatim(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")
