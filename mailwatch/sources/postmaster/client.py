"""google-api-python-client over our own bounded HTTP, and its errors in words.

httplib2, which the library brings, reads and unpacks whole bodies whatever their size. It is left
with the shape of a response: `BoundedHttp` sends every request, for a token too, through
`mailwatch.sources.http.exchange`. A service object is not safe in threads, so each has its own.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request

import google_auth_httplib2
import httplib2
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError, RefreshError
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from mailwatch.config.secret import hide
from mailwatch.model import Cause, say, verbatim
from mailwatch.sources.http import ExchangeError, exchange, persist
from mailwatch.sources.job import Job
from mailwatch.sources.postmaster.credentials import SCOPE
from mailwatch.sources.postmaster.refusals import (
    not_allowed,
    read_forbidden,
    refuse_server,
    refuse_token,
)
from mailwatch.text.inert import inert

MOST_PAGES = 20


class BoundedHttp:
    """What google-auth and google-api-python-client need of an `httplib2.Http`."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.token = ""
        """The access token sent last: another thread may have renewed that of the credentials."""

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> tuple[httplib2.Response, bytes]:
        """The answer and its body. Raises ExchangeError."""
        # Compressed answers are not asked for: unpacking one is where a small body grows large.
        kept = {k: v for k, v in (headers or {}).items() if k.lower() != "accept-encoding"}
        data = body.encode() if isinstance(body, str) else body
        # An https address or loopback: the configuration and the credentials accept no other.
        request = Request(uri, data, kept, method=method)  # noqa: S310
        for_api = request.has_header("Authorization")
        if for_api:
            self.token = request.get_header("Authorization", "").partition(" ")[2]
        answer = exchange(request, self._job)
        host = inert(request.host, 100)
        refuse_server(answer, host)
        if answer.status == 403 and for_api:
            # Not left to googleapiclient, which logs the server's words: they may echo the token.
            raise read_forbidden(answer.body, host)
        if answer.status >= 400 and not for_api:
            refuse_token(answer)
        fields = {name.lower(): value for name, value in answer.headers.items()}
        response = httplib2.Response({**fields, "status": str(answer.status)})
        response.reason = answer.reason
        return response, answer.body

    def close(self) -> None:
        """Nothing is held open."""


class Postmaster:
    """What mailwatch asks of the v2 API. Every method raises ExchangeError. For one thread."""

    def __init__(
        self, credentials: Credentials, secrets: tuple[str, ...], endpoint: str, job: Job
    ) -> None:
        self._credentials = credentials
        self._secrets = secrets
        self._job = job
        self._host = inert(urlsplit(endpoint).netloc, 100)
        self._http = BoundedHttp(job)
        authorized = google_auth_httplib2.AuthorizedHttp(credentials, http=self._http)
        self._domains = build(
            "gmailpostmastertools",
            "v2",
            http=authorized,
            # The environment may name another universe; it is Google's own that is meant.
            client_options={"api_endpoint": endpoint, "universe_domain": "googleapis.com"},
            static_discovery=True,
        ).domains()

    def refresh(self) -> None:
        """Gets an access token, for every service with these credentials."""
        request = google_auth_httplib2.Request(self._http)
        self._carry_out(lambda: self._credentials.refresh(request))  # type: ignore[no-untyped-call]

    def statistics(self, domain: str, body: Mapping[str, Any]) -> Iterator[Any]:
        """The rows that answer `body`, of all pages; one page is held at a time."""
        resource = self._domains.domainStats()
        request = resource.query(parent=f"domains/{domain}", body=dict(body))
        tokens: list[Any] = []
        for _ in range(MOST_PAGES):
            page = self._execute(request)
            found = page.get("domainStats", [])
            if not isinstance(found, list):
                raise self._not_json()
            yield from found
            request = resource.query_next(request, page)
            if request is None:
                return
            if page["nextPageToken"] in tokens:
                raise ExchangeError(Cause.COULD_NOT_ASK, say("postmaster.repeated_page"))
            tokens.append(page["nextPageToken"])
        raise ExchangeError(Cause.COULD_NOT_ASK, say("postmaster.endless_pages", n=MOST_PAGES))

    def compliance(self, domain: str) -> Mapping[str, Any]:
        """The compliance status."""
        name = f"domains/{domain}/complianceStatus"
        return self._execute(self._domains.getComplianceStatus(name=name))

    def _execute(self, request: Any) -> Mapping[str, Any]:
        def call() -> Mapping[str, Any]:
            answer = request.execute(num_retries=0)
            if not isinstance(answer, dict):  # a body that is no JSON comes back as a str
                raise ValueError("an answer is no object")
            return answer

        answer: Mapping[str, Any] = self._carry_out(call)
        return answer

    def _carry_out(self, call: Callable[[], Any]) -> Any:
        def attempt() -> Any:
            try:
                return call()
            except HttpError as error:
                raise self._refusal(error) from None
            except RefreshError as error:
                raise self._token_refusal(error) from None
            except GoogleAuthError:
                raise not_allowed(say("postmaster.token_refused", message="-")) from None
            except (ValueError, RecursionError, AttributeError, TypeError, OverflowError):
                # What the library makes of a body that is not the JSON it expects.
                raise self._not_json() from None

        return persist(self._job, attempt)

    def _refusal(self, error: HttpError) -> ExchangeError:
        """What a refusal of the API means."""
        status = int(error.resp.status)
        message = inert(hide(str(error.reason), *self._secrets, self._http.token), 200)
        if status == 401:
            return not_allowed(say("postmaster.unauthorized"), unreachable=True)
        if status == 404:
            return not_allowed(say("postmaster.not_shared"))
        what = say("http.unexpected", host=self._host, status=status, message=verbatim(message))
        return ExchangeError(Cause.COULD_NOT_ASK, what)

    def _token_refusal(self, error: RefreshError) -> ExchangeError:
        told = error.args[1] if len(error.args) > 1 else None
        code = told.get("error") if isinstance(told, dict) else None
        codes = {
            "invalid_grant": "postmaster.revoked",
            "invalid_client": "postmaster.wrong_client",
            "unauthorized_client": "postmaster.not_delegated",
            "invalid_scope": "postmaster.not_delegated",
        }
        if isinstance(code, str) and code in codes:
            return not_allowed(say(codes[code], scope=SCOPE), unreachable=True)
        message = inert(hide(str(code or "-"), *self._secrets, self._http.token), 80)
        return not_allowed(say("postmaster.token_refused", message=message), unreachable=True)

    def _not_json(self) -> ExchangeError:
        return ExchangeError(Cause.COULD_NOT_ASK, say("http.not_json", host=self._host), again=True)
