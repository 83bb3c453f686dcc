"""stdout and stderr of the process, so that no state of theirs decides its exit status.

Either may be closed (`2>&-`), full (`>/dev/full`) or a pipe that nobody reads. Python then fails
where the text is written, where it is flushed, or in the very end, with a status of its own.
"""

import io
import os
import select
import sys
from typing import Any


class _Lenient(io.FileIO):
    """A file that takes everything: what it cannot write is lost."""

    def write(self, data: Any) -> int:
        """All of `data` is taken."""
        try:
            written = super().write(data)
        except OSError:
            written = None
        return memoryview(data).nbytes if written is None else written


class _Strict(io.FileIO):
    """A file that fails once. After that it takes everything, so that the interpreter's own last
    flush of the same text does not fail again and change the exit status."""

    failed = False

    def write(self, data: Any) -> int:
        """The number of bytes written. Raises OSError the first time that it fails."""
        if self.failed:
            return memoryview(data).nbytes
        try:
            while (written := super().write(data)) is None:  # non-blocking, and full for now
                select.select([], [self], [])
        except OSError:
            self.failed = True
            raise
        return written


def guard_streams() -> None:
    """From now on stderr takes everything, and stdout, also where it is closed, fails as a full
    disk does: with an OSError at the first flush."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            # Taken, so that no file or socket that is opened later gets this number. Opened for
            # reading: writing to it fails.
            os.open(os.devnull, os.O_RDONLY)
    sys.stdout = _text(_Strict(1, "w", closefd=False), sys.stdout)
    sys.stderr = _text(_Lenient(2, "w", closefd=False), sys.stderr)


def stdout_failed() -> bool:
    """Whether stdout has failed since `guard_streams`."""
    # typer may have wrapped it by now, in something that passes attributes on.
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return bool(getattr(raw, "failed", False))


def _text(file: io.FileIO, before: io.TextIOBase | Any) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(file),
        encoding=getattr(before, "encoding", None),
        errors=getattr(before, "errors", "backslashreplace"),
        line_buffering=file.fileno() == 2 or file.isatty(),
    )
