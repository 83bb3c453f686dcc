"""How a report is written. A format is a module with a `render` function, listed in FORMATS.

Rendering is pure: the same report and view give the same text, and no format changes the verdict.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Protocol, cast

from mailwatch.model import Report
from mailwatch.reports.view import View as View


class Format(Protocol):
    """The contract of a format module."""

    def render(self, report: Report, view: View) -> Iterator[str]:
        """The report in pieces of text; together they end with a newline, or are nothing."""
        ...


class Formats(Mapping[str, Format]):
    """The format modules by name, each imported when it is asked for: a run needs one of them."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def __getitem__(self, name: str) -> Format:
        """The module of that name. A test holds each to the contract."""
        if name not in self._names:
            raise KeyError(name)
        return cast("Format", import_module(f"{__name__}.{name}"))

    def __iter__(self) -> Iterator[str]:
        """The names, in the order in which they are shown."""
        return iter(self._names)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._names)


FORMATS: Mapping[str, Format] = Formats(
    "console",
    "json",
    "markdown",
    "jsonl",
    "csv",
    "junit",
    "prometheus",
    "sarif",
    "github",
    "nagios",
    "html",
)
