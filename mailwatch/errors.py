"""The errors that end a run before its report, and their exit codes.

    MailwatchError
    ├── ConfigError        2  a file, flag or variable is wrong; nothing was measured
    │   └── FileError      2  … at a place in a file: file, line, key
    ├── ConsentError       3  … of mailwatch login: no token was given
    └── SecretError           a credential could not be read; the source that needs it is `failed`

What a source could not get is not an exception but a value: `mailwatch.model.Fault`.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from mailwatch.text.inert import inert

if TYPE_CHECKING:
    from mailwatch.model import Phrase


class MailwatchError(Exception):
    """What happened, and in `tip` what to do about it."""

    exit_code = 2

    def __init__(self, what: str, tip: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.tip = tip


class ConfigError(MailwatchError):
    """A file, flag or variable is wrong. Nothing was measured."""


class FileError(ConfigError):
    """A file is wrong at `line` (counted from 1), at `key`."""

    def __init__(
        self,
        path: Path,
        what: str,
        *,
        line: int | None = None,
        key: str | None = None,
        tip: str | None = None,
    ) -> None:
        place = inert(str(path)) if line is None else f"{inert(str(path))}, line {line}"
        super().__init__(f"{place}{f', {key}' if key else ''}: {what}", tip)
        self.path = path
        self.line = line
        self.key = key


class SecretError(MailwatchError):
    """A credential could not be read from the place that the configuration names.

    `why` says it for a report, in the language of the report; `what` is the same in English.
    """

    def __init__(self, why: "Phrase") -> None:
        from mailwatch.words import worded  # not needed for --help, which has to be quick

        super().__init__(worded(why, "en"))
        self.why = why
