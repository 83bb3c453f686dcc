"""The macros of SPF: the examples of RFC 7208 §7.4, and what is no macro."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwatch.mailauth.spf.macros import MacroValues, expand, expand_name, names_validated

VALUES = MacroValues(
    ip=ip_address("192.0.2.3"),
    local="strong-bad",
    origin="email.example.com",
    domain="email.example.com",
    helo="mx.example.org",
    validated="mx.example.org",
    receiver="receiver.example",
    moment=1_700_000_000,
)
SIX = MacroValues(
    ip=ip_address("2001:db8::cb01"),
    local="strong-bad",
    origin="email.example.com",
    domain="email.example.com",
    helo="mx.example.org",
)


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        # §7.4
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d3}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr}", "strong-bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        (
            "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}",
            "bad.strong.lp.3.2.0.192.in-addr._spf.example.com",
        ),
        ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
        ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
        # the other letters, escapes and capitals
        ("%{h} %{p}", "mx.example.org mx.example.org"),
        ("a%%b%_c%-d", "a%b c%20d"),
        ("%{S}", "strong-bad%40email.example.com"),
        ("%{d0002}", "example.com"),
        ("%{d99999999999999999999}", "email.example.com"),
        ("no macro", "no macro"),
    ],
)
def test_macros_are_filled_in(text: str, expanded: str) -> None:
    assert expand(text, VALUES) == expanded


def test_an_ipv6_address_is_written_in_nibbles() -> None:
    expected = (
        "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com"
    )
    assert expand("%{ir}.%{v}._spf.%{d2}", SIX) == expected


def test_three_letters_are_for_explanations() -> None:
    text = "%{c} %{r} %{t}"
    assert expand(text, VALUES) is None
    assert expand(text, VALUES, explanation=True) == "192.0.2.3 receiver.example 1700000000"
    assert expand("%{c}", SIX, explanation=True) == "2001:db8::cb01"


@pytest.mark.parametrize("text", ["%", "%a", "%{", "%{d", "%{x}", "%{d0}", "%{d2x}", "%{}", "5%%%"])
def test_what_is_no_macro_is_refused(text: str) -> None:
    assert expand(text, VALUES, explanation=True) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("%{d}.", "email.example.com"),
        ("UPPER.%{d2}", "upper.example.com"),
        # §7.3: labels are dropped on the left until at most 253 characters are left
        (".".join(["a" * 50] * 6), ".".join(["a" * 50] * 4)),
        ("a..b", None),
        ("", None),
        ("x" * 64 + ".example", None),
        ("%{x}.example", None),
    ],
)
def test_a_name_is_one_that_can_be_asked_for(text: str, name: str | None) -> None:
    assert expand_name(text, VALUES) == name


def test_the_validated_name_is_known_to_be_needed() -> None:
    assert names_validated("%{p}.example")
    assert names_validated("%{P2r-}")
    assert not names_validated("%%{p}.%{d}")


LABELS = st.lists(st.text("aB1-", min_size=20, max_size=63), max_size=12).map(".".join)


@given(LABELS | st.text(st.characters(max_codepoint=255), max_size=200))
def test_any_text_expands_to_a_name_that_dns_takes_or_to_none(text: str) -> None:
    # Given any text: without a macro it stays as it is
    if "%" not in text:
        assert expand(text, VALUES, explanation=True) == text
    # Then a name that comes of it fits into a DNS question (RFC 1035 §2.3.4)
    name = expand_name(f"%{{i}}.{text}", SIX)
    if name is not None:
        assert len(name) <= 253
        assert all(0 < len(label) <= 63 for label in name.split("."))
