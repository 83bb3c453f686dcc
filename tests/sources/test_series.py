"""Counts pooled over days: sums and gaps, worked out by hand and as properties."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mailwatch.model import Day, Window
from mailwatch.sources.series import Share, days_of, pool_counts, pool_shares

NEWEST = date(2026, 11, 23)


def ago(days: int) -> date:
    return NEWEST - timedelta(days)


def window(days: int) -> Window:
    return Window(ago(days - 1), NEWEST)


DAYS = st.integers(0, 40).map(ago)
SHARES = st.dictionaries(DAYS, st.builds(Share, st.integers(0, 10**12), st.integers(0, 10**12)))
WINDOWS = st.integers(1, 40).map(window)


def test_a_day_counts_by_its_messages_and_not_as_one_of_two() -> None:
    # Given 10 % of 10 messages on one day and 0.1 % of 1,000 on the next
    pooled = pool_shares({ago(1): Share(1, 10), NEWEST: Share(1, 1000)}, window(2))
    # Then the rate is that of all messages together
    assert (pooled.numerator, pooled.denominator, pooled.rate) == (2, 1010, 2 / 1010)


def test_a_gap_is_named_and_is_not_a_0() -> None:
    # Given three days, one of them without data, and a day before the window
    shares = {ago(5): Share(9, 9), ago(2): Share(1, 4), NEWEST: Share(0, 4)}
    pooled = pool_shares(shares, window(3))
    # Then the gap is in neither the sums nor the series
    assert (pooled.numerator, pooled.denominator) == (1, 8)
    assert (pooled.found, pooled.gaps) == ((ago(2), NEWEST), (ago(1),))
    assert pooled.daily == (Day(ago(5), 1.0, 9, 9), Day(ago(2), 0.25, 1, 4), Day(NEWEST, 0.0, 0, 4))
    assert pooled.newest == NEWEST


def test_a_day_without_messages_has_data_and_no_rate() -> None:
    pooled = pool_shares({NEWEST: Share(0, 0)}, window(1))
    assert (pooled.rate, pooled.denominator, pooled.gaps) == (None, 0, ())
    assert pooled.daily == (Day(NEWEST, None, 0, 0),)


def test_a_window_without_data_has_no_newest_day() -> None:
    pooled = pool_shares({ago(9): Share(1, 2)}, window(2))
    assert (pooled.rate, pooled.newest, pooled.found) == (None, None, ())
    assert pooled.gaps == (ago(1), NEWEST)


def test_counts_that_are_not_part_of_anything_are_added_up() -> None:
    pooled = pool_counts({ago(7): 70, ago(1): 20, NEWEST: 0}, window(3))
    assert (pooled.numerator, pooled.denominator, pooled.rate) == (20, None, None)
    assert pooled.daily == (Day(ago(7), 70), Day(ago(1), 20), Day(NEWEST, 0))
    assert (pooled.newest, pooled.gaps) == (NEWEST, (ago(2),))


def test_the_days_of_a_window_are_both_ends_and_all_between() -> None:
    assert days_of(Window(ago(2), NEWEST)) == (ago(2), ago(1), NEWEST)
    assert days_of(Window(NEWEST, NEWEST)) == (NEWEST,)
    assert days_of(Window(NEWEST, ago(1))) == ()


@given(SHARES, WINDOWS)
def test_a_pooled_rate_is_the_sum_over_the_sum(shares: dict[date, Share], asked: Window) -> None:
    pooled = pool_shares(shares, asked)
    inside = [share for day, share in shares.items() if asked.first <= day <= asked.last]
    assert pooled.numerator == sum(share.numerator for share in inside)
    assert pooled.denominator == sum(share.denominator for share in inside)
    if pooled.denominator:
        assert pooled.rate == pooled.numerator / pooled.denominator
    else:
        assert pooled.rate is None


@given(SHARES, WINDOWS, DAYS)
def test_a_day_that_is_taken_away_is_a_gap_and_not_a_0(
    shares: dict[date, Share], asked: Window, day: date
) -> None:
    # Given a day of mail, and the same days without it
    whole = pool_shares({**shares, day: Share(1, 2)}, asked)
    without = pool_shares({d: share for d, share in shares.items() if d != day}, asked)
    # Then exactly that day is missing, from the series too, and the sums are less by its share
    inside = asked.first <= day <= asked.last
    assert day not in [one.day for one in without.daily]
    assert set(without.gaps) - set(whole.gaps) == ({day} if inside else set())
    assert whole.numerator - without.numerator == (1 if inside else 0)
    assert (whole.denominator or 0) - (without.denominator or 0) == (2 if inside else 0)


@given(SHARES, WINDOWS)
def test_each_day_of_a_window_is_found_or_a_gap(shares: dict[date, Share], asked: Window) -> None:
    for pooled in (
        pool_shares(shares, asked),
        pool_counts({day: share.numerator for day, share in shares.items()}, asked),
    ):
        assert sorted(pooled.found + pooled.gaps) == list(days_of(asked))
        assert set(pooled.found) <= shares.keys()
        assert [day.day for day in pooled.daily] == sorted(shares)
        assert pooled.newest == max(pooled.found, default=None)


@given(SHARES, WINDOWS, st.integers(1, 39))
def test_two_halves_of_a_window_add_up_to_the_whole(
    shares: dict[date, Share], asked: Window, cut: int
) -> None:
    middle = min(asked.first + timedelta(cut), asked.last)
    first = pool_shares(shares, Window(asked.first, middle - timedelta(1)))
    second, whole = pool_shares(shares, Window(middle, asked.last)), pool_shares(shares, asked)
    assert first.numerator + second.numerator == whole.numerator
    assert first.gaps + second.gaps == whole.gaps
