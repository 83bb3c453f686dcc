"""The commands that measure one source each, made from what each source says of itself."""

import inspect
from collections.abc import Callable
from typing import Any

import typer

from mailwatch.cli.list_options import ListOptions, refuse_without_list
from mailwatch.cli.options import (
    Domains,
    Fix,
    ReportOptions,
    Resolvers,
    Revalidate,
    Segments,
    Selectors,
    spread,
)
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
        by: Segments = None,
        revalidate: Revalidate = False,
        fix: Fix = None,
        *,
        options: ReportOptions,
    ) -> int:
        from mailwatch.cli import check as command

        given = command.DomainOptions(domains, selector, resolver, fix, by, revalidate)
        return command.measure_one(name, context.obj, given, options)

    def measure_listed(
        context: typer.Context,
        domains: Domains = None,
        selector: Selectors = None,
        resolver: Resolvers = None,
        fix: Fix = None,
        *,
        listing: ListOptions,
        options: ReportOptions,
    ) -> int:
        from mailwatch.cli import check as command

        given = command.DomainOptions(domains, selector, resolver, fix)
        if listing.listed is None:
            refuse_without_list(listing)
            return command.measure_one(name, context.obj, given, options)
        from mailwatch.cli import domain_lists

        source: Any = context.get_parameter_source("timeout")
        bounded = source is not None and source.name != "DEFAULT"
        return domain_lists.measure_list(context.obj, given, listing, options, bounded=bounded)

    if accepts.lists:
        return spread(spread(measure_listed), "listing")
    left_out = {
        parameter
        for parameter, accepted in (
            ("domains", accepts.domains),
            ("selector", accepts.selectors),
            ("resolver", accepts.resolver),
            ("fix", accepts.fix),
            ("by", accepts.segments),
            ("revalidate", accepts.revalidate),
        )
        if not accepted
    }
    signature = inspect.signature(measure)
    measure.__signature__ = signature.replace(  # type: ignore[attr-defined]  # what typer reads
        parameters=[p for p in signature.parameters.values() if p.name not in left_out]
    )
    return spread(measure)
