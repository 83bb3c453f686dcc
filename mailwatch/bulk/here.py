"""The engine in this process: one event loop, many items at once."""

import asyncio
from collections.abc import Callable, Sequence

from mailwatch.bulk.feed import Feed
from mailwatch.bulk.handlers import AT_ONCE, Finished, Handlers, Numbered
from mailwatch.bulk.work import Done, Item, Work

Give = Callable[[Sequence[Done]], None]
Stop = Callable[[], bool]

LOOK_AGAIN = 0.1
"""Seconds after which it is looked whether the run is to stop."""


def work_here(work: Work, feed: Feed[Item], give: Give, stop: Stop) -> None:
    """Handles every item of `feed`. Ends early, with what is done handed over, when `stop` says
    so."""
    asyncio.run(_work(work, feed, give, stop))


async def _work(work: Work, feed: Feed[Item], give: Give, stop: Stop) -> None:
    at_work = 0
    loop = asyncio.get_running_loop()
    news = asyncio.Event()

    def finished(results: Finished) -> None:
        nonlocal at_work
        at_work -= len(results)
        give([done for _, done in results])
        news.set()

    session = work.start(None)
    handlers = Handlers(session, finished)

    def arrived() -> None:
        loop.call_soon_threadsafe(news.set)

    feed.start(arrived)
    ended = False
    try:
        while not stop() and not (ended and not at_work):
            news.clear()
            while not ended and at_work < 2 * AT_ONCE:
                chunk = feed.take()
                ended = chunk is None
                if not chunk:
                    break
                at_work += len(chunk)
                handlers.add([Numbered(0, item) for item in chunk])
            await wait_for_news(news, handlers.failed)
    finally:
        feed.stop()
        await handlers.close()
        session.close()


async def wait_for_news(news: asyncio.Event, failed: "asyncio.Future[None]") -> None:
    """Waits until there is news, for a short while at most. Raises what `failed` has."""
    waiting = asyncio.ensure_future(news.wait())
    await asyncio.wait((waiting, failed), timeout=LOOK_AGAIN, return_when="FIRST_COMPLETED")
    waiting.cancel()
    if failed.done():
        failed.result()
