"""What every request has to pass before it is looked at, and what every answer carries.

A page on the web can make a browser ask this server, under a name of its own that leads here (DNS
rebinding): so the Host header has to be a known one. Nothing is read that is not wanted: only the
webhook has a body, and that is bounded.
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOOK = "/sendgrid/events"
OPEN = ("/healthz",)
"""Paths without a token: they show nothing."""
LONGEST_TARGET = 2000
"""Bytes of path and query."""
LONGEST_HEADER = 16_384
"""Bytes of all header lines."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
STYLE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
SECURITY = (
    (b"content-security-policy", STYLE_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
Headers = Iterable[tuple[bytes, bytes]]
Refusal = tuple[int, str, tuple[tuple[bytes, bytes], ...]]


class Guard:
    """Lets through to `app` what may pass."""

    def __init__(
        self,
        app: ASGIApp,
        hosts: frozenset[str],
        token: str | None,
        complain: Callable[[Exception], None],
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._token = token
        self._complain = complain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers by itself what may not pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message.get("headers", ()), *SECURITY]
            await send(message)

        refused = self._refusal(scope)
        if refused is not None:
            await refuse(guarded, *refused)
            return
        try:
            await self._app(scope, receive, guarded)
        except Exception as error:  # noqa: BLE001  # the last resort of a server that goes on
            self._complain(error)
            if not begun:
                await refuse(guarded, 500, "This is a defect of mailwatch.")

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        refused = self._wrong_host(scope, headers) or _wrong_request(scope, headers)
        if refused is None and self._needs_token(scope["path"]):
            refused = self._wrong_token(headers)
        return refused

    def _wrong_host(self, scope: Scope, headers: Headers) -> Refusal | None:
        named = [value for name, value in headers if name == b"host"]
        if len(named) != 1:
            return 400, "One Host header is needed.", ()
        server = scope.get("server")
        own = {server[0]} if server else set()
        if host_of(named[0]) in self._hosts | own:
            return None
        return 421, "This server is not asked for under that name. See --allow-host.", ()

    def _needs_token(self, path: str) -> bool:
        return self._token is not None and path not in OPEN and not is_hook(path)

    def _wrong_token(self, headers: Headers) -> Refusal | None:
        given = [value for name, value in headers if name == b"authorization"]
        wanted = (self._token or "").encode()
        if len(given) == 1 and hmac.compare_digest(token_in(given[0]), wanted):
            return None
        asks = ((b"www-authenticate", b'Basic realm="mailwatch", charset="UTF-8"'),)
        return 401, "A token is needed: as a password with any user name, or as Bearer.", asks


def is_hook(path: str) -> bool:
    """True for the address of the webhook, with or without a subuser."""
    return path == HOOK or path.startswith(f"{HOOK}/")


def host_of(header: bytes) -> str:
    """The host in a Host header, without the port and the brackets of IPv6."""
    text = header.decode("latin-1").strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0].removesuffix(".")


def token_in(header: bytes) -> bytes:
    """The token in an Authorization header: of Bearer, or the password of Basic; else nothing."""
    scheme, _, rest = header.partition(b" ")
    if scheme.lower() == b"bearer":
        return rest.strip()
    if scheme.lower() == b"basic":
        try:
            return base64.b64decode(rest.strip(), validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return b""
    return b""


def _wrong_request(scope: Scope, headers: Headers) -> Refusal | None:
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_TARGET:
        return 414, "The address is too long.", ()
    if sum(len(name) + len(value) for name, value in headers) > LONGEST_HEADER:
        return 431, "The header is too long.", ()
    allowed = ("POST",) if is_hook(scope["path"]) else ("GET", "HEAD")
    if scope["method"] not in allowed:
        return 405, "This method is not allowed here.", ((b"allow", ", ".join(allowed).encode()),)
    if allowed == ("POST",):
        return None
    if any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip() != b"0")
        for name, value in headers
    ):
        return 413, "No body is taken here.", ()
    return None


async def refuse(
    send: Callable[[MutableMapping[str, Any]], Any], status: int, why: str, more: Headers = ()
) -> None:
    """Answers with `status`, and ends the connection: what the client still sends is not read."""
    body = f"{why}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
