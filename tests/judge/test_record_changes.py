"""Which figure a changed DNS record is evidence for."""

from datetime import date, timedelta

import pytest

from mailwatch.judge.record_changes import LONGEST, explain_records
from mailwatch.model import KnownRecords, Measurement, Past, RecordSet, Subject
from mailwatch.words import worded

TODAY = date(2026, 11, 24)
DOMAINS = ("example.com", "mail.example.com")


def figures(*domains: str) -> list[Measurement]:
    """The figures of the domains that a record can be evidence for."""
    found = []
    for domain in domains:
        subject = Subject.of(domain=domain)
        for name in ("domain", "spf_record", "dmarc_policy", "mx"):
            found.append(Measurement(f"dns.{name}", subject, "x"))
        found.append(Measurement("dns.dkim_key", Subject.of(domain=domain, selector="s1"), "x"))
    return found


def explained(
    name: str, rdtype: str, old: tuple[str, ...], new: tuple[str, ...], *domains: str, days: int = 1
) -> dict[tuple[str, str], str]:
    """The evidence, by metric and domain."""
    seen = TODAY - timedelta(days=days)
    known = KnownRecords(RecordSet(name, rdtype, old), seen, TODAY - timedelta(days=1))
    past = Past(records={(name, rdtype): known})
    now = [RecordSet(name, rdtype, new), RecordSet("new.example", "TXT", ("v=spf1",))]
    return {
        (m.metric, m.subject.get("domain") or ""): worded(m.evidence[-1], "en")
        for m in explain_records(figures(*domains or DOMAINS), now, past, TODAY)
        if m.evidence
    }


@pytest.mark.parametrize(
    ("name", "rdtype", "old", "new", "about"),
    [
        ("example.com", "MX", "10 a", "10 b", {("dns.mx", "example.com")}),
        ("example.com", "TXT", "v=spf1 a", "v=spf1 b", {("dns.spf_record", "example.com")}),
        ("example.com", "TXT", "token=1", "token=2", set()),
        ("_spf.other.example", "TXT", "v=spf1 a", "v=spf1 b", set()),  # whose it is, is not known
        (
            "_dmarc.example.com", "TXT", "v=DMARC1; p=none", "v=DMARC1; p=reject",
            {("dns.dmarc_policy", "example.com"), ("dns.dmarc_policy", "mail.example.com")},
        ),
        (
            "_dmarc.mail.example.com", "TXT", "v=DMARC1; p=none", "v=DMARC1; p=reject",
            {("dns.dmarc_policy", "mail.example.com")},
        ),
        ("s1._domainkey.example.com", "TXT", "p=A", "p=B", {("dns.dkim_key", "example.com")}),
        ("s9._domainkey.example.com", "TXT", "p=A", "p=B", set()),
        ("example.com", "MX", "10 a", "10 a", set()),
    ],
)  # fmt: skip
def test_a_record_is_evidence_for_its_own_figure(
    name: str, rdtype: str, old: str, new: str, about: set[tuple[str, str]]
) -> None:
    found = explained(name, rdtype, (old,), (new,))
    assert found.keys() == about
    for text in found.values():
        assert f"until 2026-11-23 it was: {old} → now: {new}" in text


def test_an_included_record_is_the_only_domain_s() -> None:
    found = explained("_spf.other.example", "TXT", ("v=spf1 a",), ("v=spf1 b",), "example.com")
    assert found.keys() == {("dns.spf_record", "example.com")}


def test_only_the_values_that_differ_are_shown_and_never_too_much_of_them() -> None:
    long = "v=spf1 " + "x" * 3000
    found = explained("example.com", "TXT", ("same", long), ("same",), "example.com")
    (text,) = found.values()
    assert "same" not in text
    assert text.endswith("… → now: no record")
    assert len(text) < LONGEST + 100


@pytest.mark.parametrize(("days", "named"), [(364, False), (365, True)])
def test_a_key_that_is_the_same_for_a_year_is_named(days: int, *, named: bool) -> None:
    key = "s1._domainkey.example.com", "TXT", ("p=A",)
    found = explained(*key, ("p=A",), "example.com", days=days)
    assert bool(found) is named
    assert not named or "the same key for 365 days" in found["dns.dkim_key", "example.com"]
    assert not explained("s1._domainkey.example.com", "TXT", (), (), "example.com", days=days)
