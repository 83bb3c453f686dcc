"""The commands that measure one source each, made from what each source says of itself."""

import inspect
from collections.abc import Callable

import typer

from mailwatch.cli.options import Domains, ReportOptions, Resolvers, Selectors, spread
from mailwatch.sources import SOURCES
from mailwatch.sources.about import About


def add_source_commands(app: typer.Typer, group: str) -> None:
    """Every source without a command of its own has one in `app`, in the order of SOURCES, listed
    under `group`."""
    for name, source in SOURCES.items():
        if source.ABOUT.own_command:
            continue
        command = _command(name, source.ABOUT)
        app.command(name, help=source.ABOUT.help, rich_help_panel=group)(command)


def _command(name: str, accepts: About) -> Callable[..., int]:
    def measure(
        context: typer.Context,
        domains: Domains = None,
        selector: Selectors = None,
        resolver: Resolvers = None,
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
