"""check, and the commands for one source: measure, judge, print one report."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple, cast

from mailwatch.catalog.catalog import Catalog, read_catalog
from mailwatch.cli.name_servers import parse_resolvers
from mailwatch.cli.options import ReportOptions
from mailwatch.cli.output import (
    OutputError,
    choose_language,
    choose_style,
    choose_width,
    print_out,
    say_aside,
    set_up_log,
)
from mailwatch.cli.outputfile import same_file, write_file
from mailwatch.clock import Clock
from mailwatch.config import (
    Config,
    Loaded,
    load_config,
    with_domains,
)
from mailwatch.errors import ConfigError
from mailwatch.model import Report
from mailwatch.reports import FORMATS, View
from mailwatch.run import Options, run
from mailwatch.sources import SOURCES
from mailwatch.text.inert import inert
from mailwatch.text.nearest import nearest
from mailwatch.verdict import FailOn

THRESHOLDS_FILE = "thresholds.yaml"
FOR_PEOPLE = ("console", "markdown")
"""Formats in the reader's language; the others are English unless asked for otherwise."""
STDOUT = "-"
LAST_ZONE = timezone(timedelta(hours=-12))
"""A day that is over there is over everywhere."""
OLDEST_DAY = date(2009, 1, 1)
"""SendGrid began in that year, and Postmaster Tools later."""


class DomainOptions(NamedTuple):
    """What the command line names to be measured."""

    domains: Sequence[str] | None = None
    selectors: Sequence[str] | None = None
    resolvers: Sequence[str] | None = None


def check(clock: Clock, given: DomainOptions, options: ReportOptions) -> int:
    """Measures everything that is configured: the main job."""
    loaded = load_config(options.config)
    config = aim(loaded.config, given)
    configured = [name for name, source in SOURCES.items() if source.skipped(config, None) is None]
    if not configured:
        raise ConfigError(
            "Nothing is configured, so there is nothing to check",
            "Name a domain (mailwatch check example.com), set SENDGRID_API_KEY, or write a "
            "mailwatch.yaml with mailwatch init. To see a report first: mailwatch demo.",
        )
    for name in configured:
        _refuse_missing_domain(name, config)
    return report_on(config, tuple(SOURCES), options, clock, catalog_in_use(options, loaded))


def measure_one(name: str, clock: Clock, given: DomainOptions, options: ReportOptions) -> int:
    """Measures the source `name` alone."""
    loaded = load_config(options.config)
    config = SOURCES[name].assume(aim(loaded.config, given), os.environ)
    _refuse_missing_domain(name, config)
    return report_on(config, (name,), options, clock, catalog_in_use(options, loaded))


def aim(config: Config, given: DomainOptions) -> Config:
    """`config` with what the command line names instead of its own domains and name servers."""
    config = with_domains(config, tuple(given.domains or ()), tuple(given.selectors or ()))
    named = parse_resolvers(given.resolvers)
    return replace(config, dns=replace(config.dns, nameservers=named)) if named else config


def thresholds_in_use(options: ReportOptions, loaded: Loaded) -> Path | None:
    """`--thresholds`, else the thresholds.yaml beside the mailwatch.yaml in use, if it exists."""
    if options.thresholds is not None or loaded.path is None:
        return options.thresholds
    beside = loaded.path.parent / THRESHOLDS_FILE
    return beside if beside.is_file() else None


def catalog_in_use(options: ReportOptions, loaded: Loaded) -> Catalog:
    """The checks and thresholds in force: options beat what the configuration names."""
    return read_catalog(thresholds_in_use(options, loaded), checks_in_use(options, loaded))


def checks_in_use(options: ReportOptions, loaded: Loaded) -> Path | None:
    """`--checks`, else the folder of own checks that the configuration names."""
    return options.checks or loaded.config.checks


def report_on(
    config: Config,
    sources: tuple[str, ...],
    options: ReportOptions,
    clock: Clock,
    catalog: Catalog,
) -> int:
    """Runs the sources, prints and delivers the report; the exit status."""
    set_up_log(options.verbose)
    printed, files = _read_outputs(options)
    for name in sources:
        SOURCES[name].validate(config)
    if options.as_of is not None:
        _refuse_impossible_day(options.as_of, config, sources, clock)
    run_options = Options(
        sources=sources,
        as_of=options.as_of,
        timeout=options.timeout,
        fail_on=cast("FailOn", options.fail_on),
        strict=options.strict,
    )
    report = _run_with_progress(config, catalog, run_options, clock)
    # The files first: a reader of stdout that goes away, as head does, must not cost them.
    delivered = [_deliver(report, name, path, options) for name, path in files]
    try:
        print_out(FORMATS[printed].render(report, view_for(options, printed)))
    except OutputError as error:
        say_aside(f"mailwatch: {error.what}")
        delivered.append(False)
    if not all(delivered) and report.exit_code == 0 and options.fail_on != "never":
        return 3
    return report.exit_code


def _refuse_impossible_day(
    as_of: date, config: Config, sources: tuple[str, ...], clock: Clock
) -> None:
    """Raises ConfigError for a day that some source cannot have, or does not have in full yet."""
    if as_of < OLDEST_DAY:
        raise ConfigError(f"--as-of {as_of} is too long ago", "No source goes back that far.")
    now = clock.now()
    newest = {
        name: day
        for name in sources
        if SOURCES[name].skipped(config, as_of) is None
        and (day := SOURCES[name].newest_day(config, now)) is not None
    } or {"every time zone": now.astimezone(LAST_ZONE).date() - timedelta(days=1)}
    name = min(newest, key=lambda name: newest[name])
    if as_of > newest[name]:
        raise ConfigError(
            f"--as-of {as_of}: that day is not over yet for {name}",
            f"The newest complete day is {newest[name]}.",
        )


def view_for(options: ReportOptions, format_name: str, *, file: bool = False) -> View:
    """The view that the user asked for, of the report on stdout or (`file`) in a file."""
    colour, bold = choose_style(options.color, os.environ, sys.stdout)
    person = format_name in FOR_PEOPLE
    return View(
        width=choose_width(options.width, os.environ),
        colour=colour and not file,
        bold=bold and not file,
        # What a machine reads is English unless asked for otherwise.
        lang=choose_language(
            options.lang, os.environ if person else {}, None if file else sys.stdout
        ),
        quiet=options.quiet_ok and not file,
        all=options.all,
    )


def _deliver(report: Report, name: str, path: Path, options: ReportOptions) -> bool:
    """True when the report is in the file. Why it is not is said on stderr."""
    problem = write_file(path, FORMATS[name].render(report, view_for(options, name, file=True)))
    if problem:
        say_aside(f"mailwatch: --output {name}: {problem}")
    return problem is None


def _run_with_progress(
    config: Config, catalog: Catalog, run_options: Options, clock: Clock
) -> Report:
    with _progress(run_options.sources) as finished:
        return run(config, catalog, run_options, clock, finished)


@contextmanager
def _progress(sources: tuple[str, ...]) -> Iterator[Any]:
    """Shows on a terminal which sources are still at work; nothing anywhere else."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda name: None
        return
    from rich.console import Console

    waiting = list(sources)
    with Console(stderr=True).status(f"Asking {', '.join(waiting)} …") as status:

        def finished(name: str) -> None:
            waiting.remove(name)
            status.update(f"Asking {', '.join(waiting)} …")

        yield finished


def _read_outputs(options: ReportOptions) -> tuple[str, list[tuple[str, Path]]]:
    """The format for stdout, then the format and path of each file. Raises ConfigError."""
    printed: str | None = None
    files: list[tuple[str, Path]] = []
    for text in options.output or ():
        name, path = _read_output(text)
        if path == STDOUT:
            if options.format is not None or printed is not None:
                raise ConfigError(
                    f"--output {name}=-: only one report can go to stdout",
                    "Name a format for stdout once, with --format or with --output.",
                )
            printed = name
            continue
        if any(same_file(Path(path), other) for _, other in files):
            raise ConfigError(
                f"--output {name}: two reports would be written to {inert(path, 80)}",
                "Give each report its own file.",
            )
        files.append((name, Path(path)))
    return printed or options.format or "console", files


def _read_output(text: str) -> tuple[str, str]:
    """One `--output` as a format and a path. Raises ConfigError."""
    name, equals, path = text.partition("=")
    if not equals or not path:
        raise ConfigError(
            f"--output {inert(text, 80)} is not FORMAT=PATH", "For example: --output json=out.json"
        )
    if name not in FORMATS:
        raise ConfigError(
            f"--output: there is no format {inert(name, 40)}{nearest(name, FORMATS)}",
            f"The formats are {', '.join(FORMATS)}.",
        )
    return name, path


def _refuse_missing_domain(source: str, config: Config) -> None:
    """Raises ConfigError where the source measures domains and there is none."""
    if SOURCES[source].ABOUT.domains and not config.domains:
        raise ConfigError(
            f"{source} needs a domain, and none was given",
            f"Write mailwatch {source} example.com, or add it under domains: in mailwatch.yaml.",
        )
