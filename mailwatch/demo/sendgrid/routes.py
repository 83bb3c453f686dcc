"""What a path answers, and how its parameters are read: as strictly as the real API does."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from mailwatch.demo.story.world import World
from mailwatch.demo.wire.exchange import Json, Request

MOST_NAMES = 10
"""Times that a parameter may be repeated."""
T = TypeVar("T")


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


def read_day(request: Request, name: str, default: date | None) -> date:
    text = request.first(name)
    if text is None and default is not None:
        return default
    if text is None:
        raise SendGridRefusal(400, f"{name} is required", name)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise SendGridRefusal(400, f"{name} must be a date in the format YYYY-MM-DD", name)


def read_number(request: Request, name: str, least: int, most: int = 10**10) -> int | None:
    text = request.first(name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,10}", text) or not least <= int(text) <= most:
        raise SendGridRefusal(400, f"{name} must be a whole number, at least {least}", name)
    return int(text)


def read_names(request: Request, name: str, *, required: bool = True) -> tuple[str, ...]:
    """A parameter that may be repeated, at most ten times."""
    names = tuple(value for key, value in request.query if key == name)
    if required and not names:
        raise SendGridRefusal(400, f"{name} is required", name)
    if len(names) > MOST_NAMES:
        raise SendGridRefusal(400, f"{name} may be given at most {MOST_NAMES} times", name)
    return names


def page_of(request: Request, rows: Sequence[T], default: int | None, most: int) -> Sequence[T]:
    """The rows that `limit` and `offset` ask for."""
    limit = read_number(request, "limit", 1, most) or default
    offset = read_number(request, "offset", 0) or 0
    return rows[offset : None if limit is None else offset + limit]
