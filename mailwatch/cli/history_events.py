"""history events: what the Event Webhook received, by hour."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from mailwatch.cli.check import catalog_in_use
from mailwatch.cli.history import opened, read_pairs
from mailwatch.cli.history_commands import HistoryOptions
from mailwatch.cli.options import ReportOptions
from mailwatch.cli.output import choose_language, print_out
from mailwatch.clock import Clock
from mailwatch.config import load_config
from mailwatch.errors import ConfigError
from mailwatch.history.events import EventCount, by_hour
from mailwatch.judge.hourly import ended, judge_hour
from mailwatch.model import Lang, say
from mailwatch.reports.headline import marked
from mailwatch.text.units import display
from mailwatch.words import worded

if TYPE_CHECKING:
    from mailwatch.catalog.catalog import Catalog

SCHEMA = "mailwatch.events/1"
KEYS = ("subuser", "domain")
COLUMNS = ("hour", "bounce_rate", "delivered", "bounces", "blocks", "spam_reports", "level")
KINDS = ("delivered", "bounce", "blocked", "spamreport")


def list_events(clock: Clock, hours: int, options: HistoryOptions) -> int:
    """Prints the counts of the last `hours`, with the hour that is not over yet."""
    loaded = load_config(options.config)
    wanted = dict(read_pairs(options.subjects).pairs)
    if not wanted.keys() <= set(KEYS):
        raise ConfigError("--subject: an event has only a subuser and a domain")
    first = int(clock.now().timestamp()) // 3600 - hours + 1
    counts = [
        count
        for count in opened(options, loaded).event_counts(first, domains=True)
        if all(getattr(count, key) == value for key, value in wanted.items())
    ]
    if options.format == "json":
        document = {"schema": SCHEMA, "events": [_document(count) for count in counts]}
        print_out([json.dumps(document, ensure_ascii=False), "\n"])
        return 0
    catalog = catalog_in_use(ReportOptions(thresholds=options.thresholds), loaded)
    lang = choose_language(options.lang, os.environ, sys.stdout)
    print_out(f"{line}\n" for line in _lines(by_hour(counts), catalog, lang))
    return 0


def _document(count: EventCount) -> Mapping[str, Any]:
    return {
        "hour": _moment(count.hour).strftime("%Y-%m-%dT%H:00:00Z"),
        "subuser": count.subuser or None,
        "domain": count.domain or None,
        "event": count.event,
        "n": count.n,
    }


def _moment(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * 3600, UTC)


def _lines(hours: Mapping[int, Mapping[str, int]], catalog: "Catalog", lang: Lang) -> Iterator[str]:
    if not hours:
        yield worded(say("history.no_events"), lang)
        return
    rows = [[worded(say(f"serve.{name}"), lang) for name in COLUMNS]]
    for hour, counts in sorted(hours.items()):
        n = ended(counts)
        rate = display(counts.get("bounce", 0) / n, "percent") if n else "-"
        numbers = [f"{counts.get(kind, 0):,}" for kind in KINDS]
        level = marked(judge_hour(counts, catalog).level, lang)
        rows.append([f"{_moment(hour):%m-%d %H:%M}", rate, *numbers, level])
    sizes = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for first, *rest, last in rows:
        cells = [
            f"{' ' * (size - cell_len(cell))}{cell}"
            for cell, size in zip(rest, sizes[1:-1], strict=True)
        ]
        yield "  ".join([first + " " * (sizes[0] - cell_len(first)), *cells, last])
