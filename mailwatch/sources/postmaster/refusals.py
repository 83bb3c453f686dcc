"""What Google's refusals mean, read before its libraries see them.

google-auth sleeps and tries again by itself, whatever time is left. googleapiclient logs a 403 in
the server's own words, and those may echo the credential.
"""

import json
import re
from http.client import responses
from typing import Any

from mailwatch.model import Cause, Phrase, say, verbatim
from mailwatch.sources.http import Answer, ExchangeError
from mailwatch.sources.postmaster.credentials import SCOPE
from mailwatch.text.inert import inert

_SHUT_DOWN = re.compile(rb"\bapi\b.{0,40}no longer supported", re.IGNORECASE)
_PASSING = frozenset({"internal_failure", "server_error", "temporarily_unavailable"})
"""RFC 6749 §4.1.2.1 and Google's own: what google-auth takes for worth another try."""
_LIMITS = frozenset({"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded"})
_GOOGLE_PAGE = re.compile(r"https://([a-z0-9-]+\.)+google\.com/[!-~]*")


def refuse_server(answer: Answer, host: str) -> None:
    """Raises ExchangeError for what is about the server and not about the request.

    An API that was shut down says so with a 429, which looks as if another try could help.
    """
    if answer.status < 400:
        return
    if _SHUT_DOWN.search(answer.body):
        raise not_allowed(say("postmaster.shut_down"), unreachable=True)
    if answer.status == 429:
        what = say("http.rate_limited", host=host)
        raise ExchangeError(Cause.COULD_NOT_ASK, what, again=True, wait=_retry_after(answer))
    if answer.status >= 500 or answer.status == 408:
        # The standard's word for the status; the server's own may echo what it was sent.
        reason = responses.get(answer.status, "-")
        what = say("http.server_error", host=host, status=answer.status, reason=reason)
        raise ExchangeError(Cause.COULD_NOT_ASK, what, again=True)


def refuse_token(answer: Answer) -> None:
    """Raises ExchangeError for a refusal of the token server that another try may get past."""
    told = _parse(answer.body)
    for code in (told.get("error"), told.get("error_description")):
        if isinstance(code, str) and code in _PASSING:
            what = say("postmaster.token_refused", message=code)
            raise ExchangeError(Cause.COULD_NOT_ASK, what, again=True, unreachable=True)


def read_forbidden(body: bytes, host: str) -> ExchangeError:
    """403 means three things, told apart by the reason in its details; and too many requests.

    One that is not in Google's shape is a proxy's or a firewall's, and says nothing of the domain.
    """
    error = _parse(body).get("error")
    if not isinstance(error, dict):
        return _unexpected(host, responses[403])
    infos = [info for key in ("details", "errors") for info in _objects(error.get(key))]
    reasons = {info["reason"] for info in infos if isinstance(info.get("reason"), str)}
    if "SERVICE_DISABLED" in reasons:
        return not_allowed(say("postmaster.disabled", where=_activation(infos)), unreachable=True)
    if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in reasons:
        return not_allowed(say("postmaster.scope", scope=SCOPE), unreachable=True)
    if limits := reasons & _LIMITS:
        return _unexpected(host, min(limits), again=True)
    return not_allowed(say("postmaster.not_shared"))


def not_allowed(what: Phrase, *, unreachable: bool = False) -> ExchangeError:
    """The refusal `what`; `unreachable` where everything else will be refused too."""
    return ExchangeError(Cause.NOT_ALLOWED, what, unreachable=unreachable)


def _unexpected(host: str, message: str, *, again: bool = False) -> ExchangeError:
    what = say("http.unexpected", host=host, status=403, message=verbatim(message))
    return ExchangeError(Cause.COULD_NOT_ASK, what, again)


def _parse(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    return told if isinstance(told, dict) else {}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _activation(infos: list[dict[str, Any]]) -> str:
    """Google's own page for switching the API on; a page of any other host is not passed on."""
    for info in infos:
        metadata = info.get("metadata")
        url = metadata.get("activationUrl") if isinstance(metadata, dict) else None
        if isinstance(url, str) and _GOOGLE_PAGE.fullmatch(url):
            return inert(url, 200)
    return "https://console.cloud.google.com/apis/library"


def _retry_after(answer: Answer) -> float | None:
    value = answer.headers.get("Retry-After", "")
    return float(value) if value.isdecimal() and len(value) < 6 else None
