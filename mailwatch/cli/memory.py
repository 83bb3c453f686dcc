"""What a run takes from the history and adds to it. Trouble there never costs the report."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mailwatch.cli.output import say_aside
from mailwatch.config import Config
from mailwatch.config.secret import SecretRef
from mailwatch.errors import ConfigError, SecretError
from mailwatch.history.place import NOWHERE, HistoryPlace, default_place, parse_place
from mailwatch.model import Day, Past, Report, Subject, WantedDays

if TYPE_CHECKING:
    from mailwatch.catalog.catalog import Catalog
    from mailwatch.history.store import Store, Words

T = TypeVar("T")

_AT_ONCE = 200
"""Keepsakes that are read together."""
EXAMPLE = "Write a path, postgresql://USER@HOST/DATABASE, or none."


def named_place(text: str | None) -> HistoryPlace | None:
    """The place that `--history` names; None where it is not given. Raises ConfigError."""
    if text is None:
        return None
    try:
        return parse_place(text, Path.cwd())
    except ValueError as error:
        raise ConfigError(f"--history {error}", EXAMPLE) from None


def place_in_use(named: HistoryPlace | None, config: Config) -> HistoryPlace:
    """The place that was named, else the configured one, else the user's state folder.

    Raises HistoryError where the configuration says only where it is written, and it is not there.
    """
    from mailwatch.history.store import HistoryError, PlaceError
    from mailwatch.words import worded

    configured = config.history.place
    if named is not None:
        return named
    if not isinstance(configured, SecretRef):
        return configured or default_place(os.environ)
    try:
        return parse_place(configured.line(), configured.folder)
    except SecretError as error:
        raise HistoryError(worded(error.why, "en")) from None
    except ValueError as error:
        raise PlaceError(f"{configured} {error}", EXAMPLE) from None


class Memory:
    """The history of one run: read before it, written after it, and passed over after trouble."""

    def __init__(self, named: HistoryPlace | None, config: Config) -> None:
        self._config = config
        self._place = NOWHERE
        self._trouble = False
        if named == NOWHERE or (named is None and config.history.place == NOWHERE):
            return
        from mailwatch.history.store import HistoryError

        try:
            self._place = place_in_use(named, config)
        except HistoryError as error:
            self._trouble = True
            self._complain(error)

    def past(self, as_of: date | None, words: "Words") -> Past:
        """What earlier runs found; nothing where that cannot be read."""
        found = self._with_store(lambda store: store.past(as_of, words))
        if found is None:
            return Past()
        return replace(found, older_days=self._older_days, kept=self)

    def _older_days(
        self, wanted: Sequence[WantedDays]
    ) -> Mapping[tuple[str, Subject], tuple[Day, ...]]:
        return self._with_store(lambda store: store.older_days(wanted)) or {}

    def ids(self, place: str) -> frozenset[int]:
        """The ids of what a source kept of `place`."""
        return self._with_store(lambda store: store.kept_ids(place)) or frozenset()

    def bodies(self, place: str, ids: Sequence[int]) -> Iterator[str]:
        """The bodies of some of it."""
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            yield from self._with_store(partial(_bodies, place, some)) or ()

    def keep(self, report: Report, catalog: "Catalog", as_of: date | None) -> bool:
        """Stores a run that has ended, and deletes what is older than is wanted; False where it
        should have been stored and is not."""
        from mailwatch.history.settings import settings_of

        days = self._config.history.keep_days

        def store_run(store: "Store") -> bool:
            store.add_run(report, settings_of(self._config, catalog), as_of)
            if days is not None:
                store.prune(report.generated_at.date() - timedelta(days=days))
            return True

        self._with_store(store_run)
        return not self._trouble

    def _with_store(self, work: "Callable[[Store], T]") -> T | None:
        """What `work` comes to; None without a history, and after trouble with it: that is said
        once, and then nothing is read or stored any more."""
        if self._place == NOWHERE:
            return None
        from mailwatch.history.opened import with_repair

        found = with_repair(self._place, work, self._complain)
        if found is None:
            self._place, self._trouble = NOWHERE, True
        return found

    def _complain(self, error: Exception) -> None:
        say_aside(f"mailwatch: {getattr(error, 'what', error)}")


def _bodies(place: str, ids: Sequence[int], store: "Store") -> list[str]:
    return store.kept_bodies(place, ids)
