"""Files that a user names, read without waiting for ever.

Such a file may be a named pipe, as in `--config <(make-config)`: its writer may be late, or never
come. An ordinary `open` would wait for it without end.
"""

import errno
import math
import os
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

SECONDS = 5.0
"""For all of a file, at most."""
_DEADLINE: ContextVar[float] = ContextVar("deadline", default=math.inf)


@contextmanager
def within_seconds(limit: float) -> Iterator[None]:
    """All files that are read inside it are given up after `limit` seconds, if not before."""
    token = _DEADLINE.set(time.monotonic() + limit)
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def read_input(path: Path, most: int) -> bytes:
    """The first `most` + 1 bytes of the file: more than `most` says that it is too large.

    Raises OSError (TimeoutError for a pipe whose writer did not come, or did not finish).
    """
    deadline = min(time.monotonic() + SECONDS, _DEADLINE.get())
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    data = b""
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        while len(data) <= most:
            if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise TimeoutError(errno.ETIMEDOUT, "it did not end in time")
            part = os.read(descriptor, most + 1 - len(data))
            if not part:
                break
            data += part
    finally:
        os.close(descriptor)
    return data
