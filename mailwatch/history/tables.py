"""The statements, the same for the file and the server: both know `ON CONFLICT … DO UPDATE`."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date
from typing import Any, Protocol

from mailwatch.history.encoded import (
    day_to_row,
    days_of,
    dumps,
    finding_body,
    read_standing,
    standing_to_row,
    states_text,
    subject_text,
)
from mailwatch.history.lives import next_standing
from mailwatch.model import Finding, RecordSet, Report, Standing


class Transaction(Protocol):
    """Statements that are done together or not at all."""

    def rows(self, statement: str, **values: Any) -> list[Sequence[Any]]:
        """All rows that a statement gives."""
        ...

    def change(self, statement: str, **values: Any) -> int:
        """The number of rows that a statement changed."""
        ...

    def change_many(self, statement: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Runs a statement once for each of `rows`."""
        ...


class Database(Protocol):
    """Where the tables are."""

    def reading(self) -> AbstractContextManager[Transaction | None]:
        """A look at what is stored; None where nothing is."""
        ...

    def writing(self) -> AbstractContextManager[Transaction]:
        """A transaction that nobody else writes beside."""
        ...


_PUT_DAY = (
    "INSERT INTO days (series, day, value, word, numerator, denominator)"
    " VALUES (:series, :day, :value, :word, :numerator, :denominator)"
    " ON CONFLICT (series, day) DO UPDATE SET value = excluded.value, word = excluded.word,"
    " numerator = excluded.numerator, denominator = excluded.denominator"
)
_PUT_STANDING = (
    "INSERT INTO standings (series, level, since, opened, unknown_since)"
    " VALUES (:series, :level, :since, :opened, :unknown_since)"
    " ON CONFLICT (series) DO UPDATE SET level = excluded.level, since = excluded.since,"
    " opened = excluded.opened, unknown_since = excluded.unknown_since"
)
FIND_SERIES = "SELECT id FROM series WHERE check_id = :check_id AND subject = :subject"
_ADD_SERIES = "INSERT INTO series (id, check_id, subject) VALUES (:id, :check_id, :subject)"
_PUT_RECORDS = (
    "INSERT INTO records (name, rdtype, first_run, last_run, first_seen, last_seen, body)"
    " VALUES (:name, :rdtype, :run, :run, :day, :day, :body)"
)
_SEE_RECORDS_AGAIN = (
    "UPDATE records SET last_run = :run, last_seen = :day"
    " WHERE name = :name AND rdtype = :rdtype AND first_run = :first_run"
)
_BATCH = 5_000
"""Rows that go to the database at a time: a file to import is never held in memory."""


class Tables:
    """StoredSeries and their days, in one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._ids: dict[tuple[str, str], int] = {}
        self._newest: int | None = None

    def id_of(self, check: str, subject: str) -> int:
        """The number of a series, which is new where there is none."""
        number = self._ids.get((check, subject))
        if number is None:
            number = self._ids[check, subject] = self._found(check, subject)
        return number

    def _found(self, check: str, subject: str) -> int:
        values = {"check_id": check, "subject": subject}
        rows = self._transaction.rows(FIND_SERIES, **values)
        if rows:
            return int(rows[0][0])
        if self._newest is None:
            self._newest = self._new_number("series") - 1
        self._newest += 1
        self._transaction.change(_ADD_SERIES, id=self._newest, **values)
        return self._newest

    def put_days(self, rows: Iterable[dict[str, Any]]) -> int:
        """Stores days; how many there were."""
        batch: list[dict[str, Any]] = []
        stored = 0
        for row in rows:
            batch.append(row)
            if len(batch) == _BATCH:
                self._transaction.change_many(_PUT_DAY, batch)
                stored += len(batch)
                batch.clear()
        if batch:
            self._transaction.change_many(_PUT_DAY, batch)
        return stored + len(batch)

    def put_run(self, report: Report, settings: Mapping[str, str], as_of: date | None) -> int:
        """Stores that a run ended, and what it found; its number."""
        number = self._add_run(report, settings, as_of)
        today = report.generated_at.astimezone(UTC).date()
        ids = [self.id_of(f.check.id, subject_text(f.measurement.subject)) for f in report.findings]
        self.put_days(
            day_to_row(series, day)
            for series, finding in zip(ids, report.findings, strict=True)
            for day in days_of(finding.measurement, as_of or today)
        )
        self._transaction.change_many(
            "INSERT INTO findings (run, place, series, level, body)"
            " VALUES (:run, :place, :series, :level, :body)",
            [
                {
                    "run": number,
                    "place": place,
                    "series": series,
                    "level": finding.level.value,
                    "body": finding_body(finding),
                }
                for place, (series, finding) in enumerate(zip(ids, report.findings, strict=True))
            ],
        )
        if as_of is None:
            self._put_standings(dict(zip(ids, report.findings, strict=True)), today)
            for state in report.sources:
                self._put_records(state.records, number, today)
        return number

    def _add_run(self, report: Report, settings: Mapping[str, str], as_of: date | None) -> int:
        body = dumps(dict(sorted(settings.items())))
        rows = self._transaction.rows("SELECT id FROM settings WHERE body = :body", body=body)
        place = rows[0][0] if rows else self._new_number("settings")
        if not rows:
            self._transaction.change(
                "INSERT INTO settings (id, body) VALUES (:id, :body)", id=place, body=body
            )
        number = self._new_number("runs")
        self._transaction.change(
            "INSERT INTO runs (id, moment, generated_at, as_of, verdict, exit_code, sources,"
            " settings) VALUES (:id, :moment, :generated_at, :as_of, :verdict, :exit_code,"
            " :sources, :settings)",
            id=number,
            moment=report.generated_at.astimezone(UTC).isoformat(),
            generated_at=report.instant,
            as_of=str(as_of) if as_of else None,
            verdict=report.verdict.value,
            exit_code=report.exit_code,
            sources=states_text(report.sources),
            settings=place,
        )
        return number

    def _new_number(self, table: str) -> int:
        rows = self._transaction.rows(f"SELECT max(id) FROM {table}")  # noqa: S608  # our own name
        return int(rows[0][0] or 0) + 1

    def _put_standings(self, findings: Mapping[int, Finding], today: date) -> None:
        before = standings_by_series(self._transaction)
        rows = [
            standing_to_row(series, next_standing(before.get(series), finding, today))
            for series, finding in findings.items()
        ]
        self._transaction.change_many(_PUT_STANDING, rows)

    def _put_records(self, records: Sequence[RecordSet], run: int, today: date) -> None:
        """A row as long as the records are the same, and a new one from the run that differs."""
        known = {}
        for name, rdtype, first, body in self._transaction.rows(
            "SELECT name, rdtype, first_run, body FROM records ORDER BY first_run"
        ):
            known[name, rdtype] = first, body
        for found in records:
            body = dumps(found.values)
            first, before = known.get(found.key, (run, None))
            values = {"name": found.name, "rdtype": found.rdtype, "run": run, "day": str(today)}
            if before == body:
                self._transaction.change(_SEE_RECORDS_AGAIN, first_run=first, **values)
            else:
                self._transaction.change(_PUT_RECORDS, body=body, **values)


def standings_by_series(transaction: Transaction) -> dict[int, Standing]:
    """How every series stands, by its number."""
    rows = transaction.rows("SELECT series, level, since, opened, unknown_since FROM standings")
    return {number: read_standing(rest) for number, *rest in rows}
