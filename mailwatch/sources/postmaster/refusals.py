"""What Google's refusals mean, read before its libraries see them.

google-auth sleeps and tries again by itself, whatever time is left. googleapiclient logs a 403 in
the server's own words, and those may echo the credential. No body is quoted here: it is read to
choose the right words.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mailwatch.model import Cause, Phrase, say
from mailwatch.sources.http import ExchangeError, HttpAnswer, asked_wait, standard_reason
from mailwatch.sources.postmaster.credentials import SCOPE, V1_SCOPE
from mailwatch.text.inert import inert

_SHUT_DOWN = re.compile(rb"\bapi\b.{0,40}no longer supported", re.IGNORECASE)
_PASSING = frozenset({"internal_failure", "server_error", "temporarily_unavailable"})
"""RFC 6749 §4.1.2.1 and Google's own: what google-auth retries."""
_TOKEN_ERRORS: Mapping[str, str] = {
    "invalid_grant": "postmaster.revoked",
    "invalid_client": "postmaster.wrong_client",
    "unauthorized_client": "postmaster.not_delegated",
    "invalid_scope": "postmaster.not_delegated",
}
"""RFC 6749 §5.2."""
_LIMITS = frozenset({"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded"})
_GOOGLE_PAGE = re.compile(r"https://([a-z0-9-]+\.)+google\.com/[!-~]*")


def refuse_server(answer: HttpAnswer, host: str, now: datetime) -> None:
    """Raises ExchangeError for what is about the server and not about the request.

    An API that was shut down says so with a 429, which looks as if another try could help.
    """
    if answer.status < 400:
        return
    if _SHUT_DOWN.search(answer.body):
        raise not_allowed(say("postmaster.shut_down"), unreachable=True)
    wait = asked_wait(answer.status, answer.headers, now)
    if answer.status == 429:
        what = say("http.rate_limited", host=host)
        raise ExchangeError(Cause.COULD_NOT_ASK, what, again=True, wait=wait)
    if answer.status >= 500 or answer.status == 408:
        reason = standard_reason(answer.status)
        what = say("http.server_error", host=host, status=answer.status, reason=reason)
        raise ExchangeError(Cause.COULD_NOT_ASK, what, again=True, wait=wait)


def refuse_token(answer: HttpAnswer, *, delegated: bool = False) -> None:
    """Raises ExchangeError for a refusal of the token server.

    `delegated` where a service account asked for a user's token: its invalid_grant is another one.
    """
    if answer.status < 400:
        return
    reply = _parse(answer.body)
    codes = [reply.get(key) for key in ("error", "error_description")]
    for code in codes:
        if isinstance(code, str) and code in _PASSING:
            what = say("postmaster.token_refused", reason=code)
            raise ExchangeError(Cause.COULD_NOT_ASK, what, again=True, unreachable=True)
    if delegated and codes[0] == "invalid_grant":
        raise not_allowed(say("postmaster.not_impersonated", scope=SCOPE), unreachable=True)
    if isinstance(codes[0], str) and codes[0] in _TOKEN_ERRORS:
        raise not_allowed(say(_TOKEN_ERRORS[codes[0]], scope=SCOPE), unreachable=True)
    reason = f"{answer.status} {standard_reason(answer.status)}"
    raise not_allowed(say("postmaster.token_refused", reason=reason), unreachable=True)


def refuse_request(answer: HttpAnswer, host: str, now: datetime) -> None:
    """Raises ExchangeError for a refusal of the API that is about this request."""
    if answer.status < 400:
        return
    if answer.status == 401:
        raise not_allowed(say("postmaster.unauthorized"), unreachable=True)
    if answer.status == 403:
        raise read_forbidden(answer, host, now)
    if answer.status == 404:
        raise not_allowed(say("postmaster.not_shared"))
    raise _unexpected(host, answer.status, standard_reason(answer.status))


def read_forbidden(answer: HttpAnswer, host: str, now: datetime) -> ExchangeError:
    """403 means three things, which differ by the reason in its details; and too many requests.

    One that is not in Google's shape is a proxy's or a firewall's, and says nothing of the domain.
    """
    error = _parse(answer.body).get("error")
    if not isinstance(error, dict):
        return _unexpected(host, 403, standard_reason(403))
    infos = [info for key in ("details", "errors") for info in _objects(error.get(key))]
    reasons = {info["reason"] for info in infos if isinstance(info.get("reason"), str)}
    if "SERVICE_DISABLED" in reasons:
        return not_allowed(say("postmaster.disabled", where=_activation(infos)), unreachable=True)
    if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in reasons:
        return not_allowed(say("postmaster.scope", scope=SCOPE), unreachable=True)
    if limits := reasons & _LIMITS:
        limited = _unexpected(host, 403, min(limits))  # words of ours, found in the body
        limited.again, limited.wait = True, asked_wait(429, answer.headers, now)
        return limited
    return not_allowed(say("postmaster.not_shared"))


def refused_by_v1(error: ExchangeError) -> ExchangeError:
    """The same refusal where API v1 gave it: what helps is another scope, or to leave v1 out.

    That v1 is shut down ends the source; a scope that only v1 needs does not.
    """
    if error.what == say("postmaster.shut_down"):
        return not_allowed(say("postmaster.v1_shut_down"), unreachable=True)
    if error.what == say("postmaster.scope", scope=SCOPE):
        return not_allowed(say("postmaster.v1_scope", scope=V1_SCOPE))
    return error


def not_allowed(what: Phrase, *, unreachable: bool = False) -> ExchangeError:
    """The refusal `what`; `unreachable` where everything else will be refused too."""
    return ExchangeError(Cause.NOT_ALLOWED, what, unreachable=unreachable)


def _unexpected(host: str, status: int, reason: str) -> ExchangeError:
    what = say("http.unexpected", host=host, status=status, reason=reason)
    return ExchangeError(Cause.COULD_NOT_ASK, what)


def _parse(body: bytes) -> dict[str, Any]:
    try:
        reply = json.loads(body)
    except (ValueError, RecursionError):
        reply = None
    return reply if isinstance(reply, dict) else {}


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
