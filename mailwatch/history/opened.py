"""The store at a place, and what is done about a file that is damaged."""

from collections.abc import Callable
from typing import TypeVar

from mailwatch.history.place import HistoryPlace
from mailwatch.history.sqlite import SqliteDatabase
from mailwatch.history.sqlstore import SqlStore
from mailwatch.history.store import DamagedError, HistoryError, Store

T = TypeVar("T")


def open_store(place: HistoryPlace) -> Store | None:
    """The store at `place`; None for nowhere. Nothing is read or written yet."""
    if place.url is not None:
        from mailwatch.history.postgres import PostgresDatabase

        return SqlStore(PostgresDatabase(place))
    return None if place.path is None else SqlStore(SqliteDatabase(place.path, own=place.own))


def with_repair(
    place: HistoryPlace, work: Callable[[Store], T], say: Callable[[HistoryError], None]
) -> T | None:
    """What `work` comes to with the store at `place`; None where it failed, or there is no store.

    A damaged file is set aside and a new one is begun, in which the work is done. `say` is called
    with what went wrong, if anything did.
    """
    database = None if place.path is None else SqliteDatabase(place.path, own=place.own)
    try:
        store = open_store(place) if database is None else SqlStore(database)
        if store is None:
            return None
        try:
            return work(store)
        except DamagedError as error:
            if database is None:
                raise
            aside = database.repair()
            if aside is not None:
                say(HistoryError(f"{error.why}; it is {aside} now, and a new one is begun"))
            return work(store)
    except HistoryError as error:
        say(error)
        return None
