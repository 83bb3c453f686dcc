"""The past replayed: each warning and breach once, with its lead, and nothing known too early."""

from collections.abc import Callable
from datetime import date, timedelta

from mailwatch.backtest.counts import Counts
from mailwatch.backtest.replay import Backtest, replay
from mailwatch.catalog.catalog import read_catalog
from mailwatch.model import Level, Limit, Threshold

FIRST = date(2026, 1, 1)
CHECK = read_catalog().check("sendgrid.bounce_rate")
ACT_ONLY = Threshold(act=Limit(0.05, ">"), min_messages=100)


def days(rate: Callable[[int], float], length: int = 120) -> tuple[Counts, ...]:
    return tuple((FIRST + timedelta(n), round(5000 * rate(n)), 5000) for n in range(length))


def drift(n: int) -> float:
    return 0.015 + 0.06 * min(max((n - 60) / 28, 0.0), 1.0)


def run(rate: Callable[[int], float], threshold: Threshold = ACT_ONLY) -> Backtest:
    return replay({"": days(rate)}, CHECK, threshold)


def test_a_drift_is_a_dated_warning_then_a_breach_and_no_false_alarm() -> None:
    # When a drift across the limit is replayed
    tested = run(drift)
    # Then there is a warning with its date, and the breach it announced
    warning, breach = tested.events
    assert (warning.level, warning.kind) == (Level.WARN, "trend")
    assert warning.outlook is not None
    assert warning.outlook.latest is not None
    assert (breach.level, breach.kind) == (Level.BREACH, "level")
    (crossing,) = tested.crossings
    assert crossing.lead_days == (crossing.day - warning.day).days
    assert crossing.lead_days is not None
    assert crossing.lead_days >= 6
    assert tested.false_alarms_per_year == 0
    assert tested.breached


def test_a_quiet_year_has_no_events() -> None:
    tested = run(lambda n: 0.015)
    assert (tested.events, tested.crossings, tested.breached) == ((), (), False)
    assert tested.false_alarms_per_year == 0


def test_a_level_past_the_ideal_is_a_warning_of_its_own_kind() -> None:
    # Given a rate of 4 % from the first day, and the shipped limits
    tested = run(lambda n: 0.04, Threshold(Limit(0.03, "<="), Limit(0.05, ">")))
    # Then its level is one warning, on the first day
    (event,) = tested.events
    assert (event.day, event.level, event.kind) == (FIRST, Level.WARN, "level")


def test_what_returns_after_more_than_a_week_is_a_new_event() -> None:
    # Given two breaches, ten days apart
    tested = run(lambda n: 0.09 if 40 <= n < 50 or 66 <= n < 76 else 0.015)
    breaches = [event for event in tested.events if event.level is Level.BREACH]
    assert len(breaches) == len(tested.crossings) == 2


def test_a_rise_that_stops_short_counts_as_a_false_alarm_where_it_was_announced() -> None:
    # Given a steep rise to just under the limit
    tested = run(lambda n: 0.015 + 0.033 * min(max((n - 60) / 10, 0.0), 1.0))
    announced = [event for event in tested.events if event.kind != "level"]
    assert tested.crossings == ()
    assert tested.false_alarms_per_year == len(announced) * 365 / 120


def test_the_events_up_to_a_day_are_the_same_when_the_file_is_cut_there() -> None:
    # Given the events of the whole file
    rows = days(drift)
    whole = replay({"": rows}, CHECK, ACT_ONLY).events
    # When the file is cut after each day
    for cut in range(50, len(rows)):
        part = replay({"": rows[:cut]}, CHECK, ACT_ONLY).events
        # Then nothing that was raised by then is different
        assert part == tuple(event for event in whole if event.day <= rows[cut - 1][0])


def test_subjects_do_not_disturb_each_other() -> None:
    # Given one subject that drifts and one that does not
    both = replay({"a": days(drift), "b": days(lambda n: 0.01)}, CHECK, ACT_ONLY)
    alone = replay({"a": days(drift)}, CHECK, ACT_ONLY)
    assert both.events == alone.events
    assert {event.subject for event in both.events} == {"a"}


def test_without_act_there_is_nothing_to_foresee() -> None:
    tested = run(drift, Threshold(ideal=Limit(0.03, "<=")))
    assert {event.kind for event in tested.events} == {"level"}
    assert tested.crossings == ()
