"""Where text goes out, and what the reader's terminal can show."""

import errno
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from mailwatch.errors import MailwatchError

if TYPE_CHECKING:
    from mailwatch.model import Lang

NARROWEST = 20
_PLAIN = str.maketrans(
    {
        "✓": "+",
        "✗": "x",
        "≤": "<=",
        "≥": ">=",
        "×": "x",
        "÷": "/",
        "·": "-",
        "…": "...",
        "•": "*",
        "–": "-",
        "→": "->",
        "─": "-",
        "│": "|",
        "└": "+",
        "░": ":",
        "▒": ":",
        "▓": ":",
        "▲": "^",
        **dict(zip("▁▂▃▄▅▆▇█", "_.,-=+*#", strict=True)),
    }
)
"""What replaces our signs where the terminal's encoding does not have them."""
MOST_GROWTH = 4
"""Columns that a line may become longer by it: two limits, and a name that is cut."""


class ClosedPipe(Exception):  # noqa: N818  # an event, not an error
    """The reader of our output has gone."""


class OutputError(MailwatchError):
    """stdout is closed, or what it leads to cannot be written."""

    exit_code = 3

    def __init__(self, error: OSError) -> None:
        closed = error.errno == errno.EBADF
        reason = "it is closed" if closed else error.strerror or type(error).__name__
        super().__init__(f"stdout cannot be written: {reason}")


def print_out(pieces: Iterable[str]) -> None:
    """Writes to stdout. Raises ClosedPipe when nobody reads it any more, and OutputError."""
    try:
        for piece in pieces:
            sys.stdout.write(encodable(piece, sys.stdout))
        sys.stdout.flush()
    except BrokenPipeError:
        raise ClosedPipe from None
    except OSError as error:
        raise OutputError(error) from None


def say_aside(*lines: str) -> None:
    """Writes lines to stderr, where everything goes that is not the report. What cannot be
    written there is lost."""
    with suppress(OSError):
        for line in lines:
            sys.stderr.write(encodable(line, sys.stderr) + "\n")
        sys.stderr.flush()


def encodable(text: str, stream: IO[str]) -> str:
    """`text` in characters that the encoding of `stream` has: `≤` may become `<=`."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_PLAIN).encode(encoding, "replace").decode(encoding)
    return text


def choose_style(color: str, environment: Mapping[str, str], stream: IO[str]) -> tuple[bool, bool]:
    """Whether to use colours, and whether to use bold type.

    `--color` beats NO_COLOR (no-color.org), which beats FORCE_COLOR; with none of them a terminal
    gets both and a pipe gets neither. NO_COLOR leaves a terminal its bold type.
    """
    if color != "auto":
        return color == "always", color == "always"
    terminal = stream.isatty() and environment.get("TERM") != "dumb"
    if environment.get("NO_COLOR"):
        return False, terminal
    forced = bool(environment.get("FORCE_COLOR"))
    return terminal or forced, terminal or forced


def choose_width(width: int | None, environment: Mapping[str, str]) -> int:
    """`--width`, else COLUMNS, else the terminal's, else 80.

    A little less where `≤` and other signs become two characters when they are written.
    """
    columns = environment.get("COLUMNS", "")
    if width is None and columns.isdecimal() and int(columns):
        width = int(columns)
    if width is None:
        try:
            width = os.get_terminal_size(sys.stdout.fileno()).columns
        except (OSError, ValueError):
            width = 80
    grows = encodable("≤", sys.stdout) != "≤"
    return max(NARROWEST, width or 80) - (MOST_GROWTH if grows else 0)


def choose_language(
    lang: str | None, environment: Mapping[str, str], stream: IO[str] | None
) -> "Lang":
    """`--lang`, else the locale that the environment asks for, installed or not.

    English in any case where `stream` (None: a file of ours, in UTF-8) cannot encode Japanese:
    question marks help nobody.
    """
    if lang is None:
        variables = ("LC_ALL", "LC_MESSAGES", "LANG")
        lang = next((environment[name] for name in variables if environment.get(name)), "en")
    japanese = lang == "ja" or lang.startswith("ja_")
    return "ja" if japanese and (stream is None or _encodes(stream, "日本語")) else "en"


def _encodes(stream: IO[str], text: str) -> bool:
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def set_up_log(verbosity: int) -> None:
    """Our log goes to stderr: calls with -v, defects in full with -v -v. The logs of libraries are
    left out, because that of SendGrid's transport holds the key."""
    import logging

    log = logging.getLogger("mailwatch")
    log.handlers.clear()
    log.propagate = False
    log.setLevel({0: logging.CRITICAL, 1: logging.INFO}.get(verbosity, logging.DEBUG))
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    log.addHandler(handler)
