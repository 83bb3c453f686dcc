"""What tests of several parts are given."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mailwatch.clock import Clock
from mailwatch.config import Config
from mailwatch.model import Report
from mailwatch.run import Options, run
from mailwatch.sources import SOURCES
from tests.pretended import EXAMPLE, SIMPLE
from tests.sources.sendgrid.sendgrid_peer import Waits


@pytest.fixture(autouse=True)
def log_as_imported() -> None:
    """The program's log as it is before a command sets it up, whatever test ran before."""
    log = logging.getLogger("mailwatch")
    log.handlers.clear()
    log.propagate = True
    log.setLevel(logging.NOTSET)


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Report]:
    """A run over pretended sources, by name."""

    def pretended(config: Config = EXAMPLE, clock: Clock | None = None, **sources: Any) -> Report:
        options = sources.pop("options", Options())
        for name, source in sources.items():
            monkeypatch.setitem(SOURCES, name, source)
        chosen = replace(options, sources=tuple(sources))
        return run(config, SIMPLE, chosen, clock or Waits().clock)

    return pretended
