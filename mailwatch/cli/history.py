"""history: what earlier runs stored, shown, imported, exported and deleted."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path

from mailwatch.catalog.catalog import Catalog
from mailwatch.cli.check import catalog_in_use
from mailwatch.cli.history_commands import HistoryOptions
from mailwatch.cli.history_page import draw_series, list_runs, list_series
from mailwatch.cli.memory import named_place, place_in_use
from mailwatch.cli.options import ReportOptions
from mailwatch.cli.output import choose_language, choose_width, print_out
from mailwatch.clock import Clock
from mailwatch.config import Loaded, load_config
from mailwatch.errors import ConfigError
from mailwatch.history.opened import open_store
from mailwatch.history.rows import day_document, read_rows, to_csv, to_json_lines
from mailwatch.history.store import PlaceError, Store
from mailwatch.history.stored import StoredSeries
from mailwatch.model import Lang, Subject, say
from mailwatch.text.inert import inert
from mailwatch.words import worded

SCHEMA = "mailwatch.history/1"
MOST_DRAWN = 3
"""StoredSeries that are drawn at a time; of more, each is one line."""


def show(check: str | None, options: HistoryOptions) -> int:
    """Prints the runs and the checks, or one check with its chart."""
    loaded = load_config(options.config)
    store = opened(options, loaded)
    subject = read_pairs(options.subjects)
    if options.format == "json":
        print_out(_document(store, check, subject))
        return 0
    catalog = _catalog(options, loaded)
    lang = choose_language(options.lang, os.environ, sys.stdout)
    width = choose_width(options.width, os.environ)
    names = store.names(check, subject)
    if check is None and not subject.pairs:
        lines = list_runs(store.runs(), names, lang, width)
    elif not names:
        if check is not None:
            catalog.check(check)  # a name that is neither stored nor a check is a mistake
        lines = iter([worded(say("history.nothing"), lang)])
    else:
        lines = _drawn(tuple(store.series(check, subject)), catalog, lang, width)
    print_out(f"{line}\n" for line in lines)
    return 0


def _drawn(
    found: Sequence[StoredSeries], catalog: Catalog, lang: Lang, width: int
) -> Iterator[str]:
    """A chart of each series; of many, of the whole account only, and a line of each other one."""
    charts = [one for one in found if len(found) <= MOST_DRAWN or not one.subject.pairs]
    for one in charts:
        yield from draw_series(one, catalog, lang, width)
    others = [one for one in found if one not in charts]
    if charts and others:
        yield ""
    yield from list_series(others, catalog, lang, width)


def import_file(path: Path, options: HistoryOptions) -> int:
    """Stores the days of the file, all or none."""
    stored = opened(options, load_config(options.config)).import_days(read_rows(path))
    lang = choose_language(None, os.environ, sys.stdout)
    print_out([worded(say("history.imported", n=stored), lang), "\n"])
    return 0


def export(check: str | None, options: HistoryOptions) -> int:
    """Prints all days."""
    store = opened(options, load_config(options.config))
    series = store.series(check, read_pairs(options.subjects))
    print_out(to_json_lines(series) if options.format == "jsonl" else to_csv(series))
    return 0


def prune(clock: Clock, days: int | None, options: HistoryOptions) -> int:
    """Deletes what is too old."""
    loaded = load_config(options.config)
    keep = days or loaded.config.history.keep_days
    if keep is None:
        raise ConfigError(
            "Nothing says how much to keep",
            "Give --keep-days N, or set history: {keep_days: N} in mailwatch.yaml.",
        )
    pruned = opened(options, loaded).prune(clock.now().date() - timedelta(days=keep))
    lang = choose_language(None, os.environ, sys.stdout)
    phrase = say("history.pruned", runs=pruned.runs, days=pruned.days)
    print_out([worded(phrase, lang), "\n"])
    return 0


def opened(options: HistoryOptions, loaded: Loaded) -> Store:
    """The store in use. Raises PlaceError where nothing is stored anywhere."""
    store = open_store(place_in_use(named_place(options.history), loaded.config))
    if store is None:
        raise PlaceError("none: nothing is stored", "Name a place with --history.")
    return store


def read_pairs(texts: tuple[str, ...]) -> Subject:
    """The subject that several KEY=VALUE make. Raises ConfigError."""
    pairs = []
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not value:
            raise ConfigError(
                f"--subject {inert(text, 80)} is not KEY=VALUE", "As in --subject subuser=news"
            )
        pairs.append((key.strip(), inert(value)))
    try:
        return Subject(tuple(pairs))
    except ValueError as error:
        raise ConfigError(f"--subject {inert(str(error), 120)}") from None


def _catalog(options: HistoryOptions, loaded: Loaded) -> Catalog:
    given = ReportOptions(thresholds=options.thresholds, checks=options.checks)
    return catalog_in_use(given, loaded)


def _document(store: Store, check: str | None, subject: Subject) -> Iterator[str]:
    """The runs and series as one JSON object, a series at a time: there may be millions of days."""
    runs = [
        {"generated_at": run.generated_at, "verdict": run.verdict, "exit_code": run.exit_code}
        for run in store.runs()
    ]
    yield f'{{"schema": "{SCHEMA}",\n "runs": {json.dumps(runs)},\n "series": ['
    series = store.series(check, subject)
    for one in islice(series, 1):
        yield f"\n  {_series_document(one)}"
    for one in series:
        yield f",\n  {_series_document(one)}"
    yield "]}\n"


def _series_document(series: StoredSeries) -> str:
    days = [day_document(day) for day in series.days]
    about = {"check": series.check, "subject": dict(series.subject.pairs), "days": days}
    return json.dumps(about, ensure_ascii=False)


def known_language(options: HistoryOptions) -> Lang:
    """The language for people."""
    return choose_language(options.lang, os.environ, sys.stdout)
