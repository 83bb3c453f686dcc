"""What SendGrid expects of DNS, as records that can be published in the zones of the domains."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mailwatch.config.addresses import parse_domain
from mailwatch.publish.record_set import ExpectedRecord, PublishedType
from mailwatch.sources.sendgrid.audit.replies import DnsExpectation
from mailwatch.text.inert import inert

_TYPES: tuple[PublishedType, ...] = ("A", "CNAME", "MX", "TXT")
_PREFERENCE = "10"
"""SendGrid names the host of an MX record alone."""


@dataclass(slots=True)
class Expected:
    """The records, and what is to be said of those that are none."""

    records: list[ExpectedRecord] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def publishable(expectations: Iterable[DnsExpectation], domains: Sequence[str]) -> Expected:
    """Those of `expectations` that are at or below one of `domains`; of several CNAMEs of one name
    the first, which is of the row that SendGrid uses by default."""
    expected = Expected()
    aliases: set[str] = set()
    for wanted in expectations:
        record = _read(wanted)
        if record is None:
            name = inert(wanted.name, 100)
            expected.notes.append(f"SendGrid expects a record of {name} that cannot be published.")
        elif not any(f".{record.name}".endswith(f".{domain}") for domain in domains):
            what = f"{record.name} {record.type} {inert(record.value, 120)}"
            expected.notes.append(f"SendGrid expects {what}: publish it in the zone of that name.")
        elif record.type != "CNAME" or record.name not in aliases:
            expected.records.append(record)
            aliases |= {record.name} if record.type == "CNAME" else set()
    return expected


def _read(wanted: DnsExpectation) -> ExpectedRecord | None:
    value = wanted.value
    if wanted.type == "MX" and " " not in value:
        value = f"{_PREFERENCE} {value}"
    kind = next((kind for kind in _TYPES if kind == wanted.type), None)
    try:
        return ExpectedRecord(parse_domain(wanted.name), kind, value) if kind else None
    except ValueError:
        return None
