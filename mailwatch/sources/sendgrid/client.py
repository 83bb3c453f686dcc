"""The `sendgrid` SDK with what it lacks: a timeout, bounds, retries, and no redirects.

The SDK waits for ever, reads whole bodies, and follows redirects with the key in hand. Its
transport, `python_http_client.Client`, makes each request in `_make_request`; that is replaced
here, and `_build_client`, which would otherwise return the plain class for every path segment.
"""

import json
import logging
import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.request import Request

import python_http_client
from sendgrid import SendGridAPIClient

from mailwatch.config.secret import hide
from mailwatch.model import Cause, say
from mailwatch.sources.http import (
    ExchangeError,
    HttpAnswer,
    Session,
    asked_wait,
    persist,
    standard_reason,
)
from mailwatch.sources.sendgrid.statistics import COUNTED, Counts, Statistics
from mailwatch.text.inert import inert

MOST_MESSAGES = 10**12
"""A larger number is not taken for a count of messages."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

# The SDK logs each request's headers, and so the key, at DEBUG. A filter stays in force when the
# application configures its logging later, which sets `disabled` back.
logging.getLogger("python_http_client.client").addFilter(lambda record: False)


class BoundedClient(python_http_client.Client):  # type: ignore[misc]  # the library has no types
    """The SDK's transport over a `Session`."""

    def __init__(self, *, session: Session, **options: Any) -> None:
        super().__init__(**options)
        self._session = session

    def _build_client(self, name: str | None = None) -> "BoundedClient":
        return BoundedClient(
            session=self._session,
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=[*self._url_path, name] if name else self._url_path,
        )

    def _make_request(self, opener: object, request: Request, timeout: object = None) -> "_Raw":
        method, body = request.get_method(), request.data
        if body is not None and not isinstance(body, bytes):
            raise TypeError("the SDK encodes its bodies")
        return _Raw(
            self._session.send(method, request.full_url, dict(request.header_items()), body)
        )


class _Raw:
    """An `HttpAnswer` in the shape of urllib's, as the SDK's `Response` reads it."""

    def __init__(self, answer: HttpAnswer) -> None:
        self._answer = answer

    def getcode(self) -> int:
        return self._answer.status

    def read(self) -> bytes:
        return self._answer.body

    def info(self) -> Mapping[str, str]:
        return self._answer.headers


class SendGrid:
    """What mailwatch asks of the v3 API. Every method raises `ExchangeError`. For one thread."""

    def __init__(self, api_key: str, base_url: str, session: Session) -> None:
        self._key = api_key
        self._job = session.job
        self._host = base_url.rstrip("/")
        sdk = SendGridAPIClient(api_key, host=self._host)
        self._client = BoundedClient(
            session=session,
            host=self._host,
            request_headers=sdk.client.request_headers,
            version=3,
        )

    def statistics(self, first: date, last: date) -> Statistics:
        """The counts of each day from `first` to `last` that the API answers for."""
        body = self._get(
            "stats.read",
            ("stats",),
            {"start_date": str(first), "end_date": str(last), "aggregated_by": "day"},
        )
        try:
            rows = _read_days(body)
        except _DayTwiceError as error:
            what = say("sendgrid.day_twice", day=error.day)
            raise ExchangeError(Cause.COULD_NOT_ASK, what) from None
        except (TypeError, ValueError, KeyError, IndexError, AttributeError):
            raise self._not_json() from None
        return {
            day: counts
            for day, counts in rows.items()
            if counts is not None and first <= day <= last
        }

    def reputation(self) -> float:
        """The account's reputation, 0 to 100."""
        body = self._get("user.account.read", ("user", "account"))
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

    def _get(self, scope: str, path: tuple[str, ...], query: dict[str, str] | None = None) -> Any:
        endpoint = self._client
        for segment in path:
            endpoint = endpoint._(segment)

        def attempt() -> Any:
            response = endpoint.get(query_params=query)
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


class _DayTwiceError(Exception):
    """A day is listed twice, with different counts: nothing says which of them are right."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


def _read_days(body: Any) -> dict[date, Counts | None]:
    """The counts of each day. Raises _DayTwiceError, and other errors for another shape."""
    if not isinstance(body, list):
        raise ValueError("the days are not a list")
    rows: dict[date, Counts | None] = {}
    for day, counts in map(_read_day, body):
        if rows.setdefault(day, counts) != counts:
            raise _DayTwiceError(day)
    return rows


def _read_day(row: Any) -> tuple[date, Counts | None]:
    """A day and those of `COUNTED` that it has; None where the API lists the day without any.

    A count that is left out is not taken for 0.
    """
    if not _DAY.fullmatch(row["date"]):
        raise ValueError("not a date")
    day = date.fromisoformat(row["date"])
    if row["stats"] == []:
        return day, None
    (only,) = row["stats"]
    metrics = only["metrics"]
    if not isinstance(metrics, dict):
        raise ValueError("the counts are not an object")
    return day, {name: _read_count(metrics[name]) for name in COUNTED if name in metrics}


def _read_count(count: Any) -> int:
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MOST_MESSAGES:
        raise ValueError("not a count of messages")
    return count


def _message(body: bytes) -> str:
    """The API's own words for an error, as they came: to choose ours by, never to be quoted."""
    try:
        return str(json.loads(body)["errors"][0]["message"])
    except (ValueError, RecursionError, LookupError, TypeError):
        return body.decode(errors="replace")
