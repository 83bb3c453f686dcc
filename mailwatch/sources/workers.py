"""Several workers over the questions of one source, each with a client of its own.

The vendors' clients are not safe in threads. The workers are daemon threads: a run that is out of
time does not wait for them, and what they find afterwards is not handed over any more.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from mailwatch.model import Cause, say
from mailwatch.sources.http import ExchangeError
from mailwatch.sources.job import Job

WORKERS = 4

Client = TypeVar("Client")
Question = TypeVar("Question")
Reply = TypeVar("Reply")


def ask_all(
    job: Job,
    questions: Iterable[Question],
    make_client: Callable[[], Client],
    ask: Callable[[Client, Question], Reply],
    take: Callable[[Question, Reply | ExchangeError], Iterable[Question] | None],
    workers: int = WORKERS,
) -> None:
    """Every question has been handed to `take` once, with its reply or why there is none.

    `ask` runs in the workers' threads and raises ExchangeError for what it cannot get. `take` is
    called for one question at a time, and never after the end; it may return further questions,
    which are asked as those that were there from the start. When an error says that the server
    is unreachable, the questions not yet begun are handed over with that error; when the time of
    `job` is up, those without a reply with `run.unanswered`. Any other exception of `make_client`,
    `ask` or `take` is a defect: it ends the work and is raised here.
    """
    _Pool(questions, make_client, ask, take).work(job, workers)


class _Pool(Generic[Client, Question, Reply]):
    def __init__(
        self,
        questions: Iterable[Question],
        make_client: Callable[[], Client],
        ask: Callable[[Client, Question], Reply],
        take: Callable[[Question, Reply | ExchangeError], Iterable[Question] | None],
    ) -> None:
        self._make_client = make_client
        self._ask = ask
        self._take = take
        self._waiting = deque(questions)
        self._number = 0
        self._begun: dict[int, Question] = {}
        """Questions that a worker has taken, and that have no reply yet."""
        self._at_work = 0
        self._dead: ExchangeError | None = None
        """Why no further question can be expected to be answered."""
        self._defect: Exception | None = None
        self._over = False
        self._state = threading.Condition()
        """Held while anything above is changed, and while `take` runs."""

    def work(self, job: Job, workers: int) -> None:
        self._at_work = workers if self._waiting else 0
        for number in range(self._at_work):
            name = f"worker-{number}"
            threading.Thread(target=self._run, name=name, daemon=True).start()
        with self._state:
            self._state.wait_for(
                lambda: self._at_work == 0 or self._defect is not None, job.remaining()
            )
            self._over = True
            self._state.notify_all()
            if self._defect is not None:
                raise self._defect
            error = self._dead or ExchangeError(Cause.COULD_NOT_ASK, say("run.unanswered"))
            left = deque((*self._begun.values(), *self._waiting))
            while left:
                left.extend(self._take(left.popleft(), error) or ())

    def _run(self) -> None:
        try:
            client = self._make_client()
            while (begun := self._begin()) is not None:
                self._end(*begun, self._answer(client, begun[1]))
        except Exception as error:  # noqa: BLE001  # a defect; raised again where it is awaited
            self._defect = error
        finally:
            with self._state:
                self._at_work -= 1
                self._state.notify_all()

    def _answer(self, client: Client, question: Question) -> Reply | ExchangeError:
        try:
            return self._ask(client, question)
        except ExchangeError as error:
            return error

    def _begin(self) -> tuple[int, Question] | None:
        """The next question; None when there is nothing more to do.

        While others are at work, a reply to them may lead to more.
        """
        with self._state:
            self._state.wait_for(lambda: self._ends() or bool(self._waiting) or not self._begun)
            if self._ends() or not self._waiting:
                return None
            self._number += 1
            self._begun[self._number] = self._waiting.popleft()
            return self._number, self._begun[self._number]

    def _ends(self) -> bool:
        return self._over or self._dead is not None or self._defect is not None

    def _end(self, number: int, question: Question, reply: Reply | ExchangeError) -> None:
        with self._state:
            if self._over:
                return
            del self._begun[number]
            if isinstance(reply, ExchangeError) and reply.unreachable and self._dead is None:
                self._dead = reply
            self._waiting.extend(self._take(question, reply) or ())
            self._state.notify_all()
