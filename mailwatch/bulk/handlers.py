"""Many items at work at once in one process, and never more than a window of them."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from mailwatch.bulk.work import Done, Item, WorkSession

AT_ONCE = 256
"""Items at work at a time in one process. Most of the time they wait for answers."""
TOGETHER = 0.01
"""Seconds for which what is done is held back, so that it can be handed over together."""


class Numbered(NamedTuple):
    """An item, and the number that it is known by while it is at work."""

    number: int
    item: Item


Finished = list[tuple[int, Done]]


class Handlers:
    """A window of coroutines that take items and hand over what they are done with."""

    def __init__(
        self, session: WorkSession, give: Callable[[Finished], None], at_once: int = AT_ONCE
    ) -> None:
        self._session = session
        self._give = give
        self._waiting: asyncio.Queue[Numbered] = asyncio.Queue()
        self._finished: Finished = []
        self._tasks = [asyncio.create_task(self._work()) for _ in range(at_once)]
        self._flushing: asyncio.TimerHandle | None = None
        self.failed: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        """Set where handling an item raised: a defect."""

    def add(self, items: Sequence[Numbered]) -> None:
        """These are handled next."""
        for numbered in items:
            self._waiting.put_nowait(numbered)

    def flush(self) -> None:
        """Hands over what is done."""
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None
        if self._finished:
            finished, self._finished = self._finished, []
            self._give(finished)

    async def close(self) -> None:
        """Ends what is at work, and hands over what is done. The session is still open."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.flush()
        if not self.failed.done():
            self.failed.cancel()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            number, item = await self._waiting.get()
            try:
                done = await self._session.handle(item)
            except Exception as error:  # noqa: BLE001  # raised again where the engine waits
                if not self.failed.done():
                    self.failed.set_exception(error)
                return
            self._finished.append((number, done))
            if self._flushing is None:
                self._flushing = loop.call_later(TOGETHER, self._flush_now)

    def _flush_now(self) -> None:
        self._flushing = None
        self.flush()
