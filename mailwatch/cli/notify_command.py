"""The command notify as the user sees it."""

from typing import Annotated

import typer

from mailwatch.cli.mail_options import MailSender, MailTo, MailVia
from mailwatch.cli.options import ConfigFile, Language, PageFormat, ReportOptions, Verbose, Width


def add_notify_command(app: typer.Typer, group: str) -> None:
    """`app` has the command notify, listed under `group`."""
    app.command(rich_help_panel=group)(notify)


def notify(
    context: typer.Context,
    test: Annotated[
        bool, typer.Option("--test", help="Send a test notice to each channel.")
    ] = False,
    config: ConfigFile = None,
    mail_to: MailTo = None,
    mail_sender: MailSender = None,
    mail_via: MailVia = None,
    format: PageFormat = None,  # noqa: A002  # the option's name
    lang: Language = None,
    width: Width = None,
    verbose: Verbose = 0,
) -> int:
    """Show who is notified of what, or send a test notice to each."""
    from mailwatch.cli import notify as command

    options = ReportOptions(
        config=config,
        format=format,
        lang=lang,
        width=width,
        verbose=verbose,
        mail_to=mail_to,
        mail_sender=mail_sender,
        mail_via=mail_via,
    )
    return command.notify(context.obj, test=test, options=options)
