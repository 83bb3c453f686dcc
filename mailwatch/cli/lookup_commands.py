"""The commands that look up one domain in DNS, as the user sees them: spf and policy."""

from pathlib import Path
from typing import Annotated

import typer

from mailwatch.cli.completion import known_domains, offer
from mailwatch.cli.options import (
    Color,
    ConfigFile,
    Language,
    Verbose,
    Width,
    option,
)
from mailwatch.frozen import dataclass

LOOK_UP = "Look up"
"""The group of these commands in the help."""

_Resolvers = Annotated[
    list[str] | None,
    option(
        "--resolver",
        metavar="HOST[:PORT]",
        help="DNS server to ask (repeatable: the next one is tried where one fails); default: the "
        "configured ones, or the system's.",
    ),
]
_Format = Annotated[
    str,
    option(
        "--format",
        metavar="NAME",
        words=lambda: ("console", "json"),
        help="console (default) or json.",
    ),
]
_Timeout = Annotated[
    float,
    option(
        "--timeout",
        metavar="SECONDS",
        min=0.1,
        max=86400,
        help="Time for all questions together; default 60.",
    ),
]


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom to ask, and how to print the answer: the options of both commands."""

    config: Path | None = None
    resolvers: tuple[str, ...] = ()
    format: str = "console"
    lang: str | None = None
    timeout: float = 60.0
    color: str = "auto"
    width: int | None = None
    verbose: int = 0


def add_lookup_commands(app: typer.Typer) -> None:
    """`app` has the commands, in the place where this is called."""
    app.command("spf", rich_help_panel=LOOK_UP)(_spf)
    app.command("policy", rich_help_panel=LOOK_UP)(_policy)


def _spf(
    context: typer.Context,
    domain: Annotated[
        str,
        typer.Argument(
            metavar="DOMAIN", help="Whose SPF record it is.", autocompletion=offer(known_domains)
        ),
    ],
    ip: Annotated[
        str | None, option("--ip", metavar="IP", help="Check mail from this address.")
    ] = None,
    sender: Annotated[
        str | None,
        option("--sender", metavar="ADDR", help="The envelope sender; default: postmaster@DOMAIN."),
    ] = None,
    helo: Annotated[
        str | None,
        option("--helo", metavar="NAME", help="The name the client gives; default: DOMAIN."),
    ] = None,
    resolver: _Resolvers = None,
    config: ConfigFile = None,
    format: _Format = "console",  # noqa: A002  # the option's name
    lang: Language = None,
    timeout: _Timeout = 60.0,
    color: Color = "auto",
    width: Width = None,
    verbose: Verbose = 0,
) -> int:
    """Show what an SPF record costs, and whether it lets an address send.

    Status: 0 pass, softfail, neutral or none; 1 fail or permerror; 3 temperror.
    """
    from mailwatch.cli import spf

    servers = tuple(resolver or ())
    asking = Asking(config, servers, format, lang, timeout, color, width, verbose)
    return spf.spf(context.obj, spf.SpfQuestion(domain, ip, sender, helo), asking)


def _policy(
    context: typer.Context,
    domain: Annotated[
        str,
        typer.Argument(
            metavar="DOMAIN",
            help="The domain in the From: address.",
            autocompletion=offer(known_domains),
        ),
    ],
    resolver: _Resolvers = None,
    config: ConfigFile = None,
    format: _Format = "console",  # noqa: A002  # the option's name
    lang: Language = None,
    timeout: _Timeout = 60.0,
    color: Color = "auto",
    width: Width = None,
    verbose: Verbose = 0,
) -> int:
    """Show which DMARC policy applies to a domain, and why.

    Status: 0; 3 where DNS could not be asked.
    """
    from mailwatch.cli import policy

    servers = tuple(resolver or ())
    asking = Asking(config, servers, format, lang, timeout, color, width, verbose)
    return policy.policy(context.obj, domain, asking)
