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


def one_of(find_words: Callable[[], Iterable[str]]) -> Callable[[str | None], str | None]:
    """A callback that accepts only these words, and names the nearest one to any other."""

    def refuse(value: str | None) -> str | None:
        words = tuple(find_words())
        if value is not None and value not in words:
            from mailwatch.text.inert import inert
            from mailwatch.text.nearest import nearest

            raise typer.BadParameter(
                f"{inert(value, 60)} is not one of {', '.join(words)}{nearest(value, words)}"
            )
        return value

    return refuse


def read_day(text: str) -> date:
    """A day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        from mailwatch.text.inert import inert

        raise typer.BadParameter(
            f"{inert(text, 40)} is not a date (expected YYYY-MM-DD, such as 2026-11-23)"
        ) from None


def _formats() -> Iterable[str]:
    from mailwatch.reports import FORMATS

    return FORMATS


def _levels() -> Iterable[str]:
    from mailwatch.verdict import FAILING

    return FAILING


def option(*names: str, **more: Any) -> Any:
    """An option whose help says itself what the default is."""
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
    callback=one_of(_formats),
    help="Report format: console (default), json or markdown.",
)
FormatName = Annotated[str, _FORMAT]
ReportFormat = Annotated[str | None, _FORMAT]
"""None where it was not given: the console format, unless `--output` names one for stdout."""
Language = Annotated[
    str | None,
    option(
        "--lang",
        metavar="en|ja",
        callback=one_of(lambda: ("en", "ja")),
        help="Language; default: the locale's.",
    ),
]
Color = Annotated[
    str,
    option(
        "--color",
        metavar="WHEN",
        callback=one_of(lambda: ("auto", "always", "never")),
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
Domains = Annotated[
    list[str] | None, typer.Argument(metavar="DOMAIN", help="Replaces the configured domains.")
]
Selectors = Annotated[
    list[str] | None,
    option("--selector", metavar="NAME", help="A DKIM selector of the domains (repeatable)."),
]


@dataclass(frozen=True)
class ListOptions:
    """A list of domains instead of a few, and how to work through it."""

    listed: Annotated[
        str | None,
        option(
            "--from",
            metavar="FILE|-",
            help="Measure the domains of a list, one a line; one JSON object a line comes out.",
        ),
    ] = None
    resume: Annotated[
        bool, option("--resume", help="With --from: go on where --output jsonl=PATH ends.")
    ] = False
    processes: Annotated[
        int | None,
        option(
            "--processes",
            metavar="N",
            min=1,
            max=256,
            help="With --from: processes to use; default: one for each core.",
        ),
    ] = None
    engine: Annotated[
        str,
        option(
            "--engine",
            metavar="NAME",
            callback=one_of(lambda: ("local", "dask")),
            help="With --from: where to work: local (default) or dask.",
        ),
    ] = "local"
    scheduler: Annotated[
        str | None,
        option("--scheduler", metavar="ADDRESS", help="The Dask scheduler; default: one here."),
    ] = None


@dataclass(frozen=True)
class ReportOptions:
    """How to measure, judge and print: the options of every command that prints a report."""

    config: ConfigFile = None
    thresholds: ThresholdsFile = None
    checks: ChecksFolder = None
    format: ReportFormat = None
    output: Annotated[
        list[str] | None,
        option(
            "--output",
            metavar="FORMAT=PATH",
            help="Also write the report to PATH (repeatable); FORMAT=- prints it.",
        ),
    ] = None
    fail_on: Annotated[
        str,
        option(
            "--fail-on",
            metavar="LEVEL",
            callback=one_of(_levels),
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
    lang: Language = None
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
    as_of: Annotated[
        date | None,
        option(
            "--as-of", metavar="DATE", parser=read_day, help="Report as of a past day (YYYY-MM-DD)."
        ),
    ] = None
    color: Color = "auto"
    width: Width = None
    verbose: Verbose = 0


def spread(
    command: Callable[..., int], parameter: str = "options", kind: type = ReportOptions
) -> Callable[..., int]:
    """`command` as typer takes it: the fields of its `parameter`, of type `kind`, are options."""
    signature = inspect.signature(command).parameters.values()
    own = [given for given in signature if given.name != parameter]
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
        return command(*positional, **values, **{parameter: options})

    parameters = [*own, *options]
    packed.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    packed.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del packed.__wrapped__
    return packed
