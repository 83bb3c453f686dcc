"""login, as the user sees it."""

from pathlib import Path
from typing import Annotated

import typer

from mailwatch.cli.completion import one_of
from mailwatch.cli.options import ConfigFile, option

SERVICES = ("google",)


def add_login_command(app: typer.Typer, group: str) -> None:
    """`login` is a command of `app`, listed under `group`."""
    app.command("login", rich_help_panel=group)(_login)


def _login(
    context: typer.Context,
    service: Annotated[str, typer.Argument(metavar="google", callback=one_of(lambda: SERVICES))],
    client: Annotated[
        Path,
        option(
            "--client", metavar="FILE", help="The OAuth client (Desktop app) that Google gave you."
        ),
    ],
    output: Annotated[
        Path | None,
        option(
            "--output",
            metavar="FILE",
            help="Where the token goes; default: postmaster.credentials of the configuration, or "
            "postmaster-token.json.",
        ),
    ] = None,
    config: ConfigFile = None,
    port: Annotated[
        int,
        option(
            "--port",
            metavar="PORT",
            min=0,
            max=65535,
            help="Port of 127.0.0.1 that Google's page comes back to; default: a free one.",
        ),
    ] = 0,
    timeout: Annotated[
        float,
        option("--timeout", metavar="SECONDS", min=1, max=86400, help="How long to wait; 300."),
    ] = 300.0,
    force: Annotated[bool, option("--force", help="Replace a token file that exists.")] = False,
) -> int:
    """Give consent at Google, and write the token that mailwatch reads Gmail's figures with."""
    from mailwatch.cli import login as command

    return command.log_in(
        context.obj, command.LoginOptions(client, output, config, port, timeout, force)
    )
