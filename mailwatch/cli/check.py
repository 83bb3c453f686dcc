"""check, and the commands for one source: measure, judge, print one report."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta, timezone
from pathlib import Path
from typing import NamedTuple, cast

from mailwatch.catalog.catalog import Catalog, read_catalog
from mailwatch.cli.at_work import sources_shown
from mailwatch.cli.baselines import baseline_in_use, refuse_unknown_checks, write_baseline
from mailwatch.cli.delivery import deliver, read_outputs
from mailwatch.cli.memory import Memory, named_place
from mailwatch.cli.name_servers import parse_resolvers
from mailwatch.cli.options import PageOptions, ReportOptions
from mailwatch.cli.output import (
    ClosedPipe,
    say_aside,
    set_up_log,
)
from mailwatch.clock import Clock
from mailwatch.config import (
    Config,
    Loaded,
    load_config,
    with_domains,
    with_segments,
)
from mailwatch.errors import ConfigError
from mailwatch.judge.transitions import compared_day
from mailwatch.model import Past, Report
from mailwatch.run import Options, finish, run
from mailwatch.sources import SOURCES
from mailwatch.verdict import FailOn
from mailwatch.words import worded

THRESHOLDS_FILE = "thresholds.yaml"
LAST_ZONE = timezone(timedelta(hours=-12))
"""A day that is over there is over everywhere."""
OLDEST_DAY = date(2009, 1, 1)
"""SendGrid began in that year, and Postmaster Tools later."""


class DomainOptions(NamedTuple):
    """What the command line names to be measured."""

    domains: Sequence[str] | None = None
    selectors: Sequence[str] | None = None
    resolvers: Sequence[str] | None = None
    fix: str | None = None
    """How to write the records to publish, instead of a report."""
    segments: Sequence[str] | None = None
    revalidate: bool = False


def check(clock: Clock, given: DomainOptions, options: ReportOptions) -> int:
    """Measures everything that is configured: the main job."""
    if given.fix is not None:
        config = aim(load_config(options.config).config, given)
        SOURCES["sendgrid"].validate(config)
        return _print_records(config, given.fix, options, clock, needs_sendgrid=True)
    config, catalog = _everything(given, options)
    return report_on(config, tuple(SOURCES), options, clock, catalog)


def baseline(clock: Clock, given: DomainOptions, options: ReportOptions) -> int:
    """Measures everything that is configured, and writes what is not ok to the baseline."""
    config, catalog = _everything(given, options)
    path, options = options.baseline, replace(options, baseline=None)
    return write_baseline(measure(config, tuple(SOURCES), options, clock, catalog), path)


def _everything(given: DomainOptions, options: ReportOptions) -> tuple[Config, Catalog]:
    """What is configured. Raises ConfigError where that is nothing, or a domain is missing."""
    loaded = load_config(options.config)
    config = _with_revalidation(divide(aim(loaded.config, given), given), given)
    configured = [name for name, source in SOURCES.items() if source.skipped(config, None) is None]
    if not configured:
        raise ConfigError(
            "Nothing is configured, so there is nothing to check",
            "Name a domain (mailwatch check example.com), set SENDGRID_API_KEY, or write a "
            "mailwatch.yaml with mailwatch init. To see a report first: mailwatch demo.",
        )
    for name in configured:
        _refuse_missing_domain(name, config)
    return config, catalog_in_use(options, loaded)


def measure_one(name: str, clock: Clock, given: DomainOptions, options: ReportOptions) -> int:
    """Measures the source `name` alone."""
    loaded = load_config(options.config)
    config = divide(SOURCES[name].assume(aim(loaded.config, given), os.environ), given)
    config = _with_revalidation(config, given)
    _refuse_missing_domain(name, config)
    if given.fix is not None:
        return _print_records(config, given.fix, options, clock, needs_sendgrid=False)
    return report_on(config, (name,), options, clock, catalog_in_use(options, loaded, name))


def _print_records(
    config: Config, kind: str, options: ReportOptions, clock: Clock, *, needs_sendgrid: bool
) -> int:
    from mailwatch.cli.fix import print_records

    return print_records(config, kind, options, clock, needs_sendgrid)


def aim(config: Config, given: DomainOptions) -> Config:
    """`config` with what the command line names instead of its own domains and name servers."""
    config = with_domains(config, tuple(given.domains or ()), tuple(given.selectors or ()))
    named = parse_resolvers(given.resolvers)
    return replace(config, dns=replace(config.dns, nameservers=named)) if named else config


def divide(config: Config, given: DomainOptions) -> Config:
    """`config` with the segments that the command line names instead of its own."""
    return with_segments(config, tuple(given.segments)) if given.segments else config


def _with_revalidation(config: Config, given: DomainOptions) -> Config:
    """`config` with `--revalidate`, where it is given. Raises ConfigError without SendGrid."""
    if not given.revalidate:
        return config
    if config.sendgrid is None:
        raise ConfigError(
            "--revalidate: SendGrid is not configured", "Set SENDGRID_API_KEY, or add sendgrid:."
        )
    return replace(config, sendgrid=replace(config.sendgrid, revalidate=True))


def thresholds_in_use(options: PageOptions, loaded: Loaded) -> Path | None:
    """`--thresholds`, else the thresholds.yaml beside the mailwatch.yaml in use, if it exists."""
    if options.thresholds is not None or loaded.path is None:
        return options.thresholds
    beside = loaded.path.parent / THRESHOLDS_FILE
    return beside if beside.is_file() else None


def catalog_in_use(options: PageOptions, loaded: Loaded, source: str | None = None) -> Catalog:
    """The checks and thresholds in force: options beat what the configuration names.

    With `source`, those of that source, and of others as far as a file of the user's names them.
    """
    thresholds, checks = thresholds_in_use(options, loaded), checks_in_use(options, loaded)
    others = thresholds or checks or loaded.config.ignore
    return read_catalog(thresholds, checks, None if others else source)


def checks_in_use(options: PageOptions, loaded: Loaded) -> Path | None:
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
    outputs = read_outputs(options)
    place = named_place(options.history)
    run_options = _prepare(config, sources, options, clock)
    memory = Memory(place, config)

    def measured() -> Report:
        refuse_unknown_checks(config, catalog)
        ordered = tuple(check.id for check in catalog.checks.values() if check.unit == "word")
        day = compared_day(clock.now().astimezone(UTC).date())
        past = memory.past(options.as_of, (ordered, day))
        return _run_with_progress(_with_mail(config, options), catalog, run_options, clock, past)

    def handed_over(report: Report) -> int:
        try:
            status = deliver(report, outputs, options)
        except ClosedPipe:  # the reader has seen enough: the run has ended all the same
            end(report)
            raise
        end(report)
        return status

    def end(report: Report) -> None:
        """What was read is moved only once it cannot be lost."""
        if memory.keep(report, catalog, options.as_of):
            for problem in finish(report):
                say_aside(f"mailwatch: {worded(problem, 'en')}")

    if config.notify is None and not options.mail_to:
        return handed_over(measured())
    from mailwatch.cli.announcing import with_notices

    return with_notices(config, options, clock, measured, handed_over)


def measure(
    config: Config,
    sources: tuple[str, ...],
    options: ReportOptions,
    clock: Clock,
    catalog: Catalog,
) -> Report:
    """The report on the sources, without the history. Raises ConfigError."""
    run_options = _prepare(config, sources, options, clock)
    refuse_unknown_checks(config, catalog)
    return _run_with_progress(config, catalog, run_options, clock, Past())


def _prepare(
    config: Config, sources: tuple[str, ...], options: ReportOptions, clock: Clock
) -> Options:
    """How to run. Raises ConfigError before anything is measured."""
    set_up_log(options.verbose)
    for name in sources:
        SOURCES[name].validate(config)
    if options.as_of is not None:
        _refuse_impossible_day(options.as_of, config, sources, clock)
    return Options(
        sources=sources,
        as_of=options.as_of,
        timeout=options.timeout,
        fail_on=cast("FailOn", options.fail_on),
        strict=options.strict,
        baseline=baseline_in_use(options),
    )


def _with_mail(config: Config, options: ReportOptions) -> Config:
    """The configuration that the sources see: the key is to send mail where an option says so."""
    if options.mail_via != "sendgrid":
        return config
    from mailwatch.config.notify import NotifyConfig

    return replace(config, notify=replace(config.notify or NotifyConfig(), via="sendgrid"))


def _run_with_progress(
    config: Config, catalog: Catalog, run_options: Options, clock: Clock, past: Past
) -> Report:
    with sources_shown() as watcher:
        return run(config, catalog, run_options, clock, watcher, past)


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


def _refuse_missing_domain(source: str, config: Config) -> None:
    """Raises ConfigError where the source measures domains and there is none."""
    if SOURCES[source].ABOUT.domains and not config.domains:
        raise ConfigError(
            f"{source} needs a domain, and none was given",
            f"Write mailwatch {source} example.com, or add it under domains: in mailwatch.yaml.",
        )
