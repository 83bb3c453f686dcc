"""What a command that prints a report may be told.

The options stand once, as fields of a dataclass; `spread` makes a command take them. Nothing here
imports what the commands do: `mailwatch --help` has to be quick.
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
    """A callback that refuses what is none of the words, naming the nearest."""

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

        raise typer.BadParameter(f"{inert(text, 40)} is no day as in 2026-11-23") from None


def _formats() -> Iterable[str]:
    from mailwatch.reports import FORMATS

    return FORMATS


def _levels() -> Iterable[str]:
    from mailwatch.verdict import FAILING

    return FAILING


def option(*names: str, **more: Any) -> Any:
    """An option whose help says itself what the default is."""
    return typer.Option(*names, show_default=False, **more)


ConfigFile = Annotated[Path | None, option("--config", metavar="FILE", help="mailwatch.yaml.")]
ThresholdsFile = Annotated[
    Path | None,
    option("--thresholds", metavar="FILE", help="Numbers laid over the shipped ones."),
]
ChecksFolder = Annotated[
    Path | None, option("--checks", metavar="DIR", help="A folder with checks of your own.")
]
FormatName = Annotated[
    str,
    option(
        "--format",
        metavar="NAME",
        callback=one_of(_formats),
        help="console (default), json or markdown.",
    ),
]
Language = Annotated[
    str | None,
    option(
        "--lang",
        metavar="en|ja",
        callback=one_of(lambda: ("en", "ja")),
        help="Default: the locale's.",
    ),
]
Color = Annotated[
    str,
    option(
        "--color",
        metavar="WHEN",
        callback=one_of(lambda: ("auto", "always", "never")),
        help="auto (default), always or never.",
    ),
]
Width = Annotated[
    int | None, option("--width", metavar="COLUMNS", min=20, help="Default: the terminal's.")
]
Verbose = Annotated[
    int, option("-v", "--verbose", count=True, help="Each call on stderr; twice: defects too.")
]
Resolver = Annotated[
    str | None,
    option("--resolver", metavar="HOST[:PORT]", help="The name server; default: the system's."),
]
Domains = Annotated[
    list[str] | None, typer.Argument(metavar="DOMAIN", help="Instead of the file's domains.")
]
Selectors = Annotated[
    list[str] | None,
    option("--selector", metavar="NAME", help="A DKIM selector of the domains (repeatable)."),
]


@dataclass(frozen=True)
class Reading:
    """How to measure, judge and show: the options of every command that prints a report."""

    config: ConfigFile = None
    thresholds: ThresholdsFile = None
    checks: ChecksFolder = None
    format: FormatName = "console"
    output: Annotated[
        list[str] | None,
        option("--output", metavar="FORMAT=PATH", help="Also write it there (repeatable)."),
    ] = None
    fail_on: Annotated[
        str,
        option(
            "--fail-on",
            metavar="LEVEL",
            callback=one_of(_levels),
            help="breach (default), warn, unknown or never: what makes the status 1.",
        ),
    ] = "breach"
    strict: Annotated[
        bool, option("--strict", help="Count a source that is partial as failed.")
    ] = False
    quiet_ok: Annotated[
        bool, option("--quiet-ok", help="Leave out what is ok; all ok: print nothing.")
    ] = False
    all: Annotated[
        bool, option("--all", help="Cut nothing: all actions and risks, a line for each ok figure.")
    ] = False
    lang: Language = None
    timeout: Annotated[
        float, option("--timeout", metavar="SECONDS", min=0.1, max=86400, help="Default 60.")
    ] = 60.0
    as_of: Annotated[
        date | None,
        option(
            "--as-of", metavar="DATE", parser=read_day, help="Take DATE as the newest full day."
        ),
    ] = None
    color: Color = "auto"
    width: Width = None
    verbose: Verbose = 0


def spread(command: Callable[..., int]) -> Callable[..., int]:
    """`command` as typer takes it: its last parameter, `reading`, is spread into options."""
    own = list(inspect.signature(command).parameters.values())[:-1]
    options = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=field.type,
        )
        for field in fields(Reading)
    ]

    @functools.wraps(command)
    def packed(*positional: Any, **given: Any) -> int:
        reading = Reading(**{field.name: given.pop(field.name) for field in fields(Reading)})
        return command(*positional, **given, reading=reading)

    parameters = [*own, *options]
    packed.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    packed.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del packed.__wrapped__
    return packed
