"""The commands that measure one source each, from a table of what each of them accepts.

The table is apart from `mailwatch.sources.SOURCES`, which has the same keys in the same order:
`mailwatch --help` needs these lines only, and importing the sources would double its time.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import typer

from mailwatch.cli.options import Domains, ReportOptions, Resolver, Selectors, spread


@dataclass(frozen=True, slots=True)
class SourceCommand:
    """What `mailwatch SOURCE` says in one line, and what it accepts."""

    help: str
    domains: bool = False
    """The source measures domains, so it needs one."""
    selectors: bool = False
    resolver: bool = False


SOURCE_COMMANDS: dict[str, SourceCommand] = {
    "sendgrid": SourceCommand("SendGrid: bounces, blocks, spam reports, volume, reputation."),
    "postmaster": SourceCommand(
        "Gmail Postmaster Tools: spam rate, pass rates, compliance.", domains=True
    ),
    "dns": SourceCommand(
        "SPF, DKIM, DMARC and MX records; needs no account.",
        domains=True,
        selectors=True,
        resolver=True,
    ),
}


def add_source_commands(app: typer.Typer) -> None:
    """Every source has a command in `app`, in the order of the table."""
    for name, accepts in SOURCE_COMMANDS.items():
        app.command(name, help=accepts.help)(_command(name, accepts))


def _command(name: str, accepts: SourceCommand) -> Callable[..., int]:
    def measure(
        context: typer.Context,
        domains: Domains = None,
        selector: Selectors = None,
        resolver: Resolver = None,
        *,
        options: ReportOptions,
    ) -> int:
        from mailwatch.cli import check as command

        given = command.DomainOptions(domains, selector, resolver)
        return command.measure_one(name, context.obj, given, options)

    left_out = {
        parameter
        for parameter, accepted in (
            ("domains", accepts.domains),
            ("selector", accepts.selectors),
            ("resolver", accepts.resolver),
        )
        if not accepted
    }
    signature = inspect.signature(measure)
    measure.__signature__ = signature.replace(  # type: ignore[attr-defined]  # what typer reads
        parameters=[p for p in signature.parameters.values() if p.name not in left_out]
    )
    return spread(measure)
