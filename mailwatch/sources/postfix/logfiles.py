"""The logs as they are found: plain, gz or xz, rotated, from standard input; read block by block.

What a file is, its first bytes say and not its name. Rotated logs may be given in any order: they
are read from the oldest to the newest, by the first time stamp in each, since a message deferred in
one may be delivered in the next. A copy of a log (its name differs, its beginning is the same) is
read once.
"""

import errno
import glob
import hashlib
import io
import json
import os
import re
import select
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import BinaryIO

from mailwatch.config.postfix import STANDARD_INPUT
from mailwatch.sources.postfix.packed_log import is_packed, unpacked
from mailwatch.sources.postfix.stamps import Calendar, first_year, make_day

BLOCK = 1 << 20
HEAD = 65536
"""Bytes in which the first time stamp must be."""
SAME = 4096
"""Two logs whose first octets are the same, that many, are copies of one."""
LONGEST_LINE = 1 << 20
MOST_FILES = 5000
UNREADABLE = (OSError, EOFError, zlib.error)
"""What reading a file can raise; gzip.BadGzipFile is an OSError."""
_STAMPED = re.compile(
    rb"^(?:([A-Z][a-z][a-z] [ 123]\d|\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)\S* \S|(\{[^\n]*\})\s*$)",
    re.MULTILINE,
)


class NotALog(Exception):  # noqa: N818  # a fact about a file
    """A file without a time stamp of syslog or of the journal."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """One log, and when it begins."""

    path: Path
    begins: datetime | None
    """The first time stamp, without a zone; None where the log is empty, or can be read only once
    (standard input, a pipe)."""
    beginning: bytes
    """A hash of the first bytes, by which a copy is known; empty where `begins` is None."""
    size: int
    """In octets; 0 where it is packed."""


def expand(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that `paths` name. A pattern that fits none stays, and is then missing."""
    for path in paths:
        found: list[str] = []
        if path != STANDARD_INPUT and glob.has_magic(str(path)) and not os.path.lexists(path):
            found = sorted(glob.iglob(str(path)))[:MOST_FILES]  # noqa: PTH207  # a whole pattern
        yield from map(Path, found or (path,))


def in_order(logs: Iterable[LogFile]) -> tuple[list[LogFile], list[LogFile]]:
    """The logs from the oldest to the newest, each once; and the copies, which are left out."""
    kept: dict[bytes, LogFile] = {}
    copies, alone = [], []
    for log in logs:
        if not log.beginning:
            alone.append(log)
            continue
        other = kept.get(log.beginning)
        if other is not None:
            log, less = (log, other) if log.size > other.size else (other, log)  # noqa: PLW2901
            copies.append(less)
        kept[log.beginning] = log
    ordered = sorted([*kept.values(), *alone], key=_age)
    return ordered, copies


def _age(log: LogFile) -> tuple[bool, str, str]:
    """The oldest first; one without a time stamp, such as standard input, last."""
    return log.begins is None, log.begins.isoformat() if log.begins else "", str(log.path)


def examine(path: Path, now: date, as_of: date | None, zone: tzinfo | None) -> LogFile:
    """The log at `path`. Raises OSError and others of UNREADABLE, and NotALog."""
    if path == STANDARD_INPUT or not _is_regular(path):
        return LogFile(path, None, b"", 0)
    with open_log(path) as stream:
        head = stream.read(HEAD)
    begins = _first_stamp(head, now, as_of, zone)
    if head.strip() and begins is None:
        raise NotALog
    size = path.stat().st_size
    with path.open("rb") as plain:
        packed = is_packed(plain.read(8))
    beginning = hashlib.sha256(head[:SAME]).digest() if head else b""
    return LogFile(path, begins, beginning, 0 if packed else size)


@contextmanager
def open_log(path: Path, left: Callable[[], float] | None = None) -> Iterator[BinaryIO]:
    """The bytes of the log, unpacked. With `left`, standard input is waited for that long."""
    if path == STANDARD_INPUT:
        yield unpacked(_standard_input(left))
        return
    with io.BufferedReader(io.FileIO(path), BLOCK) as plain:
        yield unpacked(plain)


def blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The log in parts of whole lines. A line longer than LONGEST_LINE is left out."""
    rest = b""
    skipping = False
    while data := stream.read(BLOCK):
        cut = data.rfind(b"\n") + 1
        if not cut:
            rest = b"" if skipping else rest + data
            if len(rest) > LONGEST_LINE:
                rest, skipping = b"", True
            continue
        if skipping:  # the end of that line
            block, skipping = data[data.find(b"\n") + 1 : cut], False
        else:
            block = rest + data[:cut] if rest else data[:cut]
        rest = data[cut:]
        yield block
    if rest:
        yield rest


def _is_regular(path: Path) -> bool:
    """False for a pipe, such as that of `<(zcat …)`: what is read of it is gone."""
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    return stat.S_ISREG(mode)


def is_log(block: bytes) -> bool:
    """True when a line of it begins with a time stamp, or is an entry of the journal."""
    return _STAMPED.search(block) is not None


def _first_stamp(
    head: bytes, now: date, as_of: date | None, zone: tzinfo | None
) -> datetime | None:
    for found in _STAMPED.finditer(head):
        moment = _of_the_journal(found[3], zone) if found[3] else _of_syslog(found, now, as_of)
        if moment is not None:
            return moment
    return None


def _of_syslog(found: "re.Match[bytes]", now: date, as_of: date | None) -> datetime | None:
    calendar = Calendar()
    key = calendar.mark(found[1])
    if key is None:
        return None
    known, (year, month, number) = key
    day = make_day(year if known else first_year(key[1], now, as_of), month, number)
    hour, minute, second = map(int, found[2].split(b":"))
    if day is None or hour > 23 or minute > 59:
        return None
    return datetime(day.year, day.month, day.day, hour, minute, min(second, 59))  # noqa: DTZ001


def _of_the_journal(entry: bytes, zone: tzinfo | None) -> datetime | None:
    try:
        seconds = int(json.loads(entry)["__REALTIME_TIMESTAMP"]) / 1e6
        return datetime.fromtimestamp(seconds, zone).replace(tzinfo=None)
    except (ValueError, TypeError, LookupError, OverflowError, OSError, RecursionError):
        return None


def _standard_input(left: Callable[[], float] | None) -> io.BufferedReader:
    return io.BufferedReader(_Waited(0, left), BLOCK)


class _Waited(io.RawIOBase):
    """A descriptor that is read without waiting longer than there is time."""

    def __init__(self, descriptor: int, left: Callable[[], float] | None) -> None:
        self._descriptor = descriptor
        self._left = left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what is passed
        if self._left is not None:
            ready, _, _ = select.select([self._descriptor], [], [], self._left())
            if not ready:
                raise TimeoutError
        data = os.read(self._descriptor, len(buffer))
        buffer[: len(data)] = data
        return len(data)
