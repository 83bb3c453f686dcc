"""Many requests in one transaction, and none answered before it is committed.

A commit waits for the disk, and so do all requests that come meanwhile: the next commit has all of
them. Nothing that was acknowledged is lost, whenever the process ends.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence

from mailwatch.history.events import MailEvent
from mailwatch.history.store import HistoryError, Store

STEP = 0.001
"""Seconds. Requests are gathered for one commit as long as more of them come in each step: who has
its answer sends the next, and a longer wait would only hold up all of them."""
MOST_STEPS = 8
MOST_WAITING = 50_000
"""Events that wait for a commit; more are refused, and SendGrid sends them again."""


class BusyError(Exception):
    """More events wait than can be held."""


Waiting = tuple[Sequence[MailEvent], "asyncio.Future[None]"]


class Committer:
    """Writes to one store."""

    def __init__(self, store: Store, hour: Callable[[], int]) -> None:
        self._store = store
        self._hour = hour
        self._waiting: list[Waiting] = []
        self._events = 0
        self._some = asyncio.Event()

    async def commit(self, events: Sequence[MailEvent]) -> None:
        """Returns when they are stored. Raises BusyError and HistoryError where they are not."""
        if self._events + len(events) > MOST_WAITING:
            raise BusyError
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._events += len(events)
        self._waiting.append((events, done))
        self._some.set()
        await done

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Commits while the block lasts."""
        task = asyncio.create_task(self._work())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _work(self) -> None:
        while True:
            await self._some.wait()
            await self._gather()
            self._some.clear()
            taken, self._waiting = self._waiting, []
            error = await asyncio.to_thread(self._store_all, taken)
            self._events -= sum(len(events) for events, _ in taken)
            for _, done in taken:
                if done.done():  # its client has gone
                    continue
                if error is None:
                    done.set_result(None)
                else:
                    done.set_exception(error)

    async def _gather(self) -> None:
        for _ in range(MOST_STEPS):
            before = len(self._waiting)
            await asyncio.sleep(STEP)
            if len(self._waiting) == before:
                return

    def _store_all(self, taken: Sequence[Waiting]) -> Exception | None:
        events = [event for events, _ in taken for event in events]
        try:
            self._store.add_events(events, self._hour())
        except HistoryError as error:
            return error
        except Exception as error:  # noqa: BLE001  # raised again by each request
            return error
        return None
