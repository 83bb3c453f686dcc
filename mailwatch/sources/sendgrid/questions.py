"""What is asked of SendGrid, each with what becomes of it when it is refused."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mailwatch.model import ACCOUNT, Cause, Fault, Measurement, Subject
from mailwatch.sources.http import ExchangeError
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid.client import SendGrid
from mailwatch.sources.workers import ask_all

Figures = Iterable[Measurement | Fault]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked of the API, and the metrics that its answer gives."""

    metrics: tuple[str, ...]
    measure: Callable[[SendGrid], Figures]
    optional: bool = False
    """True where a plan may lack it: a refusal makes its figures unknown, and is no failure."""
    subjects: tuple[Subject, ...] = (ACCOUNT,)
    """What the metrics are about."""


class QuestionRound:
    """Asks questions, and hands the replies over to the job; that the server is unreachable, once
    for everything."""

    def __init__(self, job: Job, make_client: Callable[[], SendGrid]) -> None:
        self._job = job
        self._make_client = make_client
        self.unreachable = False
        self._refused: set[Fault] = set()

    def ask(self, questions: Iterable[Question], within: Job | None = None) -> None:
        """Each question has been asked, and its figures or what was refused handed over; `within`
        another time than the run's."""
        if not self.unreachable:
            ask_all(
                within or self._job,
                questions,
                self._make_client,
                lambda client, question: tuple(question.measure(client)),
                self._take,
            )

    def _take(
        self, question: Question, reply: tuple[Measurement | Fault, ...] | ExchangeError
    ) -> None:
        if not isinstance(reply, ExchangeError):
            for measurement in reply:
                self._job.take(measurement)
        elif reply.unreachable:
            if not self.unreachable:
                self.unreachable = True
                self._job.take(Fault(reply.cause, reply.what))
        elif question.optional and reply.cause is Cause.NOT_ALLOWED:
            for metric in question.metrics:
                self._job.take(Measurement(metric, ACCOUNT, cause=reply.cause, note=reply.what))
        elif reply.cause is Cause.NOT_ALLOWED or ACCOUNT in question.subjects:
            fault = Fault(reply.cause, reply.what, metrics=question.metrics)
            if fault not in self._refused:  # of five hundred batches too, once
                self._refused.add(fault)
                self._job.take(fault)
        else:
            self._miss(question, reply)

    def _miss(self, question: Question, reply: ExchangeError) -> None:
        """The figures of some segments, which are expected and have no answer."""
        for subject in question.subjects:
            for metric in question.metrics:
                self._job.expect(metric, subject)
            self._job.take(Fault(reply.cause, reply.what, subject, question.metrics))
