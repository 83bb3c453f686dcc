"""The Event Webhook: only what is signed, fresh and new is counted, and no address is stored."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from mailwatch.errors import ConfigError
from mailwatch.history.store import HistoryError
from mailwatch.serve.webhook import read_events, read_key
from tests.serve.conftest import HOUR, NEWS, SECONDS, SENDER, Served, open_at, serving
from tests.serve.peer import PATH, SIGNATURE, TIMESTAMP, ask, event, packed


@pytest.fixture
def fresh(tmp_path: Path) -> Any:
    """A site over an empty history of its own."""
    with serving(open_at(tmp_path / "history.sqlite")) as running:
        yield running


def test_signed_events_are_counted_once_by_hour_subuser_and_domain(
    fresh: Served, tmp_path: Path
) -> None:
    # Given a batch with a bounce, a block, an event of the hour before and one twice
    batch = [
        event(1, "bounce", SECONDS, email="Who@Yahoo.Example"),
        event(2, "bounce", SECONDS, type="blocked"),
        event(3, "delivered", SECONDS - 3600),
        event(3, "delivered", SECONDS - 3600),
        event(4, "new kind", SECONDS, email=None),
    ]
    # When it comes twice, then from a subuser too
    assert (fresh.post(batch).status, fresh.post(batch).status) == (204, 204)
    assert fresh.post([event(5, "open", SECONDS)], f"{PATH}/news", sender=NEWS).status == 204
    # Then each event is counted once
    assert fresh.counts() == {
        ("", "yahoo.example", "bounce"): 1,
        ("", "gmail.example", "blocked"): 1,
        ("", "gmail.example", "delivered"): 1,
        ("", "", "other"): 1,
        ("news", "gmail.example", "open"): 1,
    }
    assert {count.hour for count in fresh.store.event_counts(0)} == {HOUR, HOUR - 1}
    # And no address is in the file
    stored = (tmp_path / "history.sqlite").read_bytes().lower()
    assert b"who@" not in stored
    assert b"reader" not in stored


def test_a_replay_after_a_restart_counts_nothing(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    batch = [event(n, "bounce", SECONDS) for n in range(50)]
    for _ in range(2):
        with serving(open_at(path)) as running:
            assert running.post(batch).status == 204
            assert sum(running.counts().values()) == 50


def test_what_is_not_signed_or_not_fresh_is_refused(served: Served) -> None:
    body = packed([event(1, "bounce", SECONDS)])
    good = SENDER.headers(body, SECONDS)
    late = {**good, TIMESTAMP: str(SECONDS + 1)}
    cases: dict[str, tuple[bytes, dict[str, str]]] = {
        "another body": (body.replace(b"bounce", b"opened"), good),
        "another time": (body, late),
        "another key": (body, NEWS.headers(body, SECONDS)),
        "too old": (body, SENDER.headers(body, SECONDS - 301)),
        "of the future": (body, SENDER.headers(body, SECONDS + 301)),
        "no signature": (body, {TIMESTAMP: str(SECONDS)}),
        "no time": (body, {SIGNATURE: good[SIGNATURE]}),
        "not base64": (body, {**good, SIGNATURE: "#" * 90}),
        "not a signature": (body, {**good, SIGNATURE: "MEUC"}),
        "not a number": (body, {**good, TIMESTAMP: "1e9"}),
        "nothing": (b"", {}),
    }
    for name, (sent, headers) in cases.items():
        answer = ask(served.port, PATH, "POST", sent, headers)
        assert answer.status == 401, name
        assert answer.headers["connection"] == "close", name
    # A subuser's key is only for its own address, and an address without a key is not there.
    signed = NEWS.headers(body, SECONDS)
    assert ask(served.port, f"{PATH}/other", "POST", body, signed).status == 404
    assert ask(served.port, f"{PATH}/news", "POST", body, good).status == 401
    assert served.counts() == {}


def test_a_signed_body_that_is_not_a_list_of_events_is_refused(served: Served) -> None:
    deep = b"[" * 200_000
    long = b"[1" + b"0" * 9000 + b"]"
    for body in (b'[{"event": "bounce"', b"{}", b"7", deep, long, b"\xff\xfe"):
        assert served.post(body).status == 400, body[:20]
    assert served.post(b"[]").status == 204
    assert served.counts() == {}
    assert served.said == []


@pytest.mark.parametrize(
    "odd",
    [
        {"timestamp": "now"},
        {"timestamp": True},
        {"timestamp": -5},
        {"timestamp": 10**30},
        {"timestamp": SECONDS - 37 * 3600},
        {"timestamp": SECONDS + 2 * 3600},
        {"timestamp": None},
    ],
)
def test_an_event_without_a_time_of_these_hours_is_not_counted(odd: dict[str, Any]) -> None:
    assert read_events(packed([event(1, "bounce", SECONDS, **odd), 7, "x", None]), "", HOUR) == []


@pytest.mark.parametrize(
    ("odd", "kind", "domain"),
    [
        ({"event": ["bounce"]}, "other", "gmail.example"),
        ({"event": None}, "other", "gmail.example"),
        ({"email": "a@b"}, "bounce", "b"),
        ({"email": "a@<script>.example"}, "bounce", ""),
        ({"email": "a@例え.テスト"}, "bounce", "例え.テスト"),
        ({"email": "a@x\u202e例"}, "bounce", "x\\u202e例"),
        ({"email": "a@" + "例" * 300}, "bounce", ""),
        ({"email": "\ud800@\ud800"}, "bounce", "\\ud800"),
        ({"email": 5}, "bounce", ""),
        ({"sg_event_id": None}, "bounce", "gmail.example"),
    ],
)
def test_an_odd_event_is_counted_harmlessly(odd: dict[str, Any], kind: str, domain: str) -> None:
    body = packed([{**event(1, "bounce", SECONDS), **odd}])
    (found,) = read_events(body, "", HOUR)
    assert (found.event, found.domain) == (kind, domain)


def test_events_without_an_id_are_known_by_all_that_they_say() -> None:
    first, second = event(1, "bounce", SECONDS), event(2, "bounce", SECONDS)
    del first["sg_event_id"], second["sg_event_id"]
    found = read_events(packed([first, second, first]), "", HOUR)
    assert len({one.id for one in found}) == 2


def test_nothing_is_acknowledged_that_could_not_be_stored(tmp_path: Path) -> None:
    # Given a history that cannot be written
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "history.sqlite"
    with serving(open_at(path)) as running:
        path.mkdir()
        batch = [event(1, "bounce", SECONDS)]
        # When events come, they are to be sent again
        assert running.post(batch).status == 503
        assert running.get("/healthz").status == 503
        assert running.get("/").status == 503
        assert running.get("/metrics").status == 503
        assert running.said
        assert all(isinstance(error, HistoryError) for error in running.said)
        # Then they are counted when it can
        path.rmdir()
        assert running.post(batch).status == 204
        assert sum(running.counts().values()) == 1


@pytest.mark.parametrize("text", ["", "MFkw", "!", SENDER.public[:-8], "A" * 120])
def test_a_public_key_that_is_none_is_a_mistake(text: str) -> None:
    with pytest.raises(ConfigError, match="not an ECDSA key on P-256"):
        read_key(text, "the account")


def test_a_surge_is_seen_in_the_hour_that_it_is_in(fresh: Served) -> None:
    # Given twenty good hours and one with a surge, of which a domain has most
    batch: list[dict[str, Any]] = []
    for hour in range(20):
        at = SECONDS - hour * 3600
        batch += [event(f"{hour}-{n}", "delivered", at) for n in range(300)]
    batch += [event(f"s{n}", "bounce", SECONDS, email=f"x{n}@yahoo.example") for n in range(100)]
    for first in range(0, len(batch), 1000):
        assert fresh.post(batch[first : first + 1000]).status == 204
    # When the overview is read
    page = fresh.get("/").text
    # Then the hour is a breach with its domain, the hour before is fine, and metrics have it
    assert "25 %" in page
    assert "yahoo.example" in page
    row = next(part for part in page.split("<tr>") if ">11-24 12:00</th>" in part)
    before = next(part for part in page.split("<tr>") if ">11-24 11:00</th>" in part)
    assert "breach" in row
    assert 'class="badge ok"' in before
    metrics = fresh.get("/metrics").text
    assert 'mailwatch_events_this_hour{event="bounce"} 100\n' in metrics
    assert 'mailwatch_events_last_hour{event="delivered"} 300\n' in metrics


def test_many_requests_are_committed_together(fresh: Served) -> None:
    with ThreadPoolExecutor(16) as pool:
        batches = [[event(f"{n}-{k}", "open", SECONDS) for k in range(5)] for n in range(100)]
        statuses = set(pool.map(lambda batch: fresh.post(batch).status, batches))
    assert statuses == {204}
    assert sum(fresh.counts().values()) == 500
