"""What the servers have in common: a request that came in, and an answer that goes out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mailwatch.demo.wire.faults import Service

Json = Any
"""A JSON value as the client sent it; its type is not known yet."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request that a server got, or a DNS question.

    Of a DNS question the method is the record type, the path the name, the query the transport.
    """

    service: Service
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    """By name in small letters."""
    body: bytes = b""

    def first(self, name: str) -> str | None:
        """The first value of a query parameter, or None."""
        return next((value for key, value in self.query if key == name), None)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: a status, a body that becomes JSON (a str is sent as HTML), headers."""

    status: int
    body: Json
    headers: tuple[tuple[str, str], ...] = ()


Application = Callable[[Request], Response]
Record = Callable[[Request], None]
