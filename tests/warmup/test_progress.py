"""The published schedule, counted in days on which mail was sent."""

from datetime import date, timedelta

import pytest

from mailwatch.warmup.progress import Sent, has_risen, resistance, sending_days
from mailwatch.warmup.schedule import ADDRESSES, DAILY, HOURLY, allowed_on, is_over, steps_to

START = date(2026, 3, 2)


def days(*processed: int, first: date = START) -> dict[date, Sent]:
    return {first + timedelta(days=n): Sent(count) for n, count in enumerate(processed)}


def test_the_tables_are_as_they_are_published() -> None:
    assert (DAILY[0], DAILY[4], DAILY[8], DAILY[-1]) == (50, 5_000, 70_000, 4_000_000)
    assert (len(DAILY), len(HOURLY)) == (17, 42)
    assert (HOURLY[0], HOURLY[12], HOURLY[41]) == (20, 1_000, 19_601_056)
    assert dict(ADDRESSES)[10_000_000] == 10
    assert list(HOURLY) == sorted(HOURLY)


def test_after_the_published_steps_it_doubles_and_ends_somewhere() -> None:
    assert [allowed_on(step) for step in (17, 18, 19)] == [4_000_000, 8_000_000, 16_000_000]
    assert allowed_on(10**9) == allowed_on(60)
    assert [steps_to(n) for n in (1, 50, 51, 100_000, 5_000_000)] == [1, 1, 2, 10, 18]


def test_a_warm_up_is_over_at_its_target_or_behind_the_last_published_step() -> None:
    assert [is_over(step, None) for step in (17, 18)] == [False, True]
    assert [is_over(step, 100_000) for step in (9, 10)] == [False, True]


def test_a_day_without_mail_is_no_step() -> None:
    steps = sending_days(days(40, 0, 0, 90, 400), START)
    assert [(one.step, one.allowed, one.sent.processed) for one in steps] == [
        (1, 50, 40),
        (2, 100, 90),
        (3, 500, 400),
    ]


def test_what_was_before_the_start_does_not_count() -> None:
    steps = sending_days(days(9000, 9000, 40), START + timedelta(days=2))
    assert [(one.step, one.sent.processed) for one in steps] == [(1, 40)]


@pytest.mark.parametrize(("pause", "step"), [(30, 3), (31, 1), (200, 1)])
def test_after_a_long_pause_it_begins_anew(pause: int, step: int) -> None:
    # Given two days of mail, and one more after a pause of so many days without any
    again = START + timedelta(days=2 + pause)
    sent = days(40, 90) | days(45, first=again)
    assert sending_days(sent, START)[-1].step == step


def test_nothing_was_sent() -> None:
    assert sending_days(days(0, 0), START) == ()
    assert resistance(()) is None


def test_deferrals_and_blocks_that_rise_are_compared_with_those_before() -> None:
    quiet, loud = Sent(1000, deferred=5, blocks=5), Sent(1000, deferred=80, blocks=20)
    sent = {START + timedelta(days=n): quiet for n in range(4)}
    sent |= {START + timedelta(days=n): loud for n in (4, 5)}
    rates = resistance(sending_days(sent, START))
    assert rates == (0.1, 0.01)
    assert has_risen(*rates)


@pytest.mark.parametrize(
    ("recent", "earlier", "risen"),
    [(0.01, 0.001, False), (0.03, 0.02, False), (0.05, 0.02, True), (0.05, 0.0, True)],
)
def test_a_little_more_or_twice_of_almost_nothing_is_no_rise(
    recent: float, earlier: float, risen: bool
) -> None:
    assert has_risen(recent, earlier) is risen


def test_too_little_mail_is_not_compared() -> None:
    assert resistance(sending_days(days(40, 90, 200, 300), START)) is not None
    assert resistance(sending_days(days(10, 20, 200, 300), START)) is None
