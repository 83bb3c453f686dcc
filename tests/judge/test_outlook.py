"""Early warning: what a daily series lets one say on each of its days, and what it must not say."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwatch.judge.outlook import STAYS, Judged, look_ahead

FIRST = date(2026, 6, 1)
LIMIT = 0.05
Row = tuple[date, int, int]


def days(rate: Callable[[int], float], messages: int = 5000, length: int = 100) -> list[Row]:
    """A series without chance: the same messages each day, and the rate of that day."""
    return [(FIRST + timedelta(days=n), round(messages * rate(n)), messages) for n in range(length)]


def ramp(start: int, length: int, end: float) -> Callable[[int], float]:
    """1.5 %, then from day `start` on a rise to `end` that takes `length` days."""
    return lambda n: 0.015 + (end - 0.015) * min(max((n - start) / length, 0.0), 1.0)


def announced(rows: list[Row]) -> list[Judged]:
    return [judged for judged in look_ahead(rows, LIMIT) if judged.outlook]


def crossing(rows: list[Row]) -> date:
    """The first day on which the rate pooled over seven days is past the limit."""
    return next(judged.day for judged in look_ahead(rows, LIMIT) if judged.rate > LIMIT)


def test_a_drift_is_announced_a_week_before_it_crosses_the_limit_and_dated() -> None:
    # Given a rise of four weeks that ends well past the limit
    rows = days(ramp(60, 28, 0.075))
    # When it is judged day by day
    first = announced(rows)[0]
    # Then the warning comes a week ahead, with an interval that holds the day
    outlook = first.outlook
    assert outlook is not None
    assert outlook.kind == "trend"
    assert outlook.earliest is not None
    assert outlook.latest is not None
    assert (crossing(rows) - first.day).days >= 6
    assert outlook.earliest <= crossing(rows) <= outlook.latest
    assert 0.79 <= outlook.probability <= 1
    assert outlook.within_7_days <= outlook.within_14_days <= outlook.probability
    assert outlook.before == pytest.approx(0.015, abs=0.001)


@pytest.mark.parametrize("end", [0.015, 0.02, 0.023])
def test_a_rate_that_stays_or_rises_a_little_is_not_announced(end: float) -> None:
    assert announced(days(ramp(60, 20, end))) == []


def test_a_rise_that_ended_below_the_limit_is_not_announced_for_ever() -> None:
    # Given a rise to 60 % of the limit that has been over for six weeks
    rows = days(ramp(50, 14, 0.03), length=110)
    # Then nothing is announced of the last weeks: the level is the usual one by now
    assert all(judged.day < FIRST + timedelta(days=80) for judged in announced(rows))


def test_one_bad_campaign_is_no_trend() -> None:
    assert announced(days(lambda n: 0.06 if n == 70 else 0.015)) == []


def test_a_bad_campaign_in_a_rise_that_ends_below_the_limit_makes_no_trend_of_it() -> None:
    # Given a rise to half of the limit, and a day of 15 % in it
    rise = ramp(60, 14, 0.026)
    assert announced(days(lambda n: 0.15 if n == 72 else rise(n))) == []


def test_a_step_past_the_limit_is_announced_on_its_second_day() -> None:
    # Given a rate that jumps from 1.5 % to 8 % on day 70
    rows = days(lambda n: 0.08 if n >= 70 else 0.015)
    # Then its second day says so, before the pooled rate has passed
    first = announced(rows)[0]
    assert first.outlook is not None
    assert (first.outlook.kind, first.day) == ("change", FIRST + timedelta(days=71))
    assert first.rate < LIMIT


def test_nothing_is_said_under_a_hundred_messages_a_week() -> None:
    assert announced(days(ramp(60, 14, 0.3), messages=14)) == []


def test_nothing_is_said_before_there_is_a_baseline() -> None:
    # Given a rise that begins after ten days of data
    assert announced(days(ramp(10, 10, 0.08), length=24)) == []


def test_a_warning_does_not_flicker() -> None:
    # Given a rise that pauses for two days
    pause = ramp(60, 28, 0.075)
    rows = days(lambda n: pause(n) if n not in (79, 80) else 0.02)
    # Then the warning stays over the pause
    said = [judged.day for judged in announced(rows)]
    assert said
    assert all((later - earlier).days == 1 for earlier, later in pairwise(said))


def test_a_pass_rate_that_falls_is_announced_like_a_bounce_rate_that_rises() -> None:
    # Given the same days counted by what passed
    rows = days(ramp(60, 28, 0.075))
    passed = [(day, n - k, n) for day, k, n in rows]
    # When they are held against 95 %
    lower = list(look_ahead(passed, 1 - LIMIT, worse="lower"))
    # Then the warnings are the same
    assert [j.outlook and j.outlook.kind for j in lower] == [
        j.outlook and j.outlook.kind for j in look_ahead(rows, LIMIT)
    ]
    assert (
        lower[-1].numerator == lower[-1].denominator - list(look_ahead(rows, LIMIT))[-1].numerator
    )


def test_a_day_without_mail_is_a_gap() -> None:
    rows = days(ramp(60, 28, 0.075))
    empty = [(day, 0, 0) if day.day in (7, 8) else (day, k, n) for day, k, n in rows]
    left_out = [row for row in empty if row[2]]
    assert list(look_ahead(empty, LIMIT)) == list(look_ahead(left_out, LIMIT))


COUNTS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 100_000), st.floats(0, 1)), max_size=120
)


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.integers(0, 120), st.sampled_from([0.0005, 0.003, 0.05, 0.5]))
def test_what_is_known_later_changes_nothing_before_it(
    drawn: list[tuple[int, int, float]], cut: int, limit: float
) -> None:
    # Given any series of counts, with gaps
    rows, day = [], FIRST
    for gap, messages, share in drawn:
        day += timedelta(days=gap + 1)
        rows.append((day, int(messages * share), messages))
    # When it is cut at any day
    whole = list(look_ahead(rows, limit))
    part = list(look_ahead(rows[:cut], limit))
    # Then the days before are judged alike, and every probability is one
    assert whole[: len(part)] == part
    assert all(0 <= j.outlook.probability <= 1 for j in whole if j.outlook)


def test_the_oldest_counts_cannot_be_more_than_the_messages_of_a_baseline() -> None:
    # Given a rate of 100 % throughout, against a limit of 99 %
    rows = days(lambda n: 1.0, length=60)
    # Then it is past the limit, and nothing needs to be foreseen
    assert all(judged.outlook is None for judged in look_ahead(rows, 0.99))


def test_days_that_are_only_learnt_from_change_nothing_of_the_last() -> None:
    # Given a rise that is announced and then ends, cut on each of its days
    rows = days(lambda n: 0.015 if n < 60 or n > 80 else 0.015 + 0.002 * (n - 60))
    for length in range(70, 90):
        known = rows[:length]
        # When only the last days are judged, as a run does it
        since = known[-1][0] - timedelta(days=STAYS)
        judged = list(look_ahead(known, LIMIT, since=since))
        # Then the last says what it says after all of them were
        assert len(judged) == STAYS + 1
        assert judged[-1] == list(look_ahead(known, LIMIT))[-1]
    assert announced(rows)
