"""Google's consent page for a desktop program, as if the person had said yes, and its codes.

RFC 6749 §4.1, RFC 7636 (PKCE), RFC 8252 §7.3, and what accounts.google.com refuses.
"""

import base64
import hashlib
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from mailwatch.demo.story.world import DOMAINS, EVERYTHING, TRAFFIC, TRAFFIC_V1, GoogleAccount
from mailwatch.demo.wire.exchange import Request, Response

AUTH_PATH = "/o/oauth2/auth"
SCOPES = frozenset({TRAFFIC, TRAFFIC_V1, DOMAINS, EVERYTHING})


class TokenRefusal(Exception):  # noqa: N818 (an answer, not a defect)
    """A request for a token that is answered with an error."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        """Takes the parts of the answer."""
        super().__init__(description)
        self.error, self.status = error, status


@dataclass(frozen=True, slots=True)
class Given:
    """A consent whose code was not redeemed yet."""

    redirect_uri: str
    challenge: str
    scopes: frozenset[str]
    offline: bool


class Consents:
    """What was consented to, by code. Safe in threads."""

    def __init__(self, account: GoogleAccount) -> None:
        """Consents for `account`, which says yes to what it may have."""
        self._account = account
        self._lock = threading.Lock()
        self._given: dict[str, Given] = {}

    def ask(self, request: Request) -> Response:
        """A redirect with a code; or with `access_denied`, or Google's page of what is wrong."""
        asked = dict(request.query)
        problem = self._problem(request, asked)
        if problem is not None:
            return Response(400, f"<!DOCTYPE html><title>Error 400: {problem}</title>")
        code = f"4/0A{secrets.token_urlsafe(48)}"
        scopes = frozenset(asked["scope"].split())
        granted = scopes & self._account.scopes
        answer = {"state": asked["state"]} if "state" in asked else {}
        if not granted:
            answer |= {"error": "access_denied"}
        else:
            answer |= {"code": code, "scope": " ".join(sorted(granted))}
            offline = asked.get("access_type") == "offline" and asked.get("prompt") == "consent"
            given = Given(asked["redirect_uri"], asked["code_challenge"], granted, offline)
            with self._lock:
                self._given[code] = given
        return Response(302, "", (("Location", f"{asked['redirect_uri']}?{urlencode(answer)}"),))

    def redeem(self, form: Mapping[str, str]) -> tuple[frozenset[str], str | None]:
        """What a code gives, once: scopes, and a refresh token where access is offline."""
        if form.get("client_id") != self._account.client_id:
            raise TokenRefusal("invalid_client", "The OAuth client was not found.", 401)
        if form.get("client_secret") != self._account.client_secret:
            raise TokenRefusal("invalid_client", "The provided client secret is invalid.", 401)
        with self._lock:
            given = self._given.pop(form.get("code", ""), None)
        if given is None:
            raise TokenRefusal("invalid_grant", "Malformed auth code.")
        if form.get("redirect_uri") != given.redirect_uri:
            raise TokenRefusal("redirect_uri_mismatch", "Bad Request")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != given.challenge:
            raise TokenRefusal("invalid_grant", "Invalid code verifier.")
        return given.scopes, self._account.refresh_token if given.offline else None

    def _problem(self, request: Request, asked: Mapping[str, str]) -> str | None:
        redirect = urlsplit(asked.get("redirect_uri", ""))
        scopes = frozenset(asked.get("scope", "").split())
        loopback = redirect.scheme == "http" and redirect.hostname in ("127.0.0.1", "localhost")
        problems = {
            "invalid_request: GET": request.method != "GET",
            "invalid_client": asked.get("client_id") != self._account.client_id,
            "unsupported_response_type": asked.get("response_type") != "code",
            "redirect_uri_mismatch": not loopback,
            "invalid_scope": not scopes or not scopes <= SCOPES,
            "invalid_request: code_challenge": len(asked.get("code_challenge", "")) != 43
            or asked.get("code_challenge_method") != "S256",
        }
        return next((name for name, found in problems.items() if found), None)
