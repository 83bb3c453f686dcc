"""What is proposed for a domain, by what DNS has."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from mailwatch.config import Domain
from mailwatch.publish.advice import propose
from mailwatch.publish.record_set import ExpectedRecord, Proposal
from mailwatch.publish.sendgrid_records import publishable
from mailwatch.publish.spf_advice import join_records
from mailwatch.resolver.lookup import Answer, RdType
from mailwatch.sources.dns.policy_file import PolicyServer
from mailwatch.sources.sendgrid.audit.replies import DnsExpectation
from tests.sources.dns.dns_peer import MemoryLookup, job
from tests.sources.dns.policy_peer import ok, policy_server

Records = Mapping[tuple[str, RdType], list[str]]
SOUND: Records = {
    ("example.com", "TXT"): ["v=spf1 include:sendgrid.net ~all", "verification=1"],
    ("sendgrid.net", "TXT"): ["v=spf1 ip4:192.0.2.0/24 ~all"],
    ("example.com", "MX"): ["10 mx1.example.com"],
    ("_dmarc.example.com", "TXT"): ["v=DMARC1; p=none; rua=mailto:r@example.com"],
    ("_smtp._tls.example.com", "TXT"): ["v=TLSRPTv1; rua=mailto:t@example.com"],
}
DOMAIN = Domain("example.com")


class Aliased(MemoryLookup):
    """A zone in which some names are aliases."""

    def __init__(self, zone: Records, aliases: Mapping[str, str]) -> None:
        super().__init__(zone)
        self._aliases = aliases

    async def get(self, name: str, rdtype: RdType) -> Answer:
        if name in self._aliases:
            answer = await super().get(self._aliases[name], rdtype)
            return replace(answer, chain=(self._aliases[name],))
        return await super().get(name, rdtype)


def proposed(
    changed: Records | None = None,
    domain: Domain = DOMAIN,
    expected: tuple[ExpectedRecord, ...] = (),
    lookup: MemoryLookup | None = None,
    server: PolicyServer | None = None,
) -> Proposal:
    zone = {key: value for key, value in {**SOUND, **(changed or {})}.items() if value}
    asking = lookup or MemoryLookup(zone)
    return asyncio.run(propose([domain], asking.get, job(), expected, server))


def values(proposal: Proposal, name: str) -> tuple[str, ...] | None:
    return next((made.values for made in proposal.sets if made.name == name), None)


def test_a_sound_domain_needs_nothing() -> None:
    assert proposed() == Proposal()


RUA = "rua=mailto:r@example.com"


@pytest.mark.parametrize(
    ("records", "text"),
    [
        ([], "v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com"),
        (["v=DMARC1; p=reject"], "v=DMARC1; p=reject; rua=mailto:dmarc-reports@example.com"),
        ([f"v=DMARC1; p=quarantine; pct=50; ri=1; zz=1; {RUA}"], f"v=DMARC1; p=quarantine; {RUA}"),
        (
            [f"v=DMARC1; p=quarantine; sp=reject; adkim=s; aspf=x; t=y; fo=1; {RUA}"],
            f"v=DMARC1; p=quarantine; sp=reject; t=y; adkim=s; fo=1; {RUA}",
        ),
        # What receivers took as p=none, or ignored, must not come into force in one step.
        ([f"v=DMARC1; p=rejct; {RUA}"], f"v=DMARC1; p=none; {RUA}"),
        ([f"v=DMARC1; p=reject; sp=x; {RUA}"], f"v=DMARC1; p=none; {RUA}"),
        ([f"v=dmarc1; p=reject; {RUA}"], f"v=DMARC1; p=none; {RUA}"),
        (["v=DMARC1; p=reject", f"v=DMARC1; p=none; {RUA}"], f"v=DMARC1; p=none; {RUA}"),
        ([f"v=DMARC1; p=reject; p=reject; {RUA}"], f"v=DMARC1; p=none; {RUA}"),
    ],
)
def test_dmarc(records: list[str], text: str) -> None:
    found = proposed({("_dmarc.example.com", "TXT"): records})
    assert values(found, "_dmarc.example.com") == (text,)
    assert len(found.sets) == 1


def test_an_inherited_policy_is_not_replaced_by_a_weaker_one() -> None:
    inherited: Records = {
        ("news.example.com", "A"): ["192.0.2.1"],
        ("_dmarc.example.com", "TXT"): [f"v=DMARC1; p=reject; {RUA}"],
        ("_dmarc.news.example.com", "TXT"): ["v=dmarc1; p=none"],
    }
    found = proposed(inherited, Domain("news.example.com"))
    assert found.sets == []
    assert any("remove it, as _dmarc.example.com holds" in note for note in found.notes)


def test_reports_to_others() -> None:
    record = "v=DMARC1; p=none; rua=mailto:r@reports.example,mailto:r@own.example"
    zone = {**SOUND, ("_dmarc.example.com", "TXT"): [record], ("own.example", "A"): ["192.0.2.1"]}
    domains = [DOMAIN, Domain("own.example")]
    found = asyncio.run(propose(domains, MemoryLookup(zone).get, job()))
    assert values(found, "example.com._report._dmarc.own.example") == ("v=DMARC1;",)
    assert any("example.com._report._dmarc.reports.example TXT" in note for note in found.notes)


@pytest.mark.parametrize(
    ("records", "text"),
    [
        (["v=spf1 include:sendgrid.net +all"], "v=spf1 include:sendgrid.net ~all"),
        (
            ["v=spf1 include:gone.example include:sendgrid.net -all"],
            "v=spf1 include:sendgrid.net -all",
        ),
        (["v=spf1 ip4:192.0.2.1 -all", "v=spf1 a -all"], "v=spf1 ip4:192.0.2.1 a -all"),
    ],
)
def test_spf_keeps_the_other_texts_of_the_name(records: list[str], text: str) -> None:
    found = proposed({("example.com", "TXT"): [*records, "verification=1", "x=2"]})
    assert values(found, "example.com") == (text, "verification=1", "x=2")


@pytest.mark.parametrize(
    ("records", "joined"),
    [
        (["v=spf1 mx -all", "V=SPF1 mx a ~all"], "v=spf1 mx a ~all"),
        (
            ["v=spf1 mx -all", "v=spf1 redirect=_spf.example.net"],
            "v=spf1 mx include:_spf.example.net -all",
        ),
        (["v=spf1 mx exp=e.example", "v=spf1 a exp=f.example"], "v=spf1 mx a exp=e.example ~all"),
        (["v=spf1 +all", "v=spf1 a -all"], "v=spf1 a ~all"),
        (["v=spf1 ALL redirect=x.example"], "v=spf1 redirect=x.example ~all"),
        (["v=spf1 redirect=x.example"], "v=spf1 redirect=x.example"),
    ],
)
def test_joined_spf(records: list[str], joined: str) -> None:
    assert join_records(records) == joined


def test_a_missing_spf_record_is_made_from_own_addresses_only() -> None:
    none: Records = {("example.com", "TXT"): ["verification=1"]}
    assert proposed(none).sets == []
    own = Domain("example.com", sending_ips=("192.0.2.10", "2001:db8::1"))
    text = "v=spf1 ip4:192.0.2.10 ip6:2001:db8::1 ~all"
    assert values(proposed(none, own), "example.com") == (text, "verification=1")
    # Mail through SendGrid is checked at the return path, never at the domain itself
    assert proposed(none, replace(own, return_path="em1.example.com")).sets == []


@pytest.mark.parametrize(
    ("records", "text"),
    [
        ([], "v=TLSRPTv1; rua=mailto:tls-reports@example.com"),
        (
            ["v=TLSRPTv1; rua=http://x/,mailto:t@example.com"],
            "v=TLSRPTv1; rua=mailto:t@example.com",
        ),
        (["v=TLSRPTv1;"], "v=TLSRPTv1; rua=mailto:tls-reports@example.com"),
    ],
)
def test_tls_rpt(records: list[str], text: str) -> None:
    found = proposed({("_smtp._tls.example.com", "TXT"): records})
    assert values(found, "_smtp._tls.example.com") == (text,)


def test_no_tls_rpt_for_a_domain_that_takes_no_mail() -> None:
    for hosts in ([], ["0 ."]):
        changed: Records = {
            ("_smtp._tls.example.com", "TXT"): [],
            ("example.com", "MX"): hosts,
        }
        assert proposed(changed).sets == []


def test_an_mta_sts_record_only_where_a_policy_is_served(tmp_path: Path) -> None:
    host: Records = {("mta-sts.example.com", "A"): ["127.0.0.1"]}
    broken: Records = {**host, ("_mta-sts.example.com", "TXT"): ["v=STSv1; id=a b"]}
    with policy_server(tmp_path, ok()) as (server, _):
        for zone in (host, broken):
            (text,) = values(proposed(zone, server=server), "_mta-sts.example.com") or ("",)
            assert text.startswith("v=STSv1; id=20")
    with policy_server(tmp_path, ok("nothing")) as (server, _):
        assert proposed(host, server=server) == Proposal()
        assert "serve that first" in proposed(broken, server=server).notes[0]


def test_what_sendgrid_expects() -> None:
    expected = (
        ExpectedRecord("em1.example.com", "CNAME", "u1.wl1.sendgrid.net"),
        ExpectedRecord("s1._domainkey.example.com", "CNAME", "s1.domainkey.u1.wl1.sendgrid.net"),
        ExpectedRecord("s2._domainkey.example.com", "CNAME", "S2.domainkey.u1.wl1.sendgrid.net."),
        ExpectedRecord("example.com", "TXT", "v=spf1 include:u1.sendgrid.net ~all"),
        ExpectedRecord("in.example.com", "MX", "10 mx.sendgrid.net"),
    )
    zone = {**SOUND, ("s1._domainkey.example.com", "TXT"): ["p=abc"]}
    aliases = {"s2._domainkey.example.com": "s2.domainkey.u1.wl1.sendgrid.net"}
    found = proposed(expected=expected, lookup=Aliased(zone, aliases))
    assert [(made.name, made.type, made.values) for made in found.sets] == [
        ("em1.example.com", "CNAME", ("u1.wl1.sendgrid.net",)),
        ("s1._domainkey.example.com", "CNAME", ("s1.domainkey.u1.wl1.sendgrid.net",)),
        (
            "example.com",
            "TXT",
            ("v=spf1 include:u1.sendgrid.net include:sendgrid.net ~all", "verification=1"),
        ),
        ("in.example.com", "MX", ("10 mx.sendgrid.net",)),
    ]
    assert "none may stand beside a CNAME" in (found.sets[1].note or "")


def test_what_stands_at_an_expected_name_already() -> None:
    # Given an old key, another address, an alias in the way, and a provider that flattens CNAMEs
    expected = (
        ExpectedRecord("m1._domainkey.example.com", "TXT", "k=rsa; p=new"),
        ExpectedRecord("o1.example.com", "A", "192.0.2.10"),
        ExpectedRecord("o2.example.com", "A", "192.0.2.11"),
        ExpectedRecord("url1.example.com", "CNAME", "brand.example"),
    )
    zone: Records = {
        **SOUND,
        ("m1._domainkey.example.com", "TXT"): ["k=rsa; p=old"],
        ("o1.example.com", "A"): ["192.0.2.9"],
        ("url1.example.com", "A"): ["192.0.2.7"],
        ("brand.example", "A"): ["192.0.2.7"],
    }
    aliases = {"o2.example.com": "elsewhere.example"}
    found = proposed(expected=expected, lookup=Aliased(zone, aliases))
    assert [(made.name, made.type, made.values) for made in found.sets] == [
        ("m1._domainkey.example.com", "TXT", ("k=rsa; p=new",)),
        ("o1.example.com", "A", ("192.0.2.9", "192.0.2.10")),
    ]
    assert found.sets[0].note == "Replaces the key at m1._domainkey.example.com."
    assert found.notes == [
        "o2.example.com is a CNAME to elsewhere.example: remove it before you publish A 192.0.2.11"
    ]


def test_an_expected_record_that_could_not_be_looked_up() -> None:
    expected = (ExpectedRecord("em1.example.com", "CNAME", "u1.wl1.sendgrid.net"),)
    found = proposed(expected=expected, lookup=MemoryLookup(SOUND, ("em1.example.com",)))
    assert (found.sets, found.asked) == ([], False)
    assert found.notes == ["CNAME em1.example.com could not be looked up."]


def test_what_can_be_published_of_what_sendgrid_expects() -> None:
    expected = publishable(
        [
            DnsExpectation("s1._domainkey.news.example.com", "CNAME", "a.example"),
            DnsExpectation("s1._domainkey.news.example.com", "CNAME", "b.example"),
            DnsExpectation("em.news.example.com", "MX", "mx.sendgrid.net"),
            DnsExpectation("s1._domainkey.example.com", "CNAME", "c.example"),
            DnsExpectation("x. 1 IN A 192.0.2.1\x1b.news.example.com", "CNAME", "d.example"),
            DnsExpectation("o1.news.example.com", "A", "2001:db8::1"),
        ],
        ["news.example.com"],
    )
    assert expected.records == [
        ExpectedRecord("s1._domainkey.news.example.com", "CNAME", "a.example"),
        ExpectedRecord("em.news.example.com", "MX", "10 mx.sendgrid.net"),
    ]
    above, odd, six = expected.notes
    assert "s1._domainkey.example.com CNAME c.example: publish it in the zone of" in above
    assert "\x1b" not in odd
    assert "o1.news.example.com that cannot be published" in six


def test_a_name_that_is_an_alias_is_not_written_over() -> None:
    zone = {key: value for key, value in SOUND.items() if not key[0].startswith("_")}
    aliases = {
        "_dmarc.example.com": "d.vendor.example",
        "_smtp._tls.example.com": "t.vendor.example",
    }
    found = proposed(lookup=Aliased({**zone, ("vendor.example", "A"): ["192.0.2.1"]}, aliases))
    assert found.sets == []
    assert len([note for note in found.notes if "is a CNAME to" in note]) == 2


def test_what_could_not_be_asked_for_is_not_proposed() -> None:
    names = ("_dmarc.example.com", "_smtp._tls.example.com", "_mta-sts.example.com")
    found = proposed(lookup=MemoryLookup({("example.com", "A"): ["192.0.2.1"]}, names))
    assert (found.sets, found.asked) == ([], False)
    assert len(found.notes) == 3
    found = proposed(lookup=MemoryLookup({}, ("example.com",)))
    assert (found.sets, found.asked) == ([], False)
    found = proposed(lookup=MemoryLookup({}))
    assert (found.sets, found.asked) == ([], True)
    assert "does not exist" in found.notes[0]
