"""Several workers, and a run that ends before they do."""

import threading
import time
from collections.abc import Callable

import pytest

from mailwatch.demo import Answer, Delay, Hang, Rule
from mailwatch.model import Cause, say
from mailwatch.sources.task import Task

from .postmaster_peer import (
    COMPLIANCE,
    GMAIL,
    STATISTICS,
    collect,
    make_task,
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
        task=make_task(seconds=1.0),
    )
    assert time.monotonic() - began < 2.5
    assert got.silent() == []
    assert got.one("postmaster.spam_rate").value is not None
    assert {fault.cause for fault in got.faults} == {Cause.COULD_NOT_ASK}


def with_trouble_in_a_helper(pause: Callable[[float], None], seconds: float) -> Task:
    """A task on which a helper, and no other thread, waits between its tries by `pause`."""

    def wait(length: float) -> None:
        if threading.current_thread().name == "postmaster":
            pause(length)

    return make_task(seconds, pause=wait)


BUSY = (
    # This thread takes the first question, and is kept with it while the helpers begin.
    Rule("postmaster", Delay(0.3), match=STATISTICS),
    Rule("postmaster", Answer(503, "{}")),
)


def test_an_answer_after_the_end_is_not_handed_over() -> None:
    task = with_trouble_in_a_helper(lambda _: time.sleep(1.2), seconds=0.8)
    got = collect(*BUSY, world=ALL_SHARED, domains=THREE, task=task)
    assert got.silent() == []
    assert got.one("postmaster.spam_rate").value is not None
    assert say("postmaster.out_of_time") in {fault.what for fault in got.faults}
    handed_over = task.so_far()[:2]
    time.sleep(0.8)  # the helpers are back by now
    assert task.so_far()[:2] == handed_over


def test_a_defect_in_a_helper_is_the_sources() -> None:
    def fail(_: float) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        collect(*BUSY, world=ALL_SHARED, domains=THREE, task=with_trouble_in_a_helper(fail, 20))
