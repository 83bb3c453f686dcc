"""The file that lines are appended to, and the lines that an earlier run left in it."""

import errno
import fcntl
import os
import sqlite3
import stat
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from mailwatch.errors import ConfigError
from mailwatch.text.inert import inert

Parse = Callable[[bytes], tuple[str, tuple[str, ...]] | None]
"""The key of a line, and what is counted of it; None for a line of another kind."""

_READ = 1 << 20
_LONGEST_LINE = 1 << 24


class KeySet:
    """Keys on disk, in a file without a name: a hundred million would not fit into memory."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -8000"):
            self._base.execute(f"PRAGMA {pragma}")
        self._base.execute("CREATE TABLE keys (key TEXT PRIMARY KEY) WITHOUT ROWID")
        self._base.execute("BEGIN")

    def add(self, keys: list[str]) -> None:
        """These are in it from now on."""
        self._base.executemany("INSERT OR IGNORE INTO keys VALUES (?)", [(key,) for key in keys])

    def close(self) -> None:
        """The file is gone."""
        self._base.close()

    def __contains__(self, key: str) -> bool:
        return bool(self._base.execute("SELECT 1 FROM keys WHERE key = ?", (key,)).fetchone())


class LineFile:
    """A file that lines are appended to. Nobody else appends to it at the same time."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self._descriptor = descriptor
        self._path = path
        self._regular = stat.S_ISREG(os.fstat(descriptor).st_mode)

    def begin(self, parse: Parse | None) -> tuple[KeySet | None, Counter[str]]:
        """The keys and counts of the whole lines that are there; a torn last one is cut off.

        Without `parse` the file is emptied, and there are no keys. Raises ConfigError where
        another run writes to it, or where what is there are not lines of this kind.
        """
        counts = Counter[str]()
        if not self._regular:
            if parse is not None:
                raise ConfigError(f"{self._name} is not a file, so there is nothing to resume")
            return None, counts
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigError(f"Another run is writing to {self._name}", "Wait for it.") from None
        there, whole = None, 0
        if parse is not None:
            there = KeySet()
            try:
                whole = self._read(parse, there, counts)
            except BaseException:
                there.close()
                raise
        os.ftruncate(self._descriptor, whole)
        os.lseek(self._descriptor, 0, os.SEEK_END)
        return there, counts

    def write(self, lines: list[str]) -> None:
        """Appends `lines`. Raises OSError."""
        data = memoryview("".join(lines).encode())
        while data:
            data = data[os.write(self._descriptor, data) :]

    def close(self) -> None:
        """Nothing more is written. Raises OSError where the disk did not take it all."""
        try:
            if self._regular:
                os.fsync(self._descriptor)
        finally:
            os.close(self._descriptor)

    @property
    def _name(self) -> str:
        return inert(str(self._path))

    def _read(self, parse: Parse, there: KeySet, counts: Counter[str]) -> int:
        """The octets of the whole lines."""
        whole, number, rest = 0, 0, b""
        while part := os.read(self._descriptor, _READ):
            *lines, rest = (rest + part).split(b"\n")
            keys: list[str] = []
            for line in lines:
                number += 1
                found = parse(line)
                if found is None:
                    raise self._refusal(number)
                keys.append(found[0])
                counts.update(found[1])
                whole += len(line) + 1
            there.add(keys)
            if len(rest) > _LONGEST_LINE:
                raise self._refusal(number + 1)
        return whole

    def _refusal(self, number: int) -> ConfigError:
        return ConfigError(
            f"--resume: line {number} of {self._name} was not written by such a run",
            "Name the file that the run which you want to go on with wrote.",
        )


def reason_of(error: OSError) -> str:
    """Why a file could not be opened or written."""
    if error.errno == errno.ENXIO:
        return "nobody reads from it (start the reader of a named pipe first)"
    return error.strerror or type(error).__name__
