"""The command message as the user sees it."""

from typing import Annotated

import typer

from mailwatch.cli.options import ReportOptions, Resolvers, option, spread


def add_message_command(app: typer.Typer, group: str) -> None:
    """`app` has the command, in the place where this is called."""
    app.command("message", rich_help_panel=group)(spread(_message))


def _message(
    context: typer.Context,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="The raw source of the message, or an mbox; - is stdin."
        ),
    ],
    ip: Annotated[
        str | None,
        option("--ip", metavar="IP", help="Who sent it; default: from the trusted Received."),
    ] = None,
    mail_from: Annotated[
        str | None,
        option("--mail-from", metavar="ADDR", help="Envelope sender; default: Return-Path."),
    ] = None,
    helo: Annotated[
        str | None,
        option("--helo", metavar="NAME", help="The name the client gave; default: as --ip."),
    ] = None,
    resolver: Resolvers = None,
    *,
    options: ReportOptions,
) -> int:
    """One message: what authenticates, what mailbox providers ask."""
    from mailwatch.cli import message_command as command

    question = command.MessageQuestion(file, ip, mail_from, helo, tuple(resolver or ()))
    return command.message(context.obj, question, options)
