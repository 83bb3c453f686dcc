"""demo: the main job on the embedded world."""

import time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from mailwatch.cli.measure import report_on, thresholds_in_use, with_resolver
from mailwatch.cli.options import Reading, Resolver, one_of
from mailwatch.cli.output import print_out
from mailwatch.config import load_config
from mailwatch.demo import SCENARIOS, World, build, serve
from mailwatch.demo.configuration import configured
from mailwatch.run import Options
from mailwatch.sources.task import Clock

ZONE = ZoneInfo("Asia/Tokyo")
"""The time zone of the demo's SendGrid account, whose yesterday the story ends with."""


def demo(
    context: typer.Context,
    scenario: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            callback=one_of(SCENARIOS),
            show_default=False,
            help=f"{', '.join(SCENARIOS)}; default migration.",
        ),
    ] = "migration",
    day: Annotated[
        int | None,
        typer.Option(
            min=1, max=24, show_default=False, help="migration: the day of the story; default 10."
        ),
    ] = None,
    keep_serving: Annotated[
        bool,
        typer.Option("--serve", help="Keep the servers up, and print how to use them."),
    ] = False,
    resolver: Resolver = None,
    *,
    reading: Reading,
) -> int:
    """Run the main job on a world of its own, without any account."""
    clock: Clock = context.obj
    world = build(scenario, clock.now().astimezone(ZONE).date(), day)
    with serve(world) as running, configured(world, running) as path:
        if keep_serving:
            _announce(path, world)
            while True:
                time.sleep(3600)
        thresholds = thresholds_in_use(reading, load_config(reading.config))
        config = with_resolver(load_config(path).config, resolver)
        return report_on(config, Options().sources, reading, clock, thresholds)


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
