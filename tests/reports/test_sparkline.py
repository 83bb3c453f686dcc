"""A series of days as a line of heights."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwatch.model import Day
from mailwatch.reports.sparkline import GAP, HEIGHTS, MOST_DAYS, sparkline

LAST = date(2026, 11, 23)


def series(values: Sequence[float | None], last: date = LAST) -> tuple[Day, ...]:
    """A day for each value, None for a day without mail."""
    first = last - timedelta(days=len(values) - 1)
    return tuple(Day(first + timedelta(days=n), value) for n, value in enumerate(values))


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([], ""),
        ([5], ""),  # one value has no way
        ([None, 5, None], ""),
        ([3, 3, 3], ""),  # flat tells nothing
        ([0, 0], ""),
        ([3, None, 3], ""),
        ([0, 1], "▁█"),
        ([1, 2, 4], "▃▅█"),
        ([1, None, 4], "▃·█"),  # a day without mail is a gap
        ([0, None, 4], "▁·█"),  # and 0 is not
        ([None, None, 1, 4], "▃█"),  # begins with the first value
        ([1, 4, None], "▃█·"),  # and goes to the last day
        ([-3, 4], "▁█"),  # nothing is below 0
        ([-3, -1], ""),
        ([1e-9, 2e-9], "▅█"),
    ],
)
def test_sparkline(values: Sequence[float | None], drawn: str) -> None:
    assert sparkline(series(values), LAST) == drawn


def test_a_day_that_is_not_in_the_series_is_a_gap() -> None:
    days = [day for day in series([1, 2, 3, 4]) if day.value != 3]
    assert sparkline(days, LAST) == "▃▅·█"


def test_days_after_the_last_are_left_out() -> None:
    days = series([1, 4, 9])
    assert sparkline(days, LAST - timedelta(days=1)) == "▃█"


def test_only_the_newest_days_are_drawn() -> None:
    drawn = sparkline(series(range(1, 40)), LAST)
    assert len(drawn) == MOST_DAYS
    assert sparkline(series([9, 1, 2]), LAST, most=2) == "▅█"


def test_days_to_come_are_shaded_and_take_the_room_of_the_oldest() -> None:
    # Given a rate that rises, and the five days that are foreseen
    days = series([1, 2, 3, 4, 5])
    coming = [Day(LAST + timedelta(days=n), 5 + n) for n in range(1, 6)]
    # Then they follow in shades, the further the darker, on the same scale
    assert sparkline(days, LAST, to_come=coming) == "▁▂▃▄▅░░▒▓▓"
    assert sparkline(days, LAST, most=8, to_come=coming) == "▃▄▅░░▒▓▓"
    # And a figure that looks flat is drawn where it is on its way down
    flat = series([0.967, 0.966, 0.965])
    falling = [Day(LAST + timedelta(days=n), 0.965 - n / 100) for n in range(1, 4)]
    assert sparkline(flat, LAST, to_come=falling) == "███░▒▓"


def test_the_order_of_the_days_does_not_matter() -> None:
    days = series([1, 2, 4])
    assert sparkline(days[::-1], LAST) == sparkline(days, LAST)


@given(st.lists(st.none() | st.floats(-1, 1e9, allow_nan=False), max_size=30))
def test_gaps_and_heights_stand_where_they_belong(values: list[float | None]) -> None:
    drawn = sparkline(series(values), LAST)
    if drawn:
        shown = values[-len(drawn) :]
        assert [mark == GAP for mark in drawn] == [value is None for value in shown]
        assert set(drawn) <= {GAP, *HEIGHTS}
        known = [(value, mark) for value, mark in zip(shown, drawn, strict=True) if mark != GAP]
        assert [mark for _, mark in sorted(known)] == sorted(mark for _, mark in known)
        assert HEIGHTS[-1] in drawn
