"""Days that only the history has: asked for where they can matter, and used for trends alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from mailwatch.judge.earlier_days import (
    LONGEST,
    MOST_SERIES,
    NEAR,
    NEWEST_DAYS,
    add_earlier_days,
    may_be_announced,
)
from mailwatch.judge.foresee import foresee
from mailwatch.judge.outlook import STAYS
from mailwatch.judge.rises import LEAST_LEVEL, LEVEL_DAYS
from mailwatch.model import ACCOUNT, Day, Subject, WantedDays
from tests.judge.test_foresee import LAST, finding, published

FIRST = LAST - timedelta(days=30)
Found = Mapping[tuple[str, Subject], tuple[Day, ...]]


class Stored:
    """A history that has the same rate on every day, and notes what it is asked."""

    def __init__(self, rate: float = 0.012) -> None:
        self.rate = rate
        self.asked: list[WantedDays] = []

    def __call__(self, wanted: Sequence[WantedDays]) -> Found:
        self.asked += wanted
        return {(one.check, one.subject): tuple(self._days(one)) for one in wanted}

    def _days(self, wanted: WantedDays) -> list[Day]:
        count = (wanted.before - wanted.first).days
        days = [wanted.first + timedelta(days=n) for n in range(count) if n != 5]
        k = round(self.rate * 10_000)
        return [Day(day, self.rate, k, 10_000) for day in days]


def drift(n: int) -> float:
    """1.2 % until four weeks ago, 4.2 % now."""
    return 0.012 + 0.03 * max(28 - n, 0) / 28


def test_a_rise_as_long_as_the_series_is_seen_with_the_days_before_it() -> None:
    # Given a rise in all the days that were measured
    judged, stored = finding(drift), Stored()
    assert foresee((judged,)) == (judged,)
    # When the history has what was usual
    (longer,) = add_earlier_days([judged], stored)
    # Then there is a forecast; a gap stays a gap, and what was measured stays what it was
    (foreseen,) = foresee((longer,))
    assert foreseen.forecast is not None
    oldest = LAST - timedelta(days=LONGEST - 1)
    assert stored.asked == [WantedDays("sendgrid.bounce_rate", ACCOUNT, oldest, FIRST)]
    earlier = [day.day for day in longer.measurement.earlier]
    assert earlier[0] == oldest
    assert earlier[-1] == FIRST - timedelta(days=1)
    assert oldest + timedelta(days=5) not in earlier
    assert replace(longer.measurement, earlier=()) == judged.measurement


def test_only_what_may_be_announced_is_asked_for() -> None:
    stored = Stored()
    low = finding(lambda n: 0.001)
    add_earlier_days([low], stored)
    assert stored.asked == []
    # Of many, those with the most mail, and those whose mail nobody publishes
    spam = published(lambda n: 0.002)
    many = [
        replace(one, measurement=replace(one.measurement, subject=Subject.of(subuser=f"s{n}")))
        for n, one in enumerate([finding(drift, messages=1_000)] * MOST_SERIES)
    ]
    add_earlier_days([*many, finding(drift), spam], stored)
    assert len(stored.asked) == MOST_SERIES
    assert [one.check for one in stored.asked[:2]] == [
        "postmaster.spam_rate",
        "sendgrid.bounce_rate",
    ]
    assert stored.asked[1].subject == ACCOUNT


def test_what_is_not_asked_for_would_not_have_been_announced() -> None:
    """The rule of thumb that saves the asking must not save a warning."""
    assert NEAR < LEAST_LEVEL
    assert NEWEST_DAYS >= STAYS + LEVEL_DAYS

    # Given a rise that was announced, and ended three days ago: the warning stays
    def ended(n: int) -> float:
        return 0.006 if n < 3 else 0.012 + 0.04 * max(11 - n, 0) / 8

    judged = finding(ended)
    assert foresee((judged,))[0].forecast is not None
    # Then its days are asked for, though the newest are far from the limit
    assert may_be_announced(judged)


def test_rates_without_counts_stay_without_them() -> None:
    # Given a published rate on the rise, whose stored days were imported with counts
    judged = published(lambda n: 0.0004 + n % 3 / 20_000 + 0.00018 * max(0, 9 - n))
    # When they are put before it, then they are rates like its own, and it still has its forecast
    (longer,) = add_earlier_days([judged], Stored(0.0004))
    counts = {(day.numerator, day.denominator) for day in longer.measurement.earlier}
    assert counts == {(None, None)}
    (foreseen,) = foresee((longer,))
    assert foreseen.forecast is not None
