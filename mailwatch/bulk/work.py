"""What is done with each item of a list. The engines know nothing else of it."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, Protocol

Item = Any
"""One thing to work on. It can be pickled, since it may go to another process."""


class Done(NamedTuple):
    """What became of an item."""

    line: str
    """The text for the output, with its end of line."""
    counts: tuple[str, ...]
    """What is counted of it: each adds one to the count of that name."""


class Once(Protocol):
    """What only one of several processes has to find out."""

    async def once(self, key: Any, find: Callable[[], Awaitable[Any]]) -> Any:
        """What `find` gives, here or in another process."""
        ...


class WorkSession(Protocol):
    """The work going on in one process."""

    async def handle(self, item: Item) -> Done:
        """What becomes of `item`. Raises nothing for what the item itself may be like."""
        ...

    def close(self) -> None:
        """Gives back sockets and the like."""
        ...


class Work(Protocol):
    """The work as it is sent to a process: small, and can be pickled."""

    def start(self, once: Once | None) -> WorkSession:
        """Begins in this process, in the running event loop. `once` is None where it is alone."""
        ...

    def route(self, item: Item) -> int:
        """Items with the same number belong in the same process."""
        ...
