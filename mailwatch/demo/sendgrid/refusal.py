"""What the endpoints of the API have in common: how they are found, and how they refuse."""

from collections.abc import Callable
from dataclasses import dataclass

from mailwatch.demo.story.world import World
from mailwatch.demo.wire.exchange import Json, Request


class SendGridRefusal(Exception):  # noqa: N818 (an answer, not a defect)
    """A request that is answered with an error."""

    def __init__(self, status: int, message: str, field: str | None = None) -> None:
        """Takes the parts of the answer."""
        super().__init__(message)
        self.status, self.field = status, field


@dataclass(frozen=True, slots=True)
class Route:
    """What a path answers, and the scopes of which a key needs one (none: any key will do)."""

    scopes: frozenset[str]
    answer: Callable[[World, Request], Json]
