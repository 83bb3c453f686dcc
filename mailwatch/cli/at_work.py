"""What a terminal shows while the user waits; a pipe gets nothing of it."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from mailwatch.collect import Watcher

COUNTED = ("reports", "files", "calls")
"""Of what a source counts, the first that it has is how far it is."""


class _Shown(Watcher):
    """The sources that are at work, each with how far it is, as the terminal draws them anew."""

    def __init__(self) -> None:
        self._at_work: dict[str, Mapping[str, int]] = {}
        self._done = False

    def begun(self, name: str, counts: Mapping[str, int]) -> None:
        self._at_work = {**self._at_work, name: counts}

    def finished(self, name: str) -> None:
        self._at_work = {one: counts for one, counts in self._at_work.items() if one != name}
        self._done = not self._at_work

    def __rich__(self) -> str:
        if not self._at_work:
            return "Judging …" if self._done else "Asking …"
        named = (name + _how_far(counts) for name, counts in self._at_work.items())
        return f"Asking {', '.join(named)} …"


@contextmanager
def sources_shown() -> Iterator[Watcher | None]:
    """Shows which sources are still at work, and how far each is."""
    if not _is_shown():
        yield None
        return
    from rich.console import Console

    shown = _Shown()
    with Console(stderr=True).status(shown):
        yield shown


@contextmanager
def work_shown(what: str) -> Iterator[None]:
    """Shows that something is done."""
    if not _is_shown():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


def _is_shown() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _how_far(counts: Mapping[str, int]) -> str:
    for name in COUNTED:
        if number := counts.get(name, 0):
            return f" ({number:,} {name if number > 1 else name.removesuffix('s')})"
    return ""
