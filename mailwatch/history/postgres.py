"""A history on a PostgreSQL server, for a team that shares one.

Through SQLAlchemy and psycopg, which come with `mailwatch[postgres]`. One run at a time writes: a
lock of the server's orders them. A server that takes the connection and says nothing is given up;
one that has another run's changes to wait for is not, for as long as with a file.
"""

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mailwatch.history.place import HistoryPlace
from mailwatch.history.schema import STEPS, statements
from mailwatch.history.store import HistoryError, PlaceError
from mailwatch.text.inert import inert

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

ANSWER = 8.0
"""Seconds in which the server has to take the connection, whatever number of addresses it has."""
WAIT = 15
"""Seconds that one run waits for another that is writing."""
LONGEST = 120
"""Seconds for one statement, as the server counts them."""
LOCK = 0x6D776863
"""The number of the lock that a writing run holds: mwhc."""


class ServerTransaction:
    """Statements that are done together or not at all."""

    def __init__(self, connection: "Connection") -> None:
        from sqlalchemy import text

        self._connection = connection
        self._text = text

    def rows(self, statement: str, **values: Any) -> list[Sequence[Any]]:
        """All rows that a statement gives."""
        return list(self._connection.execute(self._text(statement), values).fetchall())

    def change(self, statement: str, **values: Any) -> int:
        """The number of rows that a statement changed."""
        return self._connection.execute(self._text(statement), values).rowcount

    def change_many(self, statement: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Runs a statement once for each of `rows`."""
        given = [dict(row) for row in rows]
        if given:
            self._connection.execute(self._text(statement), given)


class PostgresDatabase:
    """The database that the URL names; the tables are made by the first run that writes."""

    def __init__(
        self, place: HistoryPlace, steps: Sequence[str] = STEPS, answer: float = ANSWER
    ) -> None:
        self._place = place
        self._steps = steps
        self._answer = answer

    @contextlib.contextmanager
    def reading(self) -> Iterator[ServerTransaction | None]:
        """A look at what is stored; None where nothing is. Raises HistoryError."""
        with self._connected() as connection:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            version = self._version(connection)
            if version == 0:
                yield None
                return
            if version < len(self._steps):  # undone at the end: reading changes nothing
                self._migrate(connection, version)
            yield ServerTransaction(connection)

    @contextlib.contextmanager
    def writing(self) -> Iterator[ServerTransaction]:
        """A transaction that no other run writes beside. Raises HistoryError."""
        with self._connected() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            self._migrate(connection, self._version(connection))
            yield ServerTransaction(connection)
            connection.commit()

    @contextlib.contextmanager
    def _connected(self) -> "Iterator[Connection]":
        engine = self._engine()
        with self._explained():
            connection = _in_time(engine.connect, self._answer)
            try:
                yield connection
            finally:
                with contextlib.suppress(Exception):  # the connection may be what failed
                    connection.close()
                engine.dispose()

    def _engine(self) -> "Engine":
        try:
            import psycopg  # noqa: F401  # asked for here, to name the extra if it is missing
            from sqlalchemy import NullPool, create_engine, make_url
            from sqlalchemy.exc import ArgumentError
        except ImportError:
            raise PlaceError(
                f"{self._place} needs SQLAlchemy and psycopg",
                "Install them with mailwatch[postgres].",
            ) from None
        try:
            url = make_url(self._place.url or "").set(drivername="postgresql+psycopg")
        except (ArgumentError, ValueError):
            raise PlaceError(f"{self._place} is not a valid postgresql:// URL") from None
        options = f"-c lock_timeout={WAIT}s -c statement_timeout={LONGEST}s"
        return create_engine(
            url,
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={
                "connect_timeout": max(2, int(self._answer)),
                "options": options,
                "application_name": "mailwatch",
            },
        )

    def _version(self, connection: "Connection") -> int:
        """The version of its tables; 0 where there are none. Raises PlaceError for a newer one."""
        found = connection.exec_driver_sql("SELECT to_regclass('mailwatch_schema')").scalar()
        if found is None:
            return 0
        version = int(
            connection.exec_driver_sql("SELECT max(version) FROM mailwatch_schema").scalar() or 0
        )
        if version > len(self._steps):
            raise PlaceError(
                f"{self._place} was written by a newer mailwatch", "Update this mailwatch."
            )
        return version

    def _migrate(self, connection: "Connection", version: int) -> None:
        if version == 0:
            connection.exec_driver_sql("CREATE TABLE mailwatch_schema (version BIGINT NOT NULL)")
        for number, step in enumerate(self._steps[version:], version + 1):
            for statement in statements(step, sqlite=False):
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(
                "INSERT INTO mailwatch_schema VALUES (%(version)s)", {"version": number}
            )

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """What the server or the driver says, as a HistoryError without a password."""
        from psycopg import Error
        from sqlalchemy.exc import SQLAlchemyError

        try:
            yield
        except (SQLAlchemyError, Error, OSError) as error:
            said = str(getattr(error, "orig", None) or error).strip()
            why = self._place.mask(inert(" ".join(said.split()), 300)) or type(error).__name__
            raise HistoryError(f"{self._place}: {why}") from None


def _in_time(connect: "Callable[[], Connection]", seconds: float) -> "Connection":
    """The connection. Raises TimeoutError, an OSError, where there is none after `seconds`.

    The driver's own limit is for each address of a host; this one is for all of them.
    """
    done: queue.SimpleQueue[Connection | BaseException] = queue.SimpleQueue()

    def work() -> None:
        try:
            done.put(connect())
        except BaseException as error:  # noqa: BLE001  # raised again by the caller
            done.put(error)

    threading.Thread(target=work, name="history", daemon=True).start()
    try:
        result = done.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError(f"no answer within {seconds:g} s") from None
    if isinstance(result, BaseException):
        raise result
    return result
