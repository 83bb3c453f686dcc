"""The options of the commands.

Those of every command that prints a report are written once, as the fields of a dataclass, and
`spread` gives them to a command. Nothing here imports what the commands do: `mailwatch --help` has
to be quick.
"""

import functools
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from mailwatch import inputfile
from mailwatch.cli.completion import (
    each_of,
    formats,
    known_domains,
    levels,
    offer,
    one_of,
    outputs,
    segments,
)
from mailwatch.cli.mail_options import MailSender, MailTo, MailVia
from mailwatch.inputfile import within_seconds


def read_day(text: str) -> date:
    """A day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        from mailwatch.text.inert import inert

        raise typer.BadParameter(
            f"{inert(text, 40)} is not a date (expected YYYY-MM-DD, such as 2026-11-23)"
        ) from None


def option(*names: str, words: Callable[[], Iterable[str]] | None = None, **more: Any) -> Any:
    """An option whose help says itself what the default is. With `words`, one of those."""
    if words is not None:
        more |= {"callback": one_of(words), "autocompletion": offer(words)}
    return typer.Option(*names, show_default=False, **more)


ConfigFile = Annotated[
    Path | None,
    option(
        "--config",
        metavar="FILE",
        help="Configuration file; default: mailwatch.yaml in this folder.",
    ),
]
ThresholdsFile = Annotated[
    Path | None,
    option(
        "--thresholds",
        metavar="FILE",
        help="Your thresholds; default: thresholds.yaml next to the configuration.",
    ),
]
ChecksFolder = Annotated[
    Path | None, option("--checks", metavar="DIR", help="A folder with your own checks.")
]
_FORMAT = option(
    "--format",
    metavar="NAME",
    words=formats,
    help="Report format: console (default), json, jsonl, csv, markdown, html, junit, sarif, "
    "github, nagios or prometheus.",
)
FormatName = Annotated[str, _FORMAT]
ReportFormat = Annotated[str | None, _FORMAT]
"""None where it was not given: the console format, unless `--output` names one for stdout."""
Language = Annotated[
    str | None,
    option(
        "--lang",
        metavar="en|ja",
        words=lambda: ("en", "ja"),
        help="Language; default: the locale's.",
    ),
]
Color = Annotated[
    str,
    option(
        "--color",
        metavar="WHEN",
        words=lambda: ("auto", "always", "never"),
        help="Colours: auto (default), always or never.",
    ),
]
Width = Annotated[
    int | None,
    option("--width", metavar="COLUMNS", min=20, help="Width of a line; default: the terminal's."),
]
Verbose = Annotated[
    int,
    option(
        "-v", "--verbose", count=True, help="Log each request to stderr; twice: also tracebacks."
    ),
]
Resolvers = Annotated[
    list[str] | None,
    option(
        "--resolver",
        metavar="HOST[:PORT]",
        help="DNS server to ask, instead of the configured ones (repeatable); default: the "
        "system's.",
    ),
]
History = Annotated[
    str | None,
    option(
        "--history",
        metavar="PLACE",
        help="Where runs are stored: a path, postgresql://…, or none.",
    ),
]
Domains = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="DOMAIN",
        help="Replaces the configured domains.",
        autocompletion=offer(known_domains),
    ),
]
Selectors = Annotated[
    list[str] | None,
    option("--selector", metavar="NAME", help="A DKIM selector of the domains (repeatable)."),
]
Segments = Annotated[
    list[str] | None,
    option(
        "--by",
        metavar="SEGMENT",
        callback=each_of(segments),
        autocompletion=offer(segments),
        help="Also judge each subuser, provider or category (repeatable).",
    ),
]

Fix = Annotated[
    str | None,
    option(
        "--fix",
        metavar="zone|route53|terraform",
        callback=one_of(lambda: ("zone", "route53", "terraform")),
        help="Print the DNS records to publish, instead of the report.",
    ),
]

Revalidate = Annotated[
    bool,
    option(
        "--revalidate",
        help="Let SendGrid validate the domains again first (changes the account).",
    ),
]

PageFormat = Annotated[
    str | None,
    option(
        "--format",
        metavar="NAME",
        words=lambda: ("console", "json"),
        help="console (default) or json.",
    ),
]


@dataclass(frozen=True)
class PageOptions:
    """What is in force, and how to print it: the options of every command that explains."""

    config: ConfigFile = None
    thresholds: ThresholdsFile = None
    checks: ChecksFolder = None
    format: PageFormat = None
    lang: Language = None
    width: Width = None


@dataclass(frozen=True)
class ReportOptions(PageOptions):
    """How to measure, judge and print: the options of every command that prints a report."""

    format: ReportFormat = None
    output: Annotated[
        list[str] | None,
        option(
            "--output",
            metavar="FORMAT=PATH",
            autocompletion=offer(outputs),
            help="Also write the report to PATH (repeatable); FORMAT=- prints it.",
        ),
    ] = None
    fail_on: Annotated[
        str,
        option(
            "--fail-on",
            metavar="LEVEL",
            words=levels,
            help="Exit with 1 at this level or worse: breach (default), warn, unknown, never.",
        ),
    ] = "breach"
    strict: Annotated[
        bool, option("--strict", help="Treat a partly measured source as failed.")
    ] = False
    quiet_ok: Annotated[
        bool, option("--quiet-ok", help="Leave out what is ok; print nothing if all is ok.")
    ] = False
    all: Annotated[
        bool, option("--all", help="Show everything: all actions and risks, every ok figure.")
    ] = False
    timeout: Annotated[
        float,
        option(
            "--timeout",
            metavar="SECONDS",
            min=0.1,
            max=86400,
            help="Time limit for all sources together; default 60.",
        ),
    ] = 60.0
    baseline: Annotated[
        Path | None,
        option("--baseline", metavar="FILE", help="Findings in this file do not count."),
    ] = None
    as_of: Annotated[
        date | None,
        option(
            "--as-of", metavar="DATE", parser=read_day, help="Report as of a past day (YYYY-MM-DD)."
        ),
    ] = None
    history: History = None
    color: Color = "auto"
    verbose: Verbose = 0
    mail_to: MailTo = None
    mail_sender: MailSender = None
    mail_via: MailVia = None
    digest: Annotated[
        str | None,
        option(
            "--digest",
            metavar="weekly",
            words=lambda: ("weekly", "never"),
            help="weekly: also send a summary each week, even if all is ok.",
        ),
    ] = None


def spread(command: Callable[..., int], parameter: str = "options") -> Callable[..., int]:
    """`command` as typer takes it: the fields of its `parameter`, a dataclass, are options."""
    signature = inspect.signature(command).parameters
    kind: type[PageOptions] = signature[parameter].annotation
    own = [given for given in signature.values() if given.name != parameter]
    names = [field.name for field in fields(kind)]
    options = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=field.type,
        )
        for field in fields(kind)
    ]

    @functools.wraps(command)
    def packed(*positional: Any, **values: Any) -> int:
        options = kind(**{name: values.pop(name) for name in names})
        with within_seconds(getattr(options, "timeout", inputfile.SECONDS)):
            return command(*positional, **values, **{parameter: options})

    parameters = [*own, *options]
    packed.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    packed.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del packed.__wrapped__
    return packed
