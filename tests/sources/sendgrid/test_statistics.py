"""Counts made into figures: each formula with its denominator, worked out by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwatch.model import ACCOUNT, Cause, Day, Fault, Measurement, Window, say
from mailwatch.sources.sendgrid.statistics import (
    COUNTED,
    METRICS,
    REPUTATION,
    STATISTICS,
    Days,
    Statistics,
    measure_reputation,
    measure_statistics,
    reputation_has_no_past,
)

NEWEST = date(2026, 11, 23)
DAY = {
    "requests": 1000,
    "processed": 900,
    "delivered": 880,
    "bounces": 15,
    "blocks": 5,
    "deferred": 1350,
    "spam_reports": 2,
    "invalid_emails": 10,
}
EMPTY = dict.fromkeys(COUNTED, 0)


def ago(days: int) -> date:
    return NEWEST - timedelta(days)


def counts(**given: int) -> dict[str, int]:
    return {**EMPTY, **given}


def lacking(*names: str, **given: int) -> dict[str, int]:
    """The counts of a day, without these."""
    return {name: count for name, count in counts(**given).items() if name not in names}


def figures(
    statistics: Statistics, window: int = 7, *, zone_known: bool = True, history: int = 31
) -> dict[str, Measurement]:
    days = Days(NEWEST, window, history, zone_known)
    found = measure_statistics(statistics, days)
    measured = [item for item in found if isinstance(item, Measurement)]
    # The change against the usual weekday is not there for a young account.
    assert [m.metric for m in measured] in (list(STATISTICS), list(STATISTICS[:-1]))
    return {m.metric.removeprefix("sendgrid."): m for m in measured}


def faults(statistics: Statistics) -> list[Fault]:
    found = measure_statistics(statistics, Days(NEWEST, 7, 31, zone_known=True))
    return [item for item in found if isinstance(item, Fault)]


def month(before: int = 900, newest: int = 900) -> dict[date, dict[str, int]]:
    """31 days: `before` mails on each of 30, `newest` on the last."""
    days = {ago(n): counts(processed=before) for n in reversed(range(1, 31))}
    return {**days, NEWEST: counts(processed=newest)}


@pytest.mark.parametrize(
    ("name", "numerator", "denominator", "of", "proportion"),
    [
        ("bounce_rate", 15, 900, "processed", True),
        ("block_rate", 5, 900, "processed", True),
        ("spam_report_rate", 2, 880, "delivered", True),
        ("deferral_rate", 1350, 900, "processed", False),  # one an attempt: over 100 %
        ("drop_rate", 100, 1000, "requests", True),
        ("invalid_rate", 10, 1000, "requests", True),
        ("delivered_rate", 880, 900, "processed", True),
    ],
)
def test_each_rate_names_its_denominator(
    name: str, numerator: int, denominator: int, of: str, proportion: bool
) -> None:
    rate = figures({NEWEST: DAY}, 1)[name]
    assert (rate.numerator, rate.denominator, rate.denominator_name) == (numerator, denominator, of)
    assert rate.value == numerator / denominator
    assert rate.proportion is proportion
    assert rate.newest_volume == denominator
    assert rate.daily == (Day(NEWEST, numerator / denominator, numerator, denominator),)
    assert (rate.subject, rate.cause, rate.note, rate.evidence) == (ACCOUNT, None, None, ())


def test_a_window_is_pooled_and_not_averaged() -> None:
    rate = figures(
        {ago(1): counts(processed=10, bounces=1), NEWEST: counts(processed=1000, bounces=1)}, 2
    )["bounce_rate"]
    assert (rate.numerator, rate.denominator) == (2, 1010)
    assert rate.value == 2 / 1010
    assert rate.newest_volume == 1000


def test_the_window_is_the_newest_days_and_the_series_all_of_them() -> None:
    rate = figures({ago(n): counts(processed=10, bounces=n) for n in range(31)}, 3)["bounce_rate"]
    assert (rate.numerator, rate.denominator) == (0 + 1 + 2, 30)
    assert rate.window == Window(ago(2), NEWEST)
    assert [day.day for day in rate.daily] == [ago(n) for n in reversed(range(31))]
    assert rate.age_days == 1


@pytest.mark.parametrize("window", [1, 7, 31, 90])
def test_the_days_asked_for_hold_the_window(window: int) -> None:
    days = Days(NEWEST, window, max(31, window), zone_known=True)
    assert days.first == ago(max(31, window) - 1)
    assert days.pooled == Window(ago(window - 1), NEWEST)
    assert days.asked == Window(days.first, NEWEST)
    assert days.first <= days.pooled.first


def test_a_day_without_mail_has_no_rate_of_its_own() -> None:
    rate = figures({ago(1): counts(), NEWEST: counts(processed=10)}, 2)["bounce_rate"]
    assert rate.daily[0] == Day(ago(1), None, 0, 0)
    assert (rate.value, rate.evidence) == (0.0, ())


def test_a_missing_day_is_a_gap_and_said() -> None:
    days = month()
    del days[ago(3)], days[ago(20)]
    rate = figures(days)["bounce_rate"]
    assert (rate.denominator, rate.window) == (6 * 900, Window(ago(6), NEWEST))
    assert ago(3) not in [day.day for day in rate.daily]
    assert rate.evidence == (say("sendgrid.days_missing", found=6, asked=7),)
    assert figures(days)["volume_growth"].evidence[1] == say(
        "sendgrid.days_missing", found=28, asked=30
    )


def test_a_missing_newest_day_makes_the_figure_older() -> None:
    days = month()
    del days[NEWEST], days[ago(1)]
    for figure in figures(days).values():
        assert figure.window is not None
        assert figure.window.last == ago(2)
        assert figure.age_days == 3
    assert figures(days)["daily_volume"].window == Window(ago(2), ago(2))


def test_no_day_of_the_window_is_no_data_and_not_no_mail() -> None:
    rate = figures({ago(10): counts(processed=500, bounces=5)})["bounce_rate"]
    assert (rate.value, rate.cause) == (None, Cause.NO_DATA)
    assert rate.note == say("sendgrid.no_days", first=ago(6), last=NEWEST)
    assert rate.newest_volume is None
    assert rate.daily == (Day(ago(10), 0.01, 5, 500),)


def test_a_window_without_mail_is_too_little_to_tell() -> None:
    rate = figures({ago(n): counts() for n in range(31)})["bounce_rate"]
    assert (rate.value, rate.cause) == (None, Cause.TOO_LITTLE_MAIL)
    assert rate.note == say("sendgrid.no_mail", days=7)
    assert (rate.numerator, rate.denominator, rate.newest_volume) == (0, 0, 0)


def test_no_day_at_all_is_no_data() -> None:
    note = say("sendgrid.no_days", first=ago(30), last=NEWEST)
    for name, figure in figures({}).items():
        assert figure == Measurement(f"sendgrid.{name}", ACCOUNT, cause=Cause.NO_DATA, note=note)


def test_a_zone_that_is_not_known_is_said() -> None:
    assert (
        say("sendgrid.zone_unknown") in figures(month(), zone_known=False)["bounce_rate"].evidence
    )
    assert figures(month())["bounce_rate"].evidence == ()


def test_fewer_than_no_drops_are_shown_as_0_and_said() -> None:
    # Given a window in which more was processed than requested: events are booked on the day on
    # which they happen
    rate = figures({NEWEST: counts(requests=90, processed=100)}, 1)["drop_rate"]
    # Then there are no drops, on the day and in all, and the evidence says what was done
    assert (rate.numerator, rate.denominator, rate.value) == (0, 90, 0.0)
    assert rate.daily == (Day(NEWEST, 0.0, 0, 90),)
    assert rate.evidence == (
        say("sendgrid.negative_days", days=1, day=NEWEST),
        say("sendgrid.negative_window", excess=10),
    )


def test_the_surplus_of_one_day_is_taken_from_the_drops_of_the_others() -> None:
    # Given 10 drops on one day, and 5 more processed than requested on the next
    rate = figures(
        {
            ago(1): counts(requests=110, processed=100),
            NEWEST: counts(requests=90, processed=95),
        },
        2,
    )["drop_rate"]
    # Then there are 5 in all, and the day is shown without drops
    assert (rate.numerator, rate.denominator) == (5, 200)
    assert [day.numerator for day in rate.daily] == [10, 0]
    assert rate.evidence == (say("sendgrid.negative_days", days=1, day=NEWEST),)


def test_a_day_that_processed_without_any_request_has_no_rate() -> None:
    rate = figures({NEWEST: counts(processed=5)}, 1)["drop_rate"]
    assert rate.daily == (Day(NEWEST, None, 0, 0),)
    assert rate.cause is Cause.TOO_LITTLE_MAIL


def test_a_count_that_a_day_lacks_is_a_gap_for_the_figures_that_need_it() -> None:
    # Given a week of which one day has no `bounces`
    days: dict[date, dict[str, int]] = {
        ago(n): counts(processed=100, bounces=4, blocks=1) for n in range(7)
    }
    days[ago(2)] = lacking("bounces", processed=100, blocks=1)
    measured = figures(days)
    # Then that day is a gap in the bounce rate, and not a day without bounces
    bounces = measured["bounce_rate"]
    assert (bounces.numerator, bounces.denominator, bounces.value) == (24, 600, 0.04)
    assert ago(2) not in [day.day for day in bounces.daily]
    assert bounces.evidence == (say("sendgrid.days_missing", found=6, asked=7),)
    # And the other figures of that day stay
    assert (measured["block_rate"].numerator, measured["block_rate"].denominator) == (7, 700)
    assert len(measured["daily_volume"].daily) == 7


def test_counts_that_are_missing_are_a_fault_that_names_them_and_the_days() -> None:
    # Given two days without `bounces` and `blocks`, one of them without `delivered` too
    days = {
        NEWEST: counts(),
        ago(1): lacking("bounces", "blocks"),
        ago(2): lacking("bounces", "blocks", "delivered"),
    }
    one, other = faults(days)
    # Then what the same days lack is one fault, over the figures that it takes a day from
    assert one.what == say("sendgrid.counts_missing", names="delivered", days=1)
    assert one.metrics == ("sendgrid.spam_report_rate", "sendgrid.delivered_rate")
    assert other.what == say("sendgrid.counts_missing", names="bounces, blocks", days=2)
    assert other.metrics == ("sendgrid.bounce_rate", "sendgrid.block_rate")
    assert other.cause is Cause.NO_DATA
    assert faults({NEWEST: counts()}) == []


def test_a_count_that_every_day_lacks_is_why_there_is_no_figure() -> None:
    measured = figures({ago(n): lacking("bounces", "processed") for n in range(3)})
    bounces, volume = measured["bounce_rate"], measured["daily_volume"]
    assert (bounces.value, bounces.numerator, bounces.cause) == (None, 0, Cause.NO_DATA)
    assert bounces.note == say("sendgrid.counts_missing", names="bounces, processed", days=3)
    for figure in (volume, measured["volume_growth"]):
        assert (figure.value, figure.cause) == (None, Cause.NO_DATA)
        assert figure.note == say("sendgrid.counts_missing", names="processed", days=3)
    assert measured["invalid_rate"].cause is Cause.TOO_LITTLE_MAIL


def test_a_newest_day_without_its_volume_leaves_the_one_before() -> None:
    days: dict[date, dict[str, int]] = {**month(), NEWEST: lacking("processed")}
    measured = figures(days)
    assert measured["daily_volume"].window == Window(ago(1), ago(1))
    assert measured["volume_growth"].age_days == 2


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("bounce_rate", {"bounces": 101, "processed": 100}),
        ("block_rate", {"blocks": 101, "processed": 100}),
        ("spam_report_rate", {"spam_reports": 101, "delivered": 100}),
        ("invalid_rate", {"invalid_emails": 101, "requests": 100}),
        ("delivered_rate", {"delivered": 101, "processed": 100}),
    ],
)
def test_counts_that_cannot_all_be_true_are_no_rate(name: str, given: dict[str, int]) -> None:
    # Given a window with more of a thing than what it is a part of
    rate = figures({NEWEST: counts(**given)}, 1)[name]
    # Then there is no rate, and both counts are named
    (counted, numerator), (of, denominator) = given.items()
    assert (rate.value, rate.cause) == (None, Cause.NO_DATA)
    assert (rate.numerator, rate.denominator) == (None, None)
    assert rate.note == say(
        "sendgrid.contradiction",
        numerator=numerator,
        counted=counted,
        denominator=denominator,
        of=of,
    )
    # And exactly 100 % is one
    given[counted] = denominator
    assert figures({NEWEST: counts(**given)}, 1)[name].value == 1.0


def test_only_the_window_is_asked_whether_its_counts_can_be_true() -> None:
    # Given a day with more bounces than mail: those of the day before's mail
    days = {ago(1): counts(processed=100), NEWEST: counts(processed=10, bounces=20)}
    rate = figures(days, 2)["bounce_rate"]
    # Then the window is a rate
    assert (rate.value, rate.daily[-1].value) == (20 / 110, 2.0)
    assert rate.cause is None


def test_the_volume_is_that_of_the_newest_day() -> None:
    volume = figures(month(newest=1234))["daily_volume"]
    assert (volume.value, volume.newest_volume) == (1234, 1234)
    assert volume.denominator is None
    assert volume.window == Window(NEWEST, NEWEST)
    assert volume.daily[-1] == Day(NEWEST, 1234)
    assert len(volume.daily) == 31


def test_growth_is_over_the_busiest_of_the_30_days_before() -> None:
    days = month()
    days[ago(30)] = counts(processed=2000)
    days[NEWEST] = counts(processed=3000)
    growth = figures(days)["volume_growth"]
    assert (growth.value, growth.numerator, growth.denominator) == (1.5, 3000, 2000)
    assert growth.denominator_name == "busiest of the 30 days before"
    assert growth.evidence == (say("sendgrid.growth_since", day=ago(30), volume=2000),)
    assert growth.newest_volume == 3000


def test_growth_looks_no_further_back_than_it_says() -> None:
    days = {ago(n): counts(processed=100) for n in range(90)} | {ago(31): counts(processed=9999)}
    growth = figures(days, 90, history=90)["volume_growth"]
    assert (growth.denominator, growth.value) == (100, 1.0)


def test_the_latest_of_equally_busy_days_is_named() -> None:
    (since,) = figures(month())["volume_growth"].evidence
    assert since == say("sendgrid.growth_since", day=ago(1), volume=900)


def test_growth_from_nothing_is_over_the_first_step_and_names_it() -> None:
    growth = figures(month(before=0, newest=200))["volume_growth"]
    assert (growth.value, growth.denominator) == (4.0, 50)
    assert growth.denominator_name == "first step of the warm-up schedule"
    assert growth.evidence == (say("sendgrid.growth_from_nothing", step=50),)


def test_growth_without_any_day_before_says_that_they_are_missing() -> None:
    growth = figures({NEWEST: counts(processed=100)})["volume_growth"]
    assert (growth.value, growth.denominator) == (2.0, 50)
    assert growth.denominator_name == "first step of the warm-up schedule"
    assert growth.evidence == (
        say("sendgrid.growth_from_nothing", step=50),
        say("sendgrid.days_missing", found=0, asked=30),
    )


def test_a_newest_day_without_mail_has_not_grown() -> None:
    growth = figures(month(newest=0))["volume_growth"]
    assert (growth.value, growth.numerator, growth.newest_volume) == (0.0, 0, 0)


def test_the_reputation_is_of_now() -> None:
    assert measure_reputation(98.5) == Measurement(REPUTATION, ACCOUNT, 98.5)
    past = reputation_has_no_past()
    assert (past.value, past.cause) == (None, Cause.NO_DATA)
    assert past.note == say("sendgrid.reputation_no_past")


def test_every_metric_is_named_once() -> None:
    assert len(set(METRICS)) == len(METRICS) == 11


ANY_DAY = st.fixed_dictionaries({}, optional={name: st.integers(0, 10**12) for name in COUNTED})


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.integers(0, 89).map(ago), ANY_DAY, max_size=20),
    st.integers(1, 90),
    st.booleans(),
)
def test_a_figure_is_its_numerator_over_its_denominator(
    statistics: dict[date, dict[str, int]], window: int, zone_known: bool
) -> None:
    history = max(31, window)
    asked = {day: given for day, given in statistics.items() if (NEWEST - day).days < history}
    for figure in figures(asked, window, zone_known=zone_known, history=history).values():
        assert (figure.value is None) == (figure.cause is not None) == (figure.note is not None)
        if figure.denominator:
            assert figure.numerator is not None
            assert figure.value == figure.numerator / figure.denominator
            assert figure.numerator >= 0
        if figure.proportion and figure.value is not None:
            assert 0 <= float(figure.value) <= 1
        days = [day.day for day in figure.daily]
        assert days == sorted(set(days) & set(asked))
        assert all((day.numerator or 0) >= 0 for day in figure.daily)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.integers(0, 30).map(ago), ANY_DAY, max_size=31))
def test_each_count_that_is_missing_is_said_once(statistics: dict[date, dict[str, int]]) -> None:
    said: list[str] = []
    lacking = (
        fault for fault in faults(statistics) if fault.what.code == "sendgrid.counts_missing"
    )
    for fault in lacking:
        values = dict(fault.what.values)
        names = str(values["names"]).split(", ")
        said += names
        for name in names:
            assert values["days"] == sum(name not in day for day in statistics.values())
    assert sorted(said) == sorted(
        name for name in COUNTED if any(name not in day for day in statistics.values())
    )
