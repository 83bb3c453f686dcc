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
from mailwatch.demo.sendgrid.routes import Route, SendGridRefusal
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

    def _answer(self, request: Request, remaining: int) -> Json:
        if remaining < 0:
            raise SendGridRefusal(429, "too many requests")
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not key:
            raise SendGridRefusal(401, "authorization required")
        if not hmac.compare_digest(key.encode(), self._world.api_key.encode()):
            raise SendGridRefusal(401, INVALID_KEY)
        route = ROUTES.get(request.path)
        if route is None:
            raise SendGridRefusal(404, "Not Found")
        if request.method != "GET":
            raise SendGridRefusal(405, "Method Not Allowed")
        if route.scopes and not route.scopes & self._world.scopes:
            raise SendGridRefusal(403, "access forbidden")
        return route.answer(self._world, request)


def _scopes(world: World, request: Request) -> Json:
    return {"scopes": sorted(world.scopes)}


def _account(world: World, request: Request) -> Json:
    return {"type": "paid", "reputation": world.reputation}


ROUTES: Mapping[str, Route] = {
    "/v3/scopes": Route(frozenset(), _scopes),
    **daily.ROUTES,
    **plan.ROUTES,
    **suppressions.ROUTES,
    "/v3/user/account": Route(frozenset({"user.account.read"}), _account),
}
