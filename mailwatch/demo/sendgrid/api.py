"""SendGrid's v3 API, the part that says how mail fares.

Shapes, scopes and errors as in Twilio's OpenAPI description (tsg_stats_v3, tsg_user_v3,
tsg_scopes_v3) and the API reference's pages on errors and rate limits.
"""

import hmac
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mailwatch.demo.sendgrid.mail_send import MAIL_SEND, accept
from mailwatch.demo.sendgrid.refusal import SendGridRefusal
from mailwatch.demo.story.mail import METRICS
from mailwatch.demo.story.world import World
from mailwatch.demo.wire.exchange import Json, Request, Response

LIMIT = 600
"""Requests a minute: the default, seen in X-RateLimit-Limit."""

INVALID_KEY = "The provided authorization grant is invalid, expired, or revoked"


@dataclass(frozen=True, slots=True)
class Route:
    """What a path answers, and the scopes of which a key needs one (none: any key will do)."""

    scopes: frozenset[str]
    answer: Callable[[World, Request], Json]


class SendGridApi:
    """Answers as api.sendgrid.com would in this world, and counts requests against the limit."""

    def __init__(self, world: World) -> None:
        """Answers from `world`."""
        self._world = world
        self._lock = threading.Lock()
        self._window, self._used = 0, 0

    def __call__(self, request: Request) -> Response:
        """The answer, with the rate limit's headers as on every answer."""
        remaining, reset = self._count()
        headers = (
            ("X-RateLimit-Limit", str(LIMIT)),
            ("X-RateLimit-Remaining", str(max(0, remaining))),
            ("X-RateLimit-Reset", str(reset)),
        )
        try:
            if request.path == MAIL_SEND:
                self._admit(request, remaining)
                accept(self._world, request)
                return Response(202, "", headers)
            return Response(200, self._answer(request, remaining), headers)
        except SendGridRefusal as refused:
            error = {"message": str(refused), "field": refused.field, "help": None}
            return Response(refused.status, {"errors": [error]}, headers)

    def _count(self) -> tuple[int, int]:
        """Requests left in this minute, negative when it is used up, and when the next begins."""
        minute = int(time.time()) // 60
        with self._lock:
            if minute != self._window:
                self._window, self._used = minute, 0
            self._used += 1
            return LIMIT - self._used, (minute + 1) * 60

    def _admit(self, request: Request, remaining: int) -> None:
        """Raises SendGridRefusal for too many requests, and for a key that is not the world's."""
        if remaining < 0:
            raise SendGridRefusal(429, "too many requests")
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not key:
            raise SendGridRefusal(401, "authorization required")
        if not hmac.compare_digest(key.encode(), self._world.api_key.encode()):
            raise SendGridRefusal(401, INVALID_KEY)

    def _answer(self, request: Request, remaining: int) -> Json:
        self._admit(request, remaining)
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


def _stats(world: World, request: Request) -> Json:
    """A row for each day, week or month of the range that has begun; days without mail are 0."""
    first = _day(request, "start_date", None)
    last = _day(request, "end_date", world.today)
    if last < first:
        raise SendGridRefusal(400, "end_date must not be before start_date", "end_date")
    by = request.first("aggregated_by") or "day"
    if by not in STARTS:
        raise SendGridRefusal(400, "aggregated_by must be one of day, week, month", "aggregated_by")
    offset, limit = _number(request, "offset", 0), _number(request, "limit", 1)
    rows: dict[date, dict[str, int]] = {}
    for day in _days(first, min(last, world.today)):
        row = rows.setdefault(STARTS[by](day), dict.fromkeys(METRICS, 0))
        for name, count in world.stats.get(day, {}).items():
            row[name] = row.get(name, 0) + count
    found = [_row(day, metrics) for day, metrics in rows.items()]
    return found[offset or 0 :][:limit]


def _row(day: date, metrics: Mapping[str, int]) -> Json:
    return {"date": day.isoformat(), "stats": [{"metrics": dict(metrics)}]}


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


STARTS: Mapping[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
}
"""The day that a row of this size is dated with. No page says that weeks begin on Monday."""


def _day(request: Request, name: str, default: date | None) -> date:
    text = request.first(name)
    if text is None and default is not None:
        return default
    if text is None:
        raise SendGridRefusal(400, f"{name} is required", name)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise SendGridRefusal(400, f"{name} must be a date in the format YYYY-MM-DD", name)


def _number(request: Request, name: str, least: int) -> int | None:
    text = request.first(name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < least:
        raise SendGridRefusal(400, f"{name} must be a whole number, at least {least}", name)
    return int(text)


ROUTES: Mapping[str, Route] = {
    "/v3/scopes": Route(frozenset(), _scopes),
    "/v3/stats": Route(frozenset({"stats.read", "stats.global.read"}), _stats),
    "/v3/user/account": Route(frozenset({"user.account.read"}), _account),
}
