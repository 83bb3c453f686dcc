"""The store over a database, whichever it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from mailwatch.history.encoded import (
    day_from_row,
    day_to_row,
    read_finding,
    read_records,
    read_run,
    read_standing,
    read_subject,
    subject_text,
)
from mailwatch.history.keepsakes import (
    delete_keepsakes,
    put_keepsakes,
    read_bodies,
    read_ids,
)
from mailwatch.history.older import read_older_days
from mailwatch.history.store import NO_WORDS, Row, Words
from mailwatch.history.stored import Pruned, StoredDay, StoredFinding, StoredRun, StoredSeries
from mailwatch.history.tables import FIND_SERIES, Database, Tables, Transaction
from mailwatch.model import (
    ACCOUNT,
    Day,
    KnownRecords,
    Past,
    Report,
    StoredFigure,
    Subject,
    WantedDays,
)

if TYPE_CHECKING:
    from mailwatch.history.events import EventCount, MailEvent

_RUNS = (
    "SELECT r.id, r.generated_at, r.as_of, r.verdict, r.exit_code, r.sources, s.body"
    " FROM runs r JOIN settings s ON s.id = r.settings"
)
_DAYS = (
    "SELECT day, value, word, numerator, denominator FROM days WHERE series = :series ORDER BY day"
)
_WORDS = (
    "SELECT s.subject, d.day, d.word FROM series s JOIN days d ON d.series = s.id"
    " WHERE s.check_id = :check AND d.word IS NOT NULL AND d.day = coalesce("
    "(SELECT max(n.day) FROM days n WHERE n.series = s.id AND n.day <= :until),"
    " (SELECT min(o.day) FROM days o WHERE o.series = s.id))"
)
_FINDINGS = (
    "SELECT s.check_id, f.level, f.body FROM findings f JOIN series s ON s.id = f.series"
    " WHERE f.run = :run ORDER BY f.place"
)
_RECORDS = (
    "SELECT name, rdtype, first_seen, last_seen, body FROM records WHERE first_run <= :run"
    " ORDER BY first_run"
)
_NEVER = 2**62
_MEASURED = ("ok", "partial")
_PRUNE_FINDINGS = (
    "DELETE FROM findings WHERE run IN (SELECT id FROM runs WHERE generated_at < :day)"
)
_PRUNE_RECORDS = (
    "DELETE FROM records WHERE last_seen < :day AND first_run < (SELECT max(r.first_run)"
    " FROM records r WHERE r.name = records.name AND r.rdtype = records.rdtype)"
)
_EMPTY_SERIES = (
    "DELETE FROM series WHERE id NOT IN (SELECT series FROM days)"
    " AND id NOT IN (SELECT series FROM findings) AND id NOT IN (SELECT series FROM standings)"
)


class SqlStore:
    """What `mailwatch.history.store.Store` lists."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def past(self, as_of: date | None = None, words: Words = NO_WORDS) -> Past:
        """What the runs before found; with `as_of`, what those up to the end of that day found."""
        with self._database.reading() as transaction:
            if transaction is None:
                return Past()
            if as_of is not None:
                return Past(figures=tuple(_figures(transaction, as_of)))
            standings = {
                (check, read_subject(subject)): read_standing(rest)
                for check, subject, *rest in transaction.rows(
                    "SELECT s.check_id, s.subject, t.level, t.since, t.opened, t.unknown_since"
                    " FROM standings t JOIN series s ON s.id = t.series"
                )
            }
            records = {r.records.key: r for r in _records(transaction, _NEVER)}
            return Past(standings, records, words=dict(_words(transaction, words)))

    def older_days(
        self, wanted: Sequence[WantedDays]
    ) -> Mapping[tuple[str, Subject], tuple[Day, ...]]:
        """The days with numbers of each series, in order, by check and subject."""
        with self._database.reading() as transaction:
            return {} if transaction is None else read_older_days(transaction, wanted)

    def add_run(self, report: Report, settings: Mapping[str, str], as_of: date | None) -> None:
        """Stores a run that ended. Days that are there already are updated."""
        with self._database.writing() as transaction:
            Tables(transaction).put_run(report, settings, as_of)
            for state in report.sources:
                put_keepsakes(transaction, state.keepsakes, report.generated_at.date())

    def kept_ids(self, place: str) -> frozenset[int]:
        """The ids of the keepsakes of that place."""
        with self._database.reading() as transaction:
            return frozenset() if transaction is None else read_ids(transaction, place)

    def kept_bodies(self, place: str, ids: Sequence[int]) -> list[str]:
        """The bodies of some of them."""
        with self._database.reading() as transaction:
            return [] if transaction is None else read_bodies(transaction, place, ids)

    def runs(self) -> list[StoredRun]:
        """Every run that ended, the oldest first."""
        with self._database.reading() as transaction:
            if transaction is None:
                return []
            return list(map(read_run, transaction.rows(f"{_RUNS} ORDER BY r.moment, r.id")))

    def findings(self, run: StoredRun) -> list[StoredFinding]:
        """The findings of that run, in the order of its report."""
        with self._database.reading() as transaction:
            return [] if transaction is None else _findings(transaction, run.id)

    def records(self, run: StoredRun) -> list[KnownRecords]:
        """What DNS had by the end of that run, the newest of each name and type."""
        with self._database.reading() as transaction:
            return [] if transaction is None else _records(transaction, run.id)

    def all_records(self) -> list[KnownRecords]:
        """Every record set that DNS ever had, the oldest first."""
        with self._database.reading() as transaction:
            rows = transaction.rows(_RECORDS, run=_NEVER) if transaction else []
            return list(map(read_records, rows))

    def names(self, check: str | None = None, subject: Subject = ACCOUNT) -> list[tuple[str, str]]:
        """Each series of `check` (None: of all) about a subject that includes `subject`: its check
        and its subject as JSON."""
        with self._database.reading() as transaction:
            return [
                (name, text)
                for name, text, _ in (_series(transaction, check, subject) if transaction else ())
            ]

    def series(
        self, check: str | None = None, subject: Subject = ACCOUNT
    ) -> Iterator[StoredSeries]:
        """The same series with their days. Nothing is locked between two of them."""
        with self._database.reading() as transaction:
            wanted = _series(transaction, check, subject) if transaction else []
        for first in range(0, len(wanted), _AT_ONCE):
            with self._database.reading() as transaction:
                found = [
                    StoredSeries(name, read_subject(text), _days(transaction, number))
                    for name, text, number in wanted[first : first + _AT_ONCE]
                    if transaction is not None
                ]
            yield from found

    def one_series(self, check: str, subject: Subject) -> StoredSeries | None:
        """The series of exactly that subject; None where there is none."""
        with self._database.reading() as transaction:
            if transaction is None:
                return None
            values = {"check_id": check, "subject": subject_text(subject)}
            rows = transaction.rows(FIND_SERIES, **values)
            return StoredSeries(check, subject, _days(transaction, rows[0][0])) if rows else None

    def import_days(self, rows: Iterable[Row]) -> int:
        """Stores all of `rows`, or none where one raises an error; how many there were."""
        with self._database.writing() as transaction:
            tables = Tables(transaction)
            return tables.put_days(
                day_to_row(tables.id_of(check, subject_text(subject)), day)
                for check, subject, day in rows
            )

    def add_events(self, events: "Sequence[MailEvent]", now: int) -> int:
        """Counts the events that are not known yet; how many they were."""
        with self._database.writing() as transaction:
            from mailwatch.history.events import put_events

            return put_events(transaction, events, now)

    def event_counts(self, since: int, *, domains: bool = False) -> "list[EventCount]":
        """The counts from the hour `since` on; without `domains` those of all domains together."""
        with self._database.reading() as transaction:
            from mailwatch.history.events import read_counts

            return [] if transaction is None else read_counts(transaction, since, domains=domains)

    def prune(self, before: date) -> Pruned:
        """Deletes the runs and days before that day."""
        with self._database.writing() as transaction:
            day = str(before)
            transaction.change(_PRUNE_FINDINGS, day=day)
            transaction.change(_PRUNE_RECORDS, day=day)
            runs = transaction.change("DELETE FROM runs WHERE generated_at < :day", day=day)
            days = transaction.change("DELETE FROM days WHERE day < :day", day=before.toordinal())
            delete_keepsakes(transaction, before)
            hours = (before - _EPOCH).days * 24
            transaction.change("DELETE FROM event_counts WHERE hour < :hour", hour=hours)
            transaction.change("DELETE FROM settings WHERE id NOT IN (SELECT settings FROM runs)")
            if days:
                transaction.change(_EMPTY_SERIES)
            return Pruned(runs, days)


_EPOCH = date(1970, 1, 1)
_AT_ONCE = 100
"""StoredSeries that are read in one transaction."""


def _series(
    transaction: Transaction, check: str | None, subject: Subject
) -> list[tuple[str, str, int]]:
    """Check, subject as JSON and number of each series, in the order of their names."""
    statement = "SELECT check_id, subject, id FROM series"
    if check is None:
        rows = transaction.rows(statement)
    else:
        rows = transaction.rows(f"{statement} WHERE check_id = :check_id", check_id=check)
    found = [
        (name, text, number)
        for name, text, number in rows
        if not subject.pairs or read_subject(text).includes(subject)
    ]
    return sorted(found)


def _days(transaction: Transaction, number: int) -> tuple[StoredDay, ...]:
    return tuple(map(day_from_row, transaction.rows(_DAYS, series=number)))


def _words(
    transaction: Transaction, wanted: Words
) -> Iterator[tuple[tuple[str, Subject], tuple[date, str]]]:
    """Each series of words, with the newest up to the wanted day, else the oldest."""
    checks, until = wanted
    for check in checks:
        for subject, day, word in transaction.rows(_WORDS, check=check, until=until.toordinal()):
            yield (check, read_subject(subject)), (date.fromordinal(day), word)


def _findings(transaction: Transaction, run: int) -> list[StoredFinding]:
    return [read_finding(*row) for row in transaction.rows(_FINDINGS, run=run)]


def _records(transaction: Transaction, run: int) -> list[KnownRecords]:
    found = {}
    for row in transaction.rows(_RECORDS, run=run):
        found[row[0], row[1]] = read_records(row)
    return list(found.values())


def _figures(transaction: Transaction, as_of: date) -> Iterator[StoredFigure]:
    """The figures of a moment that the newest run up to that day took of each source."""
    statement = f"{_RUNS} WHERE r.as_of IS NULL AND r.generated_at < :end ORDER BY r.moment DESC"
    end = f"{as_of}~"  # after every moment of that day
    found: set[str] = set()
    for run in map(read_run, transaction.rows(f"{statement} LIMIT 100", end=end)):
        new = {name for name, state in run.states.items() if state in _MEASURED} - found
        for finding in _findings(transaction, run.id) if new else ():
            measurement = finding.measurement
            moment = measurement.window is None and measurement.value is not None
            if moment and measurement.metric.partition(".")[0] in new:
                yield StoredFigure(measurement, run.day)
        found |= new
