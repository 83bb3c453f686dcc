"""What a command that prints a report may be told.

The options stand once, as fields of dataclasses; `spread` makes a command take them.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from mailwatch.errors import ConfigError
from mailwatch.inert import inert
from mailwatch.reports import FORMATS
from mailwatch.run import FAILING
from mailwatch.shape import nearest


def one_of(words: tuple[str, ...]) -> Callable[[str | None], str | None]:
    """A callback that refuses what is not one of `words`, naming the nearest."""

    def refuse(value: str | None) -> str | None:
        if value is not None and value not in words:
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
        raise typer.BadParameter(f"{inert(text, 40)} is no day as in 2026-11-23") from None


def _option(*names: str, **more: Any) -> Any:
    return typer.Option(*names, show_default=False, **more)


ConfigFile = Annotated[Path | None, _option("--config", metavar="FILE", help="mailwatch.yaml.")]
ThresholdsFile = Annotated[
    Path | None,
    _option("--thresholds", metavar="FILE", help="Numbers laid over the shipped ones."),
]
ChecksFolder = Annotated[
    Path | None, _option("--checks", metavar="DIR", help="A folder with checks of your own.")
]
FormatName = Annotated[
    str,
    _option(
        "--format",
        metavar="NAME",
        callback=one_of(tuple(FORMATS)),
        help=f"{' or '.join(FORMATS)}; default console.",
    ),
]
Language = Annotated[
    str | None,
    _option(
        "--lang", metavar="en|ja", callback=one_of(("en", "ja")), help="Default: the locale's."
    ),
]
Color = Annotated[
    str,
    _option(
        "--color",
        metavar="WHEN",
        callback=one_of(("auto", "always", "never")),
        help="auto, always or never.",
    ),
]
Width = Annotated[
    int | None, _option("--width", metavar="COLUMNS", min=20, help="Default: the terminal's.")
]
Verbose = Annotated[
    int, _option("-v", "--verbose", count=True, help="Each call on stderr; twice: defects too.")
]


@dataclass(frozen=True, slots=True)
class Reading:
    """How to measure, judge and show: the options of every command that prints a report."""

    config: ConfigFile = None
    thresholds: ThresholdsFile = None
    checks: ChecksFolder = None
    format: FormatName = "console"
    output: Annotated[
        list[str] | None,
        _option("--output", metavar="FORMAT=PATH", help="Also write it there (repeatable)."),
    ] = None
    fail_on: Annotated[
        str,
        _option(
            "--fail-on",
            metavar="LEVEL",
            callback=one_of(tuple(FAILING)),
            help="breach (default), warn, unknown or never: what makes the status 1.",
        ),
    ] = "breach"
    strict: Annotated[
        bool, _option("--strict", help="Count a source that is partial as failed.")
    ] = False
    quiet_ok: Annotated[
        bool, _option("--quiet-ok", help="Leave out what is ok; all ok: print nothing.")
    ] = False
    lang: Language = None
    timeout: Annotated[
        float, _option("--timeout", metavar="SECONDS", min=0.1, max=86400, help="Default 60.")
    ] = 60.0
    as_of: Annotated[
        date | None,
        _option(
            "--as-of", metavar="DATE", parser=read_day, help="Take DATE as the newest full day."
        ),
    ] = None
    color: Color = "auto"
    width: Width = None
    verbose: Verbose = 0

    def outputs(self) -> list[tuple[str, Path]]:
        """Each `--output` as a format and a path. Raises ConfigError."""
        return [_read_output(text) for text in self.output or ()]


def _read_output(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if not equals or not path:
        raise ConfigError(
            f"--output {inert(text, 80)} is not FORMAT=PATH", "As in json=report.json"
        )
    if name not in FORMATS:
        raise ConfigError(
            f"--output: there is no format {inert(name, 40)}{nearest(name, FORMATS)}",
            f"The formats are {', '.join(FORMATS)}.",
        )
    return name, Path(path)


Resolver = Annotated[
    str | None,
    _option("--resolver", metavar="HOST[:PORT]", help="The name server; default: the system's."),
]
Domains = Annotated[
    list[str] | None, typer.Argument(metavar="DOMAIN", help="Instead of the file's domains.")
]
Selectors = Annotated[
    list[str] | None,
    _option("--selector", metavar="NAME", help="A DKIM selector of the domains (repeatable)."),
]


def spread(command: Callable[..., int]) -> Callable[..., int]:
    """`command` as typer takes it: each parameter that is a dataclass is spread into its fields."""
    hints = get_type_hints(command, include_extras=True)
    own = inspect.signature(command).parameters
    packs = {name: hints[name] for name in own if is_dataclass(hints[name])}
    parameters = [own[name].replace(annotation=hints[name]) for name in own if name not in packs]
    for pack in packs.values():
        pack_hints = get_type_hints(pack, include_extras=True)
        parameters += [
            inspect.Parameter(
                field.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=field.default,
                annotation=pack_hints[field.name],
            )
            for field in fields(pack)
        ]

    @functools.wraps(command)
    def packed(*positional: Any, **given: Any) -> int:
        for name, pack in packs.items():
            given[name] = pack(**{field.name: given.pop(field.name) for field in fields(pack)})
        return command(*positional, **given)

    packed.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    packed.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del packed.__wrapped__
    return packed
