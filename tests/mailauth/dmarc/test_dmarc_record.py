"""DMARC records selected and parsed (RFC 9989 §4.7, §4.8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwatch.mailauth.dmarc.record import (
    DmarcRecord,
    parse_record,
    select_attempts,
    select_records,
)
from mailwatch.model import Phrase


@pytest.mark.parametrize(
    ("text", "selected"),
    [
        ("v=DMARC1; p=none", True),
        ("v=DMARC1", True),
        ("v = DMARC1 ;p=none", True),
        ("V=DMARC1;p=none", True),
        ("v=dmarc1; p=none", False),
        ("v=DMARC1 p=none", False),
        ("v=DMARC12; p=none", False),
        (" v=DMARC1; p=none", False),
        ("p=none; v=DMARC1", False),
        ("v=spf1 -all", False),
        ("", False),
    ],
)
def test_only_what_begins_with_the_version_is_selected(text: str, selected: bool) -> None:
    assert bool(select_records([text])) is selected


@pytest.mark.parametrize(
    ("text", "attempt"),
    [
        ("v=dmarc1; p=none", True),
        ("v=DMARC1 p=none", True),
        (" v=DMARC1; p=none", True),
        ('"v=DMARC1; p=none"', True),
        ("v=DMARC1; p=none", False),
        ("v=spf1 -all", False),
    ],
)
def test_failed_attempts_are_distinguished_from_neighbours(text: str, attempt: bool) -> None:
    assert bool(select_attempts([text])) is attempt


def parsed(text: str) -> DmarcRecord:
    record = parse_record(f"v=DMARC1; {text}")
    assert isinstance(record, DmarcRecord)
    return record


def test_every_tag_has_its_value() -> None:
    record = parsed("p=reject; sp=quarantine; np=none; psd=n; t=y; adkim=s; aspf=r; fo=1:d:s")
    assert (record.p, record.sp, record.np) == ("reject", "quarantine", "none")
    assert (record.psd, record.testing) == ("n", True)
    assert record.sound
    assert record.discarded == record.ignored == ()


def test_absent_tags_have_their_defaults() -> None:
    record = parsed("P=Reject")
    assert (record.p, record.sp, record.np, record.psd) == ("reject", None, None, "u")
    assert not record.testing
    assert record.addresses == ()
    assert not record.reachable


@pytest.mark.parametrize(
    ("text", "discarded"),
    [
        ("p=rejct", "p=rejct"),
        ("p=none; sp=", "sp="),
        ("p=none; np=block", "np=block"),
        ("p=none; psd=yes", "psd=yes"),
        ("p=none; t=1", "t=1"),
        ("p=none; adkim=strict", "adkim=strict"),
        ("p=none; aspf=x", "aspf=x"),
        ("p=none; fo=0:1", "fo=0:1"),
        ("p=none; fo=d:d", "fo=d:d"),
        ("p=none; fo=2", "fo=2"),
        ("p=none; rua=reports@example.com", "rua=reports@example.com"),
        ("p=none; rua=mailto:a@b.example, c@d.example", "c@d.example"),
        ("p=none; ruf=mailto:x", "ruf=mailto:x"),
        ("p=none; nonsense", "nonsense"),
        ("p=none; \xff=1", "\xff=1"),
        ("p=none; rua", "rua"),
    ],
)
def test_what_receivers_discard_is_listed(text: str, discarded: str) -> None:
    assert parsed(text).discarded == (discarded,)


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("p=none", True),
        ("p=none; psd=maybe", True),
        ("rua=mailto:a@b.example", False),
        ("p=", False),
        ("p=x", False),
        ("p=reject; sp=x", False),
        ("p=reject; np=x", False),
        ("p=reject; sp", False),
    ],
)
def test_a_record_is_sound_when_its_policies_are(text: str, sound: bool) -> None:
    assert parsed(text).sound is sound


@pytest.mark.parametrize(
    ("rua", "addresses", "reachable"),
    [
        ("mailto:a@b.example", ["mailto:a@b.example"], True),
        ("mailto:a@b.example!10m", ["mailto:a@b.example"], True),
        ("MAILTO:a@b.example?subject=x", ["MAILTO:a@b.example?subject=x"], True),
        ("mailto:a@b.example , https://c.example/d", 2, True),
        ("mailto:a@b.example,", 1, True),
        ("mailto:a+x%2C@b.example", 1, True),
        ("https:///x", [], False),
        ("mailto:", [], False),
        ("mailto:a b@c.example", [], False),
        ("mailto:a@b@c.example", [], False),
        ("ftp://c.example", [], True),
        ("a@b.example", [], False),
        (",", [], False),
    ],
)
def test_report_addresses_are_the_sound_uris(
    rua: str, addresses: list[str] | int, reachable: bool
) -> None:
    record = parsed(f"p=none; rua={rua}")
    if isinstance(addresses, int):
        assert len(record.addresses) == addresses
    else:
        assert list(record.addresses) == addresses
    assert record.reachable is reachable


def test_historic_and_unknown_tags_have_no_effect() -> None:
    record = parsed("p=none; pct=50; rf=afrf; ri=86400; zz=1")
    assert record.ignored == ("pct", "rf", "ri", "zz")
    assert record.discarded == ()


@pytest.mark.parametrize("text", ["p=none; p=reject", "p=none; P=none", "p=none; v=DMARC1"])
def test_a_tag_twice_makes_the_list_invalid(text: str) -> None:
    assert isinstance(parse_record(f"v=DMARC1; {text}"), Phrase)


PIECES = st.lists(
    st.sampled_from(["v=DMARC1", ";", "p=", "none", "rua=", "mailto:", "a@b.c", ",", "!1m", " "])
).map("".join)


@given(st.one_of(st.text(st.characters(max_codepoint=255), max_size=400), PIECES))
def test_parsing_never_raises(text: str) -> None:
    assert isinstance(parse_record(text), DmarcRecord | Phrase)
    assert len(select_records([text])) + len(select_attempts([text])) <= 1


@pytest.mark.parametrize("piece", ["p=none;", "rua=mailto:", "a@b.c,", "!1k", ".", "a-", " ", "="])
def test_a_record_of_64_kilobytes_takes_bounded_work(piece: str) -> None:
    for start in ("v=DMARC1;p=none;rua=mailto:a@", "v=DMARC1;", "v=DMARC1;rua=https://", ""):
        text = start + piece * (65_000 // len(piece))
        assert isinstance(parse_record(text), DmarcRecord | Phrase)
        select_attempts([text])
