"""Many domains in one call: rounds of `domainStats:batchQuery`, a page of each domain a round.

The API refuses a whole batch where one of its domains is not shared. What a batch does not answer
is therefore asked again, a domain at a time: only that says whose refusal it is.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from mailwatch.model import Cause, say
from mailwatch.sources.http import ExchangeError
from mailwatch.sources.postmaster.client import MOST_PAGES, Postmaster

Body = Callable[[str | None], Mapping[str, Any]]
"""The body of a query for the page with this token."""


class Reader(Protocol):
    """Takes the rows of a query as they come. Raises ValueError for what is not as documented."""

    def add(self, row: Any) -> None:
        """Takes a row."""

    def result(self) -> Any:
        """What all rows make."""


class Unbatched(Exception):  # noqa: N818 (an answer, not a defect)
    """A batch that says nothing of its domains: ask each of them alone."""


def ask_batch(
    service: Postmaster, bodies: Sequence[Body], reader: Callable[[], Reader]
) -> list[Any | None]:
    """What a `reader` each makes of the rows of each query; None where one has to be asked alone.

    Raises `Unbatched` for a batch that was refused as a whole, and ExchangeError for one that was
    not answered.
    """
    queries = [_Query(body, reader()) for body in bodies]
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
    return [query.result() for query in queries]


def ask_pages(service: Postmaster, domain: str, body: Body, reader: Callable[[], Reader]) -> Any:
    """What a `reader` makes of all rows of one domain's query. Raises ExchangeError."""
    reading = reader()
    try:
        for row in service.statistics(domain, body(None)):
            reading.add(row)
        return reading.result()
    except ValueError:
        raise ExchangeError(Cause.COULD_NOT_ASK, say("postmaster.malformed")) from None


class _Query:
    """One query of a batch, and what reads its rows: one page is held at a time."""

    def __init__(self, body: Body, reader: Reader) -> None:
        self._body = body
        self._reader = reader
        self._tokens: list[str] = []
        self._refused = False
        self.open = True

    def body(self) -> Mapping[str, Any]:
        return self._body(self._tokens[-1] if self._tokens else None)

    def take(self, result: Mapping[str, Any]) -> None:
        try:
            self._take(result.get("response"))
        except ValueError:
            self._refused, self.open = True, False

    def _take(self, response: Any) -> None:
        if not isinstance(response, dict):
            raise ValueError("an error, or nothing")
        rows, token = response.get("domainStats", []), response.get("nextPageToken") or None
        if not isinstance(rows, list) or token in self._tokens:
            raise ValueError("no rows, or the same page again")
        for row in rows:
            self._reader.add(row)
        if token is None:
            self.open = False
        elif isinstance(token, str):
            self._tokens.append(token)
        else:
            raise ValueError("the token is not a text")

    def result(self) -> Any | None:
        if self._refused or self.open:
            return None
        try:
            return self._reader.result()
        except ValueError:
            return None
