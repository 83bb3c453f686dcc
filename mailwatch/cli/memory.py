"""What a run takes from the history and adds to it. Trouble there never costs the report."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mailwatch.cli.output import say_aside
from mailwatch.config import Config
from mailwatch.config.secret import SecretRef
from mailwatch.errors import ConfigError, SecretError
from mailwatch.history.place import NOWHERE, HistoryPlace, default_place, parse_place
from mailwatch.model import Day, Past, Report, Subject, WantedDays

if TYPE_CHECKING:
    from mailwatch.catalog.catalog import Catalog
    from mailwatch.history.store import Words

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
        if named == NOWHERE or (named is None and config.history.place == NOWHERE):
            return
        from mailwatch.history.store import HistoryError

        try:
            self._place = place_in_use(named, config)
        except HistoryError as error:
            self._complain(error)

    def past(self, as_of: date | None, words: "Words") -> Past:
        """What earlier runs found; nothing where that cannot be read."""
        if self._place == NOWHERE:
            return Past()
        from mailwatch.history.opened import with_repair

        found = with_repair(self._place, lambda store: store.past(as_of, words), self._complain)
        if found is None:
            self._place = NOWHERE
            return Past()
        return replace(found, older_days=self._older_days)

    def _older_days(
        self, wanted: Sequence[WantedDays]
    ) -> Mapping[tuple[str, Subject], tuple[Day, ...]]:
        """The stored days; none where they cannot be read, and then nothing is stored either."""
        from mailwatch.history.opened import with_repair

        found = with_repair(self._place, lambda store: store.older_days(wanted), self._complain)
        if found is None:
            self._place = NOWHERE
        return found or {}

    def keep(self, report: Report, catalog: "Catalog", as_of: date | None) -> None:
        """Stores a run that has ended, and deletes what is older than is wanted."""
        if self._place == NOWHERE:
            return
        from mailwatch.history.opened import with_repair
        from mailwatch.history.settings import settings_of
        from mailwatch.history.store import Store

        settings = settings_of(self._config, catalog)
        days = self._config.history.keep_days

        def store_run(store: Store) -> None:
            store.add_run(report, settings, as_of)
            if days is not None:
                store.prune(report.generated_at.date() - timedelta(days=days))

        with_repair(self._place, store_run, self._complain)

    def _complain(self, error: Exception) -> None:
        say_aside(f"mailwatch: {getattr(error, 'what', error)}")
