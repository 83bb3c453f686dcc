"""What is asked of SendGrid in a run, and what is handed over once it is answered."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from mailwatch.config import SendGridConfig
from mailwatch.errors import SecretError
from mailwatch.model import Cause, Fault, Measurement, say
from mailwatch.sources.http import ExchangeError, Session
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid import statistics
from mailwatch.sources.sendgrid.client import SendGrid
from mailwatch.sources.workers import ask_all

LAST_ZONE = timezone(timedelta(hours=-12))
HISTORY_DAYS = 31
"""The newest day and the 30 before it, which its volume is compared with."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked of the API, and the metrics that its answer gives."""

    metrics: tuple[str, ...]
    measure: Callable[[SendGrid], Iterable[Measurement | Fault]]


def collect_account(
    settings: SendGridConfig, job: Job, audit: Callable[[str, Session], None] | None = None
) -> None:
    """Hands over the account's statistics and its reputation, then what `audit` finds with the
    same key (it may come from a pipe, and is read once) and the same connections."""
    try:
        key = settings.api_key.line()
    except SecretError as error:
        job.take(Fault(Cause.NOT_ALLOWED, say("sendgrid.no_key", what=error.why)))
        return
    if settings.timezone is None:
        job.note = say("sendgrid.zone_unknown")
    with Session(job) as session:
        ask_all(
            job,
            _questions(settings, job),
            lambda: SendGrid(key, settings.base_url, session),
            lambda client, question: tuple(question.measure(client)),
            _Taker(job).take,
        )
        if audit is not None:
            audit(key, session)


def newest_complete_day(settings: SendGridConfig, job: Job) -> date:
    """The last day that is over in the account's zone, or `as_of`."""
    return job.as_of or last_day_over(settings, job.now)


def last_day_over(settings: SendGridConfig, now: datetime) -> date:
    """The last day that is over in the account's zone; where that is not known, everywhere."""
    zone = ZoneInfo(settings.timezone) if settings.timezone else LAST_ZONE
    return now.astimezone(zone).date() - timedelta(days=1)


def _questions(settings: SendGridConfig, job: Job) -> Iterator[Question]:
    newest = newest_complete_day(settings, job)
    history = max(HISTORY_DAYS, settings.window_days)
    days = statistics.Days(newest, settings.window_days, history, bool(settings.timezone))
    yield Question(
        statistics.STATISTICS,
        lambda client: statistics.measure_statistics(client.statistics(days.first, newest), days),
    )
    if job.as_of is not None:  # the reputation is of this moment: the API keeps no past
        job.take(statistics.reputation_has_no_past())
        return
    yield Question(
        (statistics.REPUTATION,),
        lambda client: [statistics.measure_reputation(client.reputation())],
    )


class _Taker:
    """Hands the replies over to the job; that the server is unreachable, once for everything."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._unreachable = False

    def take(
        self, question: Question, reply: tuple[Measurement | Fault, ...] | ExchangeError
    ) -> None:
        if not isinstance(reply, ExchangeError):
            for measurement in reply:
                self._job.take(measurement)
        elif not reply.unreachable:
            self._job.take(Fault(reply.cause, reply.what, metrics=question.metrics))
        elif not self._unreachable:
            self._unreachable = True
            self._job.take(Fault(reply.cause, reply.what))
