"""A token file made into Google's credentials: a person's consent, or a service account's key.

google-auth's own loaders are not used as they are: the one for a person's token replaces its
`token_uri` by Google's in silence, and the general one accepts whatever the file asks for. A token
is asked for at googleapis.com or on loopback, and nowhere else.
"""

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from google.auth.credentials import Credentials
from google.oauth2 import credentials as user
from google.oauth2 import service_account

from mailwatch.config import PostmasterConfig
from mailwatch.config.addresses import parse_url
from mailwatch.errors import SecretError
from mailwatch.model import Cause, Phrase, say
from mailwatch.sources.http import ExchangeError
from mailwatch.text.inert import inert

SCOPE = "https://www.googleapis.com/auth/postmaster.traffic.readonly"
"""Reads statistics and the compliance status, and nothing else."""
V1_SCOPE = "https://www.googleapis.com/auth/postmaster.readonly"
"""What API v1 asks for; it opens nothing of v2."""
TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address
PERSON = ("client_id", "client_secret", "refresh_token")
SERVICE = ("client_email", "private_key")


class Access:
    """Credentials that several threads share: one of them gets a token, the others wait for it."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials: Any = credentials  # the library is half typed
        self._lock = threading.Lock()

    def authorization(self, request: Callable[..., Any]) -> str:
        """The header's value, with a token that has not expired; `request` gets one if need be."""
        with self._lock:
            if not self._credentials.valid:
                self._credentials.refresh(request)
            return self._header()

    def renew(self, request: Callable[..., Any], refused: str | None = None) -> str:
        """The header's value after `refused`, which another thread may have replaced already."""
        with self._lock:
            if refused is None or self._header() == refused:
                self._credentials.refresh(request)
            return self._header()

    def _header(self) -> str:
        headers: dict[str, str] = {}
        self._credentials.apply(headers)
        return headers["authorization"]


def read_credentials(settings: PostmasterConfig) -> Credentials:
    """The credentials that `settings` name.

    Raises ExchangeError, with no content of the file in its words.
    """
    if settings.credentials is None:
        raise _refused(say("postmaster.not_named"))
    try:
        text = settings.credentials.whole()
    except SecretError as error:
        raise _refused(say("postmaster.unreadable", what=error.why)) from None
    info = _parse(text)
    token_uri = _token_uri(info)
    if info.get("type") == "service_account":
        return _service_account(info, token_uri, settings.subject)
    if info.get("type", "authorized_user") != "authorized_user" or "refresh_token" not in info:
        client_file = "installed" in info or "web" in info
        raise _refused(say("postmaster.client_file" if client_file else "postmaster.other_file"))
    _require(info, PERSON)
    return _person(info, token_uri)


def _parse(text: str) -> Mapping[str, Any]:
    try:
        info = json.loads(text)
    except (ValueError, RecursionError):
        info = None
    if not isinstance(info, dict):
        raise _refused(say("postmaster.not_json"))
    return info


def _token_uri(info: Mapping[str, Any]) -> str:
    uri = info.get("token_uri") or TOKEN_URI
    try:
        return parse_url(str(uri), home="googleapis.com")
    except ValueError:
        raise _refused(say("postmaster.token_uri", host=_host(str(uri)))) from None


def _host(uri: str) -> str:
    try:
        host = urlsplit(uri).hostname
    except ValueError:  # brackets that do not close, or a host that normalizes to another one
        host = None
    return inert(host or "?", 100)


def _person(info: Mapping[str, Any], token_uri: str) -> Credentials:
    # No scopes: a refresh that asks for more than was consented to fails as a whole.
    return user.Credentials(  # type: ignore[no-untyped-call]  # the library has no types
        None,
        refresh_token=info["refresh_token"],
        token_uri=token_uri,
        client_id=info["client_id"],
        client_secret=info["client_secret"],
    )


def _service_account(info: Mapping[str, Any], token_uri: str, subject: str | None) -> Credentials:
    _require(info, SERVICE)
    if subject is None:
        raise _refused(say("postmaster.no_subject"))
    try:
        made: service_account.Credentials = service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
            {**info, "token_uri": token_uri}, scopes=[SCOPE], subject=subject
        )
        # A key of another kind than RSA is accepted until the first signature.
        made.sign_bytes(b"")
    except (ValueError, TypeError, AttributeError):
        raise _refused(say("postmaster.bad_key")) from None
    return made


def _require(info: Mapping[str, Any], names: tuple[str, ...]) -> None:
    missing = [name for name in names if not isinstance(info.get(name), str) or not info[name]]
    if missing:
        raise _refused(say("postmaster.fields_missing", names=", ".join(missing)))


def _refused(what: Phrase) -> ExchangeError:
    return ExchangeError(Cause.NOT_ALLOWED, what, unreachable=True)
