"""history and what belongs to it, as the user sees it: show, import, export, prune; and diff."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from mailwatch.cli.completion import one_of
from mailwatch.cli.options import (
    ChecksFolder,
    ConfigFile,
    History,
    Language,
    ThresholdsFile,
    Width,
    option,
    read_day,
)
from mailwatch.frozen import dataclass

SHOW = "show"
"""The command that `mailwatch history` is without another one's name."""

_Format = Annotated[
    str,
    option(
        "--format",
        metavar="NAME",
        callback=one_of(lambda: ("console", "json")),
        help="console (default) or json.",
    ),
]
_Subjects = Annotated[
    list[str] | None,
    option(
        "--subject",
        metavar="KEY=VALUE",
        help="Only what is about this, such as subuser=news (repeatable).",
    ),
]
_Check = Annotated[
    str | None, typer.Argument(metavar="[CHECK]", help="For example sendgrid.bounce_rate.")
]


@dataclass(frozen=True, slots=True)
class HistoryOptions:
    """Which history, what of it, and how to print it."""

    config: Path | None = None
    history: str | None = None
    format: str = "console"
    thresholds: Path | None = None
    checks: Path | None = None
    lang: str | None = None
    width: int | None = None
    subjects: tuple[str, ...] = ()


class _HistoryGroup(TyperGroup):
    """A group whose first argument may be a check instead of a command.

    Options may stand before the command, since they may before a check.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Finds the command, and puts it first."""
        if not {"-h", "--help"}.intersection(args[:1]):
            place = self._command_at(args)
            name = SHOW if place is None else args.pop(place)
            args.insert(0, name)
        return list(super().parse_args(ctx, args))

    def _command_at(self, args: list[str]) -> int | None:
        place = 0
        while place < len(args) and args[place].startswith("-"):
            place += 1 if "=" in args[place] else 2
        return place if place < len(args) and args[place] in self.commands else None


_app = typer.Typer(
    cls=_HistoryGroup,
    rich_markup_mode=None,
    help="Show what earlier runs stored.\n\nmailwatch history [CHECK] [OPTIONS] is short for "
    "mailwatch history show [CHECK] [OPTIONS].",
)


def add_history_commands(app: typer.Typer, group: str) -> None:
    """`app` has the commands, in the place where this is called."""
    app.add_typer(_app, name="history", rich_help_panel=group)
    app.command("diff", rich_help_panel=group)(_diff)


@_app.command(SHOW)
def _show(
    check: _Check = None,
    subject: _Subjects = None,
    history: History = None,
    config: ConfigFile = None,
    thresholds: ThresholdsFile = None,
    checks: ChecksFolder = None,
    format: _Format = "console",  # noqa: A002  # the option's name
    lang: Language = None,
    width: Width = None,
) -> int:
    """List the stored runs and checks, or draw one check over time."""
    from mailwatch.cli import history as command

    subjects = tuple(subject or ())
    options = HistoryOptions(config, history, format, thresholds, checks, lang, width, subjects)
    return command.show(check, options)


@_app.command("events")
def _events(
    context: typer.Context,
    hours: Annotated[
        int, option("--hours", min=1, max=100_000, help="How many hours; default: 24.")
    ] = 24,
    subject: _Subjects = None,
    history: History = None,
    config: ConfigFile = None,
    thresholds: ThresholdsFile = None,
    format: _Format = "console",  # noqa: A002  # the option's name
    lang: Language = None,
    width: Width = None,
) -> int:
    """List the events that `mailwatch serve` received, by hour."""
    from mailwatch.cli import history_events as command

    options = HistoryOptions(
        config, history, format, thresholds, None, lang, width, tuple(subject or ())
    )
    return command.list_events(context.obj, hours, options)


@_app.command("import")
def _import(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.csv", help="check, subject (JSON), day, numerator, denominator, value."
        ),
    ],
    history: History = None,
    config: ConfigFile = None,
) -> int:
    """Add the days of a CSV file: all of them, or none."""
    from mailwatch.cli import history as command

    return command.import_file(path, HistoryOptions(config, history))


@_app.command("export")
def _export(
    check: _Check = None,
    subject: _Subjects = None,
    history: History = None,
    config: ConfigFile = None,
    format: Annotated[  # noqa: A002  # the option's name
        str,
        option(
            "--format",
            metavar="NAME",
            callback=one_of(lambda: ("csv", "jsonl")),
            help="csv (default) or jsonl.",
        ),
    ] = "csv",
) -> int:
    """Print the stored days as CSV, as import takes them, or as JSON lines."""
    from mailwatch.cli import history as command

    options = HistoryOptions(config, history, format, subjects=tuple(subject or ()))
    return command.export(check, options)


@_app.command("prune")
def _prune(
    context: typer.Context,
    days: Annotated[
        int | None,
        option("--keep-days", metavar="N", min=1, help="Default: keep_days of the configuration."),
    ] = None,
    history: History = None,
    config: ConfigFile = None,
) -> int:
    """Delete the runs and days that are older than N days."""
    from mailwatch.cli import history as command

    return command.prune(context.obj, days, HistoryOptions(config, history))


def _diff(
    since: Annotated[
        date | None,
        option(
            "--since",
            metavar="DATE",
            parser=read_day,
            help="Compare with the last run up to this day; default: the run before.",
        ),
    ] = None,
    history: History = None,
    config: ConfigFile = None,
    thresholds: ThresholdsFile = None,
    checks: ChecksFolder = None,
    format: _Format = "console",  # noqa: A002  # the option's name
    lang: Language = None,
    width: Width = None,
) -> int:
    """Say what changed since the last run, and why.

    Also since the last run that found all well. Status: 0, whatever changed.
    """
    from mailwatch.cli import diff as command

    options = HistoryOptions(config, history, format, thresholds, checks, lang, width)
    return command.diff(since, options)
