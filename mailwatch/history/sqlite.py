"""A history in a file of its own, through the standard library.

The journal is SQLite's rollback journal, not a write-ahead log. A log needs a second file to be
written before anybody can even read, so nothing could be read from a read-only folder or a full
disk; and it works on no network file system. Its one advantage, readers that do not hold up
writers, is not needed: a run writes for milliseconds once, and long reading is done one series at
a time.
"""

import contextlib
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mailwatch.history.damage import set_aside
from mailwatch.history.schema import STEPS, statements
from mailwatch.history.store import DamagedError, HistoryError, PlaceError
from mailwatch.text.inert import inert

WAIT = 15.0
"""Seconds that one run waits for another that is writing."""
APPLICATION = 0x6D776863
"""SQLite's application id: this file is a history of mailwatch and of nobody else."""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_JOURNAL = "-journal"


class SqliteTransaction:
    """Statements that are done together or not at all."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, statement: str, **values: Any) -> list[Sequence[Any]]:
        """All rows that a statement gives."""
        return self._connection.execute(statement, values).fetchall()

    def change(self, statement: str, **values: Any) -> int:
        """The number of rows that a statement changed."""
        return self._connection.execute(statement, values).rowcount

    def change_many(self, statement: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Runs a statement once for each of `rows`."""
        self._connection.executemany(statement, rows)


class SqliteDatabase:
    """The file at `path`, made by the first run that writes; with `own` its folder too."""

    def __init__(
        self, path: Path, *, own: bool = False, steps: Sequence[str] = STEPS, wait: float = WAIT
    ) -> None:
        self._path = path
        self._own = own
        self._steps = steps
        self._wait = wait
        self._inode = 0
        """Of the file that was opened last: if it is damaged, it is that one."""

    @contextlib.contextmanager
    def reading(self) -> Iterator[SqliteTransaction | None]:
        """A look at what is stored; None where nothing is. Writes nothing, not even a lock file.

        Raises HistoryError.
        """
        with self._explained():
            try:
                self._look()
            except FileNotFoundError:
                if not self._own:
                    self._path.parent.stat()  # a folder that is missing is worth an error
                yield None
                return
            with self._opened_for_reading() as connection:
                connection.execute("BEGIN")
                version = self._version(connection)
                if version == 0:
                    yield None
                elif version < len(self._steps):
                    with self._brought_up_to_date(connection) as copy:
                        yield SqliteTransaction(copy)
                else:
                    yield SqliteTransaction(connection)

    @contextlib.contextmanager
    def writing(self) -> Iterator[SqliteTransaction]:
        """A transaction that nobody else writes beside. Raises HistoryError."""
        with self._explained():
            self._create()
            with self._closing(f"{self._path.absolute().as_uri()}?mode=rw") as connection:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    self._migrate(connection)
                    yield SqliteTransaction(connection)
                    connection.execute("COMMIT")
                except BaseException:
                    with contextlib.suppress(sqlite3.Error):  # a full disk has rolled back already
                        connection.execute("ROLLBACK")
                    raise

    def repair(self) -> str | None:
        """Sets the damaged file aside; what it is called now. None where another run has done it.

        Raises HistoryError.
        """
        try:
            return set_aside(self._path, self._inode, _JOURNAL)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise HistoryError(f"{self._name} is damaged and cannot be renamed: {why}") from None

    @property
    def _name(self) -> str:
        return inert(str(self._path), 400)

    def _create(self) -> None:
        """An empty file that only its owner can read: it has the names of customers."""
        if self._own:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
            os.close(os.open(self._path, flags, 0o600))
        self._look()

    def _look(self) -> None:
        """Notes which file it is. A device or a folder is not read, and above all not renamed."""
        now = self._path.stat()
        if not stat.S_ISREG(now.st_mode):
            raise PlaceError(f"{self._name} is not a file")
        self._inode = now.st_ino

    @contextlib.contextmanager
    def _closing(self, uri: str) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(uri, self._wait, isolation_level=None, uri=True)
        try:
            yield connection
        finally:
            connection.close()

    @contextlib.contextmanager
    def _opened_for_reading(self) -> Iterator[sqlite3.Connection]:
        """The file, or, where it needs to be written before it can be read, a copy of it.

        A run that was killed leaves a journal, which has to be rolled back. Where the file cannot
        be written, that is done to a copy.
        """
        for mode in ("ro", "rw"):
            with self._closing(f"{self._path.absolute().as_uri()}?mode={mode}") as connection:
                try:
                    connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
                except sqlite3.OperationalError:
                    if not Path(f"{self._path}{_JOURNAL}").exists():
                        raise
                else:
                    yield connection
                    return
        from tempfile import TemporaryDirectory  # seldom needed

        with TemporaryDirectory(dir=_memory()) as folder:
            copy = Path(folder) / self._path.name
            for end in ("", _JOURNAL):
                with contextlib.suppress(FileNotFoundError):  # it may be done by now
                    shutil.copyfile(f"{self._path}{end}", f"{copy}{end}")
            with self._closing(f"{copy.as_uri()}?mode=rw") as connection:
                yield connection

    @contextlib.contextmanager
    def _brought_up_to_date(self, connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        """A copy in memory, as the next run will make of the file: reading writes nothing."""
        with self._closing("file::memory:") as copy:
            connection.execute("COMMIT")
            connection.backup(copy)
            copy.execute("BEGIN")
            self._migrate(copy)
            yield copy

    def _version(self, connection: sqlite3.Connection) -> int:
        """The version of its tables; 0 for an empty file. Raises PlaceError for another's file."""
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        if application != APPLICATION:
            if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise PlaceError(
                    f"{self._name} is a database of another program",
                    "Name a file of its own with --history or history: in mailwatch.yaml.",
                )
            return 0
        if version > len(self._steps):
            raise PlaceError(
                f"{self._name} was written by a newer mailwatch", "Update this mailwatch."
            )
        return version

    def _migrate(self, connection: sqlite3.Connection) -> None:
        version = self._version(connection)
        for step in self._steps[version:]:
            for statement in statements(step, sqlite=True):
                connection.execute(statement)
        if version < len(self._steps):
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {len(self._steps)}")

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """What SQLite or the system says, as a HistoryError."""
        try:
            yield
        except sqlite3.Error as error:
            why = str(error).strip() or type(error).__name__
            code = getattr(error, "sqlite_errorcode", 0)
            # Moved: another run has set the file aside that is open here.
            if code & 0xFF in _DAMAGED or code == sqlite3.SQLITE_READONLY_DBMOVED:
                raise DamagedError(f"{self._name} is damaged ({why})") from None
            raise HistoryError(f"{self._name}: {why}") from None
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise HistoryError(f"{self._name}: {why}") from None


def _memory() -> str | None:
    """A folder in memory, where there is one: the disk may be full."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  # a folder of our own in it
