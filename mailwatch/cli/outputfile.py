"""Files that reports are written to: whole or not at all, and never through somebody else's link.

A report is written beside its place and then renamed over it, so that a reader never sees half of
one, and a full disk leaves the old one as it was. What is not a regular file (a named pipe, a
device, `/dev/stdout`) cannot be renamed over and is written into, without waiting for ever.
"""

import errno
import os
import re
import select
import stat
import time
from collections.abc import Iterable
from pathlib import Path

from mailwatch.text.inert import inert

SECONDS = 5.0
"""For the reader of a named pipe to take all of the report."""
MOST_LINKS = 40
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OPEN_ALREADY = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,9})|/dev/std(?:(out)|(err))")


def write_file(path: Path, pieces: Iterable[str]) -> str | None:
    """Writes the file; None when it is written, else the reason why it is not."""
    try:
        _write(path, "".join(pieces).encode())
    except OSError as error:
        return f"{inert(str(path))} cannot be written: {_reason(error)}"
    return None


def same_file(one: Path, other: Path) -> bool:
    """Whether writing to both would write to one place."""
    return os.path.realpath(one) == os.path.realpath(other)


def open_for_lines(path: Path) -> int:
    """A descriptor to read and to append lines to `path`, which is made where it is not there.

    Unlike a report, lines are written one by one, so that none is lost. Raises OSError.
    """
    number = _open_already(path)
    if number is not None:
        return os.dup(number)
    path = _follow_own_links(path)
    try:
        now = os.stat(path, follow_symlinks=not _is_shared(path.parent))  # noqa: PTH116
    except FileNotFoundError:
        now = None
    if now is not None and not stat.S_ISREG(now.st_mode) and not stat.S_ISDIR(now.st_mode):
        return _open_special(path)
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | (os.O_EXCL if now is None else os.O_NOFOLLOW)
    return os.open(path, flags, 0o644)


def _reason(error: OSError) -> str:
    if error.errno == errno.ENXIO:
        return "nobody reads from it (start the reader of a named pipe first)"
    return error.strerror or type(error).__name__


def _write(path: Path, data: bytes) -> None:
    path = _follow_own_links(path)
    try:
        now = os.stat(path, follow_symlinks=not _is_shared(path.parent))  # noqa: PTH116
    except FileNotFoundError:
        now = None
    number = _open_already(path)
    if number is not None:
        _write_into(os.dup(number), data)
    elif now is None or stat.S_ISREG(now.st_mode) or stat.S_ISLNK(now.st_mode):
        _replace(path, data, now)
    elif stat.S_ISDIR(now.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    else:
        _write_into(_open_special(path), data)


def _follow_own_links(path: Path) -> Path:
    """Where the path leads through symbolic links. One in a folder that others may write to is
    not followed: anybody may have put it there, and it leads where they want something
    overwritten."""
    for _ in range(MOST_LINKS):
        link = path.is_symlink() and not _is_shared(path.parent) and _open_already(path) is None
        if not link:
            return path
        path = path.parent / path.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _is_shared(folder: Path) -> bool:
    return bool(os.stat(folder).st_mode & _OTHERS_WRITE)  # noqa: PTH116  # Path's is the same call


def _open_already(path: Path) -> int | None:
    """The number of the descriptor of this process that the path stands for, if it does. Opened a
    second time, a file that stdout is redirected to would be written over from its start."""
    match = _OPEN_ALREADY.fullmatch(str(path.absolute()))
    if match is None:
        return None
    number, out, _ = match.groups()
    return int(number) if number else 1 if out else 2


def _replace(path: Path, data: bytes, now: os.stat_result | None) -> None:
    """Puts a new file at `path`, with the mode of our own one that was there, else 0644 less the
    umask."""
    beside = path.parent / f".mailwatch-{os.urandom(8).hex()}.tmp"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123  # a descriptor, not a path
            if now is not None and stat.S_ISREG(now.st_mode) and now.st_uid == os.geteuid():
                os.fchmod(descriptor, stat.S_IMODE(now.st_mode))
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _open_special(path: Path) -> int:
    """A pipe or device that is there. In a shared folder it has to be our own."""
    shared = _is_shared(path.parent)
    flags = os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    descriptor = os.open(path, flags | (os.O_NOFOLLOW if shared else 0))
    if shared and os.fstat(descriptor).st_uid != os.geteuid():
        os.close(descriptor)
        raise PermissionError(errno.EPERM, "it belongs to another user")
    return descriptor


def _write_into(descriptor: int, data: bytes) -> None:
    """Writes all of `data` within SECONDS, and closes."""
    deadline = time.monotonic() + SECONDS
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    try:
        while data:
            if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise TimeoutError(errno.ETIMEDOUT, f"its reader did not read for {SECONDS:g} s")
            # A pipe that is ready takes as much without making us wait.
            data = data[os.write(descriptor, data[: select.PIPE_BUF]) :]
    finally:
        os.close(descriptor)
