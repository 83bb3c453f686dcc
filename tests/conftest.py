"""What tests of several parts are given."""

import logging
from collections.abc import Callable, Iterator
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
def _log_as_before() -> Iterator[None]:
    """A command sets up the log of the whole process, which must not reach the next test."""
    log = logging.getLogger("mailwatch")
    propagate, level, handlers = log.propagate, log.level, log.handlers[:]
    yield
    log.propagate, log.handlers = propagate, handlers
    log.setLevel(level)


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
