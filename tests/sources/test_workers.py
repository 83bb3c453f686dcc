"""Workers over the questions of a source: each once, to the end of the time, and no further."""

import threading
from collections.abc import Callable

import pytest

from mailwatch.model import Cause, say
from mailwatch.sources.http import ExchangeError
from mailwatch.sources.workers import ask_all
from tests.sources.sendgrid.sendgrid_peer import Waits

Replies = list[tuple[int, int | ExchangeError]]
DEAD = ExchangeError(Cause.COULD_NOT_ASK, say("http.broken"), unreachable=True)


def replies(
    questions: range, ask: Callable[[int], int], seconds: float = 10.0, workers: int = 4
) -> Replies:
    """What is handed over for `questions`, in that order."""
    taken: Replies = []
    job = Waits().job(seconds)
    ask_all(
        job,
        questions,
        lambda: None,
        lambda _, question: ask(question),
        lambda question, reply: taken.append((question, reply)),
        workers,
    )
    return sorted(taken, key=lambda pair: pair[0])


def test_every_question_is_answered_once() -> None:
    assert replies(range(50), lambda n: n * n) == [(n, n * n) for n in range(50)]
    assert replies(range(0), lambda n: n) == []


def test_each_worker_has_a_client_of_its_own_and_they_work_side_by_side() -> None:
    # Given four questions, none of which is answered before all were asked
    barrier = threading.Barrier(4)
    used: list[object] = []

    def ask(client: object, _: int) -> None:
        barrier.wait(10)
        used.append(client)

    ask_all(Waits().job(), range(4), object, ask, lambda question, reply: None)
    # Then each was asked through another client
    assert len({id(client) for client in used}) == 4


def test_a_reply_is_taken_while_no_other_is() -> None:
    busy = threading.Lock()

    def take(question: int, reply: object) -> None:
        assert busy.acquire(blocking=False)
        busy.release()

    ask_all(Waits().job(), range(200), lambda: None, lambda _, n: n, take)


def test_what_cannot_be_had_is_handed_over_and_the_rest_is_asked() -> None:
    refused = ExchangeError(Cause.NOT_ALLOWED, say("http.broken"))

    def ask(n: int) -> int:
        if n == 1:
            raise refused
        return n

    assert replies(range(3), ask) == [(0, 0), (1, refused), (2, 2)]


def test_a_dead_server_is_not_asked_further() -> None:
    # Given a server whose second answer says that it is dead
    asked: list[int] = []

    def ask(n: int) -> int:
        asked.append(n)
        if n == 1:
            raise DEAD
        return n

    # Then all that comes after it has that error, and was never asked
    assert replies(range(5), ask, workers=1) == [(0, 0), *((n, DEAD) for n in range(1, 5))]
    assert asked == [0, 1]


def test_a_run_out_of_time_hands_over_what_is_done() -> None:
    # Given one answer, and two questions that are never answered in time
    release, late = threading.Event(), threading.Event()
    taken: Replies = []

    def ask(_: None, n: int) -> int:
        if n:
            release.wait(10)
            late.set()
        return n

    ask_all(
        Waits().job(0.3),
        range(3),
        lambda: None,
        ask,
        lambda question, reply: taken.append((question, reply)),
        workers=2,
    )
    first, *rest = sorted(taken, key=lambda pair: pair[0])
    assert first == (0, 0)
    for (number, reply), expected in zip(rest, (1, 2), strict=True):
        assert number == expected
        assert isinstance(reply, ExchangeError)
        assert reply.what == say("run.unanswered")
    # And an answer that comes later is not handed over
    release.set()
    assert late.wait(10)
    for thread in threading.enumerate():
        if thread.name.startswith("worker-"):
            thread.join(10)
    assert len(taken) == 3


@pytest.mark.parametrize("where", ["client", "ask", "take"])
def test_a_defect_is_raised_again(where: str) -> None:
    def fail_in(place: str) -> None:
        if place == where:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask_all(
            Waits().job(),
            range(3),
            lambda: fail_in("client"),
            lambda _, n: fail_in("ask"),
            lambda question, reply: fail_in("take"),
        )


def test_a_defect_does_not_wait_for_the_others() -> None:
    # Given a worker that fails while another is at work
    release, begun = threading.Event(), threading.Event()
    finished: list[int] = []

    def ask(_: None, n: int) -> None:
        if n == 0:
            assert begun.wait(10)
            raise ZeroDivisionError
        begun.set()
        release.wait(10)
        finished.append(n)

    with pytest.raises(ZeroDivisionError):
        ask_all(Waits().job(60), range(2), lambda: None, ask, lambda question, reply: None)
    # Then the defect is raised before the other is done
    assert finished == []
    release.set()


def test_no_worker_keeps_the_process_alive() -> None:
    # Given a run that leaves a worker behind
    release = threading.Event()
    ask_all(
        Waits().job(0.05),
        range(1),
        lambda: None,
        lambda _, n: release.wait(10),
        lambda question, reply: None,
    )
    # Then its thread is one that an exit does not wait for
    left = [one for one in threading.enumerate() if one.name.startswith("worker-")]
    assert left
    assert all(one.daemon for one in left)
    release.set()
    for thread in left:
        thread.join(10)


@pytest.mark.parametrize("workers", [1, 4])
def test_what_a_reply_leads_to_is_asked_by_all_workers_even_those_that_had_nothing_left(
    workers: int,
) -> None:
    # Given one question, whose reply leads to as many as there are workers, asked side by side
    barrier = threading.Barrier(workers)
    taken: list[tuple[int, int]] = []

    def ask(_: None, question: int) -> int:
        if question:
            barrier.wait(10)
        return question * 10

    def take(question: int, reply: int | ExchangeError) -> range | None:
        assert not isinstance(reply, ExchangeError)
        taken.append((question, reply))
        return None if question else range(1, workers + 1)

    ask_all(Waits().job(), [0], lambda: None, ask, take, workers)
    assert sorted(taken) == [(n, n * 10) for n in range(workers + 1)]


def test_what_an_unreachable_server_leaves_is_handed_over_with_all_it_leads_to() -> None:
    taken: list[int] = []

    def ask(_: None, question: int) -> int:
        raise DEAD

    def take(question: int, reply: int | ExchangeError) -> list[int]:
        assert reply is DEAD
        taken.append(question)
        return [question + 10] if question < 10 else []

    ask_all(Waits().job(), range(3), lambda: None, ask, take, workers=1)
    assert sorted(taken) == [0, 1, 2, 10, 11, 12]
