"""What belongs to the account: its subusers, their reputations, credits, IP addresses, scores."""

from collections.abc import Mapping
from datetime import date, timedelta

from mailwatch.demo.sendgrid.routes import (
    Route,
    SendGridRefusal,
    page_of,
    read_day,
    read_names,
    read_number,
)
from mailwatch.demo.story.world import World
from mailwatch.demo.wire.exchange import Json, Request, Response

REGIONS = ("all", "global", "eu")


def _subusers(world: World, request: Request) -> Json:
    region = request.first("region") or "all"
    if region not in REGIONS:
        raise SendGridRefusal(400, "region must be one of all, global, eu", "region")
    prefix = request.first("username") or ""
    rows = []
    for number, (name, one) in enumerate(world.sending.subusers.items(), 1):
        if region in ("all", one.region) and name.startswith(prefix):
            row = {
                "disabled": one.disabled,
                "id": number,
                "username": name,
                "email": f"{name}@example.com",
            }
            if request.first("include_region") == "true":
                row["region"] = one.region
            rows.append(row)
    return page_of(request, rows, None, 10**6)


def _reputations(world: World, request: Request) -> Json:
    known = world.sending.subusers
    names = read_names(request, "usernames", required=False) or tuple(known)
    return [
        {"username": name, "reputation": known[name].reputation} for name in names if name in known
    ]


def _credits(world: World, request: Request) -> Json:
    plan = world.sending.credits
    if plan is None:
        raise SendGridRefusal(403, "access forbidden")
    total, last_reset = plan
    used = sum(counts["requests"] for day, counts in world.stats.items() if day >= last_reset)
    return {
        "remain": max(0, total - used),
        "total": total,
        "overage": max(0, used - total),
        "used": used,
        "last_reset": str(last_reset),
        "next_reset": str(_next_month(last_reset)),
        "reset_frequency": "monthly",
    }


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=min(day.day, 28))


def _ips(world: World, request: Request) -> Json:
    """Ten rows by default."""
    rows = [
        {
            "ip": one.ip,
            "subusers": list(one.subusers),
            "rdns": f"o1.{one.ip.replace('.', '-')}.example.com",
            "pools": [],
            "warmup": one.warmup,
            "start_date": one.start_date,
            "whitelabeled": True,
            "assigned_at": one.start_date,
        }
        for one in world.sending.ips
    ]
    return page_of(request, rows, 10, 10**6)


def _score(user: str, score: float | None, day: date) -> Json:
    row: dict[str, Json] = {"user_id": "180", "username": user, "date": str(day)}
    if score is None:
        return row
    names = ("engagement_recency", "open_rate", "bounce_classification", "bounce_rate")
    return {**row, "score": score, "metrics": dict.fromkeys((*names, "spam_rate"), score)}


def _scores(world: World, request: Request) -> Json:
    """202 without a body where the day is not computed yet."""
    last = read_day(request, "to", None)
    read_day(request, "from", None)
    if world.sending.score is None:
        return Response(202, "")
    return {"result": [_score("parent", world.sending.score, last)]}


def _subuser_scores(world: World, request: Request) -> Json:
    day = read_day(request, "date", None)
    if world.sending.score is None:
        return Response(202, "")
    limit = read_number(request, "limit", 0, 1000) or 1000
    after = read_number(request, "after_key", 0) or 0
    rows = [_score(name, one.score, day) for name, one in world.sending.subusers.items()]
    more = after + limit if after + limit < len(rows) else None
    return {
        "result": rows[after : after + limit],
        "_metadata": {"next_params": {} if more is None else {"after_key": str(more)}},
    }


ROUTES: Mapping[str, Route] = {
    "/v3/subusers": Route(frozenset({"subusers.read"}), _subusers),
    "/v3/subusers/reputations": Route(frozenset({"subusers.reputations.read"}), _reputations),
    "/v3/user/credits": Route(frozenset({"user.credits.read"}), _credits),
    "/v3/ips": Route(frozenset({"ips.read"}), _ips),
    "/v3/engagementquality/scores": Route(frozenset(), _scores),
    "/v3/engagementquality/subusers/scores": Route(frozenset(), _subuser_scores),
}
