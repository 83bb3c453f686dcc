"""Google's token endpoint: what a stored consent or a service account gets for a request.

RFC 6749 (5.2: errors; 6: refreshing), RFC 7523 (the jwt-bearer grant), and the wording of
oauth2.googleapis.com.
"""

import base64
import json
import secrets
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from mailwatch.demo.google.consents import AUTH_PATH, Consents, TokenRefusal
from mailwatch.demo.story.world import GoogleAccount
from mailwatch.demo.wire.exchange import Json, Request, Response

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCE = "https://oauth2.googleapis.com/token"
"""What google-auth puts into `aud`, whatever the token endpoint's address."""
LIFETIME = 3599


class Tokens:
    """Issues access tokens and knows, while they last, what each may do."""

    def __init__(self, account: GoogleAccount) -> None:
        """Issues for `account`, and for the service accounts that may act as it."""
        self._account = account
        self._lock = threading.Lock()
        self._issued: dict[str, tuple[float, frozenset[str]]] = {}
        self._keys: dict[str, tuple[Any, frozenset[str]]] = {}
        self._consents = Consents(account)

    def trust(self, email: str, public_key: Any, scopes: frozenset[str]) -> None:
        """Lets a service account act as the account's user, within `scopes`."""
        with self._lock:
            self._keys[email] = (public_key, scopes)

    def scopes(self, token: str) -> frozenset[str] | None:
        """What a token may do; None when it was not issued here or is over."""
        with self._lock:
            ends, scopes = self._issued.get(token, (0.0, frozenset[str]()))
        return scopes if ends > time.monotonic() else None

    def expire(self) -> None:
        """Ends every token issued so far, as an hour would."""
        with self._lock:
            self._issued.clear()

    def __call__(self, request: Request) -> Response:
        """A token, or the error of RFC 6749; or the consent page's answer."""
        if request.path == AUTH_PATH:
            return self._consents.ask(request)
        try:
            return Response(200, self._grant(_form(request)))
        except TokenRefusal as refused:
            error = {"error": refused.error, "error_description": str(refused)}
            return Response(refused.status, error)

    def _grant(self, form: Mapping[str, str]) -> Json:
        grant = form.get("grant_type")
        if grant == "refresh_token":
            return self._issue(self._refreshed(form))
        if grant == "authorization_code":
            scopes, refresh = self._consents.redeem(form)
            issued: dict[str, Json] = {**self._issue(scopes)}
            return issued | ({"refresh_token": refresh} if refresh else {})
        if grant == JWT_BEARER:
            return self._issue(self._asserted(form.get("assertion", "")))
        raise TokenRefusal("unsupported_grant_type", f"Invalid grant_type: {grant}")

    def _issue(self, scopes: frozenset[str]) -> dict[str, Json]:
        token = f"ya29.{secrets.token_hex(24)}"
        with self._lock:
            self._issued[token] = (time.monotonic() + LIFETIME, scopes)
        return {
            "access_token": token,
            "expires_in": LIFETIME,
            "scope": " ".join(sorted(scopes)),
            "token_type": "Bearer",
        }

    def _refreshed(self, form: Mapping[str, str]) -> frozenset[str]:
        if form.get("client_id") != self._account.client_id:
            raise TokenRefusal("invalid_client", "The OAuth client was not found.", 401)
        if form.get("client_secret") != self._account.client_secret:
            raise TokenRefusal("invalid_client", "The provided client secret is invalid.", 401)
        if form.get("refresh_token") != self._account.refresh_token:
            raise TokenRefusal("invalid_grant", "Token has been expired or revoked.")
        if "scope" not in form:
            return self._account.scopes
        asked = frozenset(form["scope"].split())
        if not asked <= self._account.scopes:
            raise TokenRefusal("invalid_scope", "Some requested scopes were invalid.")
        return asked

    def _asserted(self, assertion: str) -> frozenset[str]:
        """What a signed assertion may do: RS256, within its hour, for a user."""
        signed, claims, signature = _parts(assertion)
        with self._lock:
            trusted = self._keys.get(str(claims.get("iss")))
        if trusted is None:
            raise TokenRefusal("invalid_grant", "Invalid grant: account not found")
        key, allowed = trusted
        if not _signed_by(key, signed, signature):
            raise TokenRefusal("invalid_grant", "Invalid JWT Signature.")
        self._check(claims)
        asked = frozenset(str(claims.get("scope", "")).split())
        if not asked or not asked <= allowed:
            raise TokenRefusal(
                "unauthorized_client",
                "Client is unauthorized to retrieve access tokens using this method, or client "
                "not authorized for any of the scopes requested.",
                401,
            )
        return asked

    def _check(self, claims: Mapping[str, Any]) -> None:
        now, issued, ends = time.time(), claims.get("iat"), claims.get("exp")
        if not isinstance(issued, int) or not isinstance(ends, int):
            raise TokenRefusal("invalid_grant", "Invalid JWT: iat and exp are required")
        if issued > now + 300 or ends < now or ends - issued > 3600:
            raise TokenRefusal(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
                "timeframe. Check your iat and exp values in the JWT claim.",
            )
        if claims.get("aud") != AUDIENCE:
            raise TokenRefusal("invalid_grant", "Invalid JWT: Failed audience check.")
        if claims.get("sub") != self._account.email:
            raise TokenRefusal("invalid_grant", "Invalid email or User ID")


def _form(request: Request) -> dict[str, str]:
    if request.method != "POST":
        raise TokenRefusal("invalid_request", "POST is required", 405)
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        raise TokenRefusal("invalid_request", f"Invalid content type: {kind}")
    return dict(parse_qsl(request.body.decode("latin-1")))


def _parts(assertion: str) -> tuple[bytes, Mapping[str, Any], bytes]:
    """What is signed, the claims, the signature (RFC 7515, 7.1)."""
    try:
        head, body, signature = assertion.split(".")
        header, claims = json.loads(_unpadded(head)), json.loads(_unpadded(body))
        if header["alg"] != "RS256" or not isinstance(claims, dict):
            raise TokenRefusal("invalid_grant", "Invalid JWT: RS256 is required")
        return f"{head}.{body}".encode(), claims, _unpadded(signature)
    except (ValueError, KeyError, TypeError) as error:
        raise TokenRefusal("invalid_grant", "Bad JWT: cannot be read") from error


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _signed_by(key: Any, signed: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        key.verify(signature, signed, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True
