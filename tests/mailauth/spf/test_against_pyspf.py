"""The same senders and records given to pyspf, which passes the whole RFC 7208 test suite.

Left out is what it does otherwise than the text: it counts the void look-ups of every question, not
of every term (§4.6.4), and refuses an unknown modifier that is there twice (§6), `%{d0}` not at all
(§7.3), and a record that includes itself though a term before that matches.
"""

import asyncio
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mailwatch.mailauth.spf.check_host import check_host
from mailwatch.mailauth.spf.result import Sender
from mailwatch.resolver.lookup import RdType
from tests.sources.dns.dns_peer import MemoryLookup

spf: Any = pytest.importorskip("spf", reason="pyspf is not installed")

Names = Mapping[tuple[str, RdType], list[str]]

HOSTS: Names = {
    ("example.com", "A"): ["192.0.2.10"],
    ("example.com", "AAAA"): ["2001:db8::10"],
    ("example.com", "MX"): ["10 mx.example.com"],
    ("mx.example.com", "A"): ["192.0.2.25"],
    ("mx.example.com", "AAAA"): ["2001:db8::25"],
    ("10.2.0.192.in-addr.arpa", "PTR"): ["example.com"],
    ("25.2.0.192.in-addr.arpa", "PTR"): ["forged.example.org"],
    ("bob._spf.example.com", "A"): ["127.0.0.2"],
    ("10.2.0.192.ip.example.com", "A"): ["127.0.0.2"],
    ("why.example.com", "TXT"): ["%{i} is not one of %{d}"],
}
TERMS = [
    "ip4:192.0.2.0/27", "ip4:192.0.2.25", "ip6:2001:db8::/64", "ip4:192.0.2.0/33", "ip6:::1/129",
    "a", "a/24", "a//64", "mx", "mx/28//120", "ptr", "ptr:example.org", "a:mx.example.com",
    "exists:%{l}._spf.%{d}", "exists:%{ir}.ip.example.com", "exists:%{d2}.%{h}.example.com",
    "include:inc.example.org", "include:red.example.org", "include:example.com",
    "include:gone.example.org", "redirect=inc.example.org", "redirect=red.example.org",
    "redirect=gone.example.org", "exp=why.example.com", "unknown=%{s}", "bad", "a:", "include:",
    "ip4:192.0.2", "ip6:::g", "mx:%{q}.example.com", "exists:%%.example.com",
    "all:x", "-all", "~all", "?all", "all", "ALL", "-MX", "?a", "~ip4:192.0.2.10", "exp=",
    "redirect=", "a:example..com", "a:example.com.", "include:a-.example.org", "ip4:192.0.2.10/",
]  # fmt: skip
RECORDS = st.lists(st.sampled_from(TERMS), max_size=7, unique=True).map(
    lambda terms: " ".join(["v=spf1", *terms])
)


RECORDS_AT = ("example.com", "inc.example.org", "red.example.org")


def _leads_to_itself(name: str, text: str) -> bool:
    return {f"include:{name}", f"redirect={name}"} & set(text.split()) != set()


def answered(zone: Names) -> Any:
    """pyspf's way to ask, over `zone`."""

    def look_up(name: str, rdtype: str, *_: Any) -> Iterator[tuple[tuple[str, str], Any]]:
        for value in zone.get((name.lower(), rdtype), ()):  # type: ignore[arg-type]
            if rdtype == "TXT":
                yield (name, rdtype), (value.encode("latin-1"),)
            elif rdtype == "MX":
                preference, host = value.split(" ")
                yield (name, rdtype), (int(preference), host)
            elif rdtype == "AAAA":
                yield (name, rdtype), ip_address(value).packed
            else:
                yield (name, rdtype), value

    return look_up


@settings(deadline=None, max_examples=250)
@given(
    RECORDS,
    RECORDS,
    RECORDS,
    st.sampled_from(["192.0.2.10", "192.0.2.25", "203.0.113.9", "2001:db8::10", "2001:db8::99"]),
    st.sampled_from(["bob@example.com", "", "a.b@example.com"]),
)
def test_pyspf_comes_to_the_same_result(
    top: str, included: str, redirected: str, ip: str, mail_from: str
) -> None:
    # Given one zone and one sender
    zone: Names = {
        **HOSTS,
        ("example.com", "TXT"): [top],
        ("inc.example.org", "TXT"): [included],
        ("red.example.org", "TXT"): [redirected],
    }
    assume(not any(_leads_to_itself(name, zone[name, "TXT"][0]) for name in RECORDS_AT))
    sender = Sender(ip_address(ip), mail_from, "example.com")
    # When both evaluate
    found = asyncio.run(check_host(sender, MemoryLookup(zone)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spf, "DNSLookup", answered(zone))
        query = spf.query(ip, mail_from, "example.com", timeout=0)
        result, _, _ = query.check()
    assume(query.void_lookups <= 2)
    # Then they agree
    assert found.result == result, (top, included, redirected, query.void_lookups, found)
