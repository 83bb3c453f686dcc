"""Events as counts by hour, in a file and on a server alike: each once, and no address."""

from datetime import date
from pathlib import Path

import pytest

from mailwatch.history import events
from mailwatch.history.events import EventCount, MailEvent, by_hour, event_number
from mailwatch.history.opened import open_store
from mailwatch.history.place import HistoryPlace
from mailwatch.history.store import Store

NOW = 498_000
"""An hour of 2026."""


@pytest.fixture(params=["file", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> HistoryPlace:
    """Where nothing is stored yet."""
    if request.param == "server":
        return HistoryPlace(url=request.getfixturevalue("postgres")())
    return HistoryPlace(path=tmp_path / "history.sqlite")


def opened(place: HistoryPlace) -> Store:
    store = open_store(place)
    assert store is not None
    return store


def event(name: str, kind: str = "bounce", hour: int = NOW, domain: str = "a.example") -> MailEvent:
    return MailEvent(hour, "news", domain, kind, event_number(name))


def test_each_event_is_counted_once_whenever_it_comes_again(place: HistoryPlace) -> None:
    # Given no event, then three hours of them, some twice in one call
    store = opened(place)
    assert store.event_counts(0) == []
    given = [event(str(n), hour=NOW - n % 3, domain=f"{n % 2}.example") for n in range(900)]
    assert store.add_events([*given, *given[:100]], NOW) == 900
    # When they come again, to another process
    again = opened(place)
    assert again.add_events([*given, event("new", "delivered")], NOW) == 1
    # Then they are there once
    assert again.event_counts(NOW) == [
        EventCount(NOW, "news", "", "bounce", 300),
        EventCount(NOW, "news", "", "delivered", 1),
    ]
    assert [count.n for count in again.event_counts(0, domains=True)] == [150] * 6 + [1]
    assert by_hour(again.event_counts(NOW)) == {NOW: {"bounce": 300, "delivered": 1}}
    # And what is too old to come again is forgotten, and its count is not
    later = NOW + events.KEPT_HOURS + 1
    again.add_events([], later)
    assert again.add_events([event("0")], later) == 1
    assert by_hour(again.event_counts(0))[NOW]["bounce"] == 301
    # And the counts go with the days that are not wanted any more
    again.prune(date(2026, 10, 30))
    assert again.event_counts(0) == []


def test_an_hour_has_room_for_so_many_domains_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MOST_IN_HOUR", 5)
    store = opened(HistoryPlace(path=tmp_path / "history.sqlite"))
    for turn in range(3):
        names = [f"{turn}-{n}" for n in range(6)]
        store.add_events([event(name, domain=f"d{name}.example") for name in names], NOW)
    counts = {count.domain: count.n for count in store.event_counts(0, domains=True)}
    assert len(counts) == 6
    assert counts[events.OTHERS] == 13
