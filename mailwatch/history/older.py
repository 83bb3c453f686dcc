"""Stored days of many series at once, for a run: one statement for some hundred of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from mailwatch.history.encoded import day_from_row, subject_text
from mailwatch.history.stored import StoredDay, StoredSeries
from mailwatch.history.tables import Transaction
from mailwatch.model import Day, Subject, WantedDays

_AT_ONCE = 200
"""Series in one statement: with their four values each, fewer than any SQLite allows."""
_DAYS = (
    "WITH wanted (number, check_id, subject, first, before) AS (VALUES {rows})"
    " SELECT w.number, d.day, d.value, d.word, d.numerator, d.denominator FROM wanted w"
    " JOIN series s ON s.check_id = w.check_id AND s.subject = w.subject"
    " JOIN days d ON d.series = s.id AND d.day >= w.first AND d.day < w.before"
)


def read_older_days(
    transaction: Transaction, wanted: Sequence[WantedDays]
) -> Mapping[tuple[str, Subject], tuple[Day, ...]]:
    """The days with numbers of each series, in order, by check and subject."""
    found: dict[int, list[StoredDay]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        rows = ", ".join(f"({start + n}, :c{n}, :s{n}, :f{n}, :b{n})" for n in range(len(some)))
        for number, *day in transaction.rows(_DAYS.format(rows=rows), **_values(some)):
            found.setdefault(number, []).append(day_from_row(day))
    return {
        (wanted[number].check, wanted[number].subject): _in_order(wanted[number], days)
        for number, days in found.items()
    }


def _values(wanted: Sequence[WantedDays]) -> Mapping[str, Any]:
    values: dict[str, Any] = {}
    for n, one in enumerate(wanted):
        values |= {f"c{n}": one.check, f"s{n}": subject_text(one.subject)}
        values |= {f"f{n}": one.first.toordinal(), f"b{n}": one.before.toordinal()}
    return values


def _in_order(wanted: WantedDays, days: list[StoredDay]) -> tuple[Day, ...]:
    ordered = tuple(sorted(days, key=lambda day: day.day))
    return StoredSeries(wanted.check, wanted.subject, ordered).counted()
