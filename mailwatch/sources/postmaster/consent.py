"""A person's consent to read Postmaster Tools, made into a token: OAuth 2.0 for a desktop program.

Google's page for signing in is opened by the person, in any browser on this machine; it sends the
browser back to us on loopback with a code, and the code is exchanged for a token that lasts.

Sources: RFC 6749 §4.1 (the code), RFC 7636 (PKCE: a stolen code is worth nothing), RFC 8252 §7.3
(the loopback redirect), RFC 6749 §10.12 (`state`), developers.google.com/identity/protocols/oauth2/
native-app.
"""

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from mailwatch.config.addresses import parse_url
from mailwatch.errors import MailwatchError
from mailwatch.sources.connections import host_of
from mailwatch.sources.http import ExchangeError, HttpAnswer, Session, persist
from mailwatch.sources.job import Job
from mailwatch.sources.postmaster.credentials import SCOPE, TOKEN_URI, V1_SCOPE
from mailwatch.sources.postmaster.refusals import refuse_server
from mailwatch.text.inert import inert
from mailwatch.words import worded

AUTH_URI = "https://accounts.google.com/o/oauth2/auth"
_CODE = re.compile(r"[a-z_]{1,40}")
CREATE_AGAIN = (
    "Create an OAuth client of the type Desktop app in the Google Cloud console, under APIs & "
    "Services, Credentials, and download its JSON file."
)


class ConsentError(MailwatchError):
    """There is no token: consent was refused, or did not come, or Google did not take the code."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """A desktop OAuth client, from the file that the Google Cloud console gives."""

    client_id: str
    client_secret: str = field(repr=False)
    auth_uri: str = AUTH_URI
    token_uri: str = TOKEN_URI


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """One request for consent; its answer must have the same `state`."""

    client: OAuthClient
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(64), repr=False)

    @property
    def url(self) -> str:
        """The page that asks the person. `prompt=consent` makes sure of a refresh token."""
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(self.scopes),
            "state": self.state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"),
            "code_challenge_method": "S256",
            "access_type": "offline",
            "prompt": "consent",
        }
        return f"{self.client.auth_uri}?{urlencode(asked)}"


def scopes_for(*, legacy_v1: bool) -> tuple[str, ...]:
    """The one scope that v2 needs; API v1, where it is asked too, has its own."""
    return (SCOPE, V1_SCOPE) if legacy_v1 else (SCOPE,)


def read_client(text: str) -> OAuthClient:
    """The client in a console file. Raises ConsentError, with nothing of the file in its words."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise ConsentError("the client file is not a JSON object", CREATE_AGAIN)
    installed = document.get("installed")
    if not isinstance(installed, dict):
        kind = "of a web application" if "web" in document else "without a desktop client"
        raise ConsentError(f"the client file is {kind}", CREATE_AGAIN)
    names = [installed.get(name) for name in ("client_id", "client_secret")]
    if not all(isinstance(name, str) and name for name in names):
        raise ConsentError("the client file has no client_id and client_secret", CREATE_AGAIN)
    return OAuthClient(
        str(names[0]),
        str(names[1]),
        _address(installed.get("auth_uri") or AUTH_URI, "google.com", "auth_uri"),
        _address(installed.get("token_uri") or TOKEN_URI, "googleapis.com", "token_uri"),
    )


def exchange(request: ConsentRequest, code: str, job: Job) -> dict[str, Any]:
    """The token file's content for `code`. Raises ConsentError."""
    client = request.client
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "redirect_uri": request.redirect_uri,
        "code_verifier": request.verifier,
    }
    reply = _post(client.token_uri, form, job)
    token, granted = reply.get("refresh_token"), reply.get("scope")
    missing = set(request.scopes) - set(granted.split() if isinstance(granted, str) else ())
    if missing:
        raise ConsentError(
            f"Google granted no {', '.join(sorted(missing))}",
            "Run the command again, and leave every box of Google's page ticked.",
        )
    if not isinstance(token, str) or not token:
        raise ConsentError(
            "Google gave no refresh token",
            "Remove mailwatch from myaccount.google.com/permissions, and run the command again.",
        )
    return {
        "type": "authorized_user",
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "refresh_token": token,
        "token_uri": client.token_uri,
        "scopes": list(request.scopes),
    }


def _post(url: str, form: Mapping[str, str], job: Job) -> Mapping[str, Any]:
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}

    def attempt() -> HttpAnswer:
        answer = session.send("POST", url, headers, urlencode(form).encode("ascii"))
        refuse_server(answer, host_of(url), job.clock.now())
        return answer

    with Session(job) as session:
        try:
            answer = persist(job, attempt)
        except ExchangeError as error:
            what = worded(error.what, "en")
            raise ConsentError(f"no token: {what}", "Run the command again.") from None
    try:
        reply = json.loads(answer.body)
    except (ValueError, RecursionError):
        reply = None
    if not isinstance(reply, dict):
        raise ConsentError("no token: the answer is not JSON", "Run the command again.")
    if answer.status >= 400:
        named = reply.get("error")
        known = isinstance(named, str) and _CODE.fullmatch(named)
        raise ConsentError(
            f"Google did not take the code ({named if known else answer.status})",
            "Run the command again; for invalid_client, download the client file again.",
        )
    return reply


def _address(uri: Any, home: str, name: str) -> str:
    try:
        return parse_url(str(uri), home=home)
    except ValueError:
        raise ConsentError(
            f"the client file's {name} {inert(str(uri), 100)} is not at https://{home}",
            "Check that the file is from Google; nothing was sent there.",
        ) from None
