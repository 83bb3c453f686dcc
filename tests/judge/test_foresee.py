"""A forecast raises what is ok to a warning, with its date, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from mailwatch.catalog.catalog import read_catalog
from mailwatch.judge import judge, relate
from mailwatch.judge.foresee import foresee
from mailwatch.model import ACCOUNT, Day, Finding, Level, Limit, Measurement, Threshold, Window
from mailwatch.words import worded

LAST = date(2026, 11, 23)
CHECK = read_catalog().check("sendgrid.bounce_rate")
SHIPPED = read_catalog().threshold(CHECK, ACCOUNT)


def finding(
    rate: Callable[[int], float], threshold: Threshold = SHIPPED, messages: int = 10_000
) -> Finding:
    """31 days that end on LAST, `rate` days before it, pooled over seven."""
    days = [
        Day(LAST - timedelta(n), rate(n), round(messages * rate(n)), messages)
        for n in reversed(range(31))
    ]
    week = days[-7:]
    numerator = sum(day.numerator or 0 for day in week)
    denominator = sum(day.denominator or 0 for day in week)
    measurement = Measurement(
        CHECK.metric,
        ACCOUNT,
        numerator / denominator,
        numerator,
        denominator,
        "processed",
        Window(week[0].day, LAST),
        tuple(days),
        proportion=True,
    )
    return judge(measurement, CHECK, threshold)


def rising(n: int) -> float:
    """1.2 % until eight days ago, then up to 4 %."""
    return 0.012 + 0.028 * max(8 - n, 0) / 8


def test_a_rate_that_is_ok_and_on_its_way_is_a_warning_with_a_date() -> None:
    # Given a rate whose week is within the ideal, and which rises
    judged = finding(rising)
    assert judged.level is Level.OK
    # When the run is looked at as a whole
    (foreseen,) = relate([judged])
    # Then it is a warning that says when, and in how many days
    assert foreseen.level is Level.WARN
    forecast = foreseen.forecast
    assert forecast is not None
    assert forecast.earliest is not None
    assert forecast.breach_on is not None
    assert forecast.latest is not None
    assert LAST < forecast.earliest <= forecast.breach_on <= forecast.latest
    assert 0 <= forecast.within_7_days <= forecast.within_14_days <= 1
    assert worded(foreseen.reason, "en").startswith("at this pace passes 5 % on ")


def test_a_warning_keeps_its_reason_and_gets_the_date() -> None:
    judged = finding(lambda n: rising(n) * 1.1)
    assert judged.level is Level.WARN
    (foreseen,) = foresee((judged,))
    assert foreseen.forecast is not None
    assert replace(foreseen, forecast=None) == judged


def test_what_does_not_rise_what_is_a_breach_and_what_has_no_act_stay_as_they_are() -> None:
    steady, breach = finding(lambda n: 0.012), finding(lambda n: 0.06)
    no_act = finding(rising, Threshold(ideal=Limit(0.03, "<=")))
    few = finding(rising, messages=10)
    given = (steady, breach, no_act, few)
    assert foresee(given) == given
    assert [f.level for f in given] == [Level.OK, Level.BREACH, Level.OK, Level.UNKNOWN]


def test_days_that_stopped_coming_give_no_forecast() -> None:
    # Given a rise whose newest day is not the one judged
    judged = finding(rising)
    older = replace(judged.measurement, daily=judged.measurement.daily[:-1])
    stale = replace(judged, measurement=older)
    assert foresee((stale,)) == (stale,)


def published(rate: Callable[[int], float], check_id: str = "postmaster.spam_rate") -> Finding:
    """60 days of a rate of which no counts are published."""
    check = read_catalog().check(check_id)
    days = tuple(Day(LAST - timedelta(n), rate(n)) for n in reversed(range(60)))
    measurement = Measurement(check.metric, ACCOUNT, rate(0), window=Window(LAST, LAST), daily=days)
    return judge(measurement, check, read_catalog().threshold(check, ACCOUNT))


def test_a_published_rate_has_a_forecast_too() -> None:
    # Given Gmail's spam rate, which jumps a little from day to day, and rises in the last days
    def spam(n: int) -> float:
        return 0.0004 + n % 3 / 20_000 + 0.00018 * max(0, 9 - n)

    (rising,) = foresee((published(spam),))
    (steady,) = foresee((published(lambda n: 0.0004 + n % 3 / 20_000),))
    # Then the rise has its date; and days that are steady, or jump about as much, have none
    assert rising.forecast is not None
    assert rising.level is Level.WARN
    assert (steady.level, steady.forecast) == (Level.OK, None)
    (jumping,) = foresee((published(lambda n: 0.0001 + n * 7919 % 13 / 13_000),))
    assert jumping.forecast is None


def test_a_sudden_change_is_evidence_of_a_breach() -> None:
    (found,) = foresee((finding(lambda n: 0.09 if n < 6 else 0.012),))
    assert found.level is Level.BREACH
    assert worded(found.measurement.evidence[0], "en") == (
        "a sudden change since 18 Nov: from 1.2 % to 9 % (99 % sure)"
    )


def test_a_forecast_stays_for_three_days_after_it_was_last_seen() -> None:
    # Given a rise that stops: its forecast is seen on a last day
    def warned(days_after: int) -> bool:
        (found,) = foresee(
            (finding(lambda n: 0.012 if n < days_after else rising(n - days_after)),)
        )
        return found.forecast is not None

    # Then it is still there on the days after, and gone on the fourth
    assert [warned(n) for n in range(5)] == [True, True, True, True, False]
