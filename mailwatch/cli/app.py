"""The commands by name."""

from typing import Annotated

import typer

from mailwatch import __version__
from mailwatch.cli import catalogue, demo, doctor, measure, setup
from mailwatch.cli.options import spread
from mailwatch.cli.output import print_out, say_aside

app = typer.Typer(
    help="Judges whether your mail still arrives: SendGrid statistics, Gmail Postmaster Tools "
    "and DNS, against your thresholds.",
    rich_markup_mode=None,  # plain help starts in half the time
    pretty_exceptions_enable=False,  # its tracebacks print locals, thus keys
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Status: 0 fine, 1 a finding at or above --fail-on, 2 usage or configuration, 3 a "
    "source could not be measured or a report not delivered, 4 a defect of mailwatch.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print_out([f"mailwatch {__version__}\n"])
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Without a command: what there is."""
    if context.invoked_subcommand is None:
        say_aside(context.get_help())
        raise typer.Exit(2)


for report_command in (
    measure.check,
    measure.sendgrid,
    measure.postmaster,
    measure.dns,
    demo.demo,
):
    app.command()(spread(report_command))
for command in (
    catalogue.explain,
    catalogue.checks,
    setup.init,
    setup.config,
    doctor.doctor,
):
    app.command()(command)
