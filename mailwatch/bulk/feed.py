"""The list, read ahead a little in a thread: its end of a pipe may be slow."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")

CHUNK = 64
"""Items that are handed over together, where so many are there."""
AHEAD = 8
"""Chunks that are read ahead."""


class Feed(Generic[T]):
    """Items in chunks. `None` is the end of the list."""

    def __init__(self, items: Iterable[list[T]]) -> None:
        """`items` comes in lists of what could be read without waiting; it is used in a thread."""
        self._chunks: queue.Queue[list[T] | Exception | None] = queue.Queue(AHEAD)
        self._arrived: Callable[[], None] = lambda: None
        self._given_up = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._read, args=(items,), daemon=True, name="list")

    def start(self, arrived: Callable[[], None]) -> None:
        """Begins to read. `arrived` is called in the thread when there may be something to take."""
        self._arrived = arrived
        self._thread.start()

    def take(self, seconds: float = 0.0) -> list[T] | None:
        """The next chunk, None at the end; an empty list where there is none yet.

        Raises what reading raised.
        """
        if self._ended:
            return None
        try:
            found = self._chunks.get(block=seconds > 0, timeout=seconds or None)
        except queue.Empty:
            return []
        if isinstance(found, Exception):
            raise found
        self._ended = found is None
        return found

    def stop(self) -> None:
        """Nothing more is read than what the thread waits for now."""
        self._given_up.set()

    def _read(self, items: Iterable[list[T]]) -> None:
        try:
            for read in items:
                for chunk in _split(read):
                    self._put(chunk)
                if self._given_up.is_set():
                    return
            self._put(None)
        except Exception as error:  # noqa: BLE001  # raised again where it is taken
            self._put(error)

    def _put(self, chunk: list[T] | Exception | None) -> None:
        while not self._given_up.is_set():
            try:
                self._chunks.put(chunk, timeout=0.2)
            except queue.Full:
                continue
            self._arrived()
            return


def _split(items: list[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
