"""What a source is given to do its work: the day, the time left, and where its figures go."""

import logging
import threading
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from mailwatch.clock import Clock
from mailwatch.model import Fault, Measurement, Phrase, Subject


@dataclass(slots=True)
class Job:
    """One source's share of a run. It reports what it took as it comes, so that a run which ends
    early still has it. `take` and `called` may be used from several threads.
    """

    now: datetime
    """When the run began, aware."""
    as_of: date | None
    """The day to take as the newest complete one, in each source's own zone; None: the real one."""
    deadline: float
    """When the run gives up, on `clock.monotonic`."""
    clock: Clock = field(default_factory=Clock)
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("mailwatch"))
    calls: int = 0
    taken: list[Measurement] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    absent: set[tuple[str, Subject]] = field(default_factory=set)
    """Expected metrics and subjects that cannot have a figure; see `not_owed`."""
    note: Phrase | None = None
    """Something that the reader should know about all figures of this source."""
    skew: float | None = None
    """Seconds that this machine's clock is ahead of a server's that was asked; None: not known."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, item: Measurement | Fault) -> None:
        """Hands over a figure, or what could not be had."""
        with self._lock:
            if isinstance(item, Fault):
                self.faults.append(item)
            else:
                self.taken.append(item)

    def not_owed(self, metric: str, subject: Subject) -> None:
        """Says that `metric` of `subject`, though expected, cannot exist: another finding already
        reports why, and it is no `unknown` beside that."""
        with self._lock:
            self.absent.add((metric, subject))

    def called(self, what: str) -> None:
        """Counts a call to the outside, and names it in the log (never with a secret in it)."""
        with self._lock:
            self.calls += 1
        self.log.info("%s", what)

    def note_time(self, http_date: str | None) -> None:
        """Compares the clock with the `Date` of an HTTP answer (RFC 9110 §6.6.1)."""
        try:
            served = parsedate_to_datetime(http_date or "")
        except (ValueError, OverflowError, LookupError):  # the parser lets these through
            return
        if served.tzinfo is not None:
            self.skew = (self.clock.now() - served).total_seconds()

    def remaining(self) -> float:
        """Seconds left until the run gives up; 0 when it has."""
        return max(0.0, self.deadline - self.clock.monotonic())

    def so_far(self) -> tuple[tuple[Measurement, ...], tuple[Fault, ...], int]:
        """What has been handed over by now, and the calls it took."""
        with self._lock:
            return tuple(self.taken), tuple(self.faults), self.calls
