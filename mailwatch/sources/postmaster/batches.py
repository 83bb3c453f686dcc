"""Many domains in one call: rounds of `domainStats:batchQuery`, a page of each domain a round.

The API refuses a whole batch where one of its domains is not shared. What a batch does not answer
is therefore asked again, a domain at a time: only that says whose refusal it is.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from mailwatch.model import Cause, say
from mailwatch.sources.http import ExchangeError
from mailwatch.sources.postmaster.client import MOST_PAGES, Postmaster

Made = TypeVar("Made")
Body = Callable[[str | None], Mapping[str, Any]]
"""The body of a query for the page with this token."""


class Unbatched(Exception):  # noqa: N818 (an answer, not a defect)
    """A batch that says nothing of its domains: ask each of them alone."""


def ask_batch(
    service: Postmaster, bodies: Sequence[Body], read: Callable[[list[Any]], Made]
) -> list[Made | None]:
    """What `read` makes of all rows of each query; None where one has to be asked alone.

    Raises `Unbatched` for a batch that was refused as a whole, and ExchangeError for one that was
    not answered.
    """
    queries: list[_Query[Made]] = [_Query(body) for body in bodies]
    for _ in range(MOST_PAGES):
        waiting = [query for query in queries if query.open]
        if not waiting:
            break
        try:
            results = service.batch([query.body() for query in waiting])
        except ExchangeError as error:
            if error.again or error.unreachable:
                raise
            raise Unbatched from None
        for query, result in zip(waiting, results, strict=True):
            query.take(result)
    return [query.read(read) for query in queries]


def ask_pages(service: Postmaster, domain: str, body: Body, read: Callable[[Any], Made]) -> Made:
    """What `read` makes of all rows of one domain's query. Raises ExchangeError."""
    try:
        return read(service.statistics(domain, body(None)))
    except ValueError:
        raise ExchangeError(Cause.COULD_NOT_ASK, say("postmaster.malformed")) from None


class _Query(Generic[Made]):
    """One query of a batch, and the rows that it has been given."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._rows: list[Any] = []
        self._tokens: list[str] = []
        self._refused = False
        self.open = True

    def body(self) -> Mapping[str, Any]:
        return self._body(self._tokens[-1] if self._tokens else None)

    def take(self, result: Mapping[str, Any]) -> None:
        response = result.get("response")
        found = response.get("domainStats", []) if isinstance(response, dict) else None
        if not isinstance(response, dict) or not isinstance(found, list):
            self._refuse()
            return
        self._rows += found
        token = response.get("nextPageToken") or None
        if token is None:
            self.open = False
        elif not isinstance(token, str) or token in self._tokens:
            self._refuse()
        else:
            self._tokens.append(token)

    def read(self, read: Callable[[list[Any]], Made]) -> Made | None:
        if self._refused or self.open:
            return None
        try:
            return read(self._rows)
        except ValueError:
            return None

    def _refuse(self) -> None:
        self._refused, self.open = True, False
        self._rows.clear()
