"""The lists of addresses that bounced, were blocked, are invalid or reported spam."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence

from mailwatch.demo.sendgrid.routes import (
    Route,
    SendGridRefusal,
    read_day,
    read_number,
)
from mailwatch.demo.story.parts import Suppressed
from mailwatch.demo.story.world import World
from mailwatch.demo.wire.exchange import Json, Request

MOST_ROWS = 500
_FIELDS: Mapping[str, Callable[[Suppressed], Json]] = {
    "bounces": lambda row: {"reason": row.reason, "status": row.status},
    "blocks": lambda row: {"reason": row.reason, "status": row.status},
    "invalid_emails": lambda row: {"reason": row.reason},
    "spam_reports": lambda row: {"ip": "192.0.2.10"},
}


def _list(name: str) -> Route:
    def answer(world: World, request: Request) -> Json:
        """The rows from `start_time` to `end_time`, both included, the newest first."""
        if name == "bounces" and "application/json" not in request.headers.get("accept", ""):
            raise SendGridRefusal(400, "the header Accept is required", "Accept")
        rows = _lists_of(world, request).get(name, ())
        first = read_number(request, "start_time", 0) or 0
        last = read_number(request, "end_time", 0, 10**10)
        begin = bisect_left(rows, first, key=lambda row: row.created)
        end = len(rows) if last is None else bisect_right(rows, last, key=lambda row: row.created)
        limit = read_number(request, "limit", 1, MOST_ROWS) or MOST_ROWS
        offset = read_number(request, "offset", 0) or 0
        high = max(begin, end - offset)
        return [
            {"created": row.created, "email": row.email, **_FIELDS[name](row)}
            for row in reversed(rows[max(begin, high - limit) : high])
        ]

    return Route(frozenset({"suppression.read"}), answer)


def _lists_of(world: World, request: Request) -> Mapping[str, Sequence[Suppressed]]:
    """Those of the subuser that the request is on behalf of; of one that is unknown, the account's,
    without a word."""
    subuser = world.sending.subusers.get(request.headers.get("on-behalf-of", ""))
    return world.sending.suppressions if subuser is None else subuser.suppressions


def _nothing(world: World, request: Request) -> Json:
    """The documented path, which answers without any rows."""
    return {"result": []}


def _classifications(world: World, request: Request) -> Json:
    """The path that has the counts."""
    first = read_day(request, "start_date", world.today)
    last = read_day(request, "end_date", world.today)
    return {
        "result": [
            {
                "date": str(day),
                "stats": [{"classification": name, "count": n} for name, n in counts.items()],
            }
            for day, counts in sorted(world.sending.classifications.items())
            if first <= day <= last
        ]
    }


_CLASSES = frozenset({"suppression.read", "di.bounce_block_classification.read"})
ROUTES: Mapping[str, Route] = {
    **{f"/v3/suppression/{name}": _list(name) for name in _FIELDS},
    "/v3/suppression/bounces/classifications": Route(_CLASSES, _nothing),
    "/v3/suppressions/bounces/classifications": Route(_CLASSES, _classifications),
}
