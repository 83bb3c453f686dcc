"""The events of the last hours: the bounce rate of each hour, judged by the check's own limits."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mailwatch.catalog.catalog import Catalog
from mailwatch.history.events import EventCount, by_hour
from mailwatch.history.store import Store
from mailwatch.judge.hourly import CHECK, ended, judge_hour
from mailwatch.model import ACCOUNT
from mailwatch.reports.html.card import badge
from mailwatch.reports.html.markup import EMPTY, Markup, join, text
from mailwatch.serve.page_markup import line, part, table
from mailwatch.serve.plot import Plot, draw_plot
from mailwatch.text.units import display, limit_text

if TYPE_CHECKING:
    from mailwatch.serve.pages import Visitor

HOURS = 48
"""Hours in the picture."""
LISTED = 12
"""Hours in the table."""
PART_HOURS = 3
MOST_PARTS = 10


def event_section(store: Store, catalog: Catalog, reader: "Visitor") -> Markup:
    """The events of the last hours; nothing where none came."""
    now = int(reader.now.timestamp()) // 3600
    hours = by_hour(store.event_counts(now - HOURS + 1))
    if not hours:
        return EMPTY
    rows = [
        _hour_row(hour, hours[hour], catalog, reader)
        for hour in range(now, now - LISTED, -1)
        if hour in hours
    ]
    names = ("hour", "level", "bounce_rate", "delivered", "bounces", "blocks", "spam_reports")
    headers = [reader.say(f"serve.{name}") for name in names]
    title = reader.say("serve.events")
    newest = store.event_counts(now - PART_HOURS + 1, domains=True)
    shown = part(
        title,
        line(reader.say("serve.events_note"), "faint"),
        _picture(hours, now, catalog, reader),
        table(title, headers, rows),
    )
    return join((shown, _parts(newest, "domain", reader), _parts(newest, "subuser", reader)))


def _hour_row(hour: int, counts: Counter[str], catalog: Catalog, reader: "Visitor") -> list[Markup]:
    n = ended(counts)
    rate = display(counts["bounce"] / n, "percent") if n else "–"
    kinds = ("delivered", "bounce", "blocked", "spamreport")
    return [
        text(hour_text(hour)),
        badge(judge_hour(counts, catalog).level, reader.lang),
        text(rate),
        *(text(f"{counts[kind]:,}") for kind in kinds),
    ]


def _picture(
    hours: Mapping[int, Counter[str]], now: int, catalog: Catalog, reader: "Visitor"
) -> Markup:
    places = range(now - HOURS + 1, now + 1)
    check = catalog.checks[CHECK]
    threshold = catalog.threshold(check, ACCOUNT)
    limits = [
        (
            name,
            f"{reader.say(f'console.{name}')} {limit_text(limit, check.unit, readable=True)}",
            limit.value,
        )
        for name, limit in (("ideal", threshold.ideal), ("act", threshold.act))
        if limit is not None and not isinstance(limit.value, str)
    ]
    values = {
        place: hours[hour]["bounce"] / ended(hours[hour])
        for place, hour in enumerate(places)
        if hour in hours and ended(hours[hour])
    }
    plot = Plot([hour_text(hour) for hour in places], values, limits=limits)
    return draw_plot(plot, reader.say("serve.chart_hours"), lambda v: display(v, "percent"))


def hour_text(hour: int) -> str:
    """An hour as day and time, UTC."""
    return f"{datetime.fromtimestamp(hour * 3600, UTC):%m-%d %H:%M}"


def _parts(counts: Sequence[EventCount], key: str, reader: "Visitor") -> Markup:
    """The domains or subusers with most bounces; nothing where there are none."""
    parts: dict[str, Counter[str]] = {}
    for count in counts:
        name = count.domain if key == "domain" else count.subuser
        parts.setdefault(name, Counter())[count.event] += count.n
    worst = sorted(parts, key=lambda name: (-parts[name]["bounce"], name))[:MOST_PARTS]
    unnamed = "serve.other_domains" if key == "domain" else "serve.whole"
    rows = [
        [
            text(name or reader.say(unnamed)),
            *(text(f"{parts[name][kind]:,}") for kind in ("bounce", "blocked", "delivered")),
        ]
        for name in worst
        if parts[name]["bounce"]
    ]
    if not rows or (key == "subuser" and set(parts) == {""}):
        return EMPTY
    names = (key, "bounces", "blocks", "delivered")
    title = reader.say(f"serve.{key}s")
    headers = [reader.say(f"serve.{name}") for name in names]
    return part(title, table(title, headers, rows))
