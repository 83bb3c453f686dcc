"""serve as the user sees it: its options."""

from pathlib import Path
from typing import Annotated

import typer

from mailwatch.cli.options import (
    ChecksFolder,
    ConfigFile,
    History,
    ThresholdsFile,
    option,
)
from mailwatch.frozen import dataclass

HOST = "127.0.0.1"
PORT = 8420


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """Where to listen, who may read, and what is shown."""

    host: str = HOST
    port: int = PORT
    token: str | None = None
    allow_hosts: tuple[str, ...] = ()
    webhook_key: str | None = None
    history: str | None = None
    config: Path | None = None
    thresholds: Path | None = None
    checks: Path | None = None
    lang: str | None = None


def add_serve_command(app: typer.Typer, panel: str) -> None:
    """Adds it to `app`, in the group `panel` of the help."""
    app.command("serve", rich_help_panel=panel)(_serve)


def _serve(
    context: typer.Context,
    host: Annotated[
        str,
        option("--host", metavar="ADDRESS", help=f"Address to listen on; default: {HOST}."),
    ] = HOST,
    port: Annotated[
        int,
        option(
            "--port",
            metavar="PORT",
            min=0,
            max=65535,
            help=f"Port; default: {PORT}; 0: a free one.",
        ),
    ] = PORT,
    token: Annotated[
        str | None,
        option(
            "--token",
            metavar="REF",
            help="Where the token is that readers need: env:NAME, file:PATH or cmd:COMMAND. "
            "Required unless ADDRESS is loopback.",
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        option(
            "--allow-host",
            metavar="NAME",
            help="A name under which the pages may be asked for (repeatable).",
        ),
    ] = None,
    webhook_key: Annotated[
        str | None,
        option(
            "--webhook-key",
            metavar="KEY",
            help="Public key of SendGrid's Event Webhook, or where it is: env:NAME, file:PATH.",
        ),
    ] = None,
    history: History = None,
    config: ConfigFile = None,
    thresholds: ThresholdsFile = None,
    checks: ChecksFolder = None,
    lang: Annotated[
        str | None,
        option(
            "--lang",
            metavar="en|ja",
            words=lambda: ("en", "ja"),
            help="Language; default: the one that the browser asks for.",
        ),
    ] = None,
) -> int:
    """Show the history as web pages; receive SendGrid's events.

    Runs until Ctrl-C. Needs the extra mailwatch[serve].
    """
    from mailwatch.cli import serve as command

    names = tuple(allow_host or ())
    options = ServeOptions(
        host, port, token, names, webhook_key, history, config, thresholds, checks, lang
    )
    return command.serve(context.obj, options)
