"""The words of mailwatch: what a subject includes, what a fault covers, what is compared."""

from datetime import date

import pytest

from mailwatch.model import (
    ACCOUNT,
    Cause,
    Fault,
    Measurement,
    Subject,
    Window,
    say,
)

NEWS = Subject.of(subuser="news")
WEEKLY = Subject.of(category="weekly", subuser="news")


def test_a_subject_includes_fewer_pairs_in_any_order() -> None:
    assert WEEKLY.includes(NEWS)
    assert WEEKLY.includes(Subject.of(subuser="news", category="weekly"))
    assert NEWS.includes(ACCOUNT)
    assert not NEWS.includes(WEEKLY)
    assert not NEWS.includes(Subject.of(subuser="other"))
    assert not ACCOUNT.includes(NEWS)
    assert (NEWS.get("subuser"), NEWS.get("category")) == ("news", None)


@pytest.mark.parametrize(
    ("fault", "covered"),
    [
        (Fault(Cause.NO_DATA, say("run.not_measured")), True),
        (Fault(Cause.NO_DATA, say("run.not_measured"), NEWS), True),
        (Fault(Cause.NO_DATA, say("run.not_measured"), NEWS, ("dns.", "sendgrid.bounce")), True),
        (Fault(Cause.NO_DATA, say("run.not_measured"), NEWS, ("dns.", "sendgrid.block")), False),
        (Fault(Cause.NO_DATA, say("run.not_measured"), Subject.of(subuser="other")), False),
    ],
)
def test_a_fault_covers_metrics_and_subjects(fault: Fault, covered: bool) -> None:
    assert fault.covers("sendgrid.bounce_rate", WEEKLY) is covered


@pytest.mark.parametrize(
    ("value", "denominator", "compared"),
    [
        (None, None, None),
        ("HIGH", None, "HIGH"),
        (0.003000000026077032, None, 0.003),
        (0.0030000004, 10**9, 0.0030000004),
        (0.1 + 0.2, 10, 0.3),
        (8, None, 8),
    ],
)
def test_what_is_compared(
    value: float | str | None, denominator: int | None, compared: float | str | None
) -> None:
    assert Measurement("m", ACCOUNT, value, denominator=denominator).compared == compared


def test_the_age_counts_from_the_day_after_the_newest_complete_one() -> None:
    day = date(2026, 11, 23)
    figure = Measurement("m", ACCOUNT, 1.0, window=Window(day, day), complete_until=day)
    assert figure.age_days == 1
    assert Measurement("m", ACCOUNT, 1.0, complete_until=day).age_days is None
