"""API v1 as it was, for an account that still gets answers from it: traffic statistics by day.

Methods and shapes as in the discovery document of v1 (revision 20250529). For every other account
it is shut down: status 429, and words that no other try changes.
"""

from collections.abc import Mapping
from datetime import date

from mailwatch.demo.google.protobuf import GoogleRefusal, invalid, page_size
from mailwatch.demo.story.world import GmailDomain, LegacyDay
from mailwatch.demo.wire.exchange import Json, Request, Response

SHUT_DOWN = "This version of the Postmaster Tools API is no longer supported."
PARAMETERS = frozenset(
    f"{side}Date.{part}" for side in ("start", "end") for part in ("year", "month", "day")
)


def shut_down() -> Response:
    """What v1 answers to everybody since the autumn of 2026."""
    return Response(429, {"error": {"code": 429, "message": SHUT_DOWN}})


def traffic(domain: str, data: GmailDomain, request: Request) -> Json:
    """A page of days, oldest first; the token is the day that comes next."""
    first, last = _date(request, "start"), _date(request, "end")
    if (first is None) != (last is None):
        raise invalid("startDate", "startDate and endDate must be given together")
    days = [
        day
        for day in sorted(data.legacy or {})
        if first is None or last is None or first <= day < last
    ]
    names = [f"{day:%Y%m%d}" for day in days]
    token = request.first("pageToken")
    if token and token not in names:
        raise invalid("pageToken", "Invalid page token")
    start = names.index(token) if token else 0
    size = page_size(int(request.first("pageSize") or 0))
    answer: dict[str, Json] = {}
    legacy = data.legacy or {}
    if days[start : start + size]:
        answer["trafficStats"] = [
            _stats(domain, day, legacy[day]) for day in days[start : start + size]
        ]
    if start + size < len(days):
        answer["nextPageToken"] = names[start + size]
    return answer


def _stats(domain: str, day: date, legacy: LegacyDay) -> Json:
    """TrafficStats: an int64 is a string, and a value of 0 is left out."""
    return {
        "name": f"domains/{domain}/trafficStats/{day:%Y%m%d}",
        "domainReputation": legacy.domain,
        "ipReputations": [_addresses(level, legacy.addresses) for level in legacy.addresses],
    }


def _addresses(level: str, addresses: Mapping[str, tuple[str, ...]]) -> Json:
    listed = addresses[level]
    if not listed:
        return {"reputation": level}
    return {"reputation": level, "ipCount": str(len(listed)), "sampleIps": list(listed[:5])}


def _date(request: Request, side: str) -> date | None:
    parts = [request.first(f"{side}Date.{part}") for part in ("year", "month", "day")]
    if parts == [None, None, None]:
        return None
    try:
        year, month, day = (int(part or 0) for part in parts)
        return date(year, month, day)
    except ValueError as error:
        raise GoogleRefusal("INVALID_ARGUMENT", f"Invalid {side}Date") from error
