"""A sudden change: since which day, from what to what, how sure; and a slow rise is none."""

from collections.abc import Callable
from datetime import date
from math import sqrt
from random import Random

import pytest

from mailwatch.judge.change_point import find_change

TODAY = date(2026, 11, 24).toordinal()


def series(rate: Callable[[int], float], messages: int, seed: int) -> list[tuple[int, int, int]]:
    """40 over-dispersed days that end today, `rate` days before it."""
    rng = Random(seed)
    size = 1 / 0.0007 - 1
    days = []
    for age in range(39, -1, -1):
        p = rng.betavariate(rate(age) * size, (1 - rate(age)) * size)
        counted = round(rng.gauss(messages * p, sqrt(messages * p * (1 - p))))
        days.append((TODAY - age, min(max(counted, 0), messages), messages))
    return days


@pytest.mark.parametrize("age", [2, 6, 10])
@pytest.mark.parametrize("messages", [1_000, 10_000])
def test_a_step_has_its_day_its_rates_and_how_sure_it_is(age: int, messages: int) -> None:
    # Given ten series that step from 1 % to 5 %
    found = [
        find_change(series(lambda n: 0.05 if n < age else 0.01, messages, seed), 0.05)
        for seed in range(10)
    ]
    # Then most are found, on the day, give or take one
    steps = [change for change in found if change is not None]
    assert len(steps) >= 8
    assert {TODAY + 1 - change.since.toordinal() - age for change in steps} <= {-1, 0, 1}
    for change in steps:
        assert change.before == pytest.approx(0.01, rel=0.3)
        assert change.after == pytest.approx(0.05, rel=0.3)
        assert 0.8 <= change.probability <= 1


@pytest.mark.parametrize(
    "rate",
    [lambda n: 0.01, lambda n: 0.01 + 0.003 * max(0, 10 - n), lambda n: 0.06],
    ids=["steady", "rising", "high all the time"],
)
def test_what_did_not_change_suddenly_is_no_change(rate: Callable[[int], float]) -> None:
    assert [find_change(series(rate, 5_000, seed), 0.05) for seed in range(10)] == [None] * 10


def test_few_days_say_nothing() -> None:
    assert find_change([], 0.05) is None
    assert find_change(series(lambda n: 0.05 if n < 3 else 0.01, 5_000, 1), 0.0) is None
    assert find_change(series(lambda n: 0.05 if n < 3 else 0.01, 5_000, 1)[-20:], 0.05) is None
