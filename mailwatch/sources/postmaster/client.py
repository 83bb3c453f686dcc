"""google-api-python-client over our own bounded HTTP, and its errors in words.

httplib2, which the library brings, reads and unpacks whole bodies whatever their size. It is left
with the shape of a response: `BoundedHttp` sends every request through a `Session`, and asks for
tokens itself, since google-auth's own wrapper would get one in every thread. A service object is
not safe in threads, so each has its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httplib2
from google.auth.exceptions import GoogleAuthError
from googleapiclient.discovery import build

from mailwatch.model import Cause, say
from mailwatch.sources.connections import host_of
from mailwatch.sources.http import ExchangeError, HttpAnswer, Session, persist
from mailwatch.sources.postmaster.credentials import Access
from mailwatch.sources.postmaster.query import PAGE_SIZE
from mailwatch.sources.postmaster.refusals import (
    not_allowed,
    refuse_request,
    refuse_server,
    refuse_token,
    refused_by_v1,
)

MOST_PAGES = 20


@dataclass(frozen=True, slots=True)
class TokenResponse:
    """An answer as google-auth reads it."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class TokenRequest:
    """How google-auth asks for a token. Raises ExchangeError for an answer that is not a token."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> TokenResponse:
        """The answer of the token server."""
        answer = self._session.send(method, url, headers, body)
        refuse_server(answer, host_of(url), self._session.job.clock.now())
        refuse_token(answer, delegated=b"jwt-bearer" in (body or b""))
        return TokenResponse(answer.status, answer.headers, answer.body)


class BoundedHttp:
    """What google-api-python-client needs of an `httplib2.Http`, with a token in each request."""

    def __init__(self, session: Session, access: Access) -> None:
        self._session = session
        self._access = access
        self._request = TokenRequest(session)

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> tuple[httplib2.Response, bytes]:
        """The answer and its body. Raises ExchangeError."""
        data = body.encode() if isinstance(body, str) else body
        authorization = self._access.authorization(self._request)
        answer = self._send(method, uri, {**(headers or {}), "authorization": authorization}, data)
        if answer.status == 401:  # a token may end before its time: once with a new one
            authorization = self._access.renew(self._request, refused=authorization)
            fields = {**(headers or {}), "authorization": authorization}
            answer = self._send(method, uri, fields, data)
        refuse_request(answer, host_of(uri), self._session.job.clock.now())
        found = {name.lower(): value for name, value in answer.headers.items()}
        return httplib2.Response({**found, "status": str(answer.status)}), answer.body

    def _send(
        self, method: str, uri: str, headers: Mapping[str, str], body: bytes | None
    ) -> HttpAnswer:
        answer = self._session.send(method, uri, headers, body)
        refuse_server(answer, host_of(uri), self._session.job.clock.now())
        return answer

    def close(self) -> None:
        """The session's connections stay open for the others."""


class Postmaster:
    """What mailwatch asks of the v2 API. Every method raises ExchangeError. For one thread."""

    def __init__(self, access: Access, endpoint: str, session: Session) -> None:
        self._access = access
        self._session = session
        self._host = host_of(endpoint)
        self._endpoint = endpoint
        self._service = self._build("v2")
        self._domains = self._service.domains()

    def _build(self, version: str) -> Any:
        return build(
            "gmailpostmastertools",
            version,
            http=BoundedHttp(self._session, self._access),
            # The environment may name another universe; it is Google's own that is meant.
            client_options={"api_endpoint": self._endpoint, "universe_domain": "googleapis.com"},
            static_discovery=True,
        )

    def refresh(self) -> None:
        """Gets an access token, for every service with these credentials."""
        request = TokenRequest(self._session)
        self._carry_out(lambda: self._access.renew(request))

    def statistics(self, domain: str, body: Mapping[str, Any]) -> Iterator[Any]:
        """The rows that answer `body`, of all pages; one page is held at a time."""
        resource = self._domains.domainStats()
        request = resource.query(parent=f"domains/{domain}", body=dict(body))
        return self._pages(request, resource.query_next, "domainStats")

    def traffic(self, domain: str, first: date, last: date) -> Iterator[Any]:
        """The days that API v1 has of a domain, of all pages."""
        days = {
            f"{name}Date_{part}": getattr(day, part)
            for name, day in (("start", first), ("end", last + timedelta(days=1)))
            for part in ("year", "month", "day")
        }
        resource = self._build("v1").domains().trafficStats()
        request = resource.list(parent=f"domains/{domain}", pageSize=PAGE_SIZE, **days)
        try:
            yield from self._pages(request, resource.list_next, "trafficStats")
        except ExchangeError as error:
            raise refused_by_v1(error) from None

    def _pages(self, request: Any, after: Callable[[Any, Any], Any], rows: str) -> Iterator[Any]:
        tokens: list[Any] = []
        for _ in range(MOST_PAGES):
            page = self._execute(request)
            found = page.get(rows, [])
            if not isinstance(found, list):
                raise self._not_json()
            yield from found
            request = after(request, page)
            if request is None:
                return
            if page["nextPageToken"] in tokens:
                raise ExchangeError(Cause.COULD_NOT_ASK, say("postmaster.repeated_page"))
            tokens.append(page["nextPageToken"])
        raise ExchangeError(Cause.COULD_NOT_ASK, say("postmaster.endless_pages", n=MOST_PAGES))

    def batch(self, bodies: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """The results of at most 100 queries, in their order: each has a `response` or an `error`.
        The API refuses all of them where one domain is not shared."""
        body = {"requests": [dict(one) for one in bodies]}
        # Without `prettyPrint`, which is on by default, the answer is half as long.
        query = self._service.domainStats().batchQuery(body=body, prettyPrint=False)
        answer = self._execute(query)
        results = answer.get("results")
        if not isinstance(results, list) or len(results) != len(bodies):
            results = [None]
        if not all(isinstance(result, dict) for result in results):
            raise ExchangeError(Cause.COULD_NOT_ASK, say("postmaster.malformed"))
        return results

    def compliance(self, domain: str) -> Mapping[str, Any]:
        """The compliance status."""
        name = f"domains/{domain}/complianceStatus"
        return self._execute(self._domains.getComplianceStatus(name=name))

    def _execute(self, request: Any) -> Mapping[str, Any]:
        def call() -> Mapping[str, Any]:
            answer = request.execute(num_retries=0)
            if not isinstance(answer, dict):  # a body that is not JSON comes back as a str
                raise ValueError("the answer is not an object")
            return answer

        answer: Mapping[str, Any] = self._carry_out(call)
        return answer

    def _carry_out(self, call: Callable[[], Any]) -> Any:
        def attempt() -> Any:
            try:
                return call()
            except GoogleAuthError:  # an answer of the token server that holds no token
                what = say("postmaster.token_refused", reason="200 OK")
                raise not_allowed(what, unreachable=True) from None
            except (ValueError, RecursionError, AttributeError, TypeError, OverflowError):
                # What the library makes of a body that is not the JSON it expects.
                raise self._not_json() from None

        return persist(self._session.job, attempt)

    def _not_json(self) -> ExchangeError:
        return ExchangeError(Cause.COULD_NOT_ASK, say("http.not_json", host=self._host), again=True)
