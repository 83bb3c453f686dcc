"""Every domain, several at a time: what is asked, and what is handed over once it is answered."""

import queue
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta

from google.auth.credentials import Credentials

from mailwatch.config import Config, PostmasterConfig
from mailwatch.model import Cause, Fault, Measurement, Subject, Window, say
from mailwatch.sources.http import ExchangeError
from mailwatch.sources.job import Job
from mailwatch.sources.postmaster import metrics
from mailwatch.sources.postmaster.client import Postmaster
from mailwatch.sources.postmaster.compliance import (
    Compliance,
    measure_compliance,
    read_compliance,
)
from mailwatch.sources.postmaster.credentials import read_credentials
from mailwatch.sources.postmaster.query import Series, make_body, read_rows
from mailwatch.sources.postmaster.reputation import measure_reputation
from mailwatch.sources.postmaster.statistics import measure_statistics

DAYS = 14
"""Days asked for: the newest are not there yet, and the way here is to be seen."""
WORKERS = 4


@dataclass(slots=True)
class Inquiry:
    """What has been answered of one domain. A part that is None was not, for its error."""

    domain: str
    unanswered: set[str]
    """Parts still to be answered: statistics, compliance."""
    series: Mapping[str, Series] | None = None
    compliance: tuple[Compliance, ...] | None = None
    errors: dict[str, ExchangeError] = field(default_factory=dict)
    """By part."""


def survey(config: Config, job: Job) -> None:
    """Hands over the figures of every configured domain."""
    settings = config.postmaster or PostmasterConfig()
    try:
        credentials, secrets = read_credentials(settings)
        service = Postmaster(credentials, secrets, settings.endpoint, job)
        service.refresh()
    except ExchangeError as error:
        job.take(Fault(error.cause, error.what))
        return
    _Survey(config, settings, (credentials, secrets), job).carry_out(service)


def days_to_ask(job: Job) -> Window:
    """The 14 days up to the last one that is over in UTC, or to `as_of`."""
    newest = job.as_of or job.now.astimezone(UTC).date() - timedelta(days=1)
    first = date.fromordinal(max(1, newest.toordinal() - DAYS + 1))
    return Window(first, newest)


class _Survey:
    """Workers, each with a service of its own, and the questions they share."""

    def __init__(
        self,
        config: Config,
        settings: PostmasterConfig,
        access: tuple[Credentials, tuple[str, ...]],
        job: Job,
    ) -> None:
        self._settings = settings
        self._access = access
        self._job = job
        self._days = days_to_ask(job)
        self._told = {domain.name for domain in config.domains}
        """Domains whose compliance rows are handed over for themselves, or were already."""
        parts = ("statistics",) if job.as_of else ("statistics", "compliance")
        self._inquiries = [Inquiry(domain.name, set(parts)) for domain in config.domains]
        self._questions: queue.SimpleQueue[tuple[Inquiry, str]] = queue.SimpleQueue()
        for inquiry in self._inquiries:
            for part in parts:
                self._questions.put((inquiry, part))
        self._lock = threading.Lock()
        """Held while answers are settled and figures handed over."""
        self._dead: ExchangeError | None = None
        """Why no further question can be expected to be answered."""
        self._defect: Exception | None = None

    def carry_out(self, service: Postmaster) -> None:
        """Asks everything; this thread is one of the workers, with `service`."""
        helpers = min(WORKERS, self._questions.qsize()) - 1
        threads = [
            # Daemons: a run that is out of time does not wait for them.
            threading.Thread(target=self._help, daemon=True, name="postmaster")
            for _ in range(helpers)
        ]
        for thread in threads:
            thread.start()
        self._work(service)
        for thread in threads:
            thread.join(self._job.remaining())
        if self._defect is not None:
            raise self._defect
        self._give_up()

    def _help(self) -> None:
        try:
            self._work(Postmaster(*self._access, self._settings.endpoint, self._job))
        except Exception as error:  # noqa: BLE001  # a defect; raised again where it is caught
            self._defect = error

    def _work(self, service: Postmaster) -> None:
        while True:
            try:
                inquiry, part = self._questions.get_nowait()
            except queue.Empty:
                return
            try:
                self._ask(service, inquiry, part)
            except ExchangeError as error:
                self._settle(inquiry, part, error)
            else:
                self._settle(inquiry, part)

    def _ask(self, service: Postmaster, inquiry: Inquiry, part: str) -> None:
        if self._dead is not None:
            raise self._dead
        try:
            if part == "statistics":
                rows = service.statistics(inquiry.domain, make_body(inquiry.domain, self._days))
                inquiry.series = read_rows(rows, self._days)
            else:
                answer = service.compliance(inquiry.domain)
                inquiry.compliance = read_compliance(answer, inquiry.domain)
        except ValueError:
            raise ExchangeError(Cause.COULD_NOT_ASK, say("postmaster.malformed")) from None

    def _settle(self, inquiry: Inquiry, part: str, error: ExchangeError | None = None) -> None:
        """Hands over what `part` tells, and with the last part what all of them tell."""
        with self._lock:
            if part not in inquiry.unanswered:  # given up meanwhile
                return
            inquiry.unanswered.remove(part)
            if error is not None:
                self._note(inquiry, part, error)
            else:
                self._take_measured(inquiry, part)
            if not inquiry.unanswered:
                self._take_all(self._conclude(inquiry))

    def _note(self, inquiry: Inquiry, part: str, error: ExchangeError) -> None:
        """Keeps the error; one that ends the whole survey is a fault of the source, once."""
        if not error.unreachable:
            inquiry.errors[part] = error
        elif self._dead is None:
            self._dead = error
            self._job.take(Fault(error.cause, error.what))

    def _give_up(self) -> None:
        """Hands over what there is of the domains that were not answered in time."""
        late = ExchangeError(Cause.COULD_NOT_ASK, say("postmaster.out_of_time"))
        with self._lock:
            for inquiry in self._inquiries:
                if inquiry.unanswered:
                    inquiry.errors |= dict.fromkeys(inquiry.unanswered, late)
                    inquiry.unanswered.clear()
                    self._take_all(self._conclude(inquiry))

    def _take_measured(self, inquiry: Inquiry, part: str) -> None:
        """Gives the figures of `part` to the job.

        Those by reason or requirement are expected instead of the one of the whole domain: which
        there are, only the answer shows.
        """
        whole = Subject.of(domain=inquiry.domain)
        figures = list(self._measure(inquiry, part))
        parts = [f for f in figures if f.subject != whole and f.subject.includes(whole)]
        for figure in parts:
            self._job.expect(figure.metric, figure.subject)
        for figure in parts:
            self._job.withdraw(figure.metric, whole)
        self._take_all(iter(figures))

    def _take_all(self, items: Iterator[Measurement | Fault]) -> None:
        for item in items:
            self._job.take(item)

    def _measure(self, inquiry: Inquiry, part: str) -> Iterator[Measurement]:
        if part == "statistics":
            yield from measure_statistics(inquiry.domain, inquiry.series or {}, self._days)
            return
        found = inquiry.compliance or ()
        yield from measure_compliance(inquiry.domain, found, frozenset(self._told))
        self._told |= {compliance.domain for compliance in found}

    def _conclude(self, inquiry: Inquiry) -> Iterator[Measurement | Fault]:
        """The faults, and what takes both parts."""
        subject = Subject.of(domain=inquiry.domain)
        yield from _faults(inquiry, subject)
        if self._job.as_of:
            note = say("postmaster.compliance_no_past")
            yield Measurement(metrics.COMPLIANCE, subject, cause=Cause.NO_DATA, note=note)
        if inquiry.series is not None or inquiry.compliance is not None:
            series, compliance = inquiry.series or {}, inquiry.compliance or ()
            yield measure_reputation(inquiry.domain, series, compliance, self._days)


def _faults(inquiry: Inquiry, subject: Subject) -> Iterator[Fault]:
    """One fault for each different error of the domain; the first covers the reputation too."""
    covered = {
        "statistics": (*metrics.STATISTICS, metrics.REPUTATION),
        "compliance": (metrics.COMPLIANCE, metrics.REPUTATION),
    }
    whats = {error.what for error in inquiry.errors.values()}
    if len(whats) == 1 and len(inquiry.errors) == len(covered):
        error = next(iter(inquiry.errors.values()))
        yield Fault(error.cause, error.what, subject)
        return
    for part, error in inquiry.errors.items():
        yield Fault(error.cause, error.what, subject, covered[part])
