"""What a source is given to do its work: the day, the time left, and where its figures go."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from mailwatch.clock import Clock
from mailwatch.model import Fault, Measurement, Phrase, RecordSet, Subject
from mailwatch.model.keepsake import NOTHING_KEPT, Keepsake, Kept
from mailwatch.sources.sightings import Sightings

Expected = tuple[str, Subject]
"""A metric and what it is about, for which a run has a finding whether it was measured or not."""

MOST_RECORDS = 5_000
"""Names and types of one run whose records are kept."""


@dataclass(slots=True)
class Job:
    """One source's share of a run. It hands over what it took as it comes, so that a run which ends
    early still has it. `expect`, `withdraw`, `take`, `count` and `called` may be used from several
    threads.
    """

    now: datetime
    """When the run began, aware."""
    as_of: date | None
    """The day to take as the newest complete one, in each source's own zone; None: the real one."""
    deadline: float
    """When the run gives up, on `clock.monotonic`."""
    clock: Clock = field(default_factory=Clock)
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("mailwatch"))
    counts: Counter[str] = field(default_factory=lambda: Counter(calls=0))
    """What was counted so far, by name."""
    sightings: Sightings = field(default_factory=Sightings)
    """What the sources of the run tell each other."""
    taken: list[Measurement] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    expected: dict[Expected, bool] = field(default_factory=dict)
    """What the source said of a figure while it worked: True, it is expected; False, no longer."""
    records: dict[tuple[str, str], RecordSet] = field(default_factory=dict)
    """What DNS answered, by name and type; at most MOST_RECORDS of them."""
    kept: Kept = NOTHING_KEPT
    """What the source kept in earlier runs."""
    keepsakes: list[Keepsake] = field(default_factory=list)
    """What it keeps of this one, where the run is stored."""
    afterwards: list[Callable[[], Phrase | None]] = field(default_factory=list)
    """What it does once the run is stored."""
    note: Phrase | None = None
    """Something that the reader should know about all figures of this source."""
    skew: float | None = None
    """Seconds that this machine's clock is ahead of a server's that was asked; None: not known."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def expect(self, metric: str, subject: Subject) -> None:
        """Adds a figure to those expected: one that only the answers show to exist (a subuser's).

        It has a finding from now on, `unknown` if it is not measured before the run ends.
        """
        with self._lock:
            self.expected[metric, subject] = True

    def withdraw(self, metric: str, subject: Subject) -> None:
        """Removes a figure from those expected: it cannot exist, or others replace it.

        Without a measurement there is no finding on it.
        """
        with self._lock:
            self.expected[metric, subject] = False

    def take(self, item: Measurement | Fault) -> None:
        """Adds a figure, or what could not be measured and why."""
        with self._lock:
            if isinstance(item, Fault):
                self.faults.append(item)
            else:
                self.taken.append(item)

    def saw(self, records: RecordSet) -> None:
        """Keeps what DNS answered, for the next run to compare with."""
        with self._lock:
            if len(self.records) < MOST_RECORDS:
                self.records[records.key] = records

    def records_so_far(self) -> tuple[RecordSet, ...]:
        """What DNS has answered by now, by name and type."""
        with self._lock:
            return tuple(self.records[key] for key in sorted(self.records))

    def add_evidence(self, metric: str, subject: Subject, *phrases: Phrase) -> None:
        """Adds to the evidence of a figure that was taken; nothing where there is no such figure.

        For what only a later answer shows: a figure must not wait for it, and be lost with it.
        """
        self._change(
            metric, subject, lambda taken: replace(taken, evidence=(*taken.evidence, *phrases))
        )

    def add_recipients(
        self, metric: str, subject: Subject, recipients: Iterable[tuple[str, int]]
    ) -> None:
        """Adds to a figure that was taken where its events were, as `add_evidence` does."""
        self._change(metric, subject, lambda taken: replace(taken, recipients=tuple(recipients)))

    def _change(
        self, metric: str, subject: Subject, change: Callable[[Measurement], Measurement]
    ) -> None:
        with self._lock:
            for place, measurement in enumerate(self.taken):
                if (measurement.metric, measurement.subject) == (metric, subject):
                    self.taken[place] = change(measurement)
                    return

    def count(self, name: str, number: int = 1) -> None:
        """Adds `number` to what is counted under `name`: `calls`, and others that a source adds."""
        with self._lock:
            self.counts[name] += number

    def called(self, what: str) -> None:
        """Counts a call to the outside, and names it in the log (never with a secret in it)."""
        self.count("calls")
        self.log.info("%s", what)

    def note_time(self, http_date: str | None) -> None:
        """Compares the clock with the `Date` of an HTTP answer (RFC 9110 §6.6.1)."""
        from email.utils import parsedate_to_datetime  # slow to import, and DNS has no dates

        try:
            served = parsedate_to_datetime(http_date or "")
        except (ValueError, OverflowError, LookupError):  # the parser lets these through
            return
        if served.tzinfo is not None:
            self.skew = (self.clock.now() - served).total_seconds()

    def remaining(self) -> float:
        """Seconds left until the run gives up; 0 when it has."""
        return max(0.0, self.deadline - self.clock.monotonic())

    def so_far(self) -> tuple[tuple[Measurement, ...], tuple[Fault, ...], Mapping[str, int]]:
        """What has been handed over by now, and what was counted."""
        with self._lock:
            return tuple(self.taken), tuple(self.faults), dict(self.counts)

    def expected_so_far(self) -> Mapping[Expected, bool]:
        """What has been said of single figures by now, the latest of each."""
        with self._lock:
            return dict(self.expected)
