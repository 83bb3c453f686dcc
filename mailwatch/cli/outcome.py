"""The one place that turns errors and signals into a message and an exit status."""

import contextlib
import itertools
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import typer
from typer.exceptions import TyperException

from mailwatch import __version__
from mailwatch.cli.lean import lean_command
from mailwatch.cli.output import ClosedPipe, OutputError, print_out, say_aside
from mailwatch.cli.streams import stdout_failed
from mailwatch.clock import Clock
from mailwatch.errors import MailwatchError
from mailwatch.text.inert import inert

USAGE = 2
DEFECT = 4
INTERRUPTED = 130
CLOSED_PIPE = 141
_NAGIOS = {("--format", "nagios"), ("--output", "nagios=-")}
_NAGIOS_IN_ONE = {"=".join(pair) for pair in _NAGIOS}


def status_of(argv: Sequence[str], clock: Clock) -> int:
    """Runs the command that `argv` names and returns its exit status."""
    try:
        return _carry_out(argv, clock)
    except (Exception, KeyboardInterrupt, SystemExit) as error:  # noqa: BLE001  # the last resort
        handle = next(handle for kind, handle in _HANDLERS if isinstance(error, kind))
        status = handle(error, argv)
        return _say_unknown(error) if status in (USAGE, 3, DEFECT) and _for_nagios(argv) else status


def _carry_out(argv: Sequence[str], clock: Clock) -> int:
    from mailwatch.cli.app import app

    status = lean_command(app, argv).main(
        list(argv), prog_name="mailwatch", standalone_mode=False, obj=clock
    )
    sys.stdout.flush()  # typer prints its own help
    return status if isinstance(status, int) else 0


def _for_nagios(argv: Sequence[str]) -> bool:
    """True when stdout is read by a monitoring system."""
    words = [*argv, ""]
    pairs = itertools.pairwise(words)
    return any(pair in _NAGIOS for pair in pairs) or not _NAGIOS_IN_ONE.isdisjoint(words)


def _say_unknown(error: BaseException) -> int:
    """Also says on stdout, as a plugin does, why there is no figure; the plugin's status."""
    from mailwatch.reports import nagios

    if isinstance(error, MailwatchError):
        message = error.what
    elif isinstance(error, TyperException):
        message = inert(error.format_message(), 600)
    else:
        message = "a defect of mailwatch itself, see stderr"
    with contextlib.suppress(ClosedPipe, OutputError):  # the status is all that is left then
        print_out([nagios.trouble(message)])
    return nagios.UNKNOWN


def _explain(error: MailwatchError, argv: Sequence[str]) -> int:
    say_aside(f"mailwatch: {error.what}", *([f"  {error.tip}"] if error.tip else []))
    return error.exit_code


def _explain_usage(error: TyperException, argv: Sequence[str]) -> int:
    context = getattr(error, "ctx", None)
    if context is not None:
        say_aside(context.get_usage(), f"Try '{context.command_path} --help' for help.", "")
    say_aside(f"mailwatch: {inert(error.format_message(), 600)}")
    return USAGE


def _blame_stdout(error: OSError, argv: Sequence[str]) -> int:
    """typer prints its own help: what stdout does not take then is not a defect of ours."""
    if not stdout_failed():
        return _confess(error, argv)
    if isinstance(error, BrokenPipeError):
        return CLOSED_PIPE
    return _explain(OutputError(error), argv)


def _stop(error: SystemExit, argv: Sequence[str]) -> int:
    """typer exits by itself after a broken pipe, and where a shell asks for completions."""
    if isinstance(error.__context__, BrokenPipeError):
        return _blame_stdout(error.__context__, argv)
    return DEFECT if error.code else 0


def _confess(error: Exception, argv: Sequence[str]) -> int:
    """One line for a defect of ours; the traceback, which has no values in it, for -v -v."""
    import traceback

    flags = [flag for flag in argv if flag in ("-v", "--verbose")]
    verbose = len(flags) > 1 or any(flag.startswith("-vv") for flag in argv)
    place = traceback.extract_tb(error.__traceback__)[-1]
    if verbose:
        for line in traceback.format_tb(error.__traceback__):
            say_aside(line.rstrip())
    say_aside(
        f"mailwatch: a defect of mailwatch {__version__} itself: {type(error).__name__} in "
        f"{Path(place.filename).name}, line {place.lineno}. Nothing is said about your mail. "
        f"Please report this line{'.' if verbose else '; -v -v shows more.'}"
    )
    return DEFECT


_HANDLERS: tuple[tuple[type[BaseException], Callable[[Any, Sequence[str]], int]], ...] = (
    (MailwatchError, _explain),
    (TyperException, _explain_usage),
    (typer.Abort, lambda error, argv: INTERRUPTED),
    (KeyboardInterrupt, lambda error, argv: INTERRUPTED),
    (ClosedPipe, lambda error, argv: CLOSED_PIPE),
    (OSError, _blame_stdout),
    (SystemExit, _stop),
    (Exception, _confess),
)
