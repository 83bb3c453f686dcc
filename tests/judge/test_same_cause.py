"""Figures that got worse on the same days are one thing to read, and stay single findings."""

from collections.abc import Callable
from datetime import date, timedelta

from mailwatch.catalog.catalog import read_catalog
from mailwatch.judge import judge, relate
from mailwatch.judge.onset import onset_of
from mailwatch.judge.same_cause import join_causes
from mailwatch.model import ACCOUNT, Day, Finding, Level, Measurement, Subject, Window
from mailwatch.words import worded

LAST = date(2026, 11, 23)
CATALOG = read_catalog()


def finding(
    check_id: str,
    rate: Callable[[int], float],
    subject: Subject = ACCOUNT,
    *,
    published: bool = False,
) -> Finding:
    """31 days that end on LAST, `rate` days before it; counts of 10,000, or published rates."""
    check = CATALOG.check(check_id)
    days = [
        Day(LAST - timedelta(n), rate(n), *(() if published else (round(10_000 * rate(n)), 10_000)))
        for n in reversed(range(31))
    ]
    k = sum(day.numerator or 0 for day in days[-7:])
    measurement = Measurement(
        check.metric,
        subject,
        rate(0) if published else k / 70_000,
        None if published else k,
        None if published else 70_000,
        None if published else "processed",
        Window(LAST - timedelta(6), LAST),
        tuple(days),
        proportion=not published,
    )
    return judge(measurement, check, CATALOG.threshold(check, subject))


def step(low: float, high: float, age: int) -> Callable[[int], float]:
    """`low`, and `high` on the last `age` days."""
    return lambda n: high if n < age else low


def test_what_went_up_leads_what_fell_and_each_names_the_other() -> None:
    # Given bounces that rose six days ago, deliveries that fell, and spam at Gmail on those days
    delivered = finding("sendgrid.delivered_rate", step(0.985, 0.92, 6))
    bounces = finding("sendgrid.bounce_rate", step(0.01, 0.07, 6))
    spam = finding("postmaster.spam_rate", step(0.0005, 0.004, 7),
                   Subject.of(domain="example.com"), published=True)  # fmt: skip
    given = (delivered, bounces, spam)
    assert {one.level for one in given} == {Level.BREACH}
    # When all are looked at together
    joined = join_causes(given)
    # Then they are the same findings, and the earliest that rose leads
    assert [one.key for one in joined] == [one.key for one in given]
    assert [one.follows for one in joined] == [spam.key, spam.key, None]
    said = worded(joined[1].measurement.evidence[-1], "en")
    assert said == (
        "worse since 18 Nov, as on the same days: postmaster.spam_rate, sendgrid.delivered_rate"
    )


def test_other_days_another_segment_or_no_trouble_are_not_joined() -> None:
    bounces = finding("sendgrid.bounce_rate", step(0.01, 0.07, 6))
    earlier = finding("sendgrid.delivered_rate", step(0.985, 0.92, 12))
    news = Subject.of(subuser="news")
    other = finding("sendgrid.delivered_rate", step(0.985, 0.92, 6), news)
    fine = finding("sendgrid.block_rate", step(0.001, 0.002, 6))
    given = (bounces, earlier, other, fine)
    assert join_causes(given) == given


def test_a_worse_level_leads() -> None:
    bounces = finding("sendgrid.bounce_rate", step(0.01, 0.045, 6))
    delivered = finding("sendgrid.delivered_rate", step(0.985, 0.94, 6))
    _, second = relate((bounces, delivered))
    assert (bounces.level, delivered.level) == (Level.WARN, Level.BREACH)
    assert second.follows is None


def test_noise_and_few_days_have_no_onset() -> None:
    noise = [Day(LAST - timedelta(n), (n * 7919 % 13) / 100) for n in range(31)]
    assert onset_of(noise, "higher") is None
    assert onset_of(noise[:5], "higher") is None
    assert onset_of([Day(LAST - timedelta(n), 0.5) for n in range(31)], "higher") is None
    rising = [Day(LAST - timedelta(n), 0.01 + max(0, 8 - n) / 100) for n in range(31)]
    assert onset_of(rising, "higher") is not None
    assert onset_of(rising, "lower") is None
