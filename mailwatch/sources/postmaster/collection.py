"""Every domain, several at a time: what is asked, and what is handed over once it is answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from typing import Any

from mailwatch.config import Config, PostmasterConfig
from mailwatch.config.postmaster import JUDGED_DAYS
from mailwatch.model import Cause, Fault, Measurement, Subject, say
from mailwatch.sources.http import ExchangeError, Session
from mailwatch.sources.job import Job
from mailwatch.sources.postmaster import metrics
from mailwatch.sources.postmaster.client import Postmaster
from mailwatch.sources.postmaster.compliance import Compliance, measure_compliance
from mailwatch.sources.postmaster.credentials import Access, read_credentials
from mailwatch.sources.postmaster.details import Details
from mailwatch.sources.postmaster.early_signs import measure_early_signs
from mailwatch.sources.postmaster.feedback_loops import measure_loops, recent_loops
from mailwatch.sources.postmaster.legacy import LegacyReputation, ask_legacy, measure_ip_reputation
from mailwatch.sources.postmaster.query import Series
from mailwatch.sources.postmaster.questions import (
    LOOPS_A_QUERY,
    AskedDays,
    ask_compliance,
    ask_domains,
    ask_loops,
    details_on,
    plan_days,
    rates_on,
)
from mailwatch.sources.postmaster.reputation import measure_reputation
from mailwatch.sources.postmaster.statistics import measure_statistics
from mailwatch.sources.workers import ask_all

STATISTICS, DETAILS, OLDER = "statistics", "details", "older"
COMPLIANCE, LOOPS, LEGACY = "compliance", "loops", "legacy"
"""The parts of a domain's answers. The first three are asked in batches."""
COVERED: Mapping[str, tuple[str, ...]] = {
    STATISTICS: (*metrics.STATISTICS, metrics.REPUTATION),
    COMPLIANCE: (metrics.COMPLIANCE, metrics.REPUTATION),
    DETAILS: (metrics.LOOP_SPAM_RATE, *metrics.EARLY_SIGNS),
    OLDER: metrics.STATISTICS,
    LOOPS: (metrics.LOOP_SPAM_RATE,),
    LEGACY: (metrics.IP_REPUTATION,),
}
"""What is not measured where a part is not answered."""


CORE = frozenset({STATISTICS, COMPLIANCE, LEGACY})
"""What the reputation is made from."""
A_BATCH = 50
"""Domains in a batch. The API takes 100; their pages of 200 rows would be more than an answer may
have (`http.MOST_VALUES`)."""
RESERVE = 0.1
"""The share of the time left in which figures that wait for evidence (older days, API v1) are
handed over without it."""
NO_DETAILS = Details()


@dataclass(slots=True)
class DomainAnswers:
    """What has been answered for one domain. A part that is None was not, for its error."""

    domain: str
    unanswered: set[str]
    """Parts still to be answered."""
    series: Mapping[str, Series] | None = None
    details: Details = NO_DETAILS
    compliance: tuple[Compliance, ...] | None = None
    legacy: LegacyReputation | None = None
    loops: tuple[str, ...] = ()
    errors: dict[str, ExchangeError] = field(default_factory=dict)
    """By part."""


@dataclass(frozen=True, slots=True)
class PartQuestion:
    """One part, of one domain or of a batch of them."""

    part: str
    of: tuple[DomainAnswers, ...]


Reply = list[Any]
"""A reply to each domain of the question; None: to be asked alone."""


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
        answers = _Answers(config, settings, job)
        waits = settings.legacy_v1 or settings.days > JUDGED_DAYS
        ask_all(
            replace(job, deadline=job.deadline - RESERVE * job.remaining()) if waits else job,
            answers.first(),
            lambda: Postmaster(access, settings.endpoint, session),
            answers.ask,
            answers.take,
        )


def days_to_ask(job: Job, days: int = JUDGED_DAYS) -> AskedDays:
    """The days up to the last one that is over in UTC, or to `as_of`."""
    newest = job.as_of or job.now.astimezone(UTC).date() - timedelta(days=1)
    return plan_days(newest, days, JUDGED_DAYS)


class _Answers:
    """What is asked of each domain, and the figures that the answers give."""

    def __init__(self, config: Config, settings: PostmasterConfig, job: Job) -> None:
        self._job = job
        self._days = days_to_ask(job, settings.days)
        self._reported = {domain.name for domain in config.domains}
        """Domains whose compliance rows are handed over for themselves, or were already."""
        parts = {STATISTICS, DETAILS}
        parts |= set() if job.as_of else {COMPLIANCE}
        parts |= {OLDER} if self._days.older else set()
        parts |= {LEGACY} if settings.legacy_v1 else set()
        self._domains = [DomainAnswers(domain.name, set(parts)) for domain in config.domains]
        self._legacy_left = settings.legacy_v1
        self._dead: ExchangeError | None = None
        """Why the whole source has no further answers."""

    def first(self) -> Iterator[PartQuestion]:
        """The statistics of all domains in batches, and the compliance status of each."""
        for start in range(0, len(self._domains), A_BATCH):
            yield PartQuestion(STATISTICS, tuple(self._domains[start : start + A_BATCH]))
        for answers in self._domains:
            if COMPLIANCE in answers.unanswered:
                yield PartQuestion(COMPLIANCE, (answers,))

    def ask(self, service: Postmaster, question: PartQuestion) -> Reply:
        """What a question's part says of its domains. Raises ExchangeError. In any thread."""
        names = [answers.domain for answers in question.of]
        judged, older = self._days.judged, self._days.older
        if question.part == COMPLIANCE:
            return [ask_compliance(service, names[0])]
        if question.part == LOOPS:
            return list(ask_loops(service, [(o.domain, o.loops) for o in question.of], judged))
        if question.part == LEGACY:
            return [ask_legacy(service, names[0], judged)]
        if question.part == DETAILS:
            return ask_domains(service, names, details_on(judged))
        return ask_domains(
            service, names, rates_on(older if older and question.part == OLDER else judged)
        )

    def take(self, question: PartQuestion, reply: Reply | ExchangeError) -> list[PartQuestion]:
        """Hands over what a part gives, and what follows from it. The questions that it leads to:
        what no batch answered is asked a domain at a time."""
        answered, further = [], []
        for place, answers in enumerate(question.of):
            got = reply if isinstance(reply, ExchangeError) else reply[place]
            if got is None:
                further.append(PartQuestion(question.part, (answers,)))
                continue
            core = bool(answers.unanswered & CORE)
            answers.unanswered.discard(question.part)
            if isinstance(got, ExchangeError):
                self._note(answers, question.part, got)
                got = None
            else:
                answered.append(answers)
            self._take_measured(answers, list(self._measure(answers, question.part, got)))
            if core and not answers.unanswered & CORE:
                self._take_measured(answers, list(self._conclude(answers)))
        return [*further, *self._after(question.part, tuple(answered))]

    def _after(self, part: str, answered: tuple[DomainAnswers, ...]) -> Iterator[PartQuestion]:
        """What is evidence only is asked once the figures that are judged were handed over; API v1
        last of all, since its end ends the source."""
        if part == STATISTICS and answered:
            yield PartQuestion(DETAILS, answered)
            if self._days.older:
                yield PartQuestion(OLDER, answered)
        if part == DETAILS:
            few = tuple(one for one in answered if 0 < len(one.loops) <= LOOPS_A_QUERY)
            many = tuple(one for one in answered if len(one.loops) > LOOPS_A_QUERY)
            for batch in (few, *((one,) for one in many)):
                if batch:
                    yield PartQuestion(LOOPS, batch)
        if self._legacy_left and all(one.unanswered <= {LEGACY} for one in self._domains):
            self._legacy_left = False
            for answers in self._domains:
                yield PartQuestion(LEGACY, (answers,))

    def _note(self, answers: DomainAnswers, part: str, error: ExchangeError) -> None:
        """Keeps the error; one that ends the whole source is its fault, once."""
        if error.unreachable:
            if self._dead is None:
                self._dead = error
                self._job.take(Fault(error.cause, error.what))
        elif part in CORE:
            answers.errors[part] = error
        else:
            what = say("postmaster.without_evidence", what=error.what)
            subject = Subject.of(domain=answers.domain)
            self._job.take(Fault(error.cause, what, subject, COVERED[part]))

    def _take_measured(self, answers: DomainAnswers, items: list[Measurement | Fault]) -> None:
        """Hands over figures.

        Those by reason or requirement are expected instead of the one of the whole domain: which
        there are, only the answer shows.
        """
        whole = Subject.of(domain=answers.domain)
        for item in items:
            if (
                isinstance(item, Measurement)
                and item.subject != whole
                and item.subject.includes(whole)
            ):
                self._job.expect(item.metric, item.subject)
                self._job.withdraw(item.metric, whole)
        for item in items:
            self._job.take(item)

    def _measure(
        self, answers: DomainAnswers, part: str, got: Any
    ) -> Iterator[Measurement | Fault]:
        """The figures that a part gives; `got` is None where it was not answered."""
        name, judged = answers.domain, self._days.judged
        if part in (STATISTICS, OLDER):
            yield from self._measure_statistics(answers, part, got)
        elif part == DETAILS:
            answers.details = got or NO_DETAILS
            self._expect_loops(answers)
            if answers.series is not None:
                yield from measure_early_signs(name, answers.series, answers.details, judged)
        elif got is None:
            return
        elif part == COMPLIANCE:
            answers.compliance = got
            yield from measure_compliance(name, got, frozenset(self._reported))
            self._reported |= {compliance.domain for compliance in got}
        elif part == LOOPS:
            self._job.withdraw(metrics.LOOP_SPAM_RATE, Subject.of(domain=name))
            yield from measure_loops(name, answers.loops, got, judged)
        else:
            answers.legacy = got
            yield from measure_ip_reputation(name, got, judged)

    def _measure_statistics(
        self, answers: DomainAnswers, part: str, got: Mapping[str, Series] | None
    ) -> Iterator[Measurement | Fault]:
        """The statistics, once their older days are answered too, or are not to be had."""
        if part == STATISTICS:
            answers.series = got
            if got is None:  # what belongs to it will be refused too
                answers.unanswered -= {DETAILS, OLDER}
            if OLDER in answers.unanswered:
                return
        older = got if part == OLDER and got else {}
        if answers.series is not None:
            judged = self._days.judged
            yield from measure_statistics(answers.domain, answers.series, judged, older)

    def _expect_loops(self, answers: DomainAnswers) -> None:
        """The rates of the feedback loops are asked for once it is known which there are."""
        answers.loops = recent_loops(answers.details, self._days.judged)
        if answers.loops:
            answers.unanswered.add(LOOPS)
            self._job.expect(metrics.LOOP_SPAM_RATE, Subject.of(domain=answers.domain))

    def _conclude(self, answers: DomainAnswers) -> Iterator[Measurement | Fault]:
        """The faults, and the reputation, which takes several parts."""
        name, judged = answers.domain, self._days.judged
        subject = Subject.of(domain=name)
        yield from _faults(answers, subject)
        if self._job.as_of:
            note = say("postmaster.compliance_no_past")
            yield Measurement(metrics.COMPLIANCE, subject, cause=Cause.NO_DATA, note=note)
        series, compliance = answers.series or {}, answers.compliance or ()
        if (answers.series, answers.compliance, answers.legacy) != (None, None, None):
            yield measure_reputation(name, series, compliance, judged, answers.legacy)


def _faults(answers: DomainAnswers, subject: Subject) -> Iterator[Fault]:
    """One fault for each different error of the domain; the first covers the reputation too."""
    whats = {error.what for error in answers.errors.values()}
    if len(whats) == 1 and {STATISTICS, COMPLIANCE} <= answers.errors.keys():
        error = answers.errors[STATISTICS]
        yield Fault(error.cause, error.what, subject)
        return
    for part, error in answers.errors.items():
        yield Fault(error.cause, error.what, subject, COVERED[part])
