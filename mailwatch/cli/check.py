"""check, sendgrid, postmaster and dns: measure, judge, print one report."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple, cast

from mailwatch.catalog.catalog import Catalog, read_catalog
from mailwatch.cli.options import Reading
from mailwatch.cli.output import (
    choose_language,
    choose_style,
    choose_width,
    print_out,
    say_aside,
    set_up_log,
    write_file,
)
from mailwatch.clock import Clock
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
from mailwatch.config.addresses import parse_nameserver
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
OLDEST_DAY = date(2009, 1, 1)
"""SendGrid began in that year, and Postmaster Tools later."""


class Target(NamedTuple):
    """What the command line says is to be measured."""

    domains: Sequence[str] | None = None
    selectors: Sequence[str] | None = None
    resolver: str | None = None


def check(clock: Clock, target: Target, reading: Reading) -> int:
    """Measures everything that is configured: the main job."""
    loaded = load_config(reading.config)
    config = aim(loaded.config, target)
    if not (config.domains or config.sendgrid or config.postmaster):
        raise ConfigError(
            "Nothing is configured to be checked",
            "Name a domain (mailwatch check example.com), set SENDGRID_API_KEY, or write a "
            "mailwatch.yaml with mailwatch init. To see a report first: mailwatch demo.",
        )
    if config.postmaster and not config.domains:
        raise _no_domain("postmaster")
    return report_on(config, tuple(SOURCES), reading, clock, thresholds_in_use(reading, loaded))


def sendgrid(clock: Clock, reading: Reading) -> int:
    """Measures the SendGrid account."""
    loaded = load_config(reading.config)
    account = loaded.config.sendgrid or SendGridConfig()
    config = replace(loaded.config, sendgrid=account, domains=())
    return report_on(config, ("sendgrid",), reading, clock, thresholds_in_use(reading, loaded))


def postmaster(clock: Clock, target: Target, reading: Reading) -> int:
    """Measures what Gmail says of the domains."""
    loaded = load_config(reading.config)
    account = loaded.config.postmaster or PostmasterConfig(google_default(os.environ))
    config = replace(aim(loaded.config, target), postmaster=account)
    if not config.domains:
        raise _no_domain("postmaster")
    return report_on(config, ("postmaster",), reading, clock, thresholds_in_use(reading, loaded))


def dns(clock: Clock, target: Target, reading: Reading) -> int:
    """Measures the domains' DNS records."""
    loaded = load_config(reading.config)
    config = aim(loaded.config, target)
    if not config.domains:
        raise _no_domain("dns")
    return report_on(config, ("dns",), reading, clock, thresholds_in_use(reading, loaded))


def aim(config: Config, target: Target) -> Config:
    """`config` with what the command line names instead of its own domains and name servers."""
    config = with_domains(config, tuple(target.domains or ()), tuple(target.selectors or ()))
    if target.resolver is None:
        return config
    try:
        return replace(config, dns=DnsConfig((parse_nameserver(target.resolver),)))
    except ValueError as error:
        raise ConfigError(f"--resolver: {error}", "As in --resolver 127.0.0.1:5353") from None


def thresholds_in_use(reading: Reading, loaded: Loaded) -> Path | None:
    """`--thresholds`, else the thresholds.yaml beside the mailwatch.yaml in use, if it exists."""
    if reading.thresholds is not None or loaded.path is None:
        return reading.thresholds
    beside = loaded.path.parent / THRESHOLDS_FILE
    return beside if beside.is_file() else None


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
    outputs = _read_outputs(reading.output or ())
    if config.sendgrid is not None and "sendgrid" in sources:
        config.sendgrid.api_key.refuse_broken_variable()
    _refuse_impossible_days(reading, clock)
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


def _refuse_impossible_days(reading: Reading, clock: Clock) -> None:
    """Raises ConfigError for a day that no source can have."""
    if reading.as_of and reading.as_of > clock.now().date() + timedelta(days=1):
        raise ConfigError(f"--as-of {reading.as_of} is in the future", "Take a day that is over.")
    if reading.as_of and reading.as_of < OLDEST_DAY:
        raise ConfigError(
            f"--as-of {reading.as_of} is too long ago", "No source goes back that far."
        )


def view_for(reading: Reading, format_name: str, *, file: bool = False) -> View:
    """The view that the reader asked for, of the report on stdout or (`file`) in a file."""
    colour, bold = choose_style(reading.color, os.environ, sys.stdout)
    person = format_name in FOR_PEOPLE
    return View(
        width=choose_width(reading.width, os.environ),
        colour=colour and not file,
        bold=bold and not file,
        # What a machine reads is English unless asked for otherwise.
        lang=choose_language(
            reading.lang, os.environ if person else {}, None if file else sys.stdout
        ),
        quiet=reading.quiet_ok and not file,
        all=reading.all,
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


def _read_outputs(texts: Sequence[str]) -> list[tuple[str, Path]]:
    """Each `--output` as a format and a path. Raises ConfigError."""
    outputs: list[tuple[str, Path]] = []
    for text in texts:
        name, equals, path = text.partition("=")
        if not equals or not path:
            raise ConfigError(
                f"--output {inert(text, 80)} is not FORMAT=PATH", "As in json=report.json"
            )
        if name not in FORMATS:
            raise ConfigError(
                f"--output: there is no format {inert(name, 40)}{nearest(name, FORMATS)}",
                f"The formats are {', '.join(FORMATS)}.",
            )
        outputs.append((name, Path(path)))
    return outputs


def _no_domain(source: str) -> ConfigError:
    return ConfigError(
        f"{source} needs a domain, and none is named",
        f"As in mailwatch {source} example.com, or under domains: in mailwatch.yaml.",
    )
