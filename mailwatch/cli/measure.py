"""check, sendgrid, postmaster and dns: measure, judge, print one report."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import typer

from mailwatch.catalog import Catalog, read_catalog
from mailwatch.cli.options import Domains, Reading, Resolver, Selectors
from mailwatch.cli.output import (
    choose_language,
    choose_style,
    choose_width,
    print_out,
    say_aside,
    set_up_log,
    write_file,
)
from mailwatch.config import (
    Config,
    DnsConfig,
    Loaded,
    PostmasterConfig,
    SendGridConfig,
    google_default,
    load_config,
    with_domains,
)
from mailwatch.errors import ConfigError
from mailwatch.model import Report
from mailwatch.reports import FORMATS, View
from mailwatch.run import FailOn, Options, run
from mailwatch.sources import SOURCES
from mailwatch.sources.task import Clock

THRESHOLDS_FILE = "thresholds.yaml"


def check(
    context: typer.Context,
    domains: Domains = None,
    selector: Selectors = None,
    resolver: Resolver = None,
    *,
    reading: Reading,
) -> int:
    """Measure and judge all that is configured, in one report."""
    loaded = load_config(reading.config)
    config = with_resolver(_chosen(loaded.config, domains, selector), resolver)
    if not (config.domains or config.sendgrid or config.postmaster):
        raise ConfigError(
            "Nothing is configured to be checked",
            "Name a domain (mailwatch check example.com), set SENDGRID_API_KEY, or write a "
            "mailwatch.yaml with: mailwatch init. To see a report first: mailwatch demo.",
        )
    if config.postmaster and not config.domains:
        raise _no_domain("postmaster")
    return report_on(
        config, tuple(SOURCES), reading, context.obj, thresholds_in_use(reading, loaded)
    )


def sendgrid(context: typer.Context, *, reading: Reading) -> int:
    """SendGrid: bounces, blocks, spam reports, volume, reputation."""
    loaded = load_config(reading.config)
    account = loaded.config.sendgrid or SendGridConfig()
    config = replace(loaded.config, sendgrid=account, domains=())
    return report_on(
        config, ("sendgrid",), reading, context.obj, thresholds_in_use(reading, loaded)
    )


def postmaster(context: typer.Context, domains: Domains = None, *, reading: Reading) -> int:
    """Gmail Postmaster Tools: spam rate, pass rates, compliance."""
    loaded = load_config(reading.config)
    account = loaded.config.postmaster or PostmasterConfig(google_default(os.environ))
    config = replace(_chosen(loaded.config, domains, None), postmaster=account)
    if not config.domains:
        raise _no_domain("postmaster")
    sources = ("postmaster",)
    return report_on(config, sources, reading, context.obj, thresholds_in_use(reading, loaded))


def dns(
    context: typer.Context,
    domains: Domains = None,
    selector: Selectors = None,
    resolver: Resolver = None,
    *,
    reading: Reading,
) -> int:
    """DNS: SPF, DKIM, DMARC and MX records. Needs no account."""
    loaded = load_config(reading.config)
    config = with_resolver(_chosen(loaded.config, domains, selector), resolver)
    if not config.domains:
        raise _no_domain("dns")
    return report_on(config, ("dns",), reading, context.obj, thresholds_in_use(reading, loaded))


def thresholds_in_use(reading: Reading, loaded: Loaded) -> Path | None:
    """`--thresholds`, else the thresholds.yaml beside the mailwatch.yaml in use, if it exists."""
    if reading.thresholds is not None or loaded.path is None:
        return reading.thresholds
    beside = loaded.path.parent / THRESHOLDS_FILE
    return beside if beside.is_file() else None


def with_resolver(config: Config, resolver: str | None) -> Config:
    """`config` with this name server instead of its own, where one is given."""
    from mailwatch.addresses import parse_nameserver

    if resolver is None:
        return config
    try:
        return replace(config, dns=DnsConfig((parse_nameserver(resolver),)))
    except ValueError as error:
        raise ConfigError(f"--resolver: {error}", "As in --resolver 127.0.0.1:5353") from None


def report_on(
    config: Config,
    sources: tuple[str, ...],
    reading: Reading,
    clock: Clock,
    thresholds: Path | None,
) -> int:
    """Runs the sources, prints and delivers the report; the exit status."""
    set_up_log(reading.verbose)
    catalog = read_catalog(thresholds, reading.checks)
    outputs = reading.outputs()
    if config.sendgrid is not None and "sendgrid" in sources:
        config.sendgrid.api_key.refuse_broken_variable()
    if reading.as_of and reading.as_of > clock.now().date() + timedelta(days=1):
        raise ConfigError(f"--as-of {reading.as_of} is in the future", "Take a day that is over.")
    options = Options(
        sources=sources,
        as_of=reading.as_of,
        timeout=reading.timeout,
        fail_on=cast("FailOn", reading.fail_on),
        strict=reading.strict,
    )
    report = _run_with_progress(config, catalog, options, clock)
    print_out(FORMATS[reading.format].render(report, view_for(reading, reading.format)))
    failures = [_deliver(report, name, path, reading) for name, path in outputs]
    if any(failures) and report.exit_code == 0 and reading.fail_on != "never":
        return 3
    return report.exit_code


def view_for(reading: Reading, format_name: str, *, file: bool = False) -> View:
    """The view that the reader asked for, of the report on stdout or (`file`) in a file."""
    colour, bold = choose_style(reading.color, os.environ, sys.stdout)
    person = format_name == "console"
    return View(
        width=choose_width(reading.width, os.environ),
        colour=colour and not file,
        bold=bold and not file,
        # What a machine reads is English unless asked for otherwise.
        lang=choose_language(reading.lang, os.environ if person else {}),
        quiet=reading.quiet_ok and not file,
    )


def _deliver(report: Report, name: str, path: Path, reading: Reading) -> bool:
    """Writes the report to a file. True when that failed, which is said on stderr."""
    problem = write_file(path, FORMATS[name].render(report, view_for(reading, name, file=True)))
    if problem:
        say_aside(f"mailwatch: --output {name}: {problem}")
    return bool(problem)


def _run_with_progress(config: Config, catalog: Catalog, options: Options, clock: Clock) -> Report:
    with _progress(options.sources) as finished:
        return run(config, catalog, options, clock, finished)


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


def _chosen(config: Config, domains: list[str] | None, selectors: list[str] | None) -> Config:
    return with_domains(config, tuple(domains or ()), tuple(selectors or ()))


def _no_domain(source: str) -> ConfigError:
    return ConfigError(
        f"{source} needs a domain, and none is named",
        f"As in mailwatch {source} example.com, or under domains: in mailwatch.yaml.",
    )
