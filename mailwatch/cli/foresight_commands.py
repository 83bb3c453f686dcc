"""The commands that look ahead: what-if, and warmup with plan and status."""

from datetime import date
from typing import Annotated

import typer

from mailwatch.cli.options import PageOptions, option, read_day, spread

_Target = option("--target", metavar="N", min=1, max=10**10, help="Messages a day at the end.")
_Start = option(
    "--start",
    metavar="DATE",
    parser=read_day,
    help="The first day; default: today, for status the configured warmup_start.",
)
_Table = Annotated[
    str,
    option(
        "--schedule",
        metavar="published|automated|FILE",
        help="Default: published. FILE has the messages of each sending day, a number a line.",
    ),
]

_warmup = typer.Typer(
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Plan the warm-up of IP addresses, and see how far one has come.",
)


def add_foresight_commands(app: typer.Typer, group: str) -> None:
    """`app` has the commands, in the place where this is called."""
    app.command("what-if", rich_help_panel=group)(spread(_what_if))
    app.add_typer(_warmup, name="warmup", rich_help_panel=group)


def _what_if(
    context: typer.Context,
    send: Annotated[
        int,
        typer.Option("--send", metavar="N", min=1, max=10**10, help="Messages of one day."),
    ],
    bounce_rate: Annotated[
        str | None,
        option("--bounce-rate", metavar="RATE", help="Of the send, such as 4%; default: as now."),
    ] = None,
    *,
    options: PageOptions,
) -> int:
    """Say what a send would do to each threshold, and to a warm-up.

    Asks SendGrid for the figures of now. Status: 1 where something would be a breach, else 0.
    """
    from mailwatch.cli import what_if as command

    return command.what_if(context.obj, send, bounce_rate, options)


@_warmup.command("plan")
@spread
def _plan(
    context: typer.Context,
    target: Annotated[int, _Target],
    start: Annotated[date | None, _Start] = None,
    schedule: _Table = "published",
    *,
    options: PageOptions,
) -> int:
    """List the days and volumes until the target is reached."""
    from mailwatch.cli import warmup as command

    return command.plan(context.obj, target, start, schedule, options)


@_warmup.command("status")
@spread
def _status(
    context: typer.Context,
    target: Annotated[int | None, _Target] = None,
    start: Annotated[date | None, _Start] = None,
    schedule: _Table = "published",
    *,
    options: PageOptions,
) -> int:
    """Hold the days on which mail was sent against the schedule.

    Asks SendGrid for them, and says how much may be sent on the next day.
    """
    from mailwatch.cli import warmup as command

    return command.status(context.obj, command.Wanted(target, start, schedule), options)
