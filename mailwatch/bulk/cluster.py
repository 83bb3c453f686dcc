"""The engine on a Dask cluster: partitions, worked on wherever there is a worker.

A partition gives its result when it is whole. So one whose worker is lost is done again by another,
and nothing of it is there twice. `spread` does this with any function of a partition. Of a list of
items, all partitions of a run share one session in a process, and with it what was found out
already.
"""

import asyncio
import logging
import queue
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from mailwatch.bulk.feed import Feed
from mailwatch.bulk.handlers import Finished, Handlers, Numbered
from mailwatch.bulk.here import Give, Stop
from mailwatch.bulk.work import Done, Item, Work, WorkSession
from mailwatch.errors import ConfigError, MailwatchError
from mailwatch.text.inert import inert

PARTITION = 200
"""Items: a second of work at most, so that little is done again."""
AHEAD = 3
"""Partitions for each worker, waiting ones included."""
LOOK_AGAIN = 0.1
SECONDS = "10s"
"""To reach the scheduler."""


_DONE_AGAIN = ("lost", "pending")
"""What Dask says of a part that was done and whose worker was lost before it was handed over."""


class ClusterError(MailwatchError):
    """The cluster gave a partition back undone, several times."""

    exit_code = 3


def work_on_cluster(
    scheduler: str | None, number: int, work: Work, feed: Feed[Item], give: Give, stop: Stop
) -> None:
    """Handles every item of `feed` on the cluster of `scheduler`; None: on one of `number`
    processes here. Ends early, with what is done handed over, when `stop` says so."""
    part_of_run = partial(work_partition, secrets.token_hex(8), work)
    with open_cluster(scheduler, number) as client:
        feed.start(lambda: None)
        try:
            for _, future in spread(client, part_of_run, _partitions(feed), stop):
                error = failure(future)
                if error is not None:
                    raise ClusterError(
                        f"The Dask cluster could not work on a part of the list: {error}",
                        "Look at the log of its workers. --resume goes on with what is left.",
                    )
                give([Done(*done) for done in future.result()])
        finally:
            feed.stop()


def spread(
    client: Any, function: Callable[[Any], Any], parts: Iterator[Any], stop: Stop
) -> Iterator[tuple[int, Any]]:
    """The number of each part and the future of what `function` makes of it, in the order in which
    they are done. An empty part says that there is none for now. Ends early when `stop` says so.
    """
    finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
    at_work: dict[str, tuple[int, Any]] = {}
    number = 0
    part: Any = ()
    try:
        while not stop() and (part is not None or at_work):
            room = AHEAD * max(1, sum(client.nthreads().values()))
            while part is not None and len(at_work) < room:
                part = next(parts, None)
                if not part:  # the end, or nothing to read for now
                    break
                future = client.submit(function, part, pure=False)
                at_work[future.key] = number, future
                number += 1
                future.add_done_callback(finished.put)
            with suppress(queue.Empty):
                future = finished.get(timeout=LOOK_AGAIN)
                if future.status in _DONE_AGAIN:
                    future.add_done_callback(finished.put)
                else:
                    yield at_work.pop(future.key)
    finally:
        client.cancel([future for _, future in at_work.values()], force=True)


def failure(future: Any) -> str | None:
    """Why the cluster gave a part back undone; None where it did not."""
    if future.status in ("finished", *_DONE_AGAIN):
        return None
    return inert(repr(future.exception() if future.status == "error" else future.status), 200)


def _partitions(feed: Feed[Item]) -> Iterator[list[Item]]:
    """Whole partitions and a last smaller one; an empty one where there is nothing to read yet."""
    part: list[Item] = []
    while (chunk := feed.take(LOOK_AGAIN)) is not None:
        part += chunk
        if not chunk or len(part) >= PARTITION:
            yield part
            part = []
    if part:
        yield part


@contextmanager
def open_cluster(scheduler: str | None, number: int) -> Iterator[Any]:
    """A client of the cluster of `scheduler`, or of one of `number` processes here. Raises
    ConfigError where there is none."""
    try:
        import distributed
    except ImportError:
        raise ConfigError(
            "--engine dask needs Dask, which is not installed",
            "Install the extra: pip install '.[dask]' in the checkout of mailwatch.",
        ) from None
    library: Any = distributed  # it has no types for these
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    if scheduler is None:
        with (
            library.LocalCluster(
                n_workers=number, threads_per_worker=1, dashboard_address=None, protocol="tcp"
            ) as cluster,
            library.Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = library.Client(scheduler, timeout=SECONDS)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"--scheduler {inert(scheduler, 80)} cannot be reached: {inert(str(error), 120)}",
            "Name the address that dask scheduler shows, such as tcp://127.0.0.1:8786.",
        ) from None
    with client:
        yield client


def work_partition(token: str, work: Work, items: list[Item]) -> list[tuple[str, tuple[str, ...]]]:
    """What is done of `items`, in a worker. `token` names the run."""
    return _Here.of(token, work).handle(items)


class _Here:
    """The session of a run in this process, in an event loop of its own."""

    _lock = threading.Lock()
    _latest: "tuple[str, _Here] | None" = None

    def __init__(self, work: Work) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._live, daemon=True, name="list").start()
        self._session: WorkSession = self._run(self._start(work))
        self._busy = 0

    @classmethod
    def of(cls, token: str, work: Work) -> "_Here":
        """That of the run `token`; one of an earlier run ends."""
        with cls._lock:
            if cls._latest is None or cls._latest[0] != token:
                if cls._latest is not None:
                    cls._latest[1].end()
                cls._latest = token, cls(work)
            return cls._latest[1]

    def handle(self, items: list[Item]) -> list[tuple[str, tuple[str, ...]]]:
        """What is done of `items`, in any order."""
        with self._lock:
            self._busy += 1
        try:
            results: list[Done] = self._run(self._handle(items))
        finally:
            with self._lock:
                self._busy -= 1
        return [(done.line, done.counts) for done in results]

    def end(self) -> None:
        """Gives back what an earlier run holds, unless it is still at work."""
        if not self._busy:
            self._loop.call_soon_threadsafe(self._session.close)
            self._loop.call_soon_threadsafe(self._loop.stop)

    def _live(self) -> None:
        self._loop.run_forever()
        self._loop.close()

    def _run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def _start(self, work: Work) -> WorkSession:
        return work.start(None)

    async def _handle(self, items: list[Item]) -> list[Done]:
        results: list[Done] = []
        whole = asyncio.get_running_loop().create_future()

        def finished(handed: Finished) -> None:
            results.extend(done for _, done in handed)
            if len(results) == len(items) and not whole.done():
                whole.set_result(None)

        handlers = Handlers(self._session, finished)
        handlers.add([Numbered(0, item) for item in items])
        try:
            await asyncio.wait((whole, handlers.failed), return_when="FIRST_COMPLETED")
            if handlers.failed.done():
                handlers.failed.result()
        finally:
            await handlers.close()
        return results
