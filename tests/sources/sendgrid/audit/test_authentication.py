"""Authenticated domains and links: which rows count, and what DNS answers to their records."""

from typing import Any

import pytest

from mailwatch.demo import HttpReply, Rule
from mailwatch.demo.dns.dns_faults import Rcode
from mailwatch.demo.story.account import authenticated, branded, dedicated, reversed_address
from mailwatch.model import Cause, State
from mailwatch.sources.sendgrid.audit.authentication import SenderDomains
from mailwatch.sources.sendgrid.audit.replies import DnsExpectation, read_sender_domain
from tests.sources.sendgrid.audit.account_peer import HEALTHY, Audited, account, audit
from tests.sources.sendgrid.sendgrid_peer import on

OWN = authenticated(2)
STALE = authenticated(1, valid=False)


@pytest.mark.parametrize(
    ("rows", "domain", "value"),
    [
        ((OWN,), "example.com", "valid"),
        ((STALE, OWN), "example.com", "valid"),
        ((authenticated(9, valid=False), OWN), "example.com", "valid"),
        ((STALE,), "example.com", "invalid"),
        ((authenticated(1, "other.example", valid=False),), "example.com", "missing"),
        ((), "example.com", "missing"),
        ((authenticated(5, "mail.example.com"),), "example.com", "valid"),
        ((OWN,), "mail.example.com", "valid"),
        ((OWN,), "badexample.com", "missing"),
        ((STALE, authenticated(5, "mail.example.com")), "example.com", "valid"),
    ],
)
def test_the_rows_of_the_monitored_domain_alone_count(
    rows: tuple[Any, ...], domain: str, value: str
) -> None:
    audited = audit(account(domains=rows), domains=(domain,))
    assert audited.value("domain_authentication") == value


def test_each_monitored_domain_has_its_own_finding() -> None:
    world = account(links=(branded(3, valid=False),))
    audited = audit(world, domains=("example.com", "b.example"))
    assert audited.value("domain_authentication", "example.com") == "valid"
    assert audited.value("domain_authentication", "b.example") == "missing"
    assert audited.value("link_branding", "example.com") == "invalid"
    assert audited.value("link_branding", "b.example") == "missing"
    # Nothing is expected of DNS for a domain that SendGrid does not know
    assert audited.value("dns_records", "example.com") == 0
    assert audited.finding("dns_records", "b.example") is None


def test_an_old_row_does_not_cost_the_others() -> None:
    # Given rows as old accounts have them, and more records than a domain can need
    odd: tuple[Any, ...] = (
        {**STALE, "dns": None},
        {**STALE, "dns": {"a": None, "b": [], "c": {"type": "ns", "host": "a", "data": "b"}}},
        {**STALE, "dns": {"a": {"host": 5, "data": "b"}, "b": {"host": "", "data": ""}}},
        {"id": 9.0, "domain": "old.example", "valid": False},
    )
    many = {f"r{n}": {"type": "a", "host": f"h{n}.many.example", "data": "x"} for n in range(99)}
    crowded = {**authenticated(8, "many.example"), "dns": many}
    # When the settings are looked at
    audited = audit(account(domains=(*odd, OWN, crowded)), domains=("example.com", "many.example"))
    # Then the good row counts, and DNS is asked about few of the many records
    assert audited.value("domain_authentication", "example.com") == "valid"
    assert audited.value("dns_records", "example.com") == 0
    assert audited.value("dns_records", "many.example") == 20
    assert audited.state.state is State.OK


def without(*records: tuple[str, str], **more: Any) -> Any:
    from dataclasses import replace

    zone = {key: value for key, value in HEALTHY.zone.items() if key not in records}
    return replace(HEALTHY, zone={**zone, **more.pop("zone", {})}, **more)


def records(audited: Audited) -> tuple[object, str]:
    finding = audited.finding("dns_records")
    assert finding is not None
    return finding.measurement.value, audited.words()


def test_a_record_that_dns_does_not_have_is_named() -> None:
    value, words = records(audit(without(("s1._domainkey.example.com", "CNAME"))))
    assert value == 1
    assert "s1._domainkey.example.com has no CNAME record; SendGrid expects" in words


def test_a_record_that_leads_elsewhere_is_named() -> None:
    elsewhere = {("em1234.example.com", "CNAME"): ("elsewhere.example.net.",)}
    value, words = records(audit(without(zone=elsewhere)))
    assert value == 1
    assert "em1234.example.com CNAME is elsewhere.example.net; SendGrid expects u1234567" in words


def test_a_flattened_record_is_as_good() -> None:
    # Given a provider that answers with the target's own address instead of the CNAME
    flat = {("em1234.example.com", "A"): HEALTHY.zone["u1234567.wl123.sendgrid.net", "A"]}
    value, _ = records(audit(without(("em1234.example.com", "CNAME"), zone=flat)))
    assert value == 0


def test_a_failed_look_up_is_unknown_and_never_missing() -> None:
    broken = Rule("dns", Rcode("SERVFAIL"))
    audited = audit(HEALTHY, broken)
    finding = audited.finding("dns_records")
    assert finding is not None
    assert (finding.cause, finding.measurement.value) == (Cause.COULD_NOT_ASK, None)
    assert audited.value("domain_authentication") == "valid"
    assert audited.state.state is State.PARTIAL


def test_one_failed_look_up_does_not_hide_a_difference() -> None:
    broken = Rule("dns", Rcode("SERVFAIL"), "em1234.example.com")
    value, words = records(audit(without(("s2._domainkey.example.com", "CNAME")), broken))
    assert value == 1
    assert "em1234.example.com" in words


MANUAL = {
    **OWN,
    "automatic_security": False,
    "dns": {
        "mail_server": {
            "valid": True,
            "type": "mx",
            "host": "em.example.com",
            "data": "mx.sendgrid.net",
        },
        "subdomain_spf": {
            "valid": True,
            "type": "txt",
            "host": "em.example.com",
            "data": "v=spf1 include:sendgrid.net ~all",
        },
        "dkim": {
            "valid": True,
            "type": "txt",
            "host": "m1._domainkey.example.com",
            "data": "k=rsa; t=s; p=MIGf",
        },
    },
}


@pytest.mark.parametrize(
    ("spf", "key", "different"),
    [
        ("v=spf1 include:sendgrid.net ~all", "k=rsa; t=s; p=MIGf", 0),
        ("v=spf1 a include:sendgrid.net -all", "k=rsa;t=s;p=MIGf", 0),
        ("v=spf1 include:other.example ~all", "k=rsa; t=s; p=MIGf", 1),
        ("v=spf1 include:sendgrid.net ~all", "k=rsa; t=s; p=", 1),
    ],
)
def test_records_without_automatic_security_are_compared_too(
    spf: str, key: str, different: int
) -> None:
    zone = {
        ("em.example.com", "MX"): ("10 mx.sendgrid.net.",),
        ("em.example.com", "TXT"): ((spf,),),
        ("m1._domainkey.example.com", "TXT"): ((key,),),
    }
    value, _ = records(audit(account(without(zone=zone), domains=(MANUAL,))))
    assert value == different


def test_what_others_need_of_the_rows() -> None:
    read = map(read_sender_domain, (STALE, OWN, authenticated(7, "other.example")))
    rows = SenderDomains(read)
    assert rows.keys("Example.com.") == (("example.com", "s1"), ("example.com", "s2"))
    target = "u1234567.wl123.sendgrid.net"
    assert rows.records("example.com") == (
        DnsExpectation("em1234.example.com", "CNAME", target),
        DnsExpectation("s1._domainkey.example.com", "CNAME", f"s1.domainkey.{target}"),
        DnsExpectation("s2._domainkey.example.com", "CNAME", f"s2.domainkey.{target}"),
    )
    manual = SenderDomains((read_sender_domain(MANUAL),))
    assert manual.keys("example.com") == (("example.com", "m1"),)
    assert [record.type for record in manual.records("example.com")] == ["MX", "TXT", "TXT"]
    assert rows.records("nothing.example") == ()
    assert rows.keys("nothing.example") == ()
    # Keys of what was never found valid are not there yet; names that are none are left out
    assert SenderDomains((read_sender_domain(STALE),)).keys("example.com") == ()
    odd = {"a": {"type": "txt", "host": "a b._domainkey.example.com", "data": "p="}}
    assert SenderDomains((read_sender_domain({**OWN, "dns": odd}),)).keys("example.com") == ()
    # And those of a subdomain or of the domain above are where they are
    below = SenderDomains((read_sender_domain(authenticated(5, "mail.example.com")),))
    assert below.keys("example.com")[0] == ("mail.example.com", "s1")


def revalidated(audited: Audited) -> list[str]:
    return [path for method, path in audited.asked if method == "POST"]


def test_nothing_is_written_unless_asked_for() -> None:
    from dataclasses import replace

    world = replace(HEALTHY, scopes=HEALTHY.scopes | {"whitelabel.update"})
    assert revalidated(audit(world)) == []
    # Only the domains that are monitored are validated
    audited = audit(world, given={"revalidate": True})
    assert revalidated(audited) == ["/v3/whitelabel/domains/2/validate"]
    assert [path for _, path in audited.asked].count("/v3/whitelabel/domains") == 2
    assert audited.state.state is State.OK


@pytest.mark.parametrize("reply", [None, HttpReply(500, "no")])
def test_a_refused_validation_keeps_what_is_known(reply: HttpReply | None) -> None:
    rules = (on("/v3/whitelabel/domains/2", reply),) if reply else ()
    audited = audit(HEALTHY, *rules, given={"revalidate": True})
    assert audited.value("domain_authentication") == "valid"
    assert audited.state.state is State.PARTIAL
    assert audited.state.error is not None
    assert "not_revalidated" in audited.state.error.code


@pytest.mark.parametrize(
    ("count", "value"), [(3000, "valid"), (4000, None)], ids=["the limit", "with subusers"]
)
def test_three_thousand_domains_have_a_bounded_cost(count: int, value: str | None) -> None:
    # Given as many domains and links as SendGrid allows, or more by those of subusers, and an
    # allow list
    rows = tuple(authenticated(n, f"d{n}.example") for n in range(1, count))
    links = tuple(branded(n, f"d{n}.example") for n in range(1, 3001))
    world = account(domains=(*rows, OWN), links=links, allow_list=("foreign.example.net",))
    # When the settings are looked at
    audited = audit(world)
    # Then the pages are counted, and nothing else is asked more often
    paths = [path for _, path in audited.asked]
    assert paths.count("/v3/whitelabel/domains") == 7
    assert len(paths) == 14 + 7
    # And what may be behind the last page is not called missing, nor foreign
    assert audited.value("domain_authentication") == value
    assert audited.value("link_branding") is None
    assert audited.value("address_allow_list") == ("foreign" if value else None)
    assert audited.state.state is State.OK


def test_thousands_of_addresses_have_a_bounded_cost() -> None:
    # Given more addresses than are read, none with reverse DNS but those that are
    addresses = [f"198.51.{n // 250}.{n % 250}" for n in range(2500)]
    world = account(
        ips=tuple(map(dedicated, addresses)),
        reverse_dns=tuple(reversed_address(n, ip) for n, ip in enumerate(addresses)),
    )
    audited = audit(world)
    paths = [path for _, path in audited.asked]
    assert (paths.count("/v3/ips"), paths.count("/v3/whitelabel/ips")) == (4, 4)
    assert audited.value("reverse_dns") == 0
