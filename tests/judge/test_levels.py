"""How a figure stands to its threshold: every rule, and its edges."""

import struct
from dataclasses import replace
from datetime import date
from math import floor

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mailwatch.catalog.catalog import read_catalog
from mailwatch.judge import judge
from mailwatch.judge.interval import Z, wilson
from mailwatch.model import (
    ACCOUNT,
    Cause,
    Check,
    Finding,
    Level,
    Limit,
    Measurement,
    Phrase,
    Threshold,
    Window,
    say,
    verbatim,
)
from mailwatch.text.units import parse_limit
from mailwatch.words import worded

CATALOG = read_catalog()
HIGHER = CATALOG.checks["sendgrid.bounce_rate"]
LOWER = CATALOG.checks["sendgrid.delivered_rate"]
POLICY = CATALOG.checks["dns.dmarc_policy"]
LOOKUPS = CATALOG.checks["dns.spf_lookups"]
RANK = {Level.OK: 0, Level.WARN: 1, Level.BREACH: 2}


def limits(check: Check, ideal: str, act: str, **more: int) -> Threshold:
    return Threshold(
        parse_limit(ideal, "ideal", check), parse_limit(act, "act", check),
        min_messages=more.get("min_messages", 0), min_daily=more.get("min_daily", 0),
        max_age_days=more.get("max_age_days"),
    )  # fmt: skip


def published(check: Check, value: float | str | None) -> Measurement:
    return Measurement(check.metric, ACCOUNT, value)


def counted(check: Check, numerator: int, denominator: int) -> Measurement:
    return Measurement(
        check.metric,
        ACCOUNT,
        numerator / denominator if denominator else None,
        numerator,
        denominator,
        "messages",
        proportion=True,
    )


def code(finding: Finding) -> str:
    return finding.reason.code


def value_of(phrase: Phrase, name: str) -> object:
    return dict(phrase.values)[name]


def float32(value: float) -> float:
    return float(struct.unpack("f", struct.pack("f", value))[0])


# --- the table --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "ideal", "act", "value", "level"),
    [
        (HIGHER, "3%", "5%", 0.0, "ok"),
        (HIGHER, "3%", "5%", 0.03, "ok"),
        (HIGHER, "3%", "5%", 0.030001, "warn"),
        (HIGHER, "3%", "5%", 0.05, "warn"),
        (HIGHER, "3%", "5%", 0.050001, "breach"),
        (HIGHER, "< 3%", ">= 5%", 0.029999, "ok"),
        (HIGHER, "< 3%", ">= 5%", 0.03, "warn"),
        (HIGHER, "< 3%", ">= 5%", 0.049999, "warn"),
        (HIGHER, "< 3%", ">= 5%", 0.05, "breach"),
        (HIGHER, "3%", "3%", 0.03, "ok"),
        (HIGHER, "3%", "3%", 0.030001, "breach"),
        (HIGHER, "0%", "none", 0.0, "ok"),
        (HIGHER, "0%", "none", 0.000001, "warn"),
        (HIGHER, "0%", "none", 1.0, "warn"),
        (HIGHER, "none", "5%", 0.05, "ok"),
        (HIGHER, "none", "5%", 0.06, "breach"),
        (HIGHER, "none", "none", 0.99, "ok"),
        (LOWER, "98%", "95%", 1.0, "ok"),
        (LOWER, "98%", "95%", 0.98, "ok"),
        (LOWER, "98%", "95%", 0.979999, "warn"),
        (LOWER, "98%", "95%", 0.95, "warn"),
        (LOWER, "98%", "95%", 0.949999, "breach"),
        (LOWER, "> 98%", "<= 95%", 0.980001, "ok"),
        (LOWER, "> 98%", "<= 95%", 0.98, "warn"),
        (LOWER, "> 98%", "<= 95%", 0.950001, "warn"),
        (LOWER, "> 98%", "<= 95%", 0.95, "breach"),
        (LOWER, "none", "95%", 0.95, "ok"),
        (LOWER, "none", "95%", 0.5, "breach"),
        (LOWER, "98%", "none", 0.0, "warn"),
        (LOOKUPS, "8", "10", 8, "ok"),
        (LOOKUPS, "8", "10", 9, "warn"),
        (LOOKUPS, "8", "10", 10, "warn"),
        (LOOKUPS, "8", "10", 11, "breach"),
        (POLICY, "quarantine", "missing", "reject", "ok"),
        (POLICY, "quarantine", "missing", "quarantine", "ok"),
        (POLICY, "quarantine", "missing", "none", "warn"),
        (POLICY, "quarantine", "missing", "missing", "breach"),
        (POLICY, "quarantine", "= none", "none", "breach"),
        (POLICY, "quarantine", "= none", "missing", "breach"),
        (POLICY, "off", "missing", "none", "ok"),
        (POLICY, "off", "missing", "missing", "breach"),
        (POLICY, "quarantine", "off", "missing", "warn"),
        (POLICY, "off", "off", "missing", "ok"),
    ],
)
def test_every_level(check: Check, ideal: str, act: str, value: float | str, level: str) -> None:
    finding = judge(published(check, value), check, limits(check, ideal, act))
    assert finding.level == level
    assert finding.cause is None
    assert finding.interval is None


@pytest.mark.parametrize(
    ("value", "ideal", "act", "reason"),
    [
        (0.02, "3%", "5%", "2 % is within the ideal (≤ 3 %)"),
        (0.04, "3%", "5%", "4 % is past the ideal (≤ 3 %)"),
        (0.0504, "3%", "5%", "5.04 % calls for action (> 5 %)"),
        (0.04, "none", "5%", "4 % does not call for action (that would be > 5 %)"),
        (0.04, "none", "none", "not judged: no threshold is set"),
        (0.04, "3.14%", ">= 5%", "4 % is past the ideal (≤ 3.14 %)"),
    ],
)
def test_the_reason_quotes_value_and_limit(value: float, ideal: str, act: str, reason: str) -> None:
    finding = judge(published(HIGHER, value), HIGHER, limits(HIGHER, ideal, act))
    assert worded(finding.reason, "en") == reason


@pytest.mark.parametrize("percent", range(1, 100))
def test_a_limit_is_reached_exactly(percent: int) -> None:
    """3 of 100, 0.03 and the 32-bit 0.03 are all 3 %, whichever binary fraction they are."""
    exact = limits(HIGHER, f"{percent}%", f"{percent}%")
    strict = limits(HIGHER, "0%", f">= {percent}%")
    big = 10**9
    for at in (
        published(HIGHER, percent / 100),
        published(HIGHER, float32(percent / 100)),
        replace(counted(HIGHER, percent * 10**7, big), proportion=False),
        replace(counted(HIGHER, percent, 100), proportion=False),
        replace(counted(HIGHER, percent * 3, 300), proportion=False),
    ):
        assert judge(at, HIGHER, exact).level is Level.OK
        assert judge(at, HIGHER, strict).level is Level.BREACH
    above = replace(counted(HIGHER, percent * 10**7 + 1, big), proportion=False)
    below = replace(counted(HIGHER, percent * 10**7 - 1, big), proportion=False)
    assert judge(above, HIGHER, exact).level is Level.BREACH
    assert judge(below, HIGHER, strict).level is Level.WARN


@pytest.mark.parametrize(("value", "shown"), [(0.003, "0.3 %"), (0.001, "0.1 %"), (0.95, "95 %")])
def test_a_32_bit_float_is_quoted_as_it_is_judged(value: float, shown: str) -> None:
    either = limits(HIGHER, "none", f">= {value * 100:.6g}%")
    finding = judge(published(HIGHER, float32(value)), HIGHER, either)
    assert finding.level is Level.BREACH
    assert worded(finding.reason, "en").startswith(f"{shown} calls for action")


# --- what is not judged -----------------------------------------------------------------------


def test_what_was_not_measured_is_unknown_with_its_own_reason() -> None:
    note = say("run.not_configured")
    measurement = replace(published(HIGHER, None), cause=Cause.NOT_ALLOWED, note=note)
    finding = judge(measurement, HIGHER, limits(HIGHER, "none", "none"))
    assert (finding.level, finding.cause, finding.reason) == (
        Level.UNKNOWN, Cause.NOT_ALLOWED, note,
    )  # fmt: skip


def test_what_was_not_measured_without_a_reason_has_no_data() -> None:
    finding = judge(published(HIGHER, None), HIGHER, limits(HIGHER, "3%", "5%"))
    assert (finding.level, finding.cause) == (Level.UNKNOWN, Cause.NO_DATA)
    assert code(finding) == "run.not_measured"


def test_a_rate_without_mail_is_unknown() -> None:
    finding = judge(counted(HIGHER, 0, 0), HIGHER, limits(HIGHER, "3%", "5%", min_messages=100))
    assert (finding.level, finding.interval) == (Level.UNKNOWN, None)


def test_a_value_that_its_source_exempts_is_ok() -> None:
    measurement = replace(published(HIGHER, 0.99), note=verbatim("Ed25519"))
    finding = judge(measurement, HIGHER, limits(HIGHER, "3%", "5%"))
    assert (finding.level, finding.cause) == (Level.OK, None)
    assert worded(finding.reason, "en") == "not judged: Ed25519"


def test_a_figure_that_is_not_judged_is_not_too_old_either() -> None:
    old = replace(published(HIGHER, 0.5), window=Window(date(2026, 1, 1), date(2026, 1, 1)),
                  complete_until=date(2026, 11, 23))  # fmt: skip
    finding = judge(old, HIGHER, limits(HIGHER, "none", "none", max_age_days=7))
    assert (finding.level, code(finding)) == (Level.OK, "judge.switched_off")


@pytest.mark.parametrize(
    ("last", "level", "age"),
    [(23, "ok", 1), (17, "ok", 7), (16, "unknown", 8), (1, "unknown", 23), (24, "ok", 0)],
)
def test_an_old_figure_is_unknown(last: int, level: str, age: int) -> None:
    day = date(2026, 11, last)
    measurement = replace(
        published(HIGHER, 0.01), window=Window(day, day), complete_until=date(2026, 11, 23)
    )
    finding = judge(measurement, HIGHER, limits(HIGHER, "3%", "5%", max_age_days=7))
    assert measurement.age_days == age
    assert finding.level == level
    if level == "unknown":
        assert finding.cause is Cause.NO_DATA
        assert finding.reason == say("judge.too_old", age=age, most=7)


def test_without_days_or_without_a_bound_nothing_is_too_old() -> None:
    assert judge(
        published(HIGHER, 0.01), HIGHER, limits(HIGHER, "3%", "5%", max_age_days=0)
    ).level is Level.OK  # fmt: skip
    day = date(2020, 1, 1)
    old = replace(
        published(HIGHER, 0.01), window=Window(day, day), complete_until=date(2026, 11, 23)
    )
    assert judge(old, HIGHER, limits(HIGHER, "3%", "5%")).level is Level.OK
    assert replace(old, complete_until=None).age_days is None


@pytest.mark.parametrize(
    ("volume", "level"), [(0, "ok"), (999, "ok"), (1000, "breach"), (None, "breach")]
)
def test_a_quiet_day_is_not_judged(volume: int | None, level: str) -> None:
    measurement = replace(published(HIGHER, 0.5), newest_volume=volume)
    finding = judge(measurement, HIGHER, limits(HIGHER, "3%", "5%", min_daily=1000))
    assert finding.level == level
    if level == "ok":
        assert finding.reason == say("judge.under_floor", volume=volume or 0, floor=1000)


@pytest.mark.parametrize("value", ["REJECT", "", "reject ", "n", "\\x1b[31m"])
def test_an_unknown_word_is_unknown(value: str) -> None:
    finding = judge(published(POLICY, value), POLICY, limits(POLICY, "quarantine", "missing"))
    assert (finding.level, finding.cause) == (Level.UNKNOWN, Cause.NO_DATA)
    assert finding.reason == say("judge.unknown_word", value=value)


@pytest.mark.parametrize("value", ["high", "higher", "h", ""])
def test_a_word_for_a_number_is_unknown(value: str) -> None:
    finding = judge(published(HIGHER, value), HIGHER, limits(HIGHER, "3%", "5%"))
    assert (finding.level, code(finding)) == (Level.UNKNOWN, "judge.unknown_word")


def test_a_number_for_a_word_is_unknown() -> None:
    finding = judge(published(POLICY, 0.5), POLICY, limits(POLICY, "quarantine", "missing"))
    assert finding.reason == say("judge.unknown_word", value="0.5")


# --- little mail ------------------------------------------------------------------------------


@pytest.mark.parametrize(("sent", "level"), [(1, "unknown"), (99, "unknown"), (100, "warn")])
def test_under_min_messages_nothing_is_reported(sent: int, level: str) -> None:
    threshold = Threshold(Limit(0.0, "<="), Limit(1.0, ">"), min_messages=100)
    finding = judge(counted(HIGHER, 1, sent), HIGHER, threshold)
    assert finding.level == level
    if level == "unknown":
        assert finding.cause is Cause.TOO_LITTLE_MAIL
        more = value_of(finding.reason, "more")
        assert (code(finding), more) == ("judge.too_few", 100 - sent)


def test_a_published_rate_has_no_number_of_messages() -> None:
    threshold = limits(HIGHER, "3%", "5%", min_messages=100)
    assert judge(published(HIGHER, 0.01), HIGHER, threshold).level is Level.OK
    ratio = replace(published(HIGHER, 0.01), numerator=1, denominator=99)  # of what: not said
    assert judge(ratio, HIGHER, threshold).level is Level.OK


def settles_at(numerator: int, sent: int, ideal: float, act: float, *, higher: bool) -> float:
    """How many messages in all decide it: Wilson's interval is every θ with
    n (rate − θ)² ≤ z² θ (1 − θ), so it leaves an edge out from a certain n on."""
    rate = numerator / sent
    if higher:
        ideal, act = min(ideal, 0.6 * act), max(act, ideal / 0.6)
    else:
        ideal, act = 1 - min(1 - ideal, 0.6 * (1 - act)), 1 - max(1 - act, (1 - ideal) / 0.6)

    def leaves_out(limit: float) -> float:
        return Z * Z * limit * (1 - limit) / (rate - limit) ** 2 if rate != limit else 1e99

    past_ideal = rate > ideal if higher else rate < ideal
    short_of_act = rate < act if higher else rate > act
    deciding = [leaves_out(ideal)] * past_ideal + [leaves_out(act)] * short_of_act
    return min(deciding)


@pytest.mark.parametrize(
    ("check", "ideal", "act", "numerator", "sent"),
    [
        (HIGHER, 0.03, 0.05, 8, 200),
        (HIGHER, 0.03, 0.05, 40, 1000),
        (HIGHER, 0.03, 0.05, 3, 110),
        (HIGHER, 0.03, 0.05, 0, 50),
        (HIGHER, 0.0008, 0.001, 1, 1000),
        (LOWER, 0.98, 0.95, 193, 200),
        (LOWER, 0.98, 0.95, 99, 100),
    ],
)
def test_an_interval_that_reaches_from_ideal_to_act_is_unknown(
    check: Check, ideal: float, act: float, numerator: int, sent: int
) -> None:
    threshold = limits(check, f"{ideal * 100:.6g}%", f"{act * 100:.6g}%")
    finding = judge(counted(check, numerator, sent), check, threshold)
    assert (finding.level, finding.cause) == (Level.UNKNOWN, Cause.TOO_LITTLE_MAIL)
    assert code(finding) == "judge.undecided"
    needed = floor(settles_at(numerator, sent, ideal, act, higher=check is HIGHER)) + 1 - sent
    settle = value_of(finding.reason, "settle")
    assert isinstance(settle, Phrase)
    told = value_of(settle, "more")
    assert isinstance(told, int)
    assert needed <= told <= needed * 1.1 + 1
    assert len(str(told).rstrip("0")) <= 2


SMALL = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(SMALL, st.sampled_from([(HIGHER, 0.03, 0.05), (LOWER, 0.98, 0.95), (HIGHER, 0.01, 0.5)]))
@example((1, 12), (HIGHER, 0.03, 0.05))
@example((8, 200), (HIGHER, 0.03, 0.05))
def test_the_number_of_messages_settles_it_and_one_less_does_not(
    counts: tuple[int, int], limit: tuple[Check, float, float]
) -> None:
    """Under min_messages the exact number is told."""
    check, ideal, act = limit
    least = 3001
    threshold = limits(check, f"{ideal * 100:.6g}%", f"{act * 100:.6g}%", min_messages=least)
    sent = counts[1]
    finding = judge(counted(check, *counts), check, threshold)
    spans = judge(counted(check, *counts), check, replace(threshold, min_messages=0))
    needed = least
    if spans.level is Level.UNKNOWN:
        bound = settles_at(*counts, ideal, act, higher=check is HIGHER)
        assume(abs(bound - round(bound)) > 1e-4)  # there the last digits decide
        needed = max(least, floor(bound) + 1)
    assert finding.level is Level.UNKNOWN
    more = value_of(finding.reason, "more")
    assert isinstance(more, int)
    assert sent + more == needed


def test_under_min_messages_a_rate_without_an_interval_waits_for_those_only() -> None:
    deferrals = replace(counted(HIGHER, 30, 60), proportion=False)
    finding = judge(deferrals, HIGHER, limits(HIGHER, "3%", "5%", min_messages=100))
    assert (code(finding), value_of(finding.reason, "more")) == ("judge.too_few", 40)


@pytest.mark.parametrize("numerator", [0, 1, 99, 100])
def test_a_share_of_the_messages_has_an_interval(numerator: int) -> None:
    finding = judge(counted(HIGHER, numerator, 100), HIGHER, limits(HIGHER, "3%", "none"))
    assert finding.interval == wilson(numerator, 100)


def test_the_bounds_are_shown_on_their_side_of_the_limits() -> None:
    finding = judge(counted(HIGHER, 46, 1000), HIGHER, limits(HIGHER, "3.48%", "6.07%"))
    low, high = value_of(finding.reason, "low"), value_of(finding.reason, "high")
    assert code(finding) == "judge.undecided"
    assert float(str(low).removesuffix(" %")) <= 3.48
    assert float(str(high).removesuffix(" %")) > 6.07


@pytest.mark.parametrize(
    "measurement",
    [
        replace(counted(HIGHER, 120, 100), value=1.2),  # several attempts a message
        replace(counted(HIGHER, 4, 100), proportion=False),
        published(HIGHER, 0.04),
    ],
)
def test_what_is_no_proportion_has_no_interval(measurement: Measurement) -> None:
    finding = judge(measurement, HIGHER, limits(HIGHER, "3%", "5%"))
    assert finding.interval is None
    assert finding.level in (Level.WARN, Level.BREACH)


def test_a_word_has_no_interval() -> None:
    measurement = replace(counted(POLICY, 1, 100), value="none")
    finding = judge(measurement, POLICY, limits(POLICY, "quarantine", "missing"))
    assert (finding.level, finding.interval) == (Level.WARN, None)


# --- whatever comes ---------------------------------------------------------------------------

NUMBERS = st.integers(0, 10**9) | st.floats(0, 2) | st.floats(-1e6, 1e12)


def thresholds_of(check: Check) -> st.SearchStrategy[Threshold]:
    """Any numbers that thresholds.yaml can give the check, in order or not."""
    if isinstance(check.worse, tuple):
        words = st.none() | st.sampled_from(check.worse).map(Limit)
        sides = st.tuples(words, words)
    else:
        numbers = st.integers(-10, 10**5).map(lambda n: n / 1000) | st.integers(0, 100)
        good, bad = (("<", "<="), (">", ">="))[:: 1 if check.worse == "higher" else -1]
        sides = st.tuples(
            st.none() | st.builds(Limit, numbers, st.sampled_from(good)),
            st.none() | st.builds(Limit, numbers, st.sampled_from(bad)),
        )
    floors = st.just(0) | st.integers(0, 10**9)
    return st.builds(
        lambda both, messages, daily, age: Threshold(both[0], both[1], messages, daily, age),
        sides, floors, floors, st.none() | st.integers(0, 100),
    )  # fmt: skip


def measurements_of(check: Check) -> st.SearchStrategy[Measurement]:
    """Anything of the check's metric: measured or not, from counts or published, old or new."""
    words = st.text(max_size=5)
    if isinstance(check.worse, tuple):
        words |= st.sampled_from(check.worse)
    plain = st.builds(
        Measurement, st.just(check.metric), st.just(ACCOUNT), st.none() | NUMBERS | words
    )
    counts = st.builds(
        lambda k, n, proportion: replace(counted(check, k, n), proportion=proportion),
        st.integers(0, 10**7), st.integers(0, 10**7), st.booleans(),
    )  # fmt: skip
    days = st.none() | st.dates()
    return st.builds(
        lambda m, note, cause, volume, last, until: replace(
            m, note=note, cause=cause, newest_volume=volume, complete_until=until,
            window=Window(last, last) if last else None,
        ),
        plain | counts, st.none() | st.just(verbatim("{note}")), st.none() | st.sampled_from(Cause),
        st.none() | st.integers(0, 10**9), days, days,
    )  # fmt: skip


ANYTHING = st.sampled_from(list(CATALOG.checks.values())).flatmap(
    lambda check: st.tuples(st.just(check), measurements_of(check), thresholds_of(check))
)


@given(ANYTHING)
def test_whatever_comes_is_judged_and_worded(
    case: tuple[Check, Measurement, Threshold],
) -> None:
    check, measurement, threshold = case
    finding = judge(measurement, check, threshold)
    assert (finding.cause is not None) == (finding.level is Level.UNKNOWN)
    assert (finding.check, finding.measurement, finding.threshold) == (
        check, measurement, threshold,
    )  # fmt: skip
    for lang in ("en", "ja"):
        assert worded(finding.reason, lang)


NUMERIC = [check for check in CATALOG.checks.values() if not isinstance(check.worse, tuple)]


@given(
    st.sampled_from(NUMERIC).flatmap(lambda check: st.tuples(st.just(check), thresholds_of(check))),
    NUMBERS,
    NUMBERS,
)
def test_a_worse_value_never_gets_a_better_level(
    case: tuple[Check, Threshold], one: float, other: float
) -> None:
    check, threshold = case
    better, worse = sorted((one, other), reverse=check.worse == "lower")
    first = judge(published(check, better), check, threshold).level
    second = judge(published(check, worse), check, threshold).level
    assert RANK[first] <= RANK[second]


@given(
    st.integers(1, 10**5).flatmap(
        lambda n: st.tuples(st.integers(0, n), st.integers(0, n), st.just(n))
    ),
    thresholds_of(HIGHER),
)
def test_more_bounces_never_get_a_better_level(
    counts: tuple[int, int, int], threshold: Threshold
) -> None:
    low, high = sorted(counts[:2])
    first = judge(counted(HIGHER, low, counts[2]), HIGHER, threshold).level
    second = judge(counted(HIGHER, high, counts[2]), HIGHER, threshold).level
    if Level.UNKNOWN not in (first, second):
        assert RANK[first] <= RANK[second]


@given(st.sampled_from(POLICY.worse), st.sampled_from(POLICY.worse), thresholds_of(POLICY))
def test_a_worse_word_never_gets_a_better_level(one: str, other: str, threshold: Threshold) -> None:
    better, worse = sorted((one, other), key=list(POLICY.worse).index)
    first = judge(published(POLICY, better), POLICY, threshold).level
    second = judge(published(POLICY, worse), POLICY, threshold).level
    assert RANK[first] <= RANK[second]
