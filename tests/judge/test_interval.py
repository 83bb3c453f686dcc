"""The interval of a rate: as scipy has it, and the fewest messages that decide a question."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from mailwatch.judge.interval import ENOUGH, MOST_MESSAGES, messages_needed, wilson
from mailwatch.judge.interval import _wilson as interval

COUNTS = st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_the_interval_is_scipy_s(counts: tuple[int, int]) -> None:
    expected = binomtest(*counts).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson(*counts) == pytest.approx((expected.low, expected.high), abs=1e-12)


@given(COUNTS)
def test_the_interval_holds_the_rate_and_nothing_impossible(counts: tuple[int, int]) -> None:
    low, high = wilson(*counts)
    rate = counts[0] / counts[1]
    assert 0 <= low <= rate + 1e-15
    assert rate - 1e-15 <= high <= 1
    assert low < high


def test_published_values() -> None:
    # Brown, Cai, DasGupta 2001: no success in 10 is still compatible with more than a quarter.
    assert wilson(0, 10) == pytest.approx((0.0, 0.277533), abs=1e-6)
    assert wilson(10, 10) == pytest.approx((0.722467, 1.0), abs=1e-6)
    assert wilson(5, 100) == pytest.approx((0.0215437, 0.1117505), abs=1e-7)


@given(COUNTS, st.integers(2, 50))
def test_more_of_the_same_mail_narrows_it_on_both_sides(counts: tuple[int, int], by: int) -> None:
    numerator, denominator = counts
    intervals = [wilson(numerator * n, denominator * n) for n in (1, by, by * by)]
    for (low, high), (later_low, later_high) in pairwise(intervals):
        assert low <= later_low + 1e-15
        assert later_high <= high + 1e-15


@given(st.integers(1, 4 * 10**8), st.integers(0, 100), st.integers(1, 10**6))
def test_the_answer_is_the_fewest(width_at: int, percent: int, sent: int) -> None:
    """Undecided while the interval is wider than it is with `width_at` messages."""
    rate = percent / 100
    low, high = interval(rate, width_at)
    asked = []

    def undecided(found: tuple[float, float]) -> bool:
        asked.append(found)
        return found[1] - found[0] > high - low

    more = messages_needed(rate, sent, undecided)
    assert len(asked) < 70
    if more is None:
        assert undecided(interval(rate, sent + MOST_MESSAGES))
    else:
        assert ENOUGH <= more <= MOST_MESSAGES
        assert not undecided(interval(rate, sent + more))
        assert more == ENOUGH or undecided(interval(rate, sent + more - 1))


@pytest.mark.parametrize("last", [1, 2, 3, 4, 5, 63, 64, 65, 1000, MOST_MESSAGES])
def test_the_search_stops_at_the_first_message_that_decides(last: int) -> None:
    wanted = interval(0.5, 10 + last)
    assert messages_needed(0.5, 10, lambda found: found[0] < wanted[0]) == last


def test_no_number_is_named_beyond_a_hundred_million() -> None:
    assert MOST_MESSAGES == 100_000_000
    wanted = interval(0.5, 10 + MOST_MESSAGES + 1)
    assert messages_needed(0.5, 10, lambda found: found[0] < wanted[0]) is None
    assert messages_needed(0.5, 10, lambda found: True) is None
