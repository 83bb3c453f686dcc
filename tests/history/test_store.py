"""The store, in a file and on a server alike: what a run stores, what the next one gets back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from mailwatch.history.opened import open_store
from mailwatch.history.place import HistoryPlace
from mailwatch.history.store import Store
from mailwatch.history.stored import StoredDay
from mailwatch.model import ACCOUNT, Day, Level, RecordSet, Subject, WantedDays
from mailwatch.model.keepsake import KEPT_DAYS, Keepsake
from tests.history.reports import NEWS, TODAY, report_of, series, word


@pytest.fixture(params=["file", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty history."""
    if request.param == "server":
        place = HistoryPlace(url=request.getfixturevalue("postgres")())
    else:
        place = HistoryPlace(path=tmp_path / "history.sqlite")
    opened = open_store(place)
    assert opened is not None
    return opened


def days(store: Store, check: str = "sendgrid.a", subject: Subject = ACCOUNT) -> list[StoredDay]:
    (found,) = store.series(check, subject)
    return list(found.days)


def test_a_run_is_stored_and_read_back(store: Store) -> None:
    # Given nothing stored
    assert (store.runs(), list(store.series()), store.past().standings) == ([], [], {})
    # When two runs end within one second
    first = report_of(series([1, 2]), series([3], subject=NEWS), word(None))
    store.add_run(first, {"a": "1"}, None)
    store.add_run(first, {"a": "1"}, None)
    # Then both are there, each day once, and each finding whole
    runs = store.runs()
    assert [run.generated_at for run in runs] == [first.instant] * 2
    assert [(run.verdict, run.exit_code) for run in runs] == [(first.verdict, 0)] * 2
    assert runs[0].settings == {"a": "1"}
    assert days(store, subject=NEWS) == [StoredDay(TODAY, 0.3, 3, 10)]
    (_, account) = store.series("sendgrid.a")
    assert account.days == (
        StoredDay(TODAY - timedelta(days=1), 0.1, 1, 10),
        StoredDay(TODAY, 0.2, 2, 10),
    )
    assert [found.level for found in store.findings(runs[1])] == [
        finding.level for finding in first.findings
    ]
    assert store.one_series("sendgrid.a", ACCOUNT) == account
    assert store.one_series("sendgrid.b", ACCOUNT) is None
    assert store.names("dns.a") == [("dns.a", "{}")]  # measured or not, it had a finding


def test_days_that_are_read_again_are_updated(store: Store) -> None:
    store.add_run(report_of(series([1, 2, 3])), {}, None)
    store.add_run(report_of(series([2, 9, 4], last=TODAY + timedelta(days=1))), {}, None)
    assert [day.numerator for day in days(store)] == [1, 2, 9, 4]


def test_a_figure_of_a_moment_is_of_the_day_of_its_run(store: Store) -> None:
    for n in (0, 1):
        store.add_run(report_of(word(n), day=TODAY + timedelta(days=n)), {}, None)
    assert days(store, "dns.a") == [
        StoredDay(TODAY, 0.0),
        StoredDay(TODAY + timedelta(days=1), 1.0),
    ]


@pytest.mark.parametrize(
    ("values", "since", "opened"),
    [
        ([3], None, None),
        ([3, 3], 0, 0),
        ([3, 3, 3], 0, 0),
        ([1, 3, 3], 1, 1),
        ([2, 3, 3], 1, 0),  # a warning first: open since then, a breach since the day after
        ([3, None, 3], 0, 0),  # it could not be measured once: the breach goes on
        ([3, 1, 3, 3], 2, 2),
        ([3, None, None], 1, None),
        ([3, 3, 1], None, None),
    ],
)
def test_the_life_of_a_finding(
    store: Store, values: list[float | None], since: int | None, opened: int | None
) -> None:
    # Given a figure (up to 1 is ok, over 2 is a breach) on one day after the other
    for n, value in enumerate(values):
        report = report_of(word(value), day=TODAY + timedelta(days=n), past=store.past())
        store.add_run(report, {}, None)
    # Then the last run knows since when it is as it is, and since when it has not been ok
    (finding,) = report.findings
    assert finding.since == (None if since is None else TODAY + timedelta(days=since))
    assert finding.opened == (None if opened is None else TODAY + timedelta(days=opened))
    assert finding.recovered == (values[-1] == 1)
    if len(values) > 1:
        assert finding.before is not None


def test_a_word_of_some_days_ago(store: Store) -> None:
    # Given a word on four days, and a number beside it
    for n, value in enumerate(["good", "good", "bad", "worst"]):
        day = TODAY + timedelta(days=n)
        reading = replace(word(None), value=value)
        store.add_run(report_of(reading, word(1, "dns.b"), day=day), {}, None)

    def of(check: str, n: int) -> list[tuple[date, str]]:
        return list(store.past(None, ((check,), TODAY + timedelta(days=n))).words.values())

    # Then it is the one of the wanted day, the newest before it, or the oldest; a number is none
    assert of("dns.a", 2) == [(TODAY + timedelta(days=2), "bad")]
    assert of("dns.a", 9) == [(TODAY + timedelta(days=3), "worst")]
    assert of("dns.a", -5) == [(TODAY, "good")]
    assert of("dns.b", 2) == []


def test_records_are_kept_as_long_as_they_are_the_same(store: Store) -> None:
    def run(value: str, day: int) -> None:
        records = (RecordSet("example.com", "TXT", (value,)),)
        when = TODAY + timedelta(days=day)
        store.add_run(report_of(word(1), day=when, records=records), {}, None)

    for day, value in enumerate(["v=spf1 a", "v=spf1 a", "v=spf1 b"]):
        run(value, day)
    now = store.past().records["example.com", "TXT"]
    assert now.records.values == ("v=spf1 b",)
    assert now.first_seen == TODAY + timedelta(days=2)
    (before,) = store.records(store.runs()[1])
    assert (before.records.values, before.first_seen, before.last_seen) == (
        ("v=spf1 a",), TODAY, TODAY + timedelta(days=1)
    )  # fmt: skip


def test_a_past_day_has_the_figures_of_its_last_run(store: Store) -> None:
    for n in (0, 1, 2):
        store.add_run(report_of(word(n), series([n]), day=TODAY + timedelta(days=n)), {}, None)
    (figure,) = store.past(TODAY + timedelta(days=1)).figures
    assert (figure.measurement.metric, figure.measurement.value) == ("dns.a", 1)
    assert store.past(TODAY - timedelta(days=1)).figures == ()


def test_a_run_about_a_past_day_says_nothing_about_now(store: Store) -> None:
    store.add_run(report_of(word(3)), {}, None)
    store.add_run(report_of(word(1)), {}, date(2026, 11, 1))
    assert [run.as_of for run in store.runs()] == [None, date(2026, 11, 1)]
    assert [standing.level for standing in store.past().standings.values()] == [Level.BREACH]


def test_what_is_imported_is_replaced_by_what_is_measured(store: Store) -> None:
    rows = [
        ("sendgrid.a", ACCOUNT, StoredDay(TODAY - timedelta(days=n), 0.7, 7, 10)) for n in (0, 1)
    ]
    assert store.import_days(iter(rows)) == 2
    store.add_run(report_of(series([1])), {}, None)
    assert [day.numerator for day in days(store)] == [7, 1]
    assert len(store.runs()) == 1


def test_an_import_that_fails_stores_nothing(store: Store) -> None:
    def rows(stop: Callable[[], None]) -> object:
        for n in range(12_000):  # more than one batch
            yield "sendgrid.a", ACCOUNT, StoredDay(date.fromordinal(700_000 + n), 0.1, 1, 10)
        stop()

    def stop() -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        store.import_days(rows(stop))  # type: ignore[arg-type]
    assert list(store.series()) == []


def test_what_is_old_is_deleted(store: Store) -> None:
    for n in (0, 5):
        store.add_run(report_of(series([1, 2]), day=TODAY + timedelta(days=n)), {"n": str(n)}, None)
    pruned = store.prune(TODAY)
    assert (pruned.runs, pruned.days) == (0, 1)
    pruned = store.prune(TODAY + timedelta(days=1))
    assert (pruned.runs, pruned.days) == (1, 1)
    (run,) = store.runs()
    assert len(store.findings(run)) == 1
    assert run.settings == {"n": "5"}


def test_runs_that_end_at_once_are_all_stored(store: Store) -> None:
    # Given several runs, each with days of its own, that end at the same time
    def run(number: int) -> None:
        for _ in range(3):
            store.add_run(report_of(word(1), series([number] * 5)), {"n": str(number)}, None)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    # Then each of them is stored, with a number of its own, and each day once
    runs = store.runs()
    assert sorted(run.settings["n"] for run in runs) == sorted("0123" * 3)
    assert len({run.id for run in runs}) == 12
    assert len(days(store)) == 5


def test_older_days_of_many_series_are_read_together(store: Store) -> None:
    # Given two series of twenty days, one of words, and days without messages
    wanted = [
        WantedDays(check, subject, TODAY - timedelta(days=9), TODAY - timedelta(days=4))
        for check, subject in (
            ("sendgrid.a", ACCOUNT),
            ("sendgrid.a", NEWS),
            ("dns.a", ACCOUNT),
            ("sendgrid.b", ACCOUNT),
        )
    ]
    assert store.older_days(wanted) == {}
    reading = replace(word(None), value="good")
    store.add_run(
        report_of(series([*range(20)]), series([5] * 20, subject=NEWS), reading, day=TODAY),
        {},
        None,
    )
    silent = StoredDay(TODAY - timedelta(days=5), None, 0, 0)
    store.import_days([("sendgrid.a", NEWS, silent)])
    # When a span of each is asked for, and of one that is not there
    found = store.older_days(wanted)
    # Then each has the days of its span, in order, and there are no words among them
    assert {name: days for name, days in found.items() if days}.keys() == {
        ("sendgrid.a", ACCOUNT),
        ("sendgrid.a", NEWS),
    }
    assert [day.numerator for day in found["sendgrid.a", ACCOUNT]] == [10, 11, 12, 13, 14]
    assert found["sendgrid.a", ACCOUNT][0].day == TODAY - timedelta(days=9)
    assert found["sendgrid.a", NEWS][-1] == Day(silent.day, None, 0, 0)
    # And more series than one statement has room for come from several
    assert store.older_days(wanted * 120) == found


def test_keepsakes_are_kept_once_and_not_forever(store: Store) -> None:
    # Given what a source keeps, some of it too old
    def run_with(*kept: Keepsake, day: date = TODAY) -> None:
        report = report_of(word(1), day=day)
        (state,) = report.sources
        store.add_run(replace(report, sources=(replace(state, keepsakes=kept),)), {}, None)

    assert (store.kept_ids("a"), store.kept_bodies("a", [1])) == (frozenset(), [])
    old = TODAY - timedelta(days=KEPT_DAYS + 1)
    first, again, other = (
        Keepsake(place, -(2**63), TODAY, body)
        for place, body in (("a", "1"), ("a", "2"), ("b", "3"))
    )
    run_with(first, other, Keepsake("a", 7, old, "old"))
    run_with(again, Keepsake("a", 2**63 - 1, TODAY, "4"))
    # Then the same thing is there once, as it was first, at its own place
    assert store.kept_ids("a") == {-(2**63), 2**63 - 1}
    assert sorted(store.kept_bodies("a", [-(2**63), 2**63 - 1, 5])) == ["1", "4"]
    assert store.kept_bodies("b", [first.id]) == ["3"]
    # And it goes with the days of its time
    store.prune(TODAY + timedelta(days=1))
    assert store.kept_ids("a") == frozenset()
