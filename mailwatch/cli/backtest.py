"""backtest: which warnings a threshold would have raised on past counts, and how early."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mailwatch.backtest.counts import read_counts
from mailwatch.backtest.replay import Backtest, Crossing, Event, replay
from mailwatch.cli.check import catalog_in_use
from mailwatch.cli.explain import wrapped
from mailwatch.cli.options import PageOptions
from mailwatch.cli.output import choose_language, choose_width, print_out
from mailwatch.config import load_config
from mailwatch.errors import ConfigError
from mailwatch.model import ACCOUNT, Check, Lang, Level, Threshold, say
from mailwatch.text.units import limit_text
from mailwatch.words import worded

SIGNS = {Level.WARN: "!", Level.BREACH: "✗"}


def backtest(path: Path, metric: str, options: PageOptions) -> int:
    """Prints what would have been raised; 1 where something would have been a breach."""
    catalog = catalog_in_use(options, load_config(options.config))
    check = catalog.check(metric)
    if check.unit != "percent" or not check.proportion:
        raise ConfigError(
            f"{check.id} is not a rate from counts, so it cannot be tested on a file of counts",
            "Take a rate such as sendgrid.bounce_rate.",
        )
    threshold = catalog.threshold(check, ACCOUNT)
    tested = replay(read_counts(path), check, threshold)
    console = options.format != "json"
    lang = choose_language(options.lang, os.environ if console else {}, sys.stdout)
    if console:
        width = choose_width(options.width, os.environ)
        print_out(wrapped(_page(tested, check, threshold, lang), width))
    else:
        print_out([json.dumps(_document(tested, lang), ensure_ascii=False, indent=2), "\n"])
    return 1 if tested.breached else 0


def _document(tested: Backtest, lang: Lang) -> dict[str, Any]:
    rate = tested.false_alarms_per_year
    return {
        "events": [_event(event, lang) for event in tested.events],
        "crossings": [
            {
                "day": str(crossing.day),
                "subject": _subject(crossing.subject),
                "lead_days": crossing.lead_days,
            }
            for crossing in tested.crossings
        ],
        "false_alarms_per_year": None if rate is None else round(rate, 2),
    }


def _event(event: Event, lang: Lang) -> dict[str, Any]:
    outlook = event.outlook
    forecast = outlook and {
        "breach_on": _day(outlook.breach_on),
        "earliest": _day(outlook.earliest),
        "latest": _day(outlook.latest),
        "within_7_days": round(outlook.within_7_days, 3),
        "within_14_days": round(outlook.within_14_days, 3),
    }
    return {
        "day": str(event.day),
        "level": event.level.value,
        "kind": event.kind,
        "subject": _subject(event.subject),
        "reason": worded(event.reason, lang),
        "forecast": forecast,
        **({"earliest": forecast["earliest"], "latest": forecast["latest"]} if forecast else {}),
    }


def _day(day: Any) -> str | None:
    return None if day is None else str(day)


def _subject(name: str) -> dict[str, str]:
    return {"subject": name} if name else {}


def _page(
    tested: Backtest, check: Check, threshold: Threshold, lang: Lang
) -> Iterator[tuple[str, str]]:
    """The page as lines, each an indent with its mark and a text to wrap."""
    limit = limit_text(threshold.act, check.unit, readable=True) or worded(
        say("commands.none"), lang
    )
    yield "", f"{check.title[lang]}  ({check.id})  {worded(say('commands.act'), lang)} {limit}"
    yield "", ""
    for event in tested.events:
        name = f"{event.subject}  " if event.subject else ""
        word = worded(say(f"console.{event.level.value}"), lang)
        yield f"{SIGNS[event.level]} {event.day}  ", f"{word}  {name}{worded(event.reason, lang)}"
    if not tested.events:
        yield "", worded(say("backtest.nothing"), lang)
    yield "", ""
    for crossing in tested.crossings:
        yield "  ", worded(_lead(crossing), lang)
    if tested.false_alarms_per_year is not None:
        rate = f"{tested.false_alarms_per_year:.2g}"
        yield "  ", worded(say("backtest.false_alarms", rate=rate), lang)


def _lead(crossing: Crossing) -> Any:
    whose = f"{crossing.subject}: " if crossing.subject else ""
    if crossing.lead_days is None:
        return say("backtest.unannounced", whose=whose, day=str(crossing.day))
    return say("backtest.lead", whose=whose, day=str(crossing.day), days=crossing.lead_days)
