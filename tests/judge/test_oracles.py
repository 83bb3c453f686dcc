"""The statistics held against scipy and statsmodels, which the program itself does not need."""

from datetime import date
from math import sqrt
from random import Random

import pytest

from mailwatch.judge.baseline import Baseline
from mailwatch.judge.change_point import _score, _Weighed
from mailwatch.judge.first_seen import _is_sure
from mailwatch.judge.interval import wilson
from mailwatch.judge.rises import BAD_CAMPAIGNS, DIFFER, TIMES, _ordinary, _Sums
from mailwatch.model import ACCOUNT, Day, Measurement

stats = pytest.importorskip("scipy.stats")
proportion = pytest.importorskip("statsmodels.stats.proportion")
regression = pytest.importorskip("statsmodels.regression.linear_model")


@pytest.mark.parametrize(
    ("k", "n"), [(0, 10), (1, 12), (5, 100), (340, 10_000), (10_000, 10_000), (3, 1_000_000)]
)
def test_the_interval_of_a_rate(k: int, n: int) -> None:
    expected = proportion.proportion_confint(k, n, 0.05, "wilson")
    assert wilson(k, n) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("rate", "dispersion"), [(0.01, 0.0003), (0.03, 0.0015), (0.4, 0.004)])
@pytest.mark.parametrize("n", [500, 20_000])
def test_the_variance_of_a_day(rate: float, dispersion: float, n: int) -> None:
    # Given a beta-binomial whose events of one day are correlated by `dispersion`
    size = 1 / dispersion - 1
    exact = stats.betabinom(n, rate * size, (1 - rate) * size).var() / n**2
    # Then p(1-p)(1/n + rho) is its variance, up to the one message in n
    assert Baseline(rate, dispersion).variance(n) == pytest.approx(exact, rel=2 / n + 0.005)


def weighed_days(seed: int) -> tuple[list[tuple[int, float, int]], Baseline]:
    rng = Random(seed)
    return [(age, rng.uniform(0.01, 0.05), rng.randint(500, 5_000)) for age in range(42)], Baseline(
        0.015, 0.0007
    )


@pytest.mark.parametrize(("age", "length"), [(3, 10), (12, 10), (20, 14), (42, 36)])
def test_a_ramp_is_a_weighted_regression_through_the_baseline(age: int, length: int) -> None:
    # Given 42 days, each with its variance
    days, usual = weighed_days(age)
    excess = [rate - usual.rate for _, rate, _ in days]
    weights = [1 / usual.variance(n, max(rate, usual.rate)) for _, rate, n in days]
    a, b = _Sums.of(days, excess, weights).ramp(age, length)
    x = [max(0.0, min(1.0, (age - day) / length)) for day, _, _ in days]
    # When statsmodels fits the height of the ramp, with those variances as known
    fitted = regression.WLS(excess, x, weights=weights).fit(cov_type="fixed scale")
    # Then the running sums give the same height, and the same standard error
    assert a / b == pytest.approx(fitted.params[0])
    assert sqrt(1 / b) == pytest.approx(fitted.bse[0])


@pytest.mark.parametrize(("age", "length"), [(2, 1), (9, 1), (13, 9)])
def test_the_score_of_a_step_is_half_the_square_of_its_z(age: int, length: int) -> None:
    days, usual = weighed_days(age + 7)
    weighed = [_Weighed(day, rate - usual.rate, 1 / usual.variance(n)) for day, rate, n in days]
    x = [max(0.0, min(1.0, (age - one.age) / length)) for one in weighed]
    fitted = regression.WLS(
        [one.above for one in weighed], x, weights=[one.weight for one in weighed]
    ).fit(cov_type="fixed scale")
    assert _score(weighed, age, length) == pytest.approx(fitted.tvalues[0] ** 2 / 2)


@pytest.mark.parametrize("events", [1, 2, 3])
@pytest.mark.parametrize("clean", [21, 40, 120])
def test_the_first_after_clean_weeks_is_a_binomial_test(events: int, clean: int) -> None:
    # Given the first events on the last day, after days of as many messages
    days = tuple(
        Day(date.fromordinal(730_000 + n), 0.0, events if n == clean else 0, 10_000)
        for n in range(clean + 1)
    )
    measured = Measurement("sendgrid.spam_report_rate", ACCOUNT, daily=days)
    p = stats.binomtest(events, events, 1 / (clean + 1), alternative="greater").pvalue
    assert _is_sure(measured, days[-1].day) == (p < 0.01)


@pytest.mark.parametrize("rate", [0.03, 0.04, 0.06, 0.2])
def test_a_bad_campaign_is_one_part_of_a_mixture_of_two_normal_distributions(rate: float) -> None:
    # Given a day on which 2.5 % is expected
    expected, noise = 0.025, 1 / 5_000 + 0.0007
    variance = expected * (1 - expected) * noise
    usual = stats.norm.pdf(rate, expected, sqrt(variance))
    spread = sqrt((DIFFER * expected) ** 2 + TIMES * expected * noise)
    bad = BAD_CAMPAIGNS * stats.norm.pdf(rate, TIMES * expected, spread)
    # Then the share of the ordinary part is how much the day counts
    assert _ordinary(rate, expected, variance, noise) == pytest.approx(usual / (usual + bad))
