"""Partitions of files, read in this process or in others: the same function, the same items.

`read_files` is pure but for reading: what it returns for a partition depends on nothing else, so
that any engine that maps a function over partitions, in order, gives the same report.
"""

import contextlib
import pickle
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any

from mailwatch.sources.dmarc.blob import FileBlob
from mailwatch.sources.dmarc.container import InputPlace, read_blob
from mailwatch.sources.dmarc.contents import Item, Refusal, ReportError
from mailwatch.sources.dmarc.files import FoundFile

_LENGTH = struct.Struct("<Q")
_ROOT = str(Path(__file__).parents[3])
_CODE = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from mailwatch.sources.dmarc.partition import serve; serve()"
)
Partition = Sequence[FoundFile]
_AHEAD_ON_CLUSTER = 256
"""Partitions: what a cluster reads while one of them takes long."""


def read_files(partition: Partition, folder: str = "") -> list[Item]:
    """Everything in the files, in their order; a file that cannot be read is a Refusal.

    `folder` is what their paths are relative to: not everybody who reads them stands in it.
    """
    return [
        item
        for file in partition
        for item in read_blob(
            FileBlob(Path(folder, file.path)), InputPlace(file.path, mailbox=file.mailbox)
        )
    ]


def read_all(
    partitions: Iterator[Partition],
    jobs: int,
    remaining: Callable[[], float],
    cluster: Any = None,
) -> Iterator[list[Item]]:
    """What `read_files` gives for each partition, in order, read by `jobs` processes, or by those
    of `cluster`, the client of a Dask scheduler.

    Ends early, without the rest, when no time is left.
    """
    if cluster is not None:
        yield from _read_on_cluster(cluster, partitions, remaining)
        return
    if jobs > 1:
        yield from _Pool(partitions, jobs).results(remaining)
        return
    for partition in partitions:
        for file in partition:
            if not remaining():
                return
            yield read_files((file,))


def _read_on_cluster(
    cluster: Any, partitions: Iterator[Partition], remaining: Callable[[], float]
) -> Iterator[list[Item]]:
    """No more is read ahead than the results of a few partitions, whatever one of them waits for;
    the partition of a lost process is read again by another."""
    from mailwatch.bulk.cluster import failure, spread

    given: dict[int, Partition] = {}
    waiting: dict[int, list[Item]] = {}
    turn = 0

    def within_reach() -> Iterator[Partition]:
        for number, partition in enumerate(partitions):
            while number - turn >= _AHEAD_ON_CLUSTER:
                yield ()
            given[number] = partition
            yield partition

    read = partial(read_files, folder=str(Path.cwd()))
    for number, future in spread(cluster, read, within_reach(), lambda: not remaining()):
        partition, error = given.pop(number), failure(future)
        if error is None:
            waiting[number] = future.result()
        else:
            waiting[number] = _unread(partition, ReportError("dmarc.worker_failed", why=error))
        while turn in waiting:
            yield waiting.pop(turn)
            turn += 1


def serve() -> None:
    """Reads partitions from stdin and writes what is in them to stdout, until stdin ends: the
    whole life of a process that `read_all` starts."""
    while (partition := _receive(sys.stdin.buffer)) is not None:
        _send(sys.stdout.buffer, read_files(partition))


def _send(pipe: IO[bytes], value: object) -> None:
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    """What was sent; None at the end."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    # Only what a process of our own has written ever gets here.
    return pickle.loads(pipe.read(_LENGTH.unpack(head)[0]))  # noqa: S301


class _Pool:
    """Processes, each with a thread that hands it partitions. No more are read ahead than there
    is work for, and the results come in the order of the partitions."""

    def __init__(self, partitions: Iterator[Partition], jobs: int) -> None:
        self._partitions = enumerate(partitions)
        self._lock = threading.Lock()
        self._over = False
        self._ahead = threading.Semaphore(2 * jobs)
        self._done: queue.SimpleQueue[tuple[int, list[Item]] | None] = queue.SimpleQueue()
        self._processes = [_start() for _ in range(jobs)]

    def results(self, remaining: Callable[[], float]) -> Iterator[list[Item]]:
        for process in self._processes:
            threading.Thread(target=self._feed, args=(process,), daemon=True).start()
        waiting: dict[int, list[Item]] = {}
        at_work, turn = len(self._processes), 0
        try:
            while at_work:
                try:
                    done = self._done.get(timeout=remaining())
                except queue.Empty:
                    return
                if done is None:
                    at_work -= 1
                    continue
                waiting[done[0]] = done[1]
                while turn in waiting:
                    yield waiting.pop(turn)
                    self._ahead.release()
                    turn += 1
        finally:
            self._over = True
            for process in self._processes:
                process.kill()
                self._ahead.release()

    def _feed(self, process: "subprocess.Popen[bytes]") -> None:
        try:
            while (numbered := self._next()) is not None:
                number, partition = numbered
                self._done.put((number, _ask(process, partition)))
        finally:
            with contextlib.suppress(OSError), process:  # closes its pipes, and waits for it
                pass
            self._done.put(None)

    def _next(self) -> tuple[int, Partition] | None:
        self._ahead.acquire()
        with self._lock:
            return None if self._over else next(self._partitions, None)


def _start() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603  # this Python, and code of our own
        [sys.executable, "-c", _CODE, _ROOT], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def _ask(process: "subprocess.Popen[bytes]", partition: Partition) -> list[Item]:
    """What the process reads. Where it has ended, each file is named as one not read."""
    try:
        _send(process.stdin, partition)  # type: ignore[arg-type]  # both are pipes
        items = _receive(process.stdout)  # type: ignore[arg-type]
        if items is not None:
            return list(items)
    except (OSError, EOFError, pickle.UnpicklingError, ValueError):
        pass
    return _unread(partition, ReportError("dmarc.process_ended"))


def _unread(partition: Partition, error: ReportError) -> list[Item]:
    """Each file is named as one not read."""
    return [Refusal(file.path, error.why, file.path) for file in partition]
