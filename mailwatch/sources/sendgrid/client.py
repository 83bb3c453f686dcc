"""What mailwatch asks of SendGrid's v3 API: the SDK over a `Session`, with retries.

One client speaks for one account with one key: the SDK keeps a header that was once sent for every
later call.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

from sendgrid import SendGridAPIClient

from mailwatch.config.secret import hide
from mailwatch.model import Cause, say
from mailwatch.sources.http import ExchangeError, Session, asked_wait, persist, standard_reason
from mailwatch.sources.sendgrid.bodies import DayTwiceError, read_days
from mailwatch.sources.sendgrid.sdk_transport import BoundedClient
from mailwatch.sources.sendgrid.statistics import Statistics
from mailwatch.text.inert import inert

Query = Mapping[str, str | int | tuple[str, ...]]
T = TypeVar("T")


PAGE = 500
"""Rows asked for at once: the most that the suppression lists give."""


class Endpoint(NamedTuple):
    """What is read with GET, and what it takes."""

    path: tuple[str, ...]
    scope: str
    """The scope that opens it, to be named where it is refused."""
    absent: tuple[int, ...] = ()
    """Statuses that mean that there is nothing, and are no failure."""


STATS = Endpoint(("stats",), "stats.read")
ACCOUNT_PAGE = Endpoint(("user", "account"), "user.account.read")


class SendGrid:
    """What mailwatch asks of the v3 API. Every method raises `ExchangeError`. For one thread."""

    def __init__(
        self, api_key: str, base_url: str, session: Session, on_behalf_of: str | None = None
    ) -> None:
        """`on_behalf_of` names a subuser that the account is known to have: for a name that it does
        not know, SendGrid answers with the account's own figures."""
        self._key = api_key
        self._job = session.job
        self._host = base_url.rstrip("/")
        sdk = SendGridAPIClient(api_key, host=self._host, impersonate_subuser=on_behalf_of)
        self._client = BoundedClient(
            session=session,
            host=self._host,
            request_headers=sdk.client.request_headers,
            version=3,
        )

    def statistics(self, first: date, last: date) -> Statistics:
        """The counts of each day from `first` to `last` that the API answers for."""
        rows = self.ask(STATS, days_query(first, last), read_days)
        return {
            day: counts
            for day, counts in rows.items()
            if counts is not None and first <= day <= last
        }

    def ask(self, endpoint: Endpoint, query: Query, read: Callable[[Any], T]) -> T:
        """What `read` makes of the answer (None for a status of `endpoint.absent`).

        `read` raises an ordinary error for a shape that is not the documented one.
        """
        body = self._get(endpoint.scope, endpoint.path, query, absent=endpoint.absent)
        try:
            return read(body)
        except DayTwiceError as error:
            what = say("sendgrid.day_twice", day=error.day)
            raise ExchangeError(Cause.COULD_NOT_ASK, what) from None
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
            raise self._not_json() from None

    def pages(
        self,
        endpoint: Endpoint,
        query: Query,
        read: Callable[[Any], Sequence[T]],
        most: int,
    ) -> Iterator[Sequence[T]]:
        """Page after page of `PAGE` rows, to the first short one or until there are `most` rows."""
        for offset in range(0, most, PAGE):
            page = self.ask(endpoint, {**query, "limit": PAGE, "offset": offset}, read)
            yield page[:PAGE]
            if len(page) < PAGE:
                return

    def reputation(self) -> float:
        """The account's reputation, 0 to 100."""
        body = self._get(ACCOUNT_PAGE.scope, ACCOUNT_PAGE.path)
        reputation = body.get("reputation") if isinstance(body, dict) else None
        if isinstance(reputation, bool) or not isinstance(reputation, int | float):
            raise self._not_json()
        if not 0 <= reputation <= 100:
            raise self._not_json()
        return float(reputation)

    def scopes(self) -> tuple[str, ...]:
        """What the key may do."""
        body = self._get("", ("scopes",))
        scopes = body.get("scopes") if isinstance(body, dict) else None
        if not isinstance(scopes, list):
            raise self._not_json()
        texts = (str(scope).strip() for scope in scopes[:1000])
        return tuple(inert(hide(text, self._key), 80) for text in texts if text)

    def _get(
        self,
        scope: str,
        path: tuple[str, ...],
        query: Query | None = None,
        absent: tuple[int, ...] = (),
    ) -> Any:
        endpoint = self._client
        for segment in path:
            endpoint = endpoint._(segment)

        def attempt() -> Any:
            response = endpoint.get(query_params=dict(query) if query else None)
            if response.status_code in absent:
                return None
            if response.status_code != 200:
                raise self._refusal(response, scope)
            try:
                return json.loads(response.body)
            except (ValueError, RecursionError):
                raise self._not_json(again=True) from None

        return persist(self._job, attempt)

    def _refusal(self, response: Any, scope: str) -> ExchangeError:
        """What an answer other than 200 means, and whether it may pass by itself."""
        status = response.status_code
        host = self._host.partition("://")[2]
        wait = asked_wait(status, response.headers, self._job.clock.now())
        if status == 429:
            what = say("http.rate_limited", host=host)
            return ExchangeError(Cause.COULD_NOT_ASK, what, again=True, wait=wait)
        reason = standard_reason(status)
        if status >= 500:
            what = say("http.server_error", host=host, status=status, reason=reason)
            # 500 is this request's failure; the others are a gateway's, which all have to pass.
            return ExchangeError(Cause.COULD_NOT_ASK, what, True, wait, unreachable=status != 500)
        if status in (401, 403) and "whitelist" in _message(response.body).lower():
            return ExchangeError(Cause.NOT_ALLOWED, say("sendgrid.address"), unreachable=True)
        if status == 401:
            return ExchangeError(Cause.NOT_ALLOWED, say("sendgrid.wrong_key"), unreachable=True)
        if status == 403:
            what = say("sendgrid.scope", scope=scope) if scope else say("sendgrid.forbidden")
            return ExchangeError(Cause.NOT_ALLOWED, what)
        what = say("http.unexpected", host=host, status=status, reason=reason)
        return ExchangeError(Cause.COULD_NOT_ASK, what)

    def _not_json(self, *, again: bool = False) -> ExchangeError:
        host = self._host.partition("://")[2]
        return ExchangeError(Cause.COULD_NOT_ASK, say("http.not_json", host=host), again=again)


def days_query(first: date, last: date) -> dict[str, str]:
    """The parameters of a range of whole days, one row a day."""
    return {"start_date": str(first), "end_date": str(last), "aggregated_by": "day"}


def _message(body: bytes) -> str:
    """The API's own words for an error, as they came: to choose ours by, never to be quoted."""
    try:
        return str(json.loads(body)["errors"][0]["message"])
    except (ValueError, RecursionError, LookupError, TypeError):
        return body.decode(errors="replace")
