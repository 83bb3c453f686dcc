"""The first event after clean weeks is said; it is a warning where chance does not explain it."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from mailwatch.catalog.catalog import read_catalog
from mailwatch.judge import judge
from mailwatch.judge.first_seen import note_first
from mailwatch.model import ACCOUNT, Day, Finding, Level, Measurement, Window
from mailwatch.words import worded

LAST = date(2026, 11, 23)
CATALOG = read_catalog()


def finding(events: Sequence[int], messages: int = 10_000) -> Finding:
    """Spam reports on days that end on LAST."""
    check = CATALOG.check("sendgrid.spam_report_rate")
    days = [
        Day(LAST - timedelta(len(events) - 1 - n), k / messages, k, messages)
        for n, k in enumerate(events)
    ]
    week = days[-7:]
    k, n = sum(day.numerator or 0 for day in week), sum(day.denominator or 0 for day in week)
    measurement = Measurement(check.metric, ACCOUNT, k / n, k, n, "delivered",
                              Window(week[0].day, LAST), tuple(days), proportion=True)  # fmt: skip
    return judge(measurement, check, CATALOG.threshold(check, ACCOUNT))


@pytest.mark.parametrize(
    ("events", "level", "said"),
    [
        ([0] * 30 + [1], Level.OK, ["the first since 30 clean days, on 23 Nov"]),  # may be chance
        ([0] * 30 + [3], Level.WARN, ["the first since 30 clean days, on 23 Nov"]),
        ([0] * 24 + [2] * 7, Level.WARN, ["the first since 24 clean days, on 17 Nov"]),
        ([0] * 22 + [2] * 8, Level.OK, []),  # old news
        ([0] * 10 + [3], Level.OK, []),  # ten days are not weeks
        ([1] + [0] * 29 + [3], Level.OK, []),
        ([0] * 31, Level.OK, []),
    ],
)
def test_the_first_after_clean_weeks(events: list[int], level: Level, said: list[str]) -> None:
    before = finding(events)
    assert before.level is Level.OK
    (after,) = note_first((before,))
    assert after.level is level
    assert [worded(phrase, "en") for phrase in after.measurement.evidence] == said
