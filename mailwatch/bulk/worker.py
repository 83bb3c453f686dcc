"""What runs in each of the processes: items come in, what is done goes out."""

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from mailwatch.bulk.channel import Channel, open_channel
from mailwatch.bulk.handlers import AT_ONCE, Finished, Handlers, Numbered

if TYPE_CHECKING:
    from mailwatch.bulk.work import Work


def work(descriptor: int) -> None:
    """Works for the process at the other end of the socket `descriptor`, until that ends."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the process that reads the list says when to end
    asyncio.run(serve(socket.socket(fileno=descriptor)))
    os._exit(0)


class Questions:
    """Asks the process at the other end who finds something out: one process does."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._waiting: dict[Any, asyncio.Future[Any]] = {}
        self._wanted: list[Any] = []

    async def once(self, key: Any, find: Callable[[], Awaitable[Any]]) -> Any:
        """What `find` gives, here or in another process."""
        waiting = self._waiting.get(key)
        if waiting is None:
            waiting = self._waiting[key] = asyncio.get_running_loop().create_future()
            self._wanted.append(key)
            if len(self._wanted) == 1:  # all that come up in this turn are asked together
                asyncio.get_running_loop().call_soon(self._ask)
        answer = await asyncio.shield(waiting)
        if answer is not None:
            return answer
        found = await find()
        self._channel.send("found", (key, found))
        return found

    def answered(self, answers: list[tuple[Any, Any]]) -> None:
        """Each key with what was found; None: it is for this process to find out."""
        for key, answer in answers:
            waiting = self._waiting.pop(key, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)

    def _ask(self) -> None:
        wanted, self._wanted = self._wanted, []
        self._channel.send("wanted", wanted)


async def serve(end: socket.socket) -> None:
    """Works for the other end of the socket, until that says the end or is gone."""
    channel = await open_channel(end)
    first = await channel.receive()
    if first is None:
        return
    questions = Questions(channel)
    given: Work = first[1]
    session = given.start(questions)
    handlers = Handlers(session, lambda done: _hand_in(channel, done), AT_ONCE)
    receiving = asyncio.create_task(_receive(channel, questions, handlers))
    await asyncio.wait((receiving, handlers.failed), return_when="FIRST_COMPLETED")
    if handlers.failed.done():
        channel.send("defect", repr(handlers.failed.exception()))
    receiving.cancel()
    await handlers.close()
    session.close()
    await channel.flush()
    await channel.close()


def _hand_in(channel: Channel, finished: Finished) -> None:
    channel.send("done", [(number, tuple(done)) for number, done in finished])


async def _receive(channel: Channel, questions: Questions, handlers: Handlers) -> None:
    """Until the end is said, or the other process is gone."""
    while (message := await channel.receive()) is not None:
        kind, content = message
        if kind == "items":
            handlers.add([Numbered(number, item) for number, item in content])
        elif kind == "answers":
            questions.answered(content)
        else:
            return
