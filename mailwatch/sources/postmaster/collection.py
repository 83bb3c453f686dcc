"""Every domain, several at a time: what is asked, and what is handed over once it is answered."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta

from mailwatch.config import Config, PostmasterConfig
from mailwatch.model import Cause, Fault, Measurement, Subject, Window, say
from mailwatch.sources.http import ExchangeError, Session
from mailwatch.sources.job import Job
from mailwatch.sources.postmaster import metrics
from mailwatch.sources.postmaster.client import Postmaster
from mailwatch.sources.postmaster.compliance import (
    Compliance,
    measure_compliance,
    read_compliance,
)
from mailwatch.sources.postmaster.credentials import Access, read_credentials
from mailwatch.sources.postmaster.query import Series, make_body, read_rows
from mailwatch.sources.postmaster.reputation import measure_reputation
from mailwatch.sources.postmaster.statistics import measure_statistics
from mailwatch.sources.workers import ask_all

DAYS = 14
"""Days asked for: the newest are not there yet, and the days before them are to be seen."""

Reply = Mapping[str, Series] | tuple[Compliance, ...] | ExchangeError


@dataclass(slots=True)
class DomainAnswers:
    """What has been answered for one domain. A part that is None was not, for its error."""

    domain: str
    unanswered: set[str]
    """Parts still to be answered: statistics, compliance."""
    series: Mapping[str, Series] | None = None
    compliance: tuple[Compliance, ...] | None = None
    errors: dict[str, ExchangeError] = field(default_factory=dict)
    """By part."""


def collect_domains(config: Config, job: Job) -> None:
    """Hands over the figures of every configured domain."""
    settings = config.postmaster or PostmasterConfig()
    with Session(job) as session:
        try:
            access = Access(read_credentials(settings))
            Postmaster(access, settings.endpoint, session).refresh()
        except ExchangeError as error:
            job.take(Fault(error.cause, error.what))
            return
        answers = _Answers(config, job)
        ask_all(
            job,
            answers.questions(),
            lambda: Postmaster(access, settings.endpoint, session),
            answers.ask,
            answers.take,
        )


def days_to_ask(job: Job) -> Window:
    """The 14 days up to the last one that is over in UTC, or to `as_of`."""
    newest = job.as_of or job.now.astimezone(UTC).date() - timedelta(days=1)
    first = date.fromordinal(max(1, newest.toordinal() - DAYS + 1))
    return Window(first, newest)


class _Answers:
    """What is asked of each domain, and the figures that the answers give."""

    def __init__(self, config: Config, job: Job) -> None:
        self._job = job
        self._days = days_to_ask(job)
        self._reported = {domain.name for domain in config.domains}
        """Domains whose compliance rows are handed over for themselves, or were already."""
        self._parts = ("statistics",) if job.as_of else ("statistics", "compliance")
        self._domains = [DomainAnswers(domain.name, set(self._parts)) for domain in config.domains]
        self._dead: ExchangeError | None = None
        """Why the whole source has no further answers."""

    def questions(self) -> Iterator[tuple[DomainAnswers, str]]:
        """Each part of each domain."""
        return ((answers, part) for answers in self._domains for part in self._parts)

    def ask(self, service: Postmaster, question: tuple[DomainAnswers, str]) -> Reply:
        """One part of a domain. Raises ExchangeError. In any thread."""
        domain, part = question[0].domain, question[1]
        try:
            if part == "statistics":
                return read_rows(
                    service.statistics(domain, make_body(domain, self._days)), self._days
                )
            return read_compliance(service.compliance(domain), domain)
        except ValueError:
            raise ExchangeError(Cause.COULD_NOT_ASK, say("postmaster.malformed")) from None

    def take(self, question: tuple[DomainAnswers, str], reply: Reply) -> None:
        """Hands over what a part gives, and with the last part what takes all of them."""
        answers, part = question
        answers.unanswered.remove(part)
        if isinstance(reply, ExchangeError):
            self._note(answers, part, reply)
        else:
            self._take_measured(answers, reply)
        if not answers.unanswered:
            self._take_all(self._conclude(answers))

    def _note(self, answers: DomainAnswers, part: str, error: ExchangeError) -> None:
        """Keeps the error; one that ends the whole source is its fault, once."""
        if not error.unreachable:
            answers.errors[part] = error
        elif self._dead is None:
            self._dead = error
            self._job.take(Fault(error.cause, error.what))

    def _take_measured(
        self, answers: DomainAnswers, reply: Mapping[str, Series] | tuple[Compliance, ...]
    ) -> None:
        """Hands over the figures of one part.

        Those by reason or requirement are expected instead of the one of the whole domain: which
        there are, only the answer shows.
        """
        whole = Subject.of(domain=answers.domain)
        items = list(self._measure(answers, reply))
        for item in items:
            if (
                isinstance(item, Measurement)
                and item.subject != whole
                and item.subject.includes(whole)
            ):
                self._job.expect(item.metric, item.subject)
                self._job.withdraw(item.metric, whole)
        self._take_all(items)

    def _take_all(self, items: Iterable[Measurement | Fault]) -> None:
        for item in items:
            self._job.take(item)

    def _measure(
        self, answers: DomainAnswers, reply: Mapping[str, Series] | tuple[Compliance, ...]
    ) -> Iterator[Measurement | Fault]:
        if not isinstance(reply, tuple):
            answers.series = reply
            yield from measure_statistics(answers.domain, reply, self._days)
            return
        answers.compliance = reply
        yield from measure_compliance(answers.domain, reply, frozenset(self._reported))
        self._reported |= {compliance.domain for compliance in reply}

    def _conclude(self, answers: DomainAnswers) -> Iterator[Measurement | Fault]:
        """The faults, and what takes both parts."""
        subject = Subject.of(domain=answers.domain)
        yield from _faults(answers, subject)
        if self._job.as_of:
            note = say("postmaster.compliance_no_past")
            yield Measurement(metrics.COMPLIANCE, subject, cause=Cause.NO_DATA, note=note)
        if answers.series is not None or answers.compliance is not None:
            series, compliance = answers.series or {}, answers.compliance or ()
            yield measure_reputation(answers.domain, series, compliance, self._days)


def _faults(answers: DomainAnswers, subject: Subject) -> Iterator[Fault]:
    """One fault for each different error of the domain; the first covers the reputation too."""
    covered = {
        "statistics": (*metrics.STATISTICS, metrics.REPUTATION),
        "compliance": (metrics.COMPLIANCE, metrics.REPUTATION),
    }
    whats = {error.what for error in answers.errors.values()}
    if len(whats) == 1 and len(answers.errors) == len(covered):
        error = next(iter(answers.errors.values()))
        yield Fault(error.cause, error.what, subject)
        return
    for part, error in answers.errors.items():
        yield Fault(error.cause, error.what, subject, covered[part])
