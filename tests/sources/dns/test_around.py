"""What is around a domain's records: sending IPs, MX hosts, DANE, CAA, DNSSEC."""

from collections.abc import Mapping
from typing import Any

import pytest

from mailwatch.config import Domain
from mailwatch.demo import Rule
from mailwatch.model import Cause
from mailwatch.resolver.servers import Server
from mailwatch.sources.dns.mx_hosts import is_usable, measure_mx_hosts, measure_mx_tlsa
from mailwatch.sources.dns.sending_ips import measure_reverse_dns, measure_sending_ip
from mailwatch.sources.dns.signed import (
    is_on_this_machine,
    measure_caa,
    measure_dnssec,
    names_climbed,
)
from tests.sources.dns.dns_hostile import Validating
from tests.sources.dns.dns_peer import MemoryLookup, figures_of, run

D = "top.example"
Rows = Mapping[tuple[str, Any], list[str]]


@pytest.mark.parametrize(
    ("record", "word", "said"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", "pass", "decided by ip4:192.0.2.0/24"),
        ("v=spf1 -all", "fail", "decided by -all"),
        ("v=spf1 ~all", "softfail", "receivers check the return path"),
        ("v=spf1 a:x.example", "neutral", "no term of the record matches"),
        ("hello", "none", "there is no SPF record"),
        ("v=spf1 include:no.example -all", "permerror", "include:no.example"),
    ],
)
def test_each_sending_ip_is_checked_as_a_receiver_would(record: str, word: str, said: str) -> None:
    figures = run(measure_sending_ip(D, "192.0.2.10", MemoryLookup({(D, "TXT"): [record]})))
    assert figures.value("dns.spf_sending_ip") == word
    assert said in figures.said("dns.spf_sending_ip")
    assert dict(figures["dns.spf_sending_ip"].subject.pairs) == {"domain": D, "ip": "192.0.2.10"}


def test_a_sending_ip_whose_record_could_not_be_asked_for_is_unknown() -> None:
    lookup = MemoryLookup({(D, "TXT"): ["v=spf1 a:lost.example -all"]}, ["lost.example"])
    figures = run(measure_sending_ip(D, "2001:db8::1", lookup))
    assert figures["dns.spf_sending_ip"].cause is Cause.COULD_NOT_ASK


V4, V6 = "10.2.0.192.in-addr.arpa", "1." + "0." * 23 + "8.b.d.0.1.0.0.2.ip6.arpa"
CONFIRMED: Rows = {(V4, "PTR"): ["o1.em.top.example"], ("o1.em.top.example", "A"): ["192.0.2.10"]}


@pytest.mark.parametrize(
    ("ip", "zone", "lost", "word", "said"),
    [
        ("192.0.2.10", CONFIRMED, "", "confirmed", "its name is o1.em.top.example"),
        ("192.0.2.10", {}, "", "missing", V4),
        ("192.0.2.10", {(V4, "PTR"): ["x.example"]}, "", "unconfirmed", "has no address"),
        (
            "192.0.2.10",
            {(V4, "PTR"): ["x.example"], ("x.example", "A"): ["192.0.2.99"]},
            "",
            "unconfirmed",
            "others: 192.0.2.99",
        ),
        ("192.0.2.10", CONFIRMED, V4, None, "did not answer in time"),
        ("192.0.2.10", CONFIRMED, "o1.em.top.example", None, "did not answer in time"),
        (
            "2001:db8::1",
            {(V6, "PTR"): ["x.example"], ("x.example", "AAAA"): ["2001:db8:0::1"]},
            "",
            "confirmed",
            "its name is x.example",
        ),
    ],
)
def test_reverse_dns_is_confirmed_forward(
    ip: str, zone: Rows, lost: str, word: str | None, said: str
) -> None:
    figures = run(measure_reverse_dns(D, ip, MemoryLookup(zone, [lost])))
    assert figures.value("dns.reverse_dns") == word
    assert said in figures.said("dns.reverse_dns")


MX: Rows = {(D, "MX"): ["10 mx1.example", "20 mx2.example"], ("mx1.example", "A"): ["192.0.2.1"]}


@pytest.mark.parametrize(
    ("zone", "lost", "word", "said"),
    [
        ({**MX, ("mx2.example", "AAAA"): ["2001:db8::2"]}, "", "sound", "mx2.example"),
        (MX, "", "flawed", "mx2.example has no address"),
        ({(D, "MX"): ["10 mx9.example"]}, "", "unreachable", "mx9.example has no address"),
        ({**MX, (D, "MX"): ["10 mx1.example", "20 192.0.2.1"]}, "", "flawed", "is an IP address"),
        ({(D, "MX"): ["20 [192.0.2.1]"]}, "", "unreachable", "is an IP address"),
        ({**MX, (D, "MX"): ["0 .", "10 mx1.example"]}, "", "flawed", "beside other MX records"),
        ({**MX, (D, "MX"): ["10 mx1.example"]}, "mx1.example AAAA", "sound", ""),
        ({(D, "MX"): ["10 mx1.example"]}, "mx1.example", None, "did not answer in time"),
    ],
)
def test_mx_hosts_have_addresses(zone: Rows, lost: str, word: str | None, said: str) -> None:
    figures = run(measure_mx_hosts(D, MemoryLookup(zone, [lost])))
    assert figures.value("dns.mx_hosts") == word
    assert said in figures.said("dns.mx_hosts")


@pytest.mark.parametrize("zone", [{}, {(D, "MX"): ["0 ."]}])
def test_without_mx_there_are_no_hosts(zone: Rows) -> None:
    lookup = MemoryLookup(zone)
    assert run(measure_mx_hosts(D, lookup)).metrics == set()
    assert run(measure_mx_tlsa(D, lookup, validating=True)).metrics == set()


DIGEST = "ab" * 32


@pytest.mark.parametrize(
    ("record", "usable"),
    [
        (f"3 1 1 {DIGEST}", True),
        (f"2 0 2 {DIGEST * 2}", True),
        ("3 0 0 3082", True),
        (f"1 1 1 {DIGEST}", False),  # PKIX: not for SMTP
        (f"3 2 1 {DIGEST}", False),
        (f"3 1 1 {DIGEST[:-2]}", False),
        (f"3 1 3 {DIGEST}", False),
        ("3 1 0 ", False),
        ("nonsense", False),
    ],
)
def test_which_tlsa_records_smtp_can_use(record: str, usable: bool) -> None:
    assert is_usable(record) is usable


@pytest.mark.parametrize(
    ("record", "validating", "word"),
    [
        (None, True, "absent"),
        (f"3 1 1 {DIGEST}", False, "present"),
        (f"3 1 1 {DIGEST}", True, "unsigned"),
        (f"0 1 1 {DIGEST}", True, "invalid"),
    ],
)
def test_dane_of_the_mx_hosts(record: str | None, validating: bool, word: str) -> None:
    zone = {**MX, **({("_25._tcp.mx1.example", "TLSA"): [record]} if record else {})}
    figures = run(measure_mx_tlsa(D, MemoryLookup(zone), validating=validating))
    assert figures.value("dns.mx_tlsa") == word


@pytest.mark.parametrize(
    ("at", "records", "word", "said"),
    [
        (D, [], "open", ""),
        (D, ['0 issue "letsencrypt.org"'], "limited", "only these issuers"),
        (D, ['0 issue ";"'], "closed", "name your issuer"),
        (f"mta-sts.{D}", ['0 issue ";"'], "closed", f"CAA records at mta-sts.{D}"),
        (D, ['0 iodef "mailto:a@top.example"', '0 issuevmc "digicert.com"'], "open", "BIMI"),
    ],
)
def test_who_may_issue_the_certificate_of_mta_sts(
    at: str, records: list[str], word: str, said: str
) -> None:
    figures = run(measure_caa(D, MemoryLookup({(at, "CAA"): records})))
    assert figures.value("dns.caa") == word
    assert said in figures.said("dns.caa")


def test_caa_is_looked_for_upwards() -> None:
    assert list(names_climbed("mta-sts.a.b.example")) == [
        "mta-sts.a.b.example",
        "a.b.example",
        "b.example",
    ]
    assert len(list(names_climbed("a." * 60 + "example"))) == 5


def test_only_a_resolver_on_this_machine_can_be_believed() -> None:
    assert is_on_this_machine([Server("127.0.0.1"), Server("::1")])
    assert not is_on_this_machine([Server("127.0.0.1"), Server("192.0.2.53")])
    assert not is_on_this_machine([Server("resolver.example")])
    assert not is_on_this_machine([])
    figures = run(measure_dnssec(D, MemoryLookup({}), local=False))
    assert figures.value("dns.dnssec") == "unknown"
    assert "only a resolver on this machine" in figures.said("dns.dnssec")
    figures = run(measure_dnssec(D, MemoryLookup({}), local=True))
    assert "does not validate" in figures.said("dns.dnssec")


@pytest.mark.parametrize(
    ("signed", "dnssec", "tlsa"),
    [
        ({"com", D, "_25._tcp.mx1.example"}, "signed", "present"),
        ({"com", D}, "signed", "unsigned"),
        ({"com"}, "unsigned", "unsigned"),
        ({D}, "unknown", "present"),  # it does not vouch for what is known to be signed
    ],
)
def test_a_validating_resolver_on_this_machine_is_believed(
    signed: set[str], dnssec: str, tlsa: str
) -> None:
    zone = {(D, "MX"): ("10 mx1.example.",), ("_25._tcp.mx1.example", "TLSA"): (f"3 1 1 {DIGEST}",)}
    rules = (Rule("dns", Validating(frozenset(signed))),)
    figures = figures_of(zone, Domain(D), rules=rules)
    assert figures.value("dns.dnssec") == dnssec
    assert figures.value("dns.mx_tlsa") == tlsa


def test_every_type_of_record_comes_over_the_wire() -> None:
    # Given a zone with all of them, on loopback
    zone = {
        (D, "TXT"): (("v=spf1 ip4:192.0.2.10 -all",),),
        (D, "SPF"): ('"v=spf1 " "-all"',),
        (D, "MX"): ("10 mx1.example.",),
        (D, "CAA"): ('0 issue "ca.example"',),
        ("mx1.example", "CNAME"): ("mx2.example.",),
        ("mx2.example", "A"): ("192.0.2.1",),
        ("_25._tcp.mx1.example", "TLSA"): (f"3 1 1 {DIGEST}",),
        (V4, "PTR"): ("o1.top.example.",),
        ("o1.top.example", "A"): ("192.0.2.10",),
    }
    figures = figures_of(zone, Domain(D, (), ("192.0.2.10",)))
    # Then each is read
    assert figures.value("dns.spf_type99") == "present"
    assert "v=spf1 -all" in figures.said("dns.spf_type99")
    assert figures.value("dns.mx_hosts") == "alias"
    assert figures.value("dns.mx_tlsa") == "present"
    assert figures.value("dns.caa") == "limited"
    assert figures.value("dns.reverse_dns") == "confirmed"
    assert figures.value("dns.spf_sending_ip") == "pass"
    assert not figures.faults
