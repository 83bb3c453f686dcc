"""Statistics by day, week or month: of the account, its subusers, providers and categories."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from mailwatch.demo.sendgrid.routes import (
    Route,
    SendGridRefusal,
    page_of,
    read_day,
    read_names,
    read_number,
)
from mailwatch.demo.story.mail import METRICS
from mailwatch.demo.story.world import World
from mailwatch.demo.wire.exchange import Json, Request

Stats = Mapping[date, Mapping[str, int]]


def _stats(world: World, request: Request) -> Json:
    """A row for each day, week or month of the range that has begun; days without mail are 0."""
    offset, limit = read_number(request, "offset", 0), read_number(request, "limit", 1)
    rows = _rows(world, request, world.stats)
    found = [{"date": str(day), "stats": [{"metrics": row}]} for day, row in rows.items()]
    return found[offset or 0 :][:limit]


def _rows(world: World, request: Request, stats: Stats) -> dict[date, dict[str, int]]:
    first = read_day(request, "start_date", None)
    last = read_day(request, "end_date", world.today)
    if last < first:
        raise SendGridRefusal(400, "end_date must not be before start_date", "end_date")
    by = request.first("aggregated_by") or "day"
    if by not in STARTS:
        raise SendGridRefusal(400, "aggregated_by must be one of day, week, month", "aggregated_by")
    rows: dict[date, dict[str, int]] = {}
    for day in _days(first, min(last, world.today)):
        row = rows.setdefault(STARTS[by](day), dict.fromkeys(METRICS, 0))
        for name, count in stats.get(day, {}).items():
            row[name] = row.get(name, 0) + count
    return rows


def _named(
    world: World, request: Request, kind: str, stats: Mapping[str, Stats], names: Iterable[str]
) -> Json:
    """The rows of each of `names`, day by day."""
    found = {name: _rows(world, request, stats[name]) for name in names}
    days = sorted({day for rows in found.values() for day in rows})
    if not days:
        days = sorted(_rows(world, request, {}))
    return [
        {
            "date": str(day),
            "stats": [
                {"type": kind, "name": name, "metrics": rows[day]} for name, rows in found.items()
            ],
        }
        for day in days
    ]


def _subusers(world: World, request: Request) -> Json:
    """Only subusers of the global region: the parent cannot read those of the EU."""
    stats = {name: one.stats for name, one in world.sending.subusers.items()}
    asked = read_names(request, "subusers")
    names = [name for name in asked if name in stats and _is_global(world, name)]
    return _named(world, request, "subuser", stats, names)


def _is_global(world: World, name: str) -> bool:
    return world.sending.subusers[name].region == "global"


def _categories(world: World, request: Request) -> Json:
    stats = world.sending.categories
    names = [name for name in read_names(request, "categories") if name in stats]
    return _named(world, request, "category", stats, names)


def _category_sums(world: World, request: Request) -> Json:
    """An object rather than a list, of five categories by default; too large a limit is a 500."""
    if (read_number(request, "limit", 1) or 0) > 500:
        raise SendGridRefusal(500, "unable to get category stats")
    by = request.first("sort_by_metric") or "delivered"
    if by not in METRICS:
        raise SendGridRefusal(400, "sort_by_metric is not a metric", "sort_by_metric")
    first = read_day(request, "start_date", None)
    last = read_day(request, "end_date", world.today)
    rows = []
    for name, stats in world.sending.categories.items():
        inside = [counts for day, counts in stats.items() if first <= day <= last]
        sums = {metric: sum(counts[metric] for counts in inside) for metric in METRICS}
        rows.append({"type": "category", "name": name, "metrics": sums})
    rows.sort(key=lambda row: row["metrics"][by], reverse=True)  # type: ignore[index]  # as built
    return {"date": str(first), "stats": list(page_of(request, rows, 5, 500))}


def _category_names(world: World, request: Request) -> Json:
    prefix = request.first("category") or ""
    names = [name for name in world.sending.categories if name.startswith(prefix)]
    return [{"category": name} for name in page_of(request, names, 50, 10**6)]


PROVIDER_METRICS = (
    *("blocks", "bounces", "clicks", "deferred", "delivered", "drops", "opens", "processed"),
    *("requests", "spam_reports", "unique_clicks", "unique_opens"),
)
"""One count `drops` takes the place of four, and there is none of invalid addresses."""


def _providers(world: World, request: Request) -> Json:
    stats = world.sending.providers
    names = read_names(request, "mailbox_providers", required=False) or tuple(stats)
    body = _named(world, request, "mailbox_provider", stats, [n for n in names if n in stats])
    for row in body:
        for one in row["stats"]:
            metrics = one["metrics"]
            metrics["drops"] = sum(v for name, v in metrics.items() if name.endswith("_drops"))
            one["metrics"] = {name: metrics[name] for name in PROVIDER_METRICS}
    return page_of(request, body, 500, 500)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


STARTS: Mapping[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
}
"""The day that a row of this size is dated with. No page says that weeks begin on Monday."""


ROUTES: Mapping[str, Route] = {
    "/v3/stats": Route(frozenset({"stats.read", "stats.global.read"}), _stats),
    "/v3/subusers/stats": Route(frozenset({"subusers.stats.read"}), _subusers),
    "/v3/mailbox_providers/stats": Route(frozenset({"mailbox_providers.stats.read"}), _providers),
    "/v3/categories": Route(frozenset({"categories.read"}), _category_names),
    "/v3/categories/stats": Route(frozenset({"categories.stats.read"}), _categories),
    "/v3/categories/stats/sums": Route(frozenset({"categories.stats.sums.read"}), _category_sums),
}
