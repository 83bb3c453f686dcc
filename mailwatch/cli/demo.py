"""demo: `check` on the embedded world."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from mailwatch.cli.check import DomainOptions, aim, catalog_in_use, report_on
from mailwatch.cli.options import ReportOptions
from mailwatch.cli.output import print_out
from mailwatch.clock import Clock
from mailwatch.config import load_config
from mailwatch.config.history import HistoryConfig
from mailwatch.demo import WITH_DAYS, Faults, World, build, serve
from mailwatch.demo.story.configuration import configured
from mailwatch.demo.wire.fault_plan import read_fault
from mailwatch.errors import ConfigError
from mailwatch.history.place import NOWHERE
from mailwatch.sources import SOURCES
from mailwatch.text.inert import inert

ZONE = ZoneInfo("Asia/Tokyo")
"""The time zone of the demo's SendGrid account, whose yesterday the story ends with."""


def story(clock: Clock, scenario: str, day: int | None) -> World:
    """The world of `scenario`, as of now. Raises ConfigError for a day of a story without days."""
    if day is not None and scenario != WITH_DAYS:
        raise ConfigError(
            f"--day {day}: the scenario {scenario} has no days to choose from",
            f"Leave --day out, or try mailwatch demo --scenario {WITH_DAYS} --day {day}.",
        )
    return build(scenario, _today(clock), day)


def _today(clock: Clock) -> date:
    return clock.now().astimezone(ZONE).date()


def faults_asked_for(texts: Sequence[str]) -> Faults:
    """The faults that `--fault` names. Raises ConfigError."""
    rules = []
    for text in texts:
        try:
            rules.append(read_fault(text))
        except ValueError as error:
            raise ConfigError(
                f"--fault {inert(text, 100)}: {error}",
                "For example: --fault sendgrid=503, --fault google=delay:2 or "
                "--fault dns:example.com=servfail*3.",
            ) from None
    return Faults(*rules)


def show(
    clock: Clock,
    world: World,
    resolvers: Sequence[str] | None,
    options: ReportOptions,
    faults: Faults,
) -> int:
    """Runs the main job against the world."""
    with serve(world, faults=faults) as running, configured(world, running) as path:
        catalog = catalog_in_use(options, load_config(options.config))
        config = aim(load_config(path).config, DomainOptions(resolvers=resolvers))
        # An invented world is stored only where somebody says so.
        config = replace(config, history=HistoryConfig(NOWHERE))
        return report_on(config, tuple(SOURCES), options, clock, catalog)


def keep_up(clock: Clock, world: World, day: int | None, faults: Faults) -> int:
    """Serves the world until Ctrl-C, for every other command to be tried on it.

    Past midnight the story moves on with the calendar: it always ends yesterday, so `mailwatch
    check` finds the same story on every day.
    """
    with serve(world, faults=faults) as running, configured(world, running) as path:
        _announce(path, world)
        while True:
            clock.pause(1.0)
            today = _today(clock)
            if today != running.world.today:
                running.move_to(build(world.scenario, today, day))


def _announce(path: Path, world: World) -> None:
    print_out(
        [
            f"# The demo servers ({world.scenario}) run until Ctrl-C. In another terminal:\n",
            f"export MAILWATCH_CONFIG={path}\n",
            f"export SENDGRID_API_KEY={world.api_key}\n",
            f"export GOOGLE_APPLICATION_CREDENTIALS={path.parent / 'postmaster-token.json'}\n",
            "mailwatch check\n",
            f"mailwatch message {path.parent / 'message.eml'}\n",
            f"mailwatch message {path.parent / 'forwarded.eml'}\n\n",
            f"# {path}:\n",
            path.read_text(),
        ]
    )
