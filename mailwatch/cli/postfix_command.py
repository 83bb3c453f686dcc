"""The command postfix as the user sees it: the logs of a Postfix server."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from mailwatch.cli.options import ReportOptions, spread


def add_postfix_command(app: typer.Typer, group: str) -> None:
    """`app` has the command, in the place where this is called."""
    from mailwatch.sources import postfix

    app.command("postfix", help=postfix.ABOUT.help, rich_help_panel=group)(spread(_postfix))


def _postfix(
    context: typer.Context,
    logs: Annotated[
        list[str] | None,  # typer takes its time to make paths of them
        typer.Argument(
            metavar="LOG",
            help="Logs in any order, also gz, xz or journalctl -o json; - is stdin; default: the "
            "configured ones.",
        ),
    ] = None,
    *,
    options: ReportOptions,
) -> int:
    import os

    from mailwatch.cli import check as command
    from mailwatch.config import PostfixConfig, load_config
    from mailwatch.sources import postfix

    loaded = load_config(options.config)
    config = postfix.assume(loaded.config, os.environ)
    if logs:
        paths = tuple(dict.fromkeys(map(Path, logs)))
        _refuse_missing(paths)
        settings = replace(config.postfix or PostfixConfig(), logs=paths)
        config = replace(config, postfix=settings)
    catalog = command.catalog_in_use(options, loaded)
    return command.report_on(config, ("postfix",), options, context.obj, catalog)


def _refuse_missing(logs: tuple[Path, ...]) -> None:
    """Raises ConfigError for a name on the command line that no file has: it is mistyped."""
    import os

    from mailwatch.config.postfix import STANDARD_INPUT
    from mailwatch.errors import ConfigError
    from mailwatch.sources.postfix.logfiles import expand
    from mailwatch.text.inert import inert

    for path in expand(logs):
        if path != STANDARD_INPUT and not os.path.lexists(path):
            raise ConfigError(
                f"{inert(str(path), 200)}: no such file",
                "Name the logs of Postfix, such as /var/log/mail.log or a pattern of them, or - "
                "for standard input.",
            )
