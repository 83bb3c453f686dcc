"""What every store of a history can do. The file and the server differ in nothing else.

HistoryError        3  the place cannot be read or written
├── DamagedError       … because the file is no longer a database that can be read
└── PlaceError      2  … and never could be: it is not a history
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

from mailwatch.errors import MailwatchError
from mailwatch.history.stored import Pruned, StoredDay, StoredFinding, StoredRun, StoredSeries
from mailwatch.model import ACCOUNT, Day, KnownRecords, Past, Report, Subject, WantedDays

if TYPE_CHECKING:
    from mailwatch.history.events import EventCount, MailEvent


class HistoryError(MailwatchError):
    """The history cannot be read or written. `what` begins with `history: `, and has no secret."""

    exit_code = 3

    def __init__(self, why: str, tip: str | None = None) -> None:
        super().__init__(f"history: {why}", tip)
        self.why = why


class DamagedError(HistoryError):
    """The file is no longer a database that can be read."""


class PlaceError(HistoryError):
    """The place is not a history, or needs something that is not installed."""

    exit_code = 2


Row = tuple[str, Subject, StoredDay]
"""One day of one series, as it is imported: check, subject, day."""


Words = tuple[tuple[str, ...], date]
"""Checks, and a day."""
NO_WORDS: Words = ((), date.min)


class Store(Protocol):
    """The history at one place. Each call is one transaction: done whole, or not at all.

    Every method raises HistoryError where the place does not allow it.
    """

    def past(self, as_of: date | None = None, words: Words = NO_WORDS) -> Past:
        """What the runs before found; with `as_of`, what those up to the end of that day found.

        `words` are the checks whose words are wanted, and the day of which: the newest up to it,
        else the oldest.
        """
        ...

    def older_days(
        self, wanted: Sequence[WantedDays]
    ) -> Mapping[tuple[str, Subject], tuple[Day, ...]]:
        """The days with numbers of each series, in order, by check and subject."""
        ...

    def add_run(self, report: Report, settings: Mapping[str, str], as_of: date | None) -> None:
        """Stores a run that ended. Days that are there already are updated."""
        ...

    def kept_ids(self, place: str) -> frozenset[int]:
        """The ids of the keepsakes of that place."""
        ...

    def kept_bodies(self, place: str, ids: Sequence[int]) -> list[str]:
        """The bodies of some of them: a few hundred at most."""
        ...

    def runs(self) -> list[StoredRun]:
        """Every run that ended, the oldest first."""
        ...

    def findings(self, run: StoredRun) -> list[StoredFinding]:
        """The findings of that run, in the order of its report."""
        ...

    def records(self, run: StoredRun) -> list[KnownRecords]:
        """What DNS had by the end of that run, the newest of each name and type."""
        ...

    def all_records(self) -> list[KnownRecords]:
        """Every record set that DNS ever had, the oldest first."""
        ...

    def names(self, check: str | None = None, subject: Subject = ACCOUNT) -> list[tuple[str, str]]:
        """Each series of `check` (None: of all) about a subject that includes `subject`: its check
        and its subject as JSON."""
        ...

    def series(
        self, check: str | None = None, subject: Subject = ACCOUNT
    ) -> Iterator[StoredSeries]:
        """The same series with their days. Nothing is locked between two of them."""
        ...

    def one_series(self, check: str, subject: Subject) -> StoredSeries | None:
        """The series of exactly that subject; None where there is none."""
        ...

    def import_days(self, rows: Iterable[Row]) -> int:
        """Stores all of `rows`, or none where one raises an error; how many there were."""
        ...

    def add_events(self, events: "Sequence[MailEvent]", now: int) -> int:
        """Counts the events that are not known yet; how many they were. `now` is the hour of now,
        by which it forgets the oldest."""
        ...

    def event_counts(self, since: int, *, domains: bool = False) -> "list[EventCount]":
        """The counts from the hour `since` on; without `domains` those of all domains together."""
        ...

    def prune(self, before: date) -> Pruned:
        """Deletes the runs and days before that day."""
        ...
