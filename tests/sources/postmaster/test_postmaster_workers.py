"""Several workers, and a run that ends before they do."""

import threading
import time
from typing import Any

import pytest

from mailwatch.demo import Answer, Hang, Rule
from mailwatch.model import Cause, say

from .postmaster_peer import (
    COMPLIANCE,
    GMAIL,
    STATISTICS,
    collect,
    make_job,
    with_gmail,
)

THREE = ("example.com", "b.example", "c.example")
ALL_SHARED = with_gmail(dict.fromkeys(THREE, GMAIL))


def test_a_server_that_hangs_leaves_no_silent_gap_and_what_was_answered() -> None:
    world = with_gmail({"example.com": GMAIL, "b.example": GMAIL})
    began = time.monotonic()
    got = collect(
        Rule("postmaster", Hang(), match="/v2/domains/b.example/"),
        Rule("postmaster", Hang(), match=COMPLIANCE),
        world=world,
        domains=("example.com", "b.example"),
        job=make_job(seconds=1.0),
    )
    assert time.monotonic() - began < 2.5
    assert got.silent() == []
    assert got.one("postmaster.spam_rate").value is not None
    assert {fault.cause for fault in got.faults} == {Cause.COULD_NOT_ASK}


class Held:
    """The true answer, once something has happened."""

    def __init__(self) -> None:
        self.happened = threading.Event()

    def play(self, wire: Any) -> bool:
        """Waits for it."""
        assert self.happened.wait(10)
        return False


def in_a_helper() -> bool:
    """True in a helper's thread."""
    return threading.current_thread().name == "postmaster"


def busy(held: Held) -> tuple[Rule, ...]:
    """Whoever asks for the statistics waits for `held`; the others are tried again and again."""
    return (
        Rule("postmaster", held, match=STATISTICS),
        Rule("postmaster", Answer(503, "{}")),
    )


def test_an_answer_after_the_end_is_not_handed_over() -> None:
    held, over, release = Held(), threading.Event(), threading.Event()

    def pause(_: float) -> None:
        """A helper waits until all is over; this thread ends the time once there is a figure."""
        held.happened.set()
        if in_a_helper():
            assert release.wait(10)
            return
        end = time.monotonic() + 10
        while not job.so_far()[0] and time.monotonic() < end:
            time.sleep(0.01)
        over.set()

    job = make_job(pause=pause)
    job.clock = job.clock._replace(
        monotonic=lambda: job.deadline + 1 if over.is_set() else time.monotonic()
    )
    got = collect(*busy(held), world=ALL_SHARED, domains=THREE, job=job)
    assert got.silent() == []
    assert got.one("postmaster.spam_rate").value is not None
    assert say("postmaster.out_of_time") in {fault.what for fault in got.faults}
    release.set()
    for thread in threading.enumerate():
        if thread.name == "postmaster":
            thread.join(10)
    assert job.so_far()[:2] == (got.measured, got.faults)


def test_a_defect_in_a_helper_is_the_sources() -> None:
    held = Held()

    def fail(_: float) -> None:
        if in_a_helper():
            held.happened.set()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        collect(*busy(held), world=ALL_SHARED, domains=THREE, job=make_job(pause=fail))
