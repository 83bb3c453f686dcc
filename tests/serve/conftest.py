"""A site on loopback: the real server, in a thread, with a history in a file."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mailwatch.catalog.catalog import read_catalog
from mailwatch.history.opened import open_store
from mailwatch.history.place import HistoryPlace
from mailwatch.history.store import Store
from tests.serve.peer import PATH, Answer, Sender, ask, packed

pytest.importorskip("uvicorn", reason="the extra serve is not installed")

from mailwatch.serve.server import listen, make_server
from mailwatch.serve.site import Site
from mailwatch.serve.webhook import Receiver, read_key

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECONDS = int(NOON.timestamp())
HOUR = SECONDS // 3600
SENDER = Sender()
NEWS = Sender()
"""The sender of the subuser news."""


@dataclass
class Served:
    """A running site."""

    port: int
    store: Store
    said: list[Exception]

    def get(self, path: str = "/", **headers: str) -> Answer:
        """GET."""
        return ask(self.port, path, headers=headers)

    def post(
        self,
        events: Any,
        path: str = PATH,
        *,
        sender: Sender = SENDER,
        seconds: float = SECONDS,
        **headers: str,
    ) -> Answer:
        """A signed batch; `events` may be bytes."""
        body = events if isinstance(events, bytes) else packed(events)
        return ask(self.port, path, "POST", body, {**sender.headers(body, seconds), **headers})

    def counts(self) -> dict[tuple[str, str, str], int]:
        """All events by subuser, domain and kind."""
        found: dict[tuple[str, str, str], int] = {}
        for count in self.store.event_counts(0, domains=True):
            key = count.subuser, count.domain, count.event
            found[key] = found.get(key, 0) + count.n
        return found


@contextmanager
def serving(store: Store, **more: Any) -> Iterator[Served]:
    """A site over `store`, as long as the block lasts."""
    said: list[Exception] = []
    keys = {"": read_key(SENDER.public, "all"), "news": read_key(NEWS.public, "news")}
    now: Callable[[], datetime] = more.pop("now", lambda: NOON)
    site = Site(store, read_catalog(), now, said.append, receiver=Receiver(keys), **more)
    with listen("127.0.0.1", 0) as listening:
        server = make_server(site.app())
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Served(listening.getsockname()[1], store, said)
        finally:
            server.should_exit = True
            thread.join()


def open_at(path: Path) -> Store:
    """The store in the file."""
    store = open_store(HistoryPlace(path=path))
    assert store is not None
    return store


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site over an empty history, one for all tests of a module."""
    with serving(open_at(tmp_path_factory.mktemp("served") / "history.sqlite")) as running:
        yield running
