"""SPF records selected and parsed (RFC 7208 §4.5, §4.6, §12)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwatch.mailauth.spf.record import SpfRecord, parse_record, select_records
from mailwatch.model import Phrase


@pytest.mark.parametrize(
    ("values", "selected"),
    [
        (["v=spf1 -all"], 1),
        (["V=SPF1 -all"], 1),
        (["v=spf1"], 1),
        (["v=spf10 -all"], 0),
        ([" v=spf1 -all"], 0),
        (["v=spf1\t-all"], 0),
        (["spf2.0/pra -all", "google-site-verification=x"], 0),
        (["v=spf1 -all", "v=spf1 ~all", "other"], 2),
        ([""], 0),
    ],
)
def test_only_records_of_the_version_are_selected(values: list[str], selected: int) -> None:
    assert len(select_records(values)) == selected


SOUND = [
    "v=spf1",
    "v=spf1 ",
    "v=spf1   -all  ",
    "v=spf1 +all",
    "v=spf1 ?ALL",
    "v=spf1 a mx ptr",
    "v=spf1 a:example.com/24 mx/24//64 a//64",
    "v=spf1 a:1-2.example.x--1",
    "v=spf1 ip4:192.0.2.1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ip6:::ffff:192.0.2.1",
    "v=spf1 include:_spf.example.com. -all",
    "v=spf1 exists:%{i}._spf.%{d2} -all",
    "v=spf1 exists:%{ir}.%{l1r-}.%{d2r.+} ~all",
    "v=spf1 include:%{d}",
    "v=spf1 include:x%%y%_z%-.example.com",
    "v=spf1 redirect=_spf.example.com",
    "v=spf1 exp=explain.%{d2}.example.com -all",
    "v=spf1 moo=cow match.it_1-x=%{s} -all",
    "v=spf1 ip4=192.0.2.1 a=x all=y -all",
    "v=spf1 foo= -all",
]

WRONG = [
    "v=spf1 -all -al1",
    "v=spf1 all:x",
    "v=spf1 all/8",
    "v=spf1 include",
    "v=spf1 include:",
    "v=spf1 include:com",
    "v=spf1 include:example.com/24",
    "v=spf1 include:example.123",
    "v=spf1 include:example.-com",
    "v=spf1 include:exa mple.com",
    "v=spf1 include:%(d)",
    "v=spf1 include:%{x}",
    "v=spf1 include:%{c}",
    "v=spf1 include:%{d0}",
    "v=spf1 include:%%{d}",
    "v=spf1 include:a%.example.com",
    f"v=spf1 include:example.{'a' * 64}",
    "v=spf1 a: -all",
    "v=spf1 a/ -all",
    "v=spf1 a/33 -all",
    "v=spf1 a/024 -all",
    "v=spf1 a//129 -all",
    "v=spf1 a:example.com:8080",
    "v=spf1 ptr/24",
    "v=spf1 ptr:",
    "v=spf1 exists",
    "v=spf1 exists:example.com/24",
    "v=spf1 ip4",
    "v=spf1 ip4:",
    "v=spf1 ip4:192.0.2",
    "v=spf1 ip4:192.0.2.01",
    "v=spf1 ip4:192.0.2.1/",
    "v=spf1 ip4:192.0.2.1/33",
    "v=spf1 ip4:192.0.2.1//32",
    "v=spf1 ip4/192.0.2.1",
    "v=spf1 ip6:192.0.2.1",
    "v=spf1 ip6:fe80::1%eth0",
    "v=spf1 ip6:2001:db8::/0064",
    "v=spf1 redirect=",
    "v=spf1 redirect=a.example.com redirect=b.example.com",
    "v=spf1 exp=a.example.com exp=a.example.com",
    "v=spf1 -redirect=a.example.com",
    "v=spf1 redirect:a.example.com",
    "v=spf1 1x=y",
    "v=spf1 foo=%",
    "v=spf1 foo=\x80",
    "v=spf1 ip4:192.0.2.1\t-all",
    "v=spf1 -all\x00",
    "v=spf1 \xe3\x81\x82",
    "v=spf1 ip4:192.0.2.1,ip4:192.0.2.2 -all",
    "v=spf1 ~ -all",
    "v=spf1 --all",
]


@pytest.mark.parametrize("text", SOUND)
def test_sound_records_are_parsed(text: str) -> None:
    assert isinstance(parse_record(text), SpfRecord)


@pytest.mark.parametrize("text", WRONG)
def test_wrong_records_say_what_is_wrong(text: str) -> None:
    assert isinstance(parse_record(text), Phrase)


def test_terms_after_all_and_a_redirect_beside_it_are_not_reached() -> None:
    record = parse_record("v=spf1 a redirect=x.example.com ~all mx include:y.example.com")
    assert isinstance(record, SpfRecord)
    assert [term.text for term in record.costly] == ["a"]
    assert record.redirect is None
    assert record.ending == "~"


def test_the_redirect_comes_after_every_mechanism() -> None:
    record = parse_record("v=spf1 redirect=x.example.com mx ip4:192.0.2.1 a")
    assert isinstance(record, SpfRecord)
    assert [term.name for term in record.costly] == ["mx", "a", "redirect"]
    assert record.redirect is not None
    assert record.redirect.target == "x.example.com"


def test_an_unknown_modifier_named_like_a_mechanism_costs_nothing() -> None:
    record = parse_record("v=spf1 a=b include=c all=d mx")
    assert isinstance(record, SpfRecord)
    assert [term.text for term in record.costly] == ["mx"]
    assert record.ignored == ("a=b", "include=c", "all=d")
    assert record.ending is None


LATIN1 = st.text(st.characters(max_codepoint=255), max_size=600)
TOKENS = (
    *("a", "mx", "include:", "x.example.com", "%{", "d}", "/", "24", "//", " ", "-", "all", "="),
    *("redirect=", "ip4:", "192.0.2.1", "ip6:", "::", ".", "%", "\x00", "\xff", "exp="),
)
PIECES = st.lists(st.sampled_from(TOKENS)).map("".join)


@given(st.one_of(LATIN1, PIECES))
def test_parsing_never_raises(text: str) -> None:
    parsed = parse_record(f"v=spf1 {text}")
    assert isinstance(parsed, SpfRecord | Phrase)
    assert select_records([text]) in ((), (text,))


@pytest.mark.parametrize(
    "piece", ["a ", "a:%{d}", "1", "a/1", "include:a.", "%{d", "-", "x=%%", "a:" + "9" * 63 + "."]
)
def test_a_record_of_64_kilobytes_takes_bounded_work(piece: str) -> None:
    text = "v=spf1 " + piece * (65_000 // len(piece))
    assert isinstance(parse_record(text), SpfRecord | Phrase)
