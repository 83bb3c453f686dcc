"""The commands as the user sees them: names, options, help. What they do is imported when they run,
so that `mailwatch --help` is quick.
"""

from pathlib import Path
from typing import Annotated

import typer

from mailwatch import __version__
from mailwatch.cli.completion import check_ids, offer
from mailwatch.cli.dmarc_command import add_dmarc_command
from mailwatch.cli.foresight_commands import add_foresight_commands
from mailwatch.cli.grouped import Grouped
from mailwatch.cli.history_commands import add_history_commands
from mailwatch.cli.login_command import add_login_command
from mailwatch.cli.lookup_commands import add_lookup_commands
from mailwatch.cli.message_options import add_message_command
from mailwatch.cli.notify_command import add_notify_command
from mailwatch.cli.options import (
    ConfigFile,
    Domains,
    Fix,
    FormatName,
    Language,
    PageOptions,
    ReportOptions,
    Resolvers,
    Revalidate,
    Segments,
    Selectors,
    Verbose,
    Width,
    option,
    spread,
)
from mailwatch.cli.output import print_out, say_aside
from mailwatch.cli.postfix_command import add_postfix_command
from mailwatch.cli.serve_command import add_serve_command
from mailwatch.cli.source_commands import add_source_commands

MEASURE, UNDERSTAND, REMEMBER, SET_UP = "Measure", "Understand", "Remember", "Set up"
"""What the commands are for: the groups that the help lists them in."""


app = typer.Typer(
    cls=Grouped,
    help="Judges whether your mail still arrives: SendGrid statistics, Gmail Postmaster Tools "
    "and DNS, against your thresholds.",
    rich_markup_mode=None,  # plain help starts in half the time
    pretty_exceptions_enable=False,  # its tracebacks print local variables, and so keys
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 fine, 1 a finding at or above --fail-on, 2 usage or configuration "
    "error, 3 a source could not be measured or a report not written, 4 a bug in mailwatch.",
)


baselines = typer.Typer(
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Accept what is found now, so that only what is new counts.",
)
app.add_typer(baselines, name="baseline", rich_help_panel=SET_UP)


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


@app.command(rich_help_panel=MEASURE)
@spread
def check(
    context: typer.Context,
    domains: Domains = None,
    selector: Selectors = None,
    resolver: Resolvers = None,
    by: Segments = None,
    revalidate: Revalidate = False,
    fix: Fix = None,
    *,
    options: ReportOptions,
) -> int:
    """Measure and judge everything that is configured, in one report."""
    from mailwatch.cli import check as command

    given = command.DomainOptions(domains, selector, resolver, fix, by, revalidate)
    return command.check(context.obj, given, options)


add_source_commands(app, MEASURE)
add_dmarc_command(app, MEASURE)
add_message_command(app, MEASURE)
add_postfix_command(app, MEASURE)
add_lookup_commands(app)


@app.command(rich_help_panel=UNDERSTAND)
@spread
def demo(
    context: typer.Context,
    scenario: Annotated[
        str,
        option(
            "--scenario",
            metavar="NAME",
            words=_scenarios,
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
    fault: Annotated[
        list[str] | None,
        option(
            "--fault",
            metavar="WHERE=WHAT",
            help="Make a demo server fail, as in sendgrid=503 or google=delay:2; repeatable.",
        ),
    ] = None,
    resolver: Resolvers = None,
    *,
    options: ReportOptions,
) -> int:
    """Run check on built-in demo servers; needs no account."""
    from mailwatch.cli import demo

    world = demo.story(context.obj, scenario, day)
    faults = demo.faults_asked_for(fault or ())
    if keep_serving:
        return demo.keep_up(context.obj, world, day, faults)
    return demo.show(context.obj, world, resolver, options, faults)


@app.command(rich_help_panel=UNDERSTAND)
@spread
def explain(
    wanted: Annotated[
        str,
        typer.Argument(
            metavar="ID|WORD",
            help="For example sendgrid.bounce_rate, or bounce.",
            autocompletion=offer(check_ids),
        ),
    ],
    *,
    options: PageOptions,
) -> int:
    """Explain a check: its thresholds, its risks, what to do."""
    from mailwatch.cli import explain as command

    return command.explain(
        wanted,
        options,
    )


@app.command(rich_help_panel=REMEMBER)
@spread
def backtest(
    path: Annotated[
        Path,
        typer.Argument(metavar="FILE.csv", help="date, numerator, denominator[, subject]."),
    ],
    metric: Annotated[
        str,
        option(
            "--metric",
            metavar="ID",
            help="The check; default sendgrid.bounce_rate.",
            autocompletion=offer(check_ids),
        ),
    ] = "sendgrid.bounce_rate",
    *,
    options: PageOptions,
) -> int:
    """Say which warnings past daily counts would have raised, and when."""
    from mailwatch.cli import backtest as command

    return command.backtest(
        path,
        metric,
        options,
    )


add_history_commands(app, REMEMBER)
add_foresight_commands(app, REMEMBER)


@app.command("checks", rich_help_panel=UNDERSTAND)
@spread
def list_checks(
    *,
    options: PageOptions,
) -> int:
    """List all checks with their current thresholds."""
    from mailwatch.cli import explain as command

    return command.list_all(options)


@app.command(rich_help_panel=SET_UP)
def init(domains: Domains = None, selector: Selectors = None) -> int:
    """Write a mailwatch.yaml and a thresholds.yaml with comments here."""
    from mailwatch.cli.init import write_files

    return write_files(domains or (), selector or ())


@app.command("config", rich_help_panel=SET_UP)
@spread
def show_config(
    *,
    options: PageOptions,
) -> int:
    """Show each setting and where it came from, secrets masked."""
    from mailwatch.cli.show_config import show

    return show(options)


@baselines.command("write")
@spread
def write_baseline(
    context: typer.Context,
    domains: Domains = None,
    selector: Selectors = None,
    resolver: Resolvers = None,
    *,
    options: ReportOptions,
) -> int:
    """Run check and write what it found to --baseline FILE; default: mailwatch-baseline.json."""
    from mailwatch.cli import check as command

    given = command.DomainOptions(domains, selector, resolver)
    return command.baseline(context.obj, given, options)


@app.command(rich_help_panel=SET_UP)
def doctor(
    context: typer.Context,
    domains: Domains = None,
    config: ConfigFile = None,
    resolver: Resolvers = None,
    format: FormatName = "console",  # noqa: A002  # the option's name
    lang: Language = None,
    width: Width = None,
    verbose: Verbose = 0,
) -> int:
    """Test credentials, scopes, resolver and clock; say what to fix."""
    from mailwatch.cli import check as command
    from mailwatch.cli import doctor

    options = ReportOptions(config=config, format=format, lang=lang, width=width, verbose=verbose)
    given = command.DomainOptions(domains, resolvers=resolver)
    return doctor.doctor(context.obj, given, options)


add_login_command(app, SET_UP)
add_serve_command(app, SET_UP)
add_notify_command(app, SET_UP)
