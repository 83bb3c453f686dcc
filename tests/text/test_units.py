"""Figures as people read and write them."""

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailwatch.catalog.catalog import read_catalog
from mailwatch.model import Check, Comparator, Limit, Unit
from mailwatch.text.units import display, limit_text, parse_limit, parse_value

CATALOG = read_catalog()
CHECKS = CATALOG.checks
PERCENT = CHECKS["sendgrid.bounce_rate"]
LOWER = CHECKS["sendgrid.delivered_rate"]
COUNT = CHECKS["sendgrid.daily_volume"]
WORD = CHECKS["dns.dmarc_policy"]
NUMERIC: tuple[Unit, ...] = ("percent", "ratio", "count", "days", "bits", "seconds")


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "percent", "-"),
        (None, "word", "-"),
        ("HIGH", "word", "HIGH"),
        (0, "percent", "0 %"),
        (0.0, "percent", "0 %"),
        (-0.0, "percent", "0 %"),
        (-0.0, "count", "0"),
        (-1e-14, "count", "0"),
        (0.034, "percent", "3.4 %"),
        (0.0612, "percent", "6.1 %"),
        (0.003, "percent", "0.3 %"),
        (0.0034, "percent", "0.34 %"),
        (0.00094, "percent", "0.094 %"),
        (0.00000012, "percent", "0.000012 %"),
        (1, "percent", "100 %"),
        (0.9996, "percent", "99.96 %"),
        (0.99999, "percent", "99.999 %"),
        (0.999999999999, "percent", "100 %"),
        (1.2, "percent", "120 %"),
        (2.459, "ratio", "2.5×"),
        (1, "ratio", "1×"),
        (20800, "count", "20,800"),
        (1234567, "count", "1,234,567"),
        (12, "count", "12"),
        (-3, "count", "-3"),
        (2048, "bits", "2048 bit"),
        (1800, "seconds", "1,800 s"),
        (3, "days", "3 d"),
    ],
)
def test_display(value: float | str | None, unit: Unit, shown: str) -> None:
    assert display(value, unit) == shown


@pytest.mark.parametrize(
    ("value", "limit", "unit", "shown"),
    [
        (0.0504, 0.05, "percent", "5.04 %"),
        (0.05, 0.05, "percent", "5 %"),
        (0.04999, 0.05, "percent", "4.999 %"),
        (0.00301, 0.003, "percent", "0.301 %"),
        (0.0030000004, 0.003, "percent", "0.30000004 %"),
        (2.04, 2, "ratio", "2.04×"),
        (71, 70, "count", "71"),
        (0.0504, "missing", "percent", "5 %"),
    ],
)
def test_a_figure_near_a_limit_gets_more_decimals(
    value: float, limit: float | str, unit: Unit, shown: str
) -> None:
    assert display(value, unit, Limit(limit, "<="), None) == shown


RATIOS = st.fractions(0, 2, max_denominator=10**6).map(float) | st.floats(0, 2)
LIMITS = st.integers(0, 20000).map(lambda n: n / 10000)


@given(RATIOS, LIMITS, LIMITS)
@example(0.29999999 / 100, 0.003, 0.001)
@example(0.0999999 / 100, 0.001, 0.003)
@example(1e-9, 0.0, 0.0)
def test_never_shown_on_the_other_side_of_a_limit(value: float, ideal: float, act: float) -> None:
    shown = display(value, "percent", Limit(ideal, "<="), Limit(act, ">"))
    number = float(shown.removesuffix(" %").replace(",", ""))
    for limit in (ideal, act):
        exact, edge = round(value * 100, 9), round(limit * 100, 9)
        assert (number > edge, number < edge) == (exact > edge, exact < edge), shown


@given(st.floats(-1e9, 1e9), st.sampled_from(NUMERIC))
@example(2.9e-12, "ratio")
@example(-1e-300, "percent")
def test_what_is_shown_is_close_and_tidy(value: float, unit: Unit) -> None:
    shown = display(value, unit)
    assert shown.split()[0].rstrip("×") != "-0"
    number = shown.split()[0].rstrip("×").replace(",", "")
    assert "." not in number or not number.endswith(("0", "."))
    scaled = value * 100 if unit == "percent" else value
    assert abs(float(number) - scaled) <= max(0.05, abs(scaled) * 0.05)
    if unit == "percent" and float(number) == 100:
        assert scaled == pytest.approx(100, abs=1e-6) or scaled > 100


@given(st.fractions(0, 1, max_denominator=10**6).map(float))
@example(999_999 / 1_000_000)
def test_100_percent_is_said_only_of_100_percent(value: float) -> None:
    assert (display(value, "percent") == "100 %") == (value == 1)


@given(st.floats(1e-9, 1))
def test_more_than_nothing_is_not_shown_as_nothing(value: float) -> None:
    assert display(value, "percent") != "0 %"


@pytest.mark.parametrize(
    ("limit", "unit", "readable", "shown"),
    [
        (None, "percent", True, None),
        (Limit(0.03, "<="), "percent", True, "≤ 3 %"),
        (Limit(0.03, "<="), "percent", False, "<= 3 %"),
        (Limit(0.003, ">="), "percent", True, "≥ 0.3 %"),
        (Limit(0.001, "<"), "percent", True, "< 0.1 %"),
        (Limit(0.0008, "<="), "percent", True, "≤ 0.08 %"),
        (Limit(5, ">"), "ratio", False, "> 5×"),
        (Limit(2048, ">="), "bits", True, "≥ 2048 bit"),
        (Limit(10000, ">"), "count", True, "> 10,000"),
        (Limit("missing"), "word", True, "missing"),
    ],
)
def test_limit_text(limit: Limit | None, unit: Unit, readable: bool, shown: str | None) -> None:
    assert limit_text(limit, unit, readable=readable) == shown


@pytest.mark.parametrize(
    ("text", "check", "value"),
    [
        ("3%", PERCENT, 0.03),
        ("3 %", PERCENT, 0.03),
        ("0.3%", PERCENT, 0.003),
        ("0.08%", PERCENT, 0.0008),
        ("100%", PERCENT, 1.0),
        ("20800", COUNT, 20800.0),
        ("+5", COUNT, 5.0),
        ("-5", COUNT, -5.0),
        (" 12\n", COUNT, 12.0),
        ("quarantine", WORD, "quarantine"),
    ],
)
def test_parse_value(text: str, check: Check, value: float | str) -> None:
    assert parse_value(text, check) == value


@pytest.mark.parametrize(
    ("text", "check", "message"),
    [
        ("3", PERCENT, "do you mean 3% or 300%?"),
        ("0.3", PERCENT, "do you mean 0.3% or 30%?"),
        ("0.003", PERCENT, "do you mean 0.003% or 0.3%?"),
        ("0.07", PERCENT, "do you mean 0.07% or 7%?"),
        ("20%", COUNT, "sendgrid.daily_volume is not a percentage"),
        ("many", COUNT, "is not a number"),
        ("", COUNT, "is not a number"),
        ("%", PERCENT, "is not a number"),
        ("3%%", PERCENT, "is not a number"),
        ("nan", COUNT, "is not a number"),
        ("inf", COUNT, "is not a number"),
        ("1e3", COUNT, "is not a number"),
        ("1_000", COUNT, "is not a number"),
        ("１２", COUNT, "is not a number"),
        ("QUARANTINE", WORD, "is not one of reject, quarantine"),
    ],
)
def test_what_parse_value_refuses(text: str, check: Check, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        parse_value(text, check)


@pytest.mark.parametrize(
    ("text", "side", "check", "limit"),
    [
        ("3%", "ideal", PERCENT, Limit(0.03, "<=")),
        ("5%", "act", PERCENT, Limit(0.05, ">")),
        ("98%", "ideal", LOWER, Limit(0.98, ">=")),
        ("95%", "act", LOWER, Limit(0.95, "<")),
        ("<= 95%", "act", LOWER, Limit(0.95, "<=")),
        ("≤95%", "act", LOWER, Limit(0.95, "<=")),
        (">= 0.3%", "act", PERCENT, Limit(0.003, ">=")),
        ("≥ 0.3 %", "act", PERCENT, Limit(0.003, ">=")),
        ("  < 0.1%  ", "ideal", PERCENT, Limit(0.001, "<")),
        ("none", "act", PERCENT, None),
        ("off", "act", PERCENT, None),
        ("off", "act", WORD, None),
        ("= none", "act", WORD, Limit("none")),
        ("missing", "act", WORD, Limit("missing")),
    ],
)
def test_parse_limit(text: str, side: str, check: Check, limit: Limit | None) -> None:
    assert parse_limit(text, side, check) == limit


@pytest.mark.parametrize(
    ("text", "side", "check", "message"),
    [
        ("none", "act", WORD, '"= none"'),
        ("> missing", "act", WORD, "a word cannot have a comparator"),
        ("> 3%", "ideal", PERCENT, "> points the wrong way: ideal holds < or <="),
        ("<= 5%", "act", PERCENT, "<= points the wrong way: act holds > or >="),
        (">= 95%", "act", LOWER, "points the wrong way"),
        ("= 5%", "act", PERCENT, "= points the wrong way"),
        ("3", "ideal", PERCENT, "3% or 300%"),
        (">= 3", "act", PERCENT, "3% or 300%"),
        ("", "act", PERCENT, "is not a number"),
        ("> ", "act", PERCENT, "is not a number"),
        ("3%\n4%", "act", PERCENT, "is not a number"),
    ],
)
def test_what_parse_limit_refuses(text: str, side: str, check: Check, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        parse_limit(text, side, check)


@given(
    st.integers(0, 10**7),
    st.sampled_from(("ideal", "act")),
    st.sampled_from(("higher", "lower")),
    st.booleans(),
    st.booleans(),
)
def test_a_limit_that_is_written_out_reads_back(
    number: int, side: str, worse: str, strict: bool, readable: bool
) -> None:
    check = replace(PERCENT, worse="higher" if worse == "higher" else "lower")
    below = (worse == "higher") == (side == "ideal")
    signs: tuple[Comparator, Comparator] = ("<", "<=") if below else (">", ">=")
    limit = Limit(round(number / 10**7, 15), signs[0] if strict else signs[1])
    text = limit_text(limit, "percent", readable=readable)
    assert text is not None
    assert parse_limit(text, side, check) == limit


@pytest.mark.parametrize("side", ["ideal", "act"])
@pytest.mark.parametrize("name", CHECKS)
def test_every_shipped_limit_reads_back(name: str, side: str) -> None:
    check = CHECKS[name]
    limit = CATALOG.numbers[name].get(side)
    if limit is not None:
        assert isinstance(limit, Limit)
        text = limit_text(limit, check.unit, readable=True) or ""
        if check.unit in ("percent", "word"):
            assert parse_limit(text if text != "none" else "= none", side, check) == limit


@pytest.mark.parametrize(
    ("written", "unit", "shown"),
    [
        ("3.14%", "percent", "> 3.14 %"),
        ("0.0123%", "percent", "> 0.0123 %"),
        ("2.25", "ratio", "> 2.25×"),
        ("1234.5678", "count", "> 1,234.5678"),
    ],
)
def test_a_limit_is_shown_with_all_of_its_decimals(written: str, unit: Unit, shown: str) -> None:
    check = replace(PERCENT, unit=unit)
    assert limit_text(parse_limit(written, "act", check), unit, readable=True) == shown


def test_a_figure_is_not_shown_beyond_a_limit_that_it_would_be_rounded_over() -> None:
    assert display(0.0504, "percent", Limit(0.0502, ">")) == "5.04 %"
    assert display(0.0496, "percent", Limit(0.0498, "<")) == "4.96 %"


@pytest.mark.parametrize("word", ["none", "off"])
def test_a_word_that_also_switches_off_has_to_be_distinguished(word: str) -> None:
    other = {"none": "off", "off": "none"}[word]
    check = replace(WORD, worse=("good", word, "bad"))
    with pytest.raises(ValueError, match=f'write {other} to switch this side off, or "= {word}"'):
        parse_limit(word, "act", check)
    assert parse_limit(other, "act", check) is None
    assert parse_limit(f"= {word}", "act", check) == Limit(word)


@pytest.mark.parametrize(
    "value", [1e-12, 1e-13, 5e-324, -1e-12, 1e300, 1e-11, float("nan"), float("inf")]
)
@pytest.mark.parametrize("unit", NUMERIC)
def test_no_number_is_too_odd_to_be_shown(value: float, unit: Unit) -> None:
    limit = Limit(0.05, "<=")
    assert display(value, unit, limit)
    assert not display(value, unit, limit).startswith("-0 ")
