"""The command line with no more of it than one run needs.

typer makes every parameter of every command, and has pydantic convert what was given for it; the
two together take longer than a few questions to DNS.
"""

import copy
import functools
import inspect
import os
from collections.abc import Sequence
from typing import Any

import typer
from typer.main import get_command, solve_typer_info_help

COMPLETING = "_MAILWATCH_COMPLETE"
"""The variable that a shell sets where it asks for completions: the words are in another one."""


def lean_command(app: typer.Typer, argv: Sequence[str]) -> Any:
    """The command that typer makes of `app`.

    What `argv` does not name of it is not more than its lines in the help.
    """
    if COMPLETING in os.environ:
        return get_command(app)
    names = {_name(one) for one in (*app.registered_commands, *app.registered_groups)}
    return _with_commands(app, frozenset(names.intersection(argv)))


@functools.cache
def _with_commands(app: typer.Typer, named: frozenset[str]) -> Any:
    lean = copy.copy(app)
    lean.registered_groups = [one for one in app.registered_groups if one.name in named]
    lean.registered_commands = [
        one if _name(one) in named else _outlined(one, one.help or inspect.getdoc(one.callback))
        for one in app.registered_commands
    ]
    lean.registered_commands += [
        _outlined(one, solve_typer_info_help(one), lean.registered_commands[0])
        for one in app.registered_groups
        if one.name not in named
    ]
    command = get_command(lean)
    _convert_little(command)
    return command


def _name(info: Any) -> str:
    return str(info.name or info.callback.__name__)


def _outlined(info: Any, text: str | None, model: Any = None) -> Any:
    """A command that has the name, the place and the `text` in the help that `info` has."""
    outline = copy.copy(model or info)
    outline.name, outline.rich_help_panel, outline.help = _name(info), info.rich_help_panel, text
    outline.callback = _not_reached
    return outline


def _not_reached() -> None:
    """What stands for a command that the command line does not name."""
    raise AssertionError


def _convert_little(command: Any) -> None:
    """Has what is given to `command`, and to those below it, converted only where it has to be.

    Without effect for a typer that converts without pydantic.
    """
    find = command.get_params

    def params(ctx: Any) -> list[Any]:
        found = find(ctx)
        for param in found:
            own = getattr(param, "get_runtime_param", None)
            if own is not None and "get_runtime_param" not in vars(param):
                param.get_runtime_param = functools.partial(_Conversion, own)
        return list(found)

    command.get_params = params
    for below in getattr(command, "commands", {}).values():
        _convert_little(below)


class _Conversion:
    """typer's own, passed over where the value would come out as it is."""

    def __init__(self, find_own: Any) -> None:
        self._find_own = find_own

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """`value` as the command takes it."""
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if value is param.default or (_takes_text(param) and _is_ascii(value)):
            return value
        return self._find_own().coerce(value, param=param, ctx=ctx)


def _takes_text(param: Any) -> bool:
    kind = param.type_descriptor
    return kind.parameter_info.parser is None and kind.annotation in (str, list[str])


def _is_ascii(value: Any) -> bool:
    """Other text may not be text at all (octets that are not UTF-8): typer refuses that."""
    texts = [value] if isinstance(value, str) else value
    return all(isinstance(text, str) and text.isascii() for text in texts)
