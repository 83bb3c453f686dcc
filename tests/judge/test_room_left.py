"""How many more events reach the limit."""

from datetime import date

import pytest

from mailwatch.catalog.catalog import read_catalog
from mailwatch.judge import judge
from mailwatch.judge.room_left import add_budgets, left_before
from mailwatch.model import ACCOUNT, Measurement, Window
from mailwatch.words import worded

CATALOG = read_catalog()


@pytest.mark.parametrize(
    ("numerator", "denominator", "limit", "worse", "left"),
    [
        (459, 10_000, 0.05, "higher", 41),
        (500, 10_000, 0.05, "higher", 0),
        (0, 70, 0.05, "higher", 4),  # 3.5 is not a bounce
        (70, 1_000, 0.05, "higher", 0),
        (9_700, 10_000, 0.95, "lower", 200),
        (9_500, 10_000, 0.95, "lower", 0),
        (29, 100, 0.3, "higher", 1),  # 0.3 is not quite three tenths
    ],
)
def test_left_before(numerator: int, denominator: int, limit: float, worse: str, left: int) -> None:
    assert left_before(numerator, denominator, limit, worse) == left


@pytest.mark.parametrize(
    ("days", "numerator", "said"),
    [
        (7, 459, ["41 more bounces this week reach 5 %"]),
        (14, 499, ["1 more bounce in these 14 days reach 5 %"]),
        (7, 600, []),  # a breach has none
    ],
)
def test_the_budget_is_evidence_of_a_rate(days: int, numerator: int, said: list[str]) -> None:
    check = CATALOG.check("sendgrid.bounce_rate")
    measurement = Measurement(
        check.metric,
        ACCOUNT,
        numerator / 10_000,
        numerator,
        10_000,
        "processed",
        Window(date(2026, 11, 24 - days), date(2026, 11, 23)),
        proportion=True,
    )
    (found,) = add_budgets((judge(measurement, check, CATALOG.threshold(check, ACCOUNT)),))
    assert [worded(phrase, "en") for phrase in found.measurement.evidence] == said
