"""The commands as the user sees them: names, options, help. What they do is imported when they run,
so that `mailwatch --help` is quick.
"""

from typing import Annotated

import typer

from mailwatch import __version__
from mailwatch.cli.options import (
    ChecksFolder,
    ConfigFile,
    Domains,
    FormatName,
    Language,
    Reading,
    Resolver,
    Selectors,
    ThresholdsFile,
    Verbose,
    Width,
    one_of,
    option,
    spread,
)
from mailwatch.cli.output import print_out, say_aside
from mailwatch.cli.source_commands import add_source_commands

app = typer.Typer(
    help="Checks whether your mail still arrives: SendGrid statistics, Gmail Postmaster Tools "
    "and DNS, compared with your thresholds.",
    rich_markup_mode=None,  # plain help starts in half the time
    pretty_exceptions_enable=False,  # its tracebacks print local variables, and so keys
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 fine, 1 a finding at or above --fail-on, 2 usage or configuration "
    "error, 3 a source could not be measured or a report not written, 4 a bug in mailwatch.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print_out([f"mailwatch {__version__}\n"])
        raise typer.Exit


def _scenarios() -> tuple[str, ...]:
    from mailwatch.demo import SCENARIOS

    return SCENARIOS


@app.callback(invoke_without_command=True)
def _without_command(
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


@app.command()
@spread
def check(
    context: typer.Context,
    domains: Domains = None,
    selector: Selectors = None,
    resolver: Resolver = None,
    *,
    reading: Reading,
) -> int:
    """Measure and judge everything that is configured, in one report."""
    from mailwatch.cli import check as command

    return command.check(context.obj, command.Target(domains, selector, resolver), reading)


add_source_commands(app)


@app.command()
@spread
def demo(
    context: typer.Context,
    scenario: Annotated[
        str,
        option(
            "--scenario",
            metavar="NAME",
            callback=one_of(_scenarios),
            help="healthy, migration (default), creeping, breach or outage.",
        ),
    ] = "migration",
    day: Annotated[
        int | None,
        option("--day", min=1, max=24, help="migration: the day of the story; default 9."),
    ] = None,
    keep_serving: Annotated[
        bool, option("--serve", help="Keep the demo servers running; print how to use them.")
    ] = False,
    resolver: Resolver = None,
    *,
    reading: Reading,
) -> int:
    """Show a report from built-in demo servers, without any account."""
    from mailwatch.cli import demo

    world = demo.story(context.obj, scenario, day)
    if keep_serving:
        return demo.keep_up(context.obj, world, day)
    return demo.show(context.obj, world, resolver, reading)


@app.command()
def explain(
    wanted: Annotated[
        str, typer.Argument(metavar="ID|WORD", help="For example sendgrid.bounce_rate, or bounce.")
    ],
    config: ConfigFile = None,
    thresholds: ThresholdsFile = None,
    checks: ChecksFolder = None,
    format: FormatName = "console",  # noqa: A002  # the option's name
    lang: Language = None,
    width: Width = None,
) -> int:
    """Explain a check: its thresholds, its risks, what to do."""
    from mailwatch.cli import explain as command

    return command.explain(
        wanted,
        Reading(
            config=config,
            thresholds=thresholds,
            checks=checks,
            format=format,
            lang=lang,
            width=width,
        ),
    )


@app.command("checks")
def list_checks(
    config: ConfigFile = None,
    thresholds: ThresholdsFile = None,
    checks: ChecksFolder = None,
    format: FormatName = "console",  # noqa: A002  # the option's name
    lang: Language = None,
    width: Width = None,
) -> int:
    """List all checks with their current thresholds."""
    from mailwatch.cli import explain as command

    return command.list_all(
        Reading(
            config=config,
            thresholds=thresholds,
            checks=checks,
            format=format,
            lang=lang,
            width=width,
        )
    )


@app.command()
def init(domains: Domains = None, selector: Selectors = None) -> int:
    """Write a mailwatch.yaml and a thresholds.yaml with comments here."""
    from mailwatch.cli.init import write_files

    return write_files(domains or (), selector or ())


@app.command("config")
def show_config(
    config: ConfigFile = None,
    thresholds: ThresholdsFile = None,
    checks: ChecksFolder = None,
    format: FormatName = "console",  # noqa: A002  # the option's name
    lang: Language = None,
    width: Width = None,
) -> int:
    """Show each setting and where it came from, secrets masked."""
    from mailwatch.cli.show_config import show

    return show(
        Reading(
            config=config,
            thresholds=thresholds,
            checks=checks,
            format=format,
            lang=lang,
            width=width,
        )
    )


@app.command()
def doctor(
    context: typer.Context,
    domains: Domains = None,
    config: ConfigFile = None,
    resolver: Resolver = None,
    format: FormatName = "console",  # noqa: A002  # the option's name
    lang: Language = None,
    width: Width = None,
    verbose: Verbose = 0,
) -> int:
    """Test credentials, scopes, resolver and clock; say what to fix."""
    from mailwatch.cli import check as command
    from mailwatch.cli import doctor

    reading = Reading(config=config, format=format, lang=lang, width=width, verbose=verbose)
    target = command.Target(domains, resolver=resolver)
    return doctor.doctor(context.obj, target, reading)
