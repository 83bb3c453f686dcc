"""dns --from: a list of domains measured and judged, one JSON object a line as each is done."""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from mailwatch.bulk.domainlist import BadLine, Read, read_domains
from mailwatch.bulk.domainwork import DomainWork
from mailwatch.bulk.feed import Feed
from mailwatch.bulk.here import Give, Stop
from mailwatch.bulk.on_request import MTA_STS
from mailwatch.bulk.resume import KeySet
from mailwatch.cli.check import DomainOptions, aim, catalog_in_use
from mailwatch.cli.line_output import LineOutput
from mailwatch.cli.list_options import ListOptions
from mailwatch.cli.list_progress import Progress, summary
from mailwatch.cli.options import ReportOptions
from mailwatch.cli.output import choose_language, say_aside, set_up_log
from mailwatch.cli.signals import signals_deferred
from mailwatch.clock import Clock
from mailwatch.config import Config, Domain, load_config
from mailwatch.errors import ConfigError
from mailwatch.model import Level, State
from mailwatch.resolver.servers import find_servers
from mailwatch.text.inert import inert
from mailwatch.verdict import FAILING, FailOn

STDIN = "-"
SHORT = 4000
"""Octets of a list for which it is not worth while to start other processes."""
Engine = Callable[[DomainWork, Feed[Domain], Give, Stop], None]
FORMAT = "jsonl"


def measure_list(
    clock: Clock,
    given: DomainOptions,
    listing: ListOptions,
    options: ReportOptions,
    *,
    bounded: bool,
) -> int:
    """Measures every domain of the list; the exit status. `bounded`: `--timeout` was given."""
    set_up_log(options.verbose)
    printed, path = _read_outputs(options)
    _refuse(given, listing, options, path)
    loaded = load_config(options.config)
    config = aim(loaded.config, DomainOptions(None, given.selectors, given.resolvers))
    catalog = catalog_in_use(options, loaded)
    servers = find_servers(config.dns.nameservers)
    lang = choose_language(options.lang, {}, None)
    also = tuple(dict.fromkeys(listing.also or ()))
    work = DomainWork.of(servers, catalog, lang, strict=options.strict, also=also)
    descriptor = _open(listing.listed or "", path)
    output = LineOutput(printed=printed, path=path, quiet=options.quiet_ok)
    there = output.begin(resume=listing.resume)
    deadline = clock.monotonic() + options.timeout if bounded else None
    run = _Run(descriptor, work, output, there, listing, _selectors(config, given))
    with signals_deferred() as interrupted:
        run.carry_out(lambda: interrupted() or output.broken, clock, deadline)
    return run.status(cast("FailOn", options.fail_on), strict=options.strict)


def _selectors(config: Config, given: DomainOptions) -> tuple[str, ...]:
    """The selectors of every plain line, as the configuration reads them."""
    from mailwatch.config.addresses import parse_selector

    try:
        return tuple(dict.fromkeys(map(parse_selector, given.selectors or ())))
    except ValueError as error:
        raise ConfigError(f"--selector: {error}") from None


def _read_outputs(options: ReportOptions) -> tuple[bool, Path | None]:
    """Whether lines go to stdout, and the file that they go to. Raises ConfigError."""
    printed, path = options.format is not None, None
    names = [options.format] if options.format else []
    for text in options.output or ():
        name, _, place = text.partition("=")
        names.append(name)
        if place == STDIN and not printed:
            printed = True
        elif place in ("", STDIN) or path is not None:
            raise ConfigError(
                f"--output {inert(text, 80)}: with --from, one file and stdout at most",
                "For example: --output jsonl=domains.jsonl",
            )
        else:
            path = Path(place)
    for name in names:
        if name != FORMAT:
            raise ConfigError(
                f"--from gives lines of JSON, not {inert(name or '', 40)}",
                f"Write --format {FORMAT}, or --output {FORMAT}=PATH.",
            )
    return printed or path is None, path


def _refuse(
    given: DomainOptions, listing: ListOptions, options: ReportOptions, path: Path | None
) -> None:
    """Raises ConfigError for options that contradict each other."""
    if given.domains:
        raise ConfigError(
            "--from and a DOMAIN cannot be used together", "Write the domain into the list."
        )
    for name, is_given in _of_a_report(given, options).items():
        if is_given:
            raise ConfigError(f"{name} is for a report, and a list has none")
    if options.as_of is not None:
        raise ConfigError("--as-of: DNS has no past, so a list has none either")
    if listing.resume and path is None:
        raise ConfigError(
            "--resume needs the file that the earlier run wrote",
            f"Name it with --output {FORMAT}=PATH.",
        )
    if listing.scheduler is not None and listing.engine != "dask":
        raise ConfigError("--scheduler is for --engine dask")


def _of_a_report(given: DomainOptions, options: ReportOptions) -> dict[str, bool]:
    """What a list does nothing with, and whether it was asked for."""
    return {
        "--fix": given.fix is not None,
        "--baseline": options.baseline is not None,
        "--history": options.history not in (None, "none"),
        "--mail-to": bool(options.mail_to),
        "--digest": options.digest not in (None, "never"),
    }


def _open(name: str, output: Path | None) -> int:
    """The list, open for reading. Raises ConfigError."""
    if name == STDIN:
        return os.dup(0)
    if output is not None and os.path.realpath(name) == os.path.realpath(output):
        raise ConfigError(f"{inert(name, 80)} is both the list and the output")
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY)
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from None
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ConfigError(f"--from: {inert(name, 80)} is a folder")
    return descriptor


def _unreadable(name: str, error: Exception) -> ConfigError:
    reason = getattr(error, "strerror", None) or str(error)
    return ConfigError(f"--from: {inert(name, 80)} cannot be read: {inert(reason, 80)}")


@dataclass(slots=True)
class _Run:
    """One run over a list, and what it came to."""

    descriptor: int
    work: DomainWork
    output: LineOutput
    there: KeySet | None
    listing: ListOptions
    selectors: tuple[str, ...]
    bad: int = 0
    skipped: int = 0
    out_of_time: bool = False

    def carry_out(self, stop: Callable[[], bool], clock: Clock, deadline: float | None) -> None:
        """Works through the list, and says at the end what it came to."""
        progress = Progress(self.descriptor, sys.stderr, clock.monotonic)
        self.output.progress = progress.update

        def stopped() -> bool:
            self.out_of_time = deadline is not None and clock.monotonic() >= deadline
            return stop() or self.out_of_time

        read = read_domains(self.descriptor, self.selectors, progress.read)
        try:
            self._engine()(self.work, Feed(self._left(read, progress)), self.output.give, stopped)
        except OSError as error:
            raise _unreadable(self.listing.listed or "", error) from None
        finally:
            progress.clear()
            self.output.close()
            os.close(self.descriptor)
            if self.there is not None:
                self.there.close()
        for line in summary(self.output.counts, progress, bad=self.bad, there=self.skipped):
            say_aside(line)
        if self.out_of_time:
            say_aside(
                "mailwatch: the time of --timeout is over before the list is; --resume goes on."
            )

    def _engine(self) -> Engine:
        number = self.listing.processes or len(os.sched_getaffinity(0))
        if self.listing.engine == "dask":
            from mailwatch.bulk.cluster import work_on_cluster

            return partial(work_on_cluster, self.listing.scheduler, number)
        if self._is_short():
            number = 1
        # A file is fetched in another process, which can be ended without waiting for the file.
        if number == 1 and MTA_STS not in self.work.also:
            from mailwatch.bulk.here import work_here

            return work_here
        from mailwatch.bulk.processes import work_in_processes

        return partial(work_in_processes, number)

    def _is_short(self) -> bool:
        """True for a file that is done before other processes would have started."""
        status = os.fstat(self.descriptor)
        named = self.listing.processes is not None
        return not named and stat.S_ISREG(status.st_mode) and status.st_size < SHORT

    def _left(self, read: Iterator[list[Read]], progress: Progress) -> Iterator[list[Domain]]:
        """The domains that are still to be measured; bad lines are reported on the way."""
        for found in read:
            domains: list[Domain] = []
            for one in found:
                if isinstance(one, BadLine):
                    self.bad += 1
                    say_aside(f"mailwatch: line {one.number}: {one.why}")
                elif self.there is not None and one.name in self.there:
                    self.skipped += 1
                else:
                    domains.append(one)
            progress.take(len(domains))
            yield domains

    def status(self, fail_on: FailOn, *, strict: bool) -> int:
        """The exit status. Raises what went wrong with the output."""
        self.output.raise_problem()
        counts = self.output.counts
        found = (name for name in counts if name.startswith("check "))
        levels = {Level(name.rpartition(" ")[2]) for name in found}
        if levels & FAILING[fail_on]:
            return 1
        if fail_on == "never":
            return 0
        states = {state for state in State if counts[f"state {state}"]}
        failed = states == {State.FAILED} or (strict and bool(states - {State.OK} or self.bad))
        return 3 if failed or self.out_of_time or self.output.lost else 0
