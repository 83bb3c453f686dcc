"""Writes runs into a history in processes of its own, and kills them: see test_safety.

python -m tests.history.writer FILE TIMES
"""

import os
import signal
import sys
import time
from datetime import timedelta
from itertools import count
from pathlib import Path

from mailwatch.history.opened import open_store
from mailwatch.history.place import HistoryPlace
from mailwatch.history.store import Store
from mailwatch.model import Subject
from tests.history.reports import TODAY, report_of, series

SUBJECTS = [Subject.of(subuser=f"s{n}") for n in range(5)]
DAYS = 10


def open_file(path: Path) -> Store:
    """The store in the file."""
    store = open_store(HistoryPlace(path=path))
    assert store is not None
    return store


def write_for_ever(path: Path, pipe: int, killed: int) -> None:
    """Stores one run after the other, and says of each that it is stored."""
    store = open_file(path)
    for n in count():
        day = TODAY + timedelta(days=n)
        figures = [series([n % 9] * DAYS, subject=subject, last=day) for subject in SUBJECTS]
        store.add_run(report_of(*figures, day=TODAY), {"run": f"{killed}.{n}"}, None)
        os.write(pipe, f"{killed}.{n}\n".encode())


def main() -> None:
    """Prints the name of every run that was said to be stored before its process was killed."""
    path, times = Path(sys.argv[1]), int(sys.argv[2])
    for killed in range(times):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            write_for_ever(path, writing, killed)
        os.close(writing)
        with os.fdopen(reading) as said:
            first = said.readline() if killed % 3 else ""  # else maybe before its first run ends
            time.sleep(0.0005 * (killed * 37 % 50))  # at any moment of the next one
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            sys.stdout.write(first + said.read())


if __name__ == "__main__":
    main()
