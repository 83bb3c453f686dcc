"""demo: the main job on the embedded world."""

import time
from pathlib import Path
from zoneinfo import ZoneInfo

from mailwatch.cli.check import Target, aim, catalog_in_use, report_on
from mailwatch.cli.options import Reading
from mailwatch.cli.output import print_out
from mailwatch.clock import Clock
from mailwatch.config import load_config
from mailwatch.demo import World, build, serve
from mailwatch.demo.story.configuration import configured
from mailwatch.sources import SOURCES

ZONE = ZoneInfo("Asia/Tokyo")
"""The time zone of the demo's SendGrid account, whose yesterday the story ends with."""


def story(clock: Clock, scenario: str, day: int | None) -> World:
    """The world of `scenario`, as of now."""
    return build(scenario, clock.now().astimezone(ZONE).date(), day)


def show(clock: Clock, world: World, resolver: str | None, reading: Reading) -> int:
    """Runs the main job against the world."""
    with serve(world) as running, configured(world, running) as path:
        catalog = catalog_in_use(reading, load_config(reading.config))
        config = aim(load_config(path).config, Target(resolver=resolver))
        return report_on(config, tuple(SOURCES), reading, clock, catalog)


def keep_up(world: World) -> int:
    """Serves the world until Ctrl-C, for every other command to be tried on it."""
    with serve(world) as running, configured(world, running) as path:
        _announce(path, world)
        while True:
            time.sleep(3600)


def _announce(path: Path, world: World) -> None:
    print_out(
        [
            f"# The demo world ({world.scenario}) is up until Ctrl-C. In another terminal:\n",
            f"export MAILWATCH_CONFIG={path}\n",
            f"export SENDGRID_API_KEY={world.api_key}\n",
            f"export GOOGLE_APPLICATION_CREDENTIALS={path.parent / 'postmaster-token.json'}\n",
            "mailwatch check\n\n",
            f"# {path}:\n",
            path.read_text(),
        ]
    )
