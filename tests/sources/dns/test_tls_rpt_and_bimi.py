"""TLS-RPT (RFC 8460) and BIMI: the state of the record."""

import pytest

from mailwatch.model import Cause
from mailwatch.sources.dns.bimi import measure_bimi
from mailwatch.sources.dns.tls_rpt import measure_tls_rpt
from tests.sources.dns.dns_peer import Figures, MemoryLookup, Zone, run

GOOD = "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem"
ENFORCED = "v=DMARC1; p=quarantine"


@pytest.mark.parametrize(
    ("records", "word", "said"),
    [
        ([], "missing", "no TLS-RPT record at _smtp._tls.example.com"),
        (["v=TLSRPTv2; rua=mailto:a@example.com"], "missing", ""),
        (["v=TLSRPTv1; rua=mailto:a@example.com"], "valid", ""),
        (["v=TLSRPTv1;rua=https://r.example/x,mailto:a@example.com;", "other"], "valid", ""),
        (["v=TLSRPTv1; rua=mailto:a@example.com, a@example.com"], "flawed", "a@example.com"),
        (["v=TLSRPTv1; rua=http://r.example/"], "invalid", "no valid rua="),
        (["v=TLSRPTv1;"], "invalid", "no valid rua="),
        (["v=TLSRPTv1; rua=mailto:a@b.example"] * 2, "invalid", "there are 2"),
        (["v=TLSRPTv1; rua=\x1b[31m"], "invalid", "\\x1b[31m"),
    ],
)
def test_tls_rpt(records: list[str], word: str, said: str) -> None:
    lookup = MemoryLookup({("_smtp._tls.example.com", "TXT"): records})
    figures = run(measure_tls_rpt("example.com", lookup))
    assert figures.value("dns.tls_rpt") == word
    assert said in figures.said("dns.tls_rpt")
    assert len(lookup.asked) == 1


def bimi(record: str | list[str], dmarc: str | None = ENFORCED, *lost: str) -> Figures:
    zone: Zone = {
        ("default._bimi.example.com", "TXT"): [record] if isinstance(record, str) else record,
        ("_dmarc.example.com", "TXT"): [dmarc] if dmarc else [],
    }
    return run(measure_bimi("example.com", MemoryLookup(zone, lost)))


@pytest.mark.parametrize(
    ("record", "dmarc", "word"),
    [
        (GOOD, ENFORCED, "valid"),
        (GOOD, "v=DMARC1; p=reject; sp=quarantine", "valid"),
        ("v=BIMI1; l=https://example.com/logo.svg", ENFORCED, "valid"),
        (GOOD, None, "not_enforced"),
        (GOOD, "v=DMARC1; p=none", "not_enforced"),
        (GOOD, "v=DMARC1; p=reject; sp=none", "not_enforced"),
        (GOOD, "v=DMARC1; p=quarantine; t=y", "not_enforced"),
        ("v=BIMI1; l=; a=;", None, "declined"),
        ("v=BIMI1; l=", None, "declined"),
        ([], None, "missing"),
        ("v=bimi1; l=https://example.com/logo.svg", ENFORCED, "missing"),
        ([GOOD, GOOD], ENFORCED, "invalid"),
        ("v=BIMI1; l=http://example.com/logo.svg", ENFORCED, "invalid"),
        ("v=BIMI1; l=https://example.com/logo.png", ENFORCED, "invalid"),
        ("v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc", ENFORCED, "invalid"),
        ("v=BIMI1; a=https://example.com/vmc.pem", ENFORCED, "invalid"),
        ("v=BIMI1; l=; a=https://example.com/vmc.pem", ENFORCED, "invalid"),
        ("v=BIMI1; l=https://example.com/a.svg; l=https://example.com/b.svg", ENFORCED, "invalid"),
    ],
)
def test_bimi(record: str | list[str], dmarc: str | None, word: str) -> None:
    assert bimi(record, dmarc).value("dns.bimi") == word


def test_a_subdomain_needs_its_organization_to_enforce() -> None:
    zone: Zone = {
        ("default._bimi.a.example.com", "TXT"): [GOOD],
        ("_dmarc.a.example.com", "TXT"): ["v=DMARC1; p=reject"],
        ("_dmarc.example.com", "TXT"): ["v=DMARC1; p=none"],
    }
    figures = run(measure_bimi("a.example.com", MemoryLookup(zone)))
    assert figures.value("dns.bimi") == "not_enforced"


def test_what_could_not_be_asked_for_is_unknown() -> None:
    for lost in ("default._bimi.example.com", "_dmarc.example.com"):
        assert bimi(GOOD, ENFORCED, lost)["dns.bimi"].cause is Cause.COULD_NOT_ASK
    lookup = MemoryLookup({}, ("_smtp._tls.example.com",))
    figures = run(measure_tls_rpt("example.com", lookup))
    assert figures["dns.tls_rpt"].cause is Cause.COULD_NOT_ASK
