"""What sources keep from one run to the next, in the words of each source: a table of its own."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from mailwatch.history.tables import Transaction
from mailwatch.model.keepsake import KEPT_DAYS, Keepsake

_PUT = (
    "INSERT INTO keepsakes (place, id, day, body) VALUES (:place, :id, :day, :body)"
    " ON CONFLICT (place, id) DO NOTHING"
)


def put_keepsakes(transaction: Transaction, keepsakes: Iterable[Keepsake], today: date) -> None:
    """Adds those that are not there yet, and deletes what is too old."""
    rows = [
        {"place": one.place, "id": one.id, "day": one.day.toordinal(), "body": one.body}
        for one in keepsakes
    ]
    if rows:
        transaction.change_many(_PUT, rows)
        delete_keepsakes(transaction, today - timedelta(days=KEPT_DAYS))


def delete_keepsakes(transaction: Transaction, before: date) -> None:
    """Deletes those of the days before that one."""
    transaction.change("DELETE FROM keepsakes WHERE day < :day", day=before.toordinal())


def read_ids(transaction: Transaction, place: str) -> frozenset[int]:
    """The ids of everything that was read at `place`."""
    rows = transaction.rows("SELECT id FROM keepsakes WHERE place = :place", place=place)
    return frozenset(number for (number,) in rows)


def read_bodies(transaction: Transaction, place: str, ids: Sequence[int]) -> list[str]:
    """The bodies of some of it: a few hundred at most."""
    if not ids:
        return []
    numbers = {f"i{n}": number for n, number in enumerate(ids)}
    names = ", ".join(f":{name}" for name in numbers)
    statement = f"SELECT body FROM keepsakes WHERE place = :place AND id IN ({names})"  # noqa: S608  # names of our own
    return [body for (body,) in transaction.rows(statement, place=place, **numbers)]
