"""google-api-python-client over our own bounded HTTP, and its errors in words.

httplib2, which the library brings, reads and unpacks whole bodies whatever their size. It is left
with the shape of a response: `BoundedHttp` sends every request, for a token too, through
`mailwatch.sources.http.exchange`. A service object is not safe in threads, so each has its own.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request

import google_auth_httplib2
import httplib2
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError, RefreshError
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from mailwatch.inert import inert
from mailwatch.model import Cause, Phrase, say, verbatim
from mailwatch.secret import hide
from mailwatch.sources.http import ExchangeError, exchange, persist
from mailwatch.sources.postmaster.credentials import SCOPE
from mailwatch.sources.task import Task

MOST_PAGES = 20
_SHUT_DOWN = "no longer supported"


class BoundedHttp:
    """What google-auth and google-api-python-client need of an `httplib2.Http`."""

    def __init__(self, task: Task) -> None:
        self._task = task

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
        answer = exchange(request, self._task)
        fields = {name.lower(): value for name, value in answer.headers.items()}
        response = httplib2.Response({**fields, "status": str(answer.status)})
        response.reason = answer.reason
        return response, answer.body

    def close(self) -> None:
        """Nothing is held open."""


class Postmaster:
    """What mailwatch asks of the v2 API. Every method raises ExchangeError. For one thread."""

    def __init__(
        self, credentials: Credentials, secrets: tuple[str, ...], endpoint: str, task: Task
    ) -> None:
        self._credentials = credentials
        self._secrets = secrets
        self._task = task
        self._host = inert(urlsplit(endpoint).netloc, 100)
        self._http = BoundedHttp(task)
        authorized = google_auth_httplib2.AuthorizedHttp(credentials, http=self._http)
        self._domains = build(
            "gmailpostmastertools",
            "v2",
            http=authorized,
            client_options={"api_endpoint": endpoint},
            static_discovery=True,
        ).domains()

    def refresh(self) -> None:
        """Gets an access token, for every service with these credentials."""
        request = google_auth_httplib2.Request(self._http)
        self._carry_out(lambda: self._credentials.refresh(request))  # type: ignore[no-untyped-call]

    def statistics(self, domain: str, body: Mapping[str, Any]) -> list[Any]:
        """The rows that answer `body`, of all pages."""
        resource = self._domains.domainStats()
        request = resource.query(parent=f"domains/{domain}", body=dict(body))
        rows: list[Any] = []
        for _ in range(MOST_PAGES):
            page = self._execute(request)
            found = page.get("domainStats", [])
            if not isinstance(found, list):
                raise self._not_json()
            rows += found
            request = resource.query_next(request, page)
            if request is None:
                return rows
        raise ExchangeError(Cause.COULD_NOT_ASK, say("postmaster.endless_pages", n=MOST_PAGES))

    def compliance(self, domain: str) -> Mapping[str, Any]:
        """The compliance status."""
        name = f"domains/{domain}/complianceStatus"
        return self._execute(self._domains.getComplianceStatus(name=name))

    def _execute(self, request: Any) -> Mapping[str, Any]:
        answer = self._carry_out(lambda: request.execute(num_retries=0))
        if not isinstance(answer, dict):
            raise self._not_json()
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
                raise _not_allowed(say("postmaster.token_refused", message="-")) from None
            except (ValueError, RecursionError, AttributeError, TypeError):
                # What the library makes of a body that is not the JSON it expects.
                raise self._not_json() from None

        return persist(self._task, attempt)

    def _refusal(self, error: HttpError) -> ExchangeError:
        """What an answer other than 2xx means, and whether it may pass by itself."""
        status = int(error.resp.status)
        message = inert(hide(str(error.reason), *self._secrets, self._token()), 200)
        if status == 429 and _SHUT_DOWN in message:
            return ExchangeError(Cause.NOT_ALLOWED, say("postmaster.shut_down"), unreachable=True)
        if status == 429:
            what = say("http.rate_limited", host=self._host)
            return ExchangeError(Cause.COULD_NOT_ASK, what, again=True, wait=_retry_after(error))
        if status >= 500:
            what = say(
                "http.server_error",
                host=self._host,
                status=status,
                reason=inert(str(error.resp.reason), 40),
            )
            return ExchangeError(Cause.COULD_NOT_ASK, what, again=True)
        if status == 401:
            return _not_allowed(say("postmaster.unauthorized"), unreachable=True)
        if status in (403, 404):
            return _forbidden(error)
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
            return _not_allowed(say(codes[code], scope=SCOPE), unreachable=True)
        message = inert(hide(str(code or "-"), *self._secrets, self._token()), 80)
        again = bool(getattr(error, "retryable", False))
        what = say("postmaster.token_refused", message=message)
        return ExchangeError(
            Cause.COULD_NOT_ASK if again else Cause.NOT_ALLOWED, what, again, unreachable=True
        )

    def _token(self) -> str:
        return str(self._credentials.token or "")

    def _not_json(self) -> ExchangeError:
        return ExchangeError(Cause.COULD_NOT_ASK, say("http.not_json", host=self._host), again=True)


def _forbidden(error: HttpError) -> ExchangeError:
    """403 means three things, told apart by the reason in its details."""
    details = error.error_details if isinstance(error.error_details, list) else []
    infos = [detail for detail in details if isinstance(detail, dict)]
    reasons = {info.get("reason") for info in infos if isinstance(info.get("reason"), str)}
    if "SERVICE_DISABLED" in reasons:
        return _not_allowed(say("postmaster.disabled", where=_activation(infos)), unreachable=True)
    if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in reasons:
        return _not_allowed(say("postmaster.scope", scope=SCOPE), unreachable=True)
    return _not_allowed(say("postmaster.not_shared"))


def _activation(infos: list[dict[str, Any]]) -> str:
    """Google's own page for switching the API on; a page of any other host is not passed on."""
    for info in infos:
        metadata = info.get("metadata")
        url = metadata.get("activationUrl") if isinstance(metadata, dict) else None
        if isinstance(url, str) and url.startswith("https://console.developers.google.com/"):
            return inert(url, 200)
    return "https://console.cloud.google.com/apis/library"


def _retry_after(error: HttpError) -> float | None:
    value = str(error.resp.get("retry-after", ""))
    return float(value) if value.isdecimal() and len(value) < 6 else None


def _not_allowed(what: Phrase, *, unreachable: bool = False) -> ExchangeError:
    return ExchangeError(Cause.NOT_ALLOWED, what, unreachable=unreachable)
