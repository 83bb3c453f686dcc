"""The SPF result for one sender, section by section of RFC 7208."""

import asyncio
from collections.abc import Collection, Mapping
from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwatch.mailauth.spf.check_host import check_host
from mailwatch.mailauth.spf.result import EvaluatedTerm, Evaluation, Sender, SpfResult
from mailwatch.resolver.lookup import RdType
from tests.sources.dns.dns_peer import MemoryLookup

ZoneOfLists = dict[tuple[str, RdType], list[str]]

HOSTS: ZoneOfLists = {
    ("example.com", "A"): ["192.0.2.10", "192.0.2.11"],
    ("example.com", "MX"): ["10 mail-a.example.com", "20 mail-b.example.com"],
    ("mail-a.example.com", "A"): ["192.0.2.129"],
    ("mail-b.example.com", "A"): ["192.0.2.130"],
    ("amy.example.com", "A"): ["192.0.2.65"],
    ("six.example.com", "AAAA"): ["2001:db8::65"],
    ("null.example.com", "MX"): ["0 ."],
    ("65.2.0.192.in-addr.arpa", "PTR"): ["amy.example.com"],
    ("10.2.0.192.in-addr.arpa", "PTR"): ["forged.example.com"],
    ("example.org", "TXT"): ["v=spf1 ip4:192.0.2.140 -all"],
    ("soft.example.org", "TXT"): ["v=spf1 ~all"],
    ("open.example.org", "TXT"): ["v=spf1 ?all"],
    ("broken.example.org", "TXT"): ["v=spf1 ip4:x"],
    ("text.example.org", "TXT"): ["hello"],
    ("several.example.org", "TXT"): ["v=spf1 -all", "v=spf1 ~all"],
}


def check(
    record: str | list[str] | None,
    ip: str = "192.0.2.65",
    mail_from: str = "bob@example.com",
    helo: str = "client.example.net",
    lost: Collection[str] = (),
    texts: Mapping[str, list[str]] | None = None,
) -> Evaluation:
    """The evaluation with `record` at example.com, and `texts` as TXT records of other names."""
    zone = dict(HOSTS)
    if record is not None:
        records = [record] if isinstance(record, str) else record
        zone["example.com", "TXT"] = [f"v=spf1 {text}".rstrip() for text in records]
    zone.update({(name, "TXT"): values for name, values in (texts or {}).items()})
    sender = Sender(ip_address(ip), mail_from, helo)
    return asyncio.run(check_host(sender, MemoryLookup(zone, lost), "receiver.example", 17))


# --- §4: the record -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "mail_from", "lost", "result"),
    [
        (None, "bob@example.com", (), "none"),
        (None, "bob@nowhere.example", (), "none"),
        ("-all", "bob@com", (), "none"),
        ("-all", "bob@a..example.com", (), "none"),
        ("-all", f"bob@{'a' * 64}.example.com", (), "none"),
        ("-all", "bob@example.com.", (), "fail"),
        ("-all", "bob@EXAMPLE.com", (), "fail"),
        ("-all", "bob@example.com", ("example.com",), "temperror"),
        (["-all", "~all"], "bob@example.com", (), "permerror"),
        ("", "bob@example.com", (), "neutral"),
        ("ip4:198.51.100.1", "bob@example.com", (), "neutral"),
        # a syntax error anywhere, though a term before it matches
        ("+all ip4:x", "bob@example.com", (), "permerror"),
        ("+all unknown", "bob@example.com", (), "permerror"),
        ("+all modifier=%{d}", "bob@example.com", (), "pass"),
    ],
)
def test_the_record(
    record: str | list[str] | None, mail_from: str, lost: Collection[str], result: str
) -> None:
    found = check(record, mail_from=mail_from, lost=lost)
    assert found.result == result
    assert (found.why is None) is (result not in ("none", "temperror", "permerror"))


def test_a_bounce_is_checked_by_its_helo() -> None:
    found = check("exists:%{l}.%{o}.example.net -all", mail_from="", helo="Example.COM")
    assert found.result is SpfResult.FAIL
    assert Sender(ip_address("192.0.2.1"), "", "example.com").local == "postmaster"
    assert Sender(ip_address("192.0.2.1"), "@example.com", "x").local == "postmaster"


# --- §5: the mechanisms ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "ip", "result"),
    [
        ("all", "192.0.2.65", "pass"),
        ("-all", "192.0.2.65", "fail"),
        ("~all", "192.0.2.65", "softfail"),
        ("?all", "192.0.2.65", "neutral"),
        ("-ip4:192.0.2.65 +all", "192.0.2.65", "fail"),
        ("~all -ip4:192.0.2.65", "192.0.2.65", "softfail"),
        ("ip4:192.0.2.0/25 -all", "192.0.2.65", "pass"),
        ("ip4:192.0.2.0/26 -all", "192.0.2.65", "fail"),
        ("ip4:192.0.2.99/0 -all", "203.0.113.1", "pass"),
        ("ip6:2001:db8::/32 -all", "2001:db8::1", "pass"),
        ("ip6:2001:db8::/32 -all", "192.0.2.65", "fail"),
        ("ip4:0.0.0.0/0 -all", "2001:db8::1", "fail"),
        # §5: an IPv4 address in an IPv6 one is an IPv4 address
        ("ip4:192.0.2.65 -all", "::ffff:192.0.2.65", "pass"),
        ("ip6:::ffff:0:0/96 -all", "::ffff:192.0.2.65", "fail"),
        ("a -all", "192.0.2.10", "pass"),
        ("a -all", "192.0.2.65", "fail"),
        ("a:amy.example.com -all", "192.0.2.65", "pass"),
        ("a:amy.example.com/30 -all", "192.0.2.66", "pass"),
        ("a:amy.example.com//64 -all", "192.0.2.66", "fail"),
        ("a:six.example.com//64 -all", "2001:db8::1", "pass"),
        ("a:six.example.com -all", "2001:db8::1", "fail"),
        ("a:amy.example.com/0 -all", "2001:db8::1", "fail"),
        ("mx -all", "192.0.2.129", "pass"),
        ("mx -all", "192.0.2.130", "pass"),
        ("mx -all", "192.0.2.131", "fail"),
        ("mx/30 -all", "192.0.2.131", "pass"),
        ("mx:amy.example.com -all", "192.0.2.65", "fail"),  # no MX: no fallback to A
        ("mx:null.example.com -all", "192.0.2.65", "fail"),
        ("ptr -all", "192.0.2.65", "pass"),
        ("ptr:amy.example.com -all", "192.0.2.65", "pass"),
        ("ptr:example.org -all", "192.0.2.65", "fail"),
        ("ptr:my.example.com -all", "192.0.2.65", "fail"),
        ("ptr -all", "192.0.2.10", "fail"),  # the name does not lead back to the address
        ("ptr -all", "192.0.2.200", "fail"),
        ("exists:amy.example.com -all", "2001:db8::1", "pass"),  # an A record for either family
        ("exists:six.example.com -all", "2001:db8::1", "fail"),
        ("exists:%{l1r-}.example.com -all", "192.0.2.65", "fail"),
        ("include:example.org -all", "192.0.2.140", "pass"),
        ("include:example.org ~all", "192.0.2.65", "softfail"),  # a fail inside is no match
        ("include:soft.example.org -all", "192.0.2.65", "fail"),
        ("include:open.example.org -all", "192.0.2.65", "fail"),
        ("?include:example.org -all", "192.0.2.140", "neutral"),
        ("include:text.example.org +all", "192.0.2.65", "permerror"),
        ("include:nowhere.example.org +all", "192.0.2.65", "permerror"),
        ("include:broken.example.org +all", "192.0.2.65", "permerror"),
        ("include:several.example.org +all", "192.0.2.65", "permerror"),
        # §4.8: a name that cannot be asked for
        ("a:a..example.com -all", "192.0.2.65", "fail"),
        ("include:a..example.com +all", "192.0.2.65", "permerror"),
    ],
)
def test_the_mechanisms(record: str, ip: str, result: str) -> None:
    assert check(record, ip).result == result


@pytest.mark.parametrize(
    ("record", "lost", "result"),
    [
        ("a:amy.example.com -all", "amy.example.com", "temperror"),
        ("mx -all", "example.com MX", "temperror"),
        ("mx -all", "mail-a.example.com", "temperror"),
        ("exists:amy.example.com -all", "amy.example.com", "temperror"),
        ("include:example.org -all", "example.org", "temperror"),
        ("redirect=example.org", "example.org", "temperror"),
        # §5.5: an error on the way to the name is no match
        ("ptr -all", "65.2.0.192.in-addr.arpa", "fail"),
        ("ptr -all", "amy.example.com", "fail"),
        # not reached
        ("ip4:192.0.2.65 a:amy.example.com", "amy.example.com", "pass"),
    ],
)
def test_what_could_not_be_asked_for(record: str, lost: str, result: str) -> None:
    assert check(record, lost=[lost]).result == result


# --- §6: the modifiers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "ip", "result"),
    [
        ("redirect=example.org", "192.0.2.140", "pass"),
        ("redirect=example.org", "192.0.2.65", "fail"),
        ("redirect=example.org ip4:192.0.2.65", "192.0.2.65", "pass"),
        ("redirect=example.org ?all", "192.0.2.65", "neutral"),
        ("redirect=text.example.org", "192.0.2.65", "permerror"),
        ("redirect=nowhere.example.org", "192.0.2.65", "permerror"),
        ("redirect=several.example.org", "192.0.2.65", "permerror"),
        ("redirect=%{d1r}.org", "192.0.2.140", "pass"),
    ],
)
def test_redirect_takes_the_place_of_the_record(record: str, ip: str, result: str) -> None:
    assert check(record, ip).result == result


@pytest.mark.parametrize(
    ("record", "texts", "explanation"),
    [
        ("exp=why.example.com -all", ["not one of %{d}'s"], "not one of example.com's"),
        ("exp=why.example.com -all", ["%{c} %{r} %{t}"], "192.0.2.65 receiver.example 17"),
        ("exp=why.%{d} -all", ["yes%_sir"], "yes sir"),
        ("exp=why.example.com -all", ["see %{p}"], "see amy.example.com"),
        ("exp=why.example.com -all", ["two", "records"], None),
        ("exp=why.example.com -all", ["caf\xe9"], None),
        ("exp=why.example.com -all", ["100%"], None),
        ("exp=nowhere.example.com -all", ["text"], None),
        ("exp=why.example.com ~all", ["text"], None),
        ("-all", ["text"], None),
    ],
)  # fmt: skip
def test_a_fail_may_be_explained(record: str, texts: list[str], explanation: str | None) -> None:
    assert check(record, texts={"why.example.com": texts}).explanation == explanation


def test_the_explanation_is_that_of_the_redirect_and_never_of_an_include() -> None:
    texts = {
        "x.org": ["v=spf1 exp=inner.example.org -all"],
        "inner.example.org": ["inner"],
        "outer.example.com": ["outer"],
    }
    redirected = check("redirect=x.org exp=outer.example.com", texts=texts)
    assert redirected.explanation == "inner"
    included = check("include:x.org exp=outer.example.com -all", texts=texts)
    assert included.explanation == "outer"


# --- §4.6.4: the limits ---------------------------------------------------------------------------


def test_ten_terms_may_cost_a_lookup_and_the_eleventh_is_named() -> None:
    ten = " ".join(["ptr:example.net"] * 10)
    assert check(f"{ten} ip4:192.0.2.65 -all").result is SpfResult.PASS
    found = check(f"{ten} a:amy.example.com +all")
    assert found.result is SpfResult.PERMERROR
    assert found.decided_by == EvaluatedTerm("example.com", "a:amy.example.com", matched=False)
    assert found.why is not None
    assert found.why.code == "dns.spf_one_too_many"
    assert found.lookups == 11
    assert check(f"{ten} redirect=example.org", "192.0.2.140").result is SpfResult.PERMERROR


def test_the_terms_of_includes_count_and_a_loop_ends_at_the_limit() -> None:
    found = check("include:x.org -all", texts={"x.org": ["v=spf1 include:example.com"]})
    assert found.result is SpfResult.PERMERROR
    assert found.lookups == 11
    assert found.decided_by is not None
    assert found.decided_by.domain == "example.com"


def test_two_terms_may_be_void_and_the_third_is_named() -> None:
    two = "a:n1.example.net mx:n2.example.net"
    assert check(f"{two} ip4:192.0.2.65 -all").result is SpfResult.PASS
    found = check(f"{two} exists:n3.example.net +all")
    assert found.result is SpfResult.PERMERROR
    assert found.why is not None
    assert found.why.code == "dns.spf_many_voids"
    assert found.decided_by is not None
    assert found.decided_by.term == "exists:n3.example.net"
    assert found.voids == 3


def test_a_term_is_void_once_however_many_of_its_names_are_empty() -> None:
    zone: ZoneOfLists = {
        ("example.com", "TXT"): ["v=spf1 mx -all"],
        ("example.com", "MX"): [f"10 h{n}.example.com" for n in range(4)],
    }
    sender = Sender(ip_address("203.0.113.1"), "bob@example.com", "x.example")
    found = asyncio.run(check_host(sender, MemoryLookup(zone)))
    assert (found.result, found.voids) == (SpfResult.FAIL, 1)


@pytest.mark.parametrize(("hosts", "result"), [(10, "fail"), (11, "permerror")])
def test_an_mx_may_have_ten_hosts(hosts: int, result: str) -> None:
    # Given hosts that have an address, not that of the client
    zone: ZoneOfLists = {
        ("example.com", "TXT"): ["v=spf1 mx -all"],
        ("example.com", "MX"): [f"10 h{n}.example.com" for n in range(hosts)],
        **{(f"h{n}.example.com", "A"): [f"192.0.2.{n}"] for n in range(hosts)},
    }
    sender = Sender(ip_address("203.0.113.1"), "bob@example.com", "x.example")
    assert asyncio.run(check_host(sender, MemoryLookup(zone))).result == result


@pytest.mark.parametrize(("place", "result"), [(9, "pass"), (10, "fail")])
def test_of_many_names_the_first_ten_are_used(place: int, result: str) -> None:
    names = [f"h{n}.example.com" for n in range(12)]
    zone: ZoneOfLists = {
        ("example.com", "TXT"): ["v=spf1 ptr -all"],
        ("1.113.0.203.in-addr.arpa", "PTR"): names,
        (names[place], "A"): ["203.0.113.1"],
    }
    sender = Sender(ip_address("203.0.113.1"), "bob@example.com", "x.example")
    lookup = MemoryLookup(zone)
    assert asyncio.run(check_host(sender, lookup)).result == result
    assert len(lookup.asked) == 12


# --- how it came about ----------------------------------------------------------------------------


def test_the_trace_names_every_term_and_the_one_that_decided() -> None:
    found = check("a include:example.org mx -all", "192.0.2.140")
    assert found.trace == (
        EvaluatedTerm("example.com", "a", matched=False),
        EvaluatedTerm("example.org", "ip4:192.0.2.140", matched=True),
        EvaluatedTerm("example.com", "include:example.org", matched=True),
    )
    assert found.decided_by == found.trace[-1]
    assert (found.lookups, found.voids) == (2, 0)


def test_through_a_redirect_the_term_that_decided_is_that_of_the_target() -> None:
    found = check("redirect=example.org")
    assert found.decided_by == EvaluatedTerm("example.org", "-all", matched=True)
    assert found.trace[0] == EvaluatedTerm("example.com", "redirect=example.org", matched=True)


def test_a_term_that_leads_to_no_record_is_named() -> None:
    found = check("include:text.example.org +all")
    assert found.decided_by == EvaluatedTerm("example.com", "include:text.example.org", False)
    assert found.why is not None
    assert found.why.code == "dns.spf_leads_to_none"


TERMS = st.sampled_from(
    ["a", "mx", "ptr", "exists:%{ir}.%{p}.example.com", "include:x.org", "include:example.com",
     "redirect=x.org", "exp=%{l}.x.org", "~all", "a:%{S}.example.com", "ip4:192.0.2.0/24"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(TERMS, max_size=15), st.lists(TERMS, max_size=15), st.text(max_size=30))
def test_every_sender_has_a_result_within_the_limits(
    first: list[str], second: list[str], mail_from: str
) -> None:
    records = {"x.org": [f"v=spf1 {' '.join(second)}"]}
    for sender in (mail_from, f"{mail_from}@example.com"):
        found = check(" ".join(first), mail_from=sender, texts=records)
        assert found.result in SpfResult
        assert found.lookups <= 11
        assert found.voids <= 3
