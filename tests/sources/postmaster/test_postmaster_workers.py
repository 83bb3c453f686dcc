"""Several workers, and a run that ends before they do."""

import threading
import time
from typing import Any

import pytest

from mailwatch.demo import Hang, HttpReply, Rule
from mailwatch.model import Cause, say

from .postmaster_peer import (
    BATCH,
    COMPLIANCE,
    GMAIL,
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
        Rule("postmaster", HttpReply(404, "{}"), match=BATCH),
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


def busy(held: Held) -> tuple[Rule, ...]:
    """Whoever asks for the statistics waits for `held`; the others are tried again and again."""
    return (
        Rule("postmaster", held, match=BATCH),
        Rule("postmaster", HttpReply(503, "{}")),
    )


def test_an_answer_after_the_end_is_not_handed_over() -> None:
    # Given workers that wait before their next try until all is over
    held, release = Held(), threading.Event()

    def pause(_: float) -> None:
        held.happened.set()
        assert release.wait(10)

    before = set(threading.enumerate())
    job = make_job(seconds=1.0, pause=pause)
    got = collect(*busy(held), world=ALL_SHARED, domains=THREE, job=job)
    # Then what was answered in time is there, and the rest is said
    assert got.silent() == []
    assert got.one("postmaster.spam_rate").value is not None
    assert say("run.unanswered") in {fault.what for fault in got.faults}
    # And nothing is added when they go on
    release.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    assert job.so_far()[:2] == (got.measured, got.faults)


def test_a_defect_in_a_worker_is_the_sources() -> None:
    held = Held()

    def fail(_: float) -> None:
        held.happened.set()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        collect(*busy(held), world=ALL_SHARED, domains=THREE, job=make_job(pause=fail))
