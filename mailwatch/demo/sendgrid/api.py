"""SendGrid's v3 API, the part that says how mail fares.

Shapes, scopes and errors as in Twilio's OpenAPI description (tsg_stats_v3, tsg_subusers_v3,
tsg_suppressions_v3, tsg_user_v3, tsg_ips_v3, tsg_seq_v3, tsg_scopes_v3) and
the API reference's pages on errors and rate limits.
"""

import hmac
import threading
import time
from collections import Counter
from collections.abc import Mapping

from mailwatch.demo.sendgrid import daily, plan, suppressions
from mailwatch.demo.sendgrid.mail_send import MAIL_SEND, accept
from mailwatch.demo.sendgrid.parameters import refuse_undescribed
from mailwatch.demo.sendgrid.routes import Route, SendGridRefusal
from mailwatch.demo.sendgrid.settings_api import SETTINGS_ROUTES, VALIDATE, validate_domain
from mailwatch.demo.story.world import World
from mailwatch.demo.wire.exchange import Json, Request, Response

LIMIT = 600
"""Requests of one endpoint a minute: the default, seen in X-RateLimit-Limit."""

INVALID_KEY = "The provided authorization grant is invalid, expired, or revoked"


class SendGridApi:
    """Answers as api.sendgrid.com would in this world, and counts requests against the limit."""

    def __init__(self, world: World) -> None:
        """Answers from `world`."""
        self._world = world
        self._lock = threading.Lock()
        self._window = 0
        self._used: Counter[str] = Counter()

    def __call__(self, request: Request) -> Response:
        """The answer, with the rate limit's headers as on every answer."""
        remaining, reset = self._count(request.path)
        headers = (
            ("X-RateLimit-Limit", str(LIMIT)),
            ("X-RateLimit-Remaining", str(max(0, remaining))),
            ("X-RateLimit-Reset", str(reset)),
        )
        try:
            answer = self._answer(request, remaining)
            if isinstance(answer, Response):
                return Response(answer.status, answer.body, headers)
            return Response(200, answer, headers)
        except SendGridRefusal as refused:
            error = {"message": str(refused), "field": refused.field, "help": None}
            return Response(refused.status, {"errors": [error]}, headers)

    def _count(self, path: str) -> tuple[int, int]:
        """Requests of this path left in this minute, negative when it is used up, and when the
        next begins."""
        minute = int(time.time()) // 60
        with self._lock:
            if minute != self._window:
                self._window, self._used = minute, Counter()
            self._used[path] += 1
            return LIMIT - self._used[path], (minute + 1) * 60

    def _admit(self, request: Request, remaining: int) -> None:
        """Raises SendGridRefusal for too many requests, and for a key that is not the world's."""
        if remaining < 0:
            raise SendGridRefusal(429, "too many requests")
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not key:
            raise SendGridRefusal(401, "authorization required")
        if not hmac.compare_digest(key.encode(), self._world.api_key.encode()):
            raise SendGridRefusal(401, INVALID_KEY)

    def _answer(self, request: Request, remaining: int) -> Json | Response:
        self._admit(request, remaining)
        if request.path == MAIL_SEND:
            accept(self._world, request)
            return Response(202, "")
        writing = VALIDATE.fullmatch(request.path) is not None
        route = VALIDATION if writing else ROUTES.get(request.path)
        if route is None:
            raise SendGridRefusal(404, "Not Found")
        if request.method != ("POST" if writing else "GET"):
            raise SendGridRefusal(405, "Method Not Allowed")
        if route.scopes and not route.scopes & self._world.scopes:
            raise SendGridRefusal(403, "access forbidden")
        if request.path in self._world.settings.not_on_plan:
            raise SendGridRefusal(403, "access forbidden")
        refuse_undescribed(request)
        return route.answer(self._world, request)


def _scopes(world: World, request: Request) -> Json:
    return {"scopes": sorted(world.scopes)}


def _account(world: World, request: Request) -> Json:
    return {"type": "paid", "reputation": world.reputation}


def _listed(path: str, name: str) -> Route:
    """What the account's settings list under `name`; where they list nothing, what it sends."""
    settings, sending = SETTINGS_ROUTES[path], {**daily.ROUTES, **plan.ROUTES}[path]

    def answer(world: World, request: Request) -> Json | Response:
        chosen = settings if getattr(world.settings, name) else sending
        return chosen.answer(world, request)

    return Route(sending.scopes, answer)


def _addresses() -> Route:
    """The addresses that mail is sent from; where there are none, what the settings list."""
    sending, settings = plan.ROUTES["/v3/ips"], SETTINGS_ROUTES["/v3/ips"]

    def answer(world: World, request: Request) -> Json | Response:
        chosen = sending if world.sending.ips else settings
        return chosen.answer(world, request)

    return Route(sending.scopes, answer)


ROUTES: Mapping[str, Route] = {
    **SETTINGS_ROUTES,
    "/v3/scopes": Route(frozenset(), _scopes),
    **daily.ROUTES,
    **plan.ROUTES,
    **suppressions.ROUTES,
    "/v3/ips": _addresses(),
    "/v3/subusers": _listed("/v3/subusers", "subusers"),
    "/v3/categories": _listed("/v3/categories", "categories"),
    "/v3/user/account": Route(frozenset({"user.account.read"}), _account),
}
VALIDATION = Route(frozenset({"whitelabel.update"}), validate_domain)
"""The only endpoint that changes something."""
