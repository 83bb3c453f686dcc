"""What a DMARC record does beyond its own domain (RFC 9989 §4.4, §4.7; RFC 9990 §4)."""

from collections.abc import Mapping

import pytest

from mailwatch.model import Cause
from mailwatch.resolver.lookup import RdType
from mailwatch.sources.dns.dmarc_reach import (
    SendingIdentity,
    measure_alignment,
    measure_report_authorization,
    measure_subdomain_policies,
)
from tests.sources.dns.dns_peer import Figures, MemoryLookup, run

Records = Mapping[str, str | list[str]]


def zone_of(records: Records) -> dict[tuple[str, RdType], list[str]]:
    return {
        (name, "TXT"): [text] if isinstance(text, str) else text for name, text in records.items()
    }


@pytest.mark.parametrize(
    ("text", "sp", "np"),
    [
        ("v=DMARC1; p=reject", None, None),
        ("v=DMARC1; p=reject; sp=none", "none", None),
        ("v=DMARC1; p=none; sp=quarantine; np=reject", "quarantine", "reject"),
        ("v=DMARC1; p=reject; sp=reject; np=quarantine; t=y", "quarantine", "none"),
        ("v=DMARC1; p=reject; sp=nono; rua=mailto:r@example.com", None, None),
    ],
)
def test_subdomain_policies(text: str, sp: str | None, np: str | None) -> None:
    lookup = MemoryLookup(zone_of({"_dmarc.example.com": text}))
    figures = run(measure_subdomain_policies("example.com", lookup))
    found = {metric: figures.value(metric) for metric in figures.metrics}
    wanted = {"dns.dmarc_subdomain_policy": sp, "dns.dmarc_nonexistent_policy": np}
    assert found == {metric: word for metric, word in wanted.items() if word}


def test_sp_of_a_subdomain_has_no_effect() -> None:
    records = {
        "_dmarc.example.com": "v=DMARC1; p=none",
        "_dmarc.a.example.com": "v=DMARC1; p=reject; sp=none; np=none",
    }
    figures = run(measure_subdomain_policies("a.example.com", MemoryLookup(zone_of(records))))
    assert figures.metrics == set()


def authorization(records: Records, *lost: str) -> Figures:
    return run(
        measure_report_authorization("example.com", MemoryLookup(zone_of(records), set(lost)))
    )


def rua(*addresses: str) -> dict[str, str]:
    return {"_dmarc.example.com": f"v=DMARC1; p=none; rua={','.join(addresses)}"}


ACCEPTED = {"example.com._report._dmarc.reports.example": "v=DMARC1;"}
CASES: list[tuple[Records, str | None]] = [
    (rua("mailto:r@example.com"), None),
    # the same organization, by the tree walk
    (rua("mailto:r@in.example.com"), None),
    (rua("mailto:r@reports.example"), "unauthorized"),
    ({**rua("mailto:r@reports.example"), **ACCEPTED}, "authorized"),
    ({**rua("https://reports.example/in?x=1"), **ACCEPTED}, "authorized"),
    ({**rua("mailto:r@Reports.Example!10m"), **ACCEPTED}, "authorized"),
    (
        {
            **rua("mailto:r@reports.example"),
            "example.com._report._dmarc.reports.example": [
                "v=spf1 -all",
                "v=DMARC1; rua=mailto:x@y",
            ],
        },
        "authorized",
    ),
    (
        {
            **rua("mailto:r@reports.example"),
            "example.com._report._dmarc.reports.example": "v=dmarc1;",
        },
        "unauthorized",
    ),
    ({**rua("mailto:r@reports.example", "mailto:r@other.example"), **ACCEPTED}, "partly"),
    # an organization of its own below the domain
    (
        {**rua("mailto:r@in.example.com"), "_dmarc.in.example.com": "v=DMARC1; p=none; psd=n"},
        "unauthorized",
    ),
    ({}, None),
    ({"_dmarc.com": "v=DMARC1; p=none; rua=mailto:r@reports.example"}, None),
]


@pytest.mark.parametrize(("records", "word"), CASES)
def test_report_addresses_of_others(records: Records, word: str | None) -> None:
    figures = authorization(records)
    if word is None:
        assert figures.metrics == set()
        return
    assert figures.value("dns.dmarc_report_authorization") == word
    if word != "authorized":
        assert "there is no record v=DMARC1; at example.com._report._dmarc." in figures.said(
            "dns.dmarc_report_authorization"
        )


def test_an_authorization_that_could_not_be_asked_for_is_unknown() -> None:
    records = rua("mailto:r@reports.example")
    for lost in ("example.com._report._dmarc.reports.example", "_dmarc.reports.example"):
        figures = authorization(records, lost)
        assert figures["dns.dmarc_report_authorization"].cause is Cause.COULD_NOT_ASK
    # An acceptance is certain, whichever organization it is
    figures = authorization({**records, **ACCEPTED}, "_dmarc.reports.example")
    assert figures.value("dns.dmarc_report_authorization") == "authorized"


def test_very_many_addresses_cost_few_questions() -> None:
    many = [f"mailto:r@a.b.c.d.e.f.g.h.i{n}.example" for n in range(60)]
    lookup = MemoryLookup(zone_of(rua(*many)))
    figures = run(measure_report_authorization("example.com", lookup))
    assert len(set(lookup.asked)) <= 50
    assert "and 55 more" in figures.said("dns.dmarc_report_authorization")


@pytest.mark.parametrize(
    ("record", "return_path", "dkim_domain", "word"),
    [
        ("v=DMARC1; p=none", "em1.example.com", "example.com", "both"),
        ("v=DMARC1; p=none; aspf=s", "em1.example.com", "example.com", "dkim"),
        ("v=DMARC1; p=none; adkim=s", "em1.example.com", "mail.example.com", "spf"),
        ("v=DMARC1; p=none; ASPF=S; adkim=s", "em1.example.com", "mail.example.com", "neither"),
        ("v=DMARC1; p=none", "em1.example.net", "example.com", "dkim"),
        ("v=DMARC1; p=none", "u1.wl1.sendgrid.net", "sendgrid.info", "neither"),
        ("v=DMARC1; p=none", None, "example.com", "dkim"),
        (None, "em1.example.com", "example.com", "dkim"),
    ],
)
def test_alignment(
    record: str | None, return_path: str | None, dkim_domain: str, word: str
) -> None:
    records = {"_dmarc.example.com": record} if record else {}
    identity = SendingIdentity(return_path, dkim_domain)
    figures = run(measure_alignment("example.com", identity, MemoryLookup(zone_of(records))))
    assert figures.value("dns.dmarc_alignment") == word
    assert f"d={dkim_domain}" in figures.said("dns.dmarc_alignment")


def test_alignment_of_a_subdomain_goes_by_the_organization() -> None:
    records = {"_dmarc.example.com": "v=DMARC1; p=none"}
    identity = SendingIdentity("em1.example.com", "example.com")
    figures = run(measure_alignment("news.example.com", identity, MemoryLookup(zone_of(records))))
    assert figures.value("dns.dmarc_alignment") == "both"


def test_what_is_not_known_is_not_called_unaligned() -> None:
    lookup = MemoryLookup(zone_of({"_dmarc.example.com": "v=DMARC1; p=none"}))
    assert run(measure_alignment("example.com", SendingIdentity(), lookup)).metrics == set()
    for identity in (SendingIdentity("em1.example.com"), SendingIdentity(None, "sendgrid.net")):
        figures = run(measure_alignment("example.com", identity, lookup))
        assert figures["dns.dmarc_alignment"].cause is Cause.NO_DATA


def test_alignment_that_could_not_be_asked_for_is_unknown() -> None:
    for lost in ("_dmarc.example.com", "_dmarc.em1.example.net"):
        lookup = MemoryLookup(zone_of({"_dmarc.example.com": "v=DMARC1; p=none"}), {lost})
        identity = SendingIdentity("em1.example.net", "example.com")
        figures = run(measure_alignment("example.com", identity, lookup))
        assert figures["dns.dmarc_alignment"].cause is Cause.COULD_NOT_ASK
