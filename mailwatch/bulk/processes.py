"""The engine with several processes: this one reads the list and writes the lines.

A process is given no more than a few hundred items ahead of what it has handed in, so memory does
not grow with the list. Items of one that dies are given to the others.
"""

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from typing import Any

from mailwatch.bulk.channel import Channel, open_channel
from mailwatch.bulk.feed import Feed
from mailwatch.bulk.handlers import AT_ONCE
from mailwatch.bulk.here import Give, Stop, wait_for_news
from mailwatch.bulk.once import Broker
from mailwatch.bulk.work import Done, Item, Work

AHEAD = AT_ONCE + 128
"""Items that a process has at a time."""
PATIENCE = 5.0
"""Seconds that a process has to hand in what is done, after it has to end."""
MOST_ATTEMPTS = 3
"""Processes that one item may be given to, when those before died with it."""
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from mailwatch.bulk.worker import work; work(int(sys.argv[2]))"
)


class WorkerDied(Exception):  # noqa: N818  # an event
    """No process is left, or one of ours found a defect. Says which."""


class _Worker:
    """A process, and what it is at work on."""

    def __init__(self) -> None:
        ours, its = socket.socketpair()
        arguments = [json.dumps(sys.path), str(its.fileno())]
        # -P: a folder that one merely stands in is not looked into for modules.
        self.process = subprocess.Popen(  # noqa: S603  # ourselves
            [sys.executable, "-P", "-c", _BOOT, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(its.fileno(),),
            process_group=0,  # Ctrl-C at the terminal is for the process that reads the list
        )
        its.close()
        self._end = ours
        self.channel: Channel | None = None
        self.at_work: dict[int, tuple[Item, int]] = {}
        self.waiting: deque[tuple[Item, int]] = deque()
        self.alive = True

    async def connect(self) -> Channel:
        """Opens the channel."""
        self.channel = await open_channel(self._end)
        return self.channel


class _Pool:
    """The processes of one run."""

    def __init__(self, work: Work, give: Give, workers: Sequence[_Worker]) -> None:
        self._work = work
        self._give = give
        self.workers = workers
        self._numbers = 0
        self._broker: Broker[_Worker] = Broker()
        self.news = asyncio.Event()
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def living(self) -> list[_Worker]:
        """Those that work."""
        return [worker for worker in self.workers if worker.alive]

    @property
    def busy(self) -> bool:
        """True while something is at work or waits for it."""
        return any(worker.at_work or worker.waiting for worker in self.workers)

    @property
    def full(self) -> bool:
        """True when no more is to be read now."""
        return any(len(worker.waiting) >= AHEAD for worker in self.living)

    def add(self, items: Sequence[Item], attempts: int = 0) -> None:
        """Hands these out: each to its process, or to the next one that lives."""
        living = self.living
        for item in items:
            living[self._work.route(item) % len(living)].waiting.append((item, attempts))
        for worker in living:
            self._hand_out(worker)

    async def serve(self, worker: _Worker) -> None:
        """Takes what `worker` says, until it ends."""
        channel = await worker.connect()
        channel.send("work", self._work)
        self._hand_out(worker)
        while (message := await channel.receive()) is not None:
            self._take(worker, *message)
            self.news.set()
        self._bury(worker)
        self.news.set()

    def _hand_out(self, worker: _Worker) -> None:
        free = min(AHEAD - len(worker.at_work), len(worker.waiting))
        # By the dozen: single items would cost a message each.
        if worker.channel is None or free <= 0 or (free < 16 and len(worker.waiting) > free):
            return
        batch = []
        for _ in range(free):
            item, attempts = worker.waiting.popleft()
            self._numbers += 1
            worker.at_work[self._numbers] = item, attempts + 1
            batch.append((self._numbers, item))
        worker.channel.send("items", batch)

    def _take(self, worker: _Worker, kind: str, content: Any) -> None:
        if kind == "done":
            for number, _ in content:
                del worker.at_work[number]
            self._give([Done(*done) for _, done in content])
            self._hand_out(worker)
        elif kind == "wanted":
            self._answer(self._broker.wanted(worker, content))
        elif kind == "found":
            self._answer(self._broker.found(*content))
        elif not self.failed.done():
            self.failed.set_exception(WorkerDied(content))

    def _answer(self, answers: dict[_Worker, list[tuple[Any, Any]]]) -> None:
        for worker, listed in answers.items():
            if worker.channel is not None and worker.alive:
                worker.channel.send("answers", listed)

    def _bury(self, worker: _Worker) -> None:
        """`worker` is gone: what it had goes to the others."""
        worker.alive = False
        self._answer(self._broker.gone(worker))
        left = [*worker.at_work.values(), *worker.waiting]
        worker.at_work.clear()
        worker.waiting.clear()
        worn = any(attempts >= MOST_ATTEMPTS for _, attempts in left)
        if left and (worn or not self.living):
            if not self.failed.done():
                self.failed.set_exception(WorkerDied("a process ended before its work was done"))
            return
        for item, attempts in left:
            self.add([item], attempts)


def work_in_processes(number: int, work: Work, feed: Feed[Item], give: Give, stop: Stop) -> None:
    """Handles every item of `feed` in so many processes. Ends early, with what is done handed
    over, when `stop` says so. Raises WorkerDied for a defect."""
    workers = [_Worker() for _ in range(number)]
    try:
        asyncio.run(_work(workers, work, feed, give, stop))
    finally:
        for worker in workers:
            worker.process.kill()
            worker.process.wait()


async def _work(
    workers: Sequence[_Worker], work: Work, feed: Feed[Item], give: Give, stop: Stop
) -> None:
    pool = _Pool(work, give, workers)
    loop = asyncio.get_running_loop()

    def arrived() -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(pool.news.set)

    serving = [asyncio.create_task(pool.serve(worker)) for worker in workers]
    feed.start(arrived)
    ended = False
    try:
        while not stop() and not (ended and not pool.busy):
            pool.news.clear()
            while not ended and not pool.full and pool.living:
                chunk = feed.take()
                ended = chunk is None
                if not chunk:
                    break
                pool.add(chunk)
            await wait_for_news(pool.news, pool.failed)
    finally:
        feed.stop()
        await _end(pool, serving)


async def _end(pool: _Pool, serving: Sequence["asyncio.Task[None]"]) -> None:
    """Takes what is done already, and ends the processes."""
    for worker in pool.living:
        worker.waiting.clear()
        worker.at_work = _Forgetful()
        if worker.channel is not None:
            worker.channel.send("end", None)
    await asyncio.wait(serving, timeout=PATIENCE)
    for task in serving:
        task.cancel()
    await asyncio.gather(*serving, return_exceptions=True)
    for worker in pool.workers:
        if worker.channel is not None:
            await worker.channel.close()
    if not pool.failed.done():
        pool.failed.cancel()


class _Forgetful(dict[int, tuple[Item, int]]):
    """What is at work no longer counts: it is not given to anybody else."""

    def __delitem__(self, number: int) -> None:
        """Every number may come."""
