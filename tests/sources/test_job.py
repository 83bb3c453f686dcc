"""A source's share of a run: figures, calls, time."""

import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwatch.clock import Clock
from mailwatch.model import ACCOUNT, Cause, Fault, Measurement, say
from mailwatch.sources.job import Job

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=9)))
FAULT = Fault(Cause.NO_DATA, say("run.not_measured"))


def task_of(clock: Clock | None = None, deadline: float = 60.0) -> Job:
    return Job(NOW, None, deadline, clock or Clock(now=lambda: NOW))


class Slow(int):
    """A number that is slow to add to, so that two threads are sure to meet there."""

    def __add__(self, other: int) -> "Slow":
        time.sleep(0.001)
        return Slow(int(self) + other)


def test_no_call_and_no_figure_is_lost_between_threads() -> None:
    job = task_of()
    job.counts["calls"] = Slow(0)
    start = threading.Barrier(8)

    def work(number: int) -> None:
        start.wait(5)
        for step in range(5):
            job.called("GET")
            job.take(Measurement(f"m.{number}.{step}", ACCOUNT, 1.0))
            job.take(FAULT)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken, faults, counts = job.so_far()
    assert (len({m.metric for m in taken}), len(faults)) == (40, 40)
    assert counts == {"calls": 40}


def test_what_was_had_so_far_does_not_grow_afterwards() -> None:
    job = task_of()
    job.take(FAULT)
    expected = job.expected_so_far()
    taken, faults, counts = job.so_far()
    job.take(FAULT)
    job.take(Measurement("m", ACCOUNT, 1.0))
    job.called("GET")
    job.expect("m", ACCOUNT)
    assert (taken, faults, counts, expected) == ((), (FAULT,), {"calls": 0}, {})


def test_the_last_word_on_what_is_expected_counts() -> None:
    job = task_of()
    for metric in ("a", "b", "c"):
        job.expect(metric, ACCOUNT)
    job.withdraw("b", ACCOUNT)
    job.withdraw("c", ACCOUNT)
    job.expect("c", ACCOUNT)
    found = {metric: expected for (metric, _), expected in job.expected_so_far().items()}
    assert found == {"a": True, "b": False, "c": True}


def test_a_source_counts_by_name() -> None:
    job = task_of()
    job.called("GET")
    job.count("domains", 5)
    job.count("domains")
    assert job.so_far()[2] == {"calls": 1, "domains": 6}


def test_the_time_left_is_never_below_zero() -> None:
    seconds = 100.0
    clock = Clock(monotonic=lambda: seconds)
    job = task_of(clock, deadline=130.0)
    assert job.remaining() == 30.0
    seconds = 130.5
    assert job.remaining() == 0.0


def test_the_clock_is_the_machines_unless_given() -> None:
    before = datetime.now(UTC)
    now = Clock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is not None
    assert Clock().monotonic is time.monotonic
    assert Clock().pause is time.sleep


@pytest.mark.parametrize(
    ("date", "skew"),
    [
        ("Tue, 24 Nov 2026 03:00:00 GMT", 0.0),
        ("Tue, 24 Nov 2026 02:58:30 GMT", 90.0),
        ("Tue, 24 Nov 2026 03:00:05 +0000", -5.0),
        ("Tue, 24 Nov 2026 12:00:00 +0900", 0.0),
        ("Tue, 24 Nov 2026 03:00:00 -0000", None),  # of no zone that is known
        ("Tue, 24 Nov 2026 03:00:00", None),
        (None, None),
        ("", None),
        ("yesterday", None),
        ("Tue, 99 Nov 2026 03:00:00 GMT", None),
        ("24 Nov 2026 03:00:00 +99999999999999999999", None),
        ("24 Nov 99999 03:00:00 GMT", None),
        ("24 Nov , 03:00:00 GMT", None),
    ],
)
def test_a_servers_time_is_held_against_the_clock(date: str | None, skew: float | None) -> None:
    job = task_of()
    job.note_time(date)
    assert job.skew == skew


def test_a_date_that_is_none_keeps_the_last_one() -> None:
    job = task_of()
    job.note_time("Tue, 24 Nov 2026 02:59:00 GMT")
    job.note_time("nonsense")
    assert job.skew == 60.0


PARTS = ("Tue,", "24", "Nov", "Nov,", ",", "2026", "03:00:00", "3.0", "GMT", "+0900", "-9999", "")
HUGE = ("9" * 30, "+" + "9" * 30, "-" + "9" * 30, "99:99:99", "::")


@given(st.lists(st.sampled_from(PARTS + HUGE), max_size=8).map(" ".join) | st.text(max_size=40))
def test_no_date_header_breaks_anything(date: str) -> None:
    job = task_of()
    job.note_time(date)
    assert job.skew is None or isinstance(job.skew, float)
