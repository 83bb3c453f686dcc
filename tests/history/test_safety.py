"""What may go wrong with the file costs no run, no report, and nobody's file."""

import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mailwatch.history import postgres as server
from mailwatch.history import sqlite
from mailwatch.history.damage import set_aside
from mailwatch.history.events import MailEvent, event_number
from mailwatch.history.opened import open_store, with_repair
from mailwatch.history.place import HistoryPlace
from mailwatch.history.schema import STEPS
from mailwatch.history.sqlite import SqliteDatabase
from mailwatch.history.sqlstore import SqlStore
from mailwatch.history.store import DamagedError, HistoryError, PlaceError, Store
from mailwatch.model import ACCOUNT
from tests.history.reports import report_of, series, word
from tests.history.writer import DAYS, SUBJECTS, open_file

if TYPE_CHECKING:
    from mailwatch.history.tables import Database

ROOT = Path(__file__).parents[2]
FIXTURES = Path(__file__).parent / "versions"


ASIDE = re.compile(r"history\.sqlite\.damaged-\d{4}-\d\d-\d\d(-\d)?")


def names_in(folder: Path, part: str = "") -> list[str]:
    return sorted(path.name for path in folder.iterdir() if part in path.name)


def complain_to(said: list[str]) -> Callable[[HistoryError], None]:
    return lambda error: said.append(error.what)


def add_run(store: Store) -> bool:
    store.add_run(report_of(word(3), series([1, 2])), {}, None)
    return True


def test_a_writer_that_is_killed_a_hundred_times_loses_and_doubles_nothing(tmp_path: Path) -> None:
    # Given a process that only writes history, killed at a hundred moments
    path = tmp_path / "history.sqlite"
    command = [sys.executable, "-m", "tests.history.writer", str(path), "100"]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    said = ran.stdout.split()
    assert ran.stderr == ""
    assert len(said) > 60
    # When it is read
    store = open_file(path)
    runs = store.runs()
    # Then every run that was said to be stored is there, and whole; at most one that was not said
    # to be for each kill
    names = [run.settings["run"] for run in runs]
    assert set(said) <= set(names)
    assert len(set(names)) == len(names) <= len(said) + 100
    assert {len(store.findings(run)) for run in runs} == {len(SUBJECTS)}
    for one in store.series():
        days = [day.day for day in one.days]
        assert days == sorted(set(days))
        assert len(days) >= DAYS
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert not names_in(tmp_path, "damaged")


def test_another_run_that_writes_is_waited_for_without_a_word(tmp_path: Path) -> None:
    # Given a run that is writing
    path = tmp_path / "history.sqlite"
    add_run(open_file(path))
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    threading.Timer(0.3, other.rollback).start()
    # When another one reads and writes
    said: list[str] = []
    place = HistoryPlace(path=path)
    assert with_repair(place, lambda s: len(s.runs()), complain_to(said)) == 1
    assert with_repair(place, add_run, complain_to(said))
    # Then it has waited, and would wait for at least 10 s
    assert said == []
    assert sqlite.WAIT >= 10
    assert server.WAIT >= 10
    other.close()


def test_one_that_writes_for_too_long_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    add_run(open_file(path))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(HistoryError, match="locked"):
        add_run(SqlStore(SqliteDatabase(path, wait=0.05)))
    other.close()


def damage_all(path: Path) -> None:
    path.write_bytes(b"\x00garbage" * 4000)


def damage_the_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:-4096] = b"\xff" * (len(data) - 8192)
    path.write_bytes(data)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6000])


@pytest.mark.parametrize("damage", [damage_all, damage_the_middle, cut_short])
def test_a_damaged_file_is_set_aside_and_the_run_stored_in_a_new_one(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    # Given a damaged history, with a name taken that it could be given
    path = tmp_path / "history.sqlite"
    for _ in range(30):
        add_run(open_file(path))
    damage(path)
    before = path.read_bytes()
    said: list[str] = []
    for turn in (1, 2):
        # When a run is stored
        assert with_repair(HistoryPlace(path=path), add_run, complain_to(said))
        # Then it is in a new one, and what was there is beside it, whole, under a name of its own
        assert len(open_file(path).runs()) == 1
        aside = names_in(tmp_path, "damaged")
        assert len(aside) == len(said) == turn
        assert all(
            re.fullmatch(r"history\.sqlite\.damaged-\d{4}-\d\d-\d\d(-\d)?", n) for n in aside
        )
        assert {(tmp_path / name).read_bytes() for name in aside} == {before}
        assert f"{aside[turn - 1]} now" in said[-1]
        path.write_bytes(before)


def test_reading_sets_nothing_aside(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    add_run(open_file(path))
    damage_all(path)
    with pytest.raises(DamagedError):
        open_file(path).runs()
    assert names_in(tmp_path) == [path.name]


def test_a_file_that_another_run_has_set_aside_already_is_left_alone(tmp_path: Path) -> None:
    # Given that the file which was damaged has been replaced by a good one
    path = tmp_path / "history.sqlite"
    path.write_text("damaged")
    inode = path.stat().st_ino
    (tmp_path / "old").hardlink_to(path)
    path.unlink()
    path.write_text("good")
    # When the run that found the damage comes to it
    assert set_aside(path, inode) is None
    # Then the good one stays where it is
    assert path.read_text() == "good"


def test_a_database_of_another_program_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE precious (a)")
    other.close()
    before = path.read_bytes()
    said: list[str] = []
    assert with_repair(HistoryPlace(path=path), add_run, complain_to(said)) is None
    assert "another program" in said[0]
    assert (path.read_bytes(), names_in(tmp_path)) == (before, [path.name])


def test_a_journal_that_was_left_is_rolled_back_before_reading(tmp_path: Path) -> None:
    # Given a run that was killed while it wrote pages of the file
    path = tmp_path / "history.sqlite"
    add_run(open_file(path))
    script = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('PRAGMA cache_size = 1'); c.execute('BEGIN IMMEDIATE');"
        "c.execute('DELETE FROM runs');"
        "c.executemany('INSERT INTO settings VALUES (?, ?)',"
        " ((n, str(n) * 500) for n in range(100, 400))); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert Path(f"{path}-journal").exists()
    # Then the run before it is still there
    assert len(open_file(path).runs()) == 1


def test_a_server_that_takes_the_connection_and_says_nothing_is_given_up() -> None:
    # Given a port where somebody listens and does not answer
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://me:s3cret@127.0.0.1:{silent.getsockname()[1]}/db"
        database = server.PostgresDatabase(HistoryPlace(url=url), answer=0.2)
        begun = time.monotonic()
        # Then it is given up, with a reason that has no password in it
        with pytest.raises(HistoryError) as caught, database.reading():
            pass
    assert time.monotonic() - begun < 10
    assert server.ANSWER < 10
    assert "no answer within" in caught.value.what
    assert "s3cret" not in caught.value.what


@pytest.mark.parametrize("part", ["password", "database", "port"])
def test_what_a_server_says_is_passed_on_without_the_password(
    postgres: Callable[[], str], part: str
) -> None:
    url = postgres()
    wrong = {
        "password": url.replace("s3cret", "wr0ng%21"),
        "database": re.sub(r"/test_\w+", "/nothing", url),
        "port": url.replace("?", "?port=1&"),
    }[part]
    said: list[str] = []
    assert with_repair(HistoryPlace(url=wrong), add_run, complain_to(said)) is None
    (line,) = said
    assert line.startswith("history: postgresql://postgres:•••@/")
    assert not re.search("s3cret|wr0ng", line)
    assert "\n" not in line


@pytest.mark.parametrize("version", range(1, len(STEPS) + 1))
def test_a_history_of_every_version_is_read_and_brought_up_to_date(
    tmp_path: Path, version: int
) -> None:
    # Given a history as that version of mailwatch wrote it
    path = tmp_path / "history.sqlite"
    with sqlite3.connect(path) as old:
        old.executescript((FIXTURES / f"{version}.sql").read_text(encoding="utf-8"))
    old.close()
    # When it is read, and written
    store = open_file(path)
    (before,) = store.runs()
    found = next(one for one in store.series("sendgrid.a") if one.subject == ACCOUNT)
    add_run(store)
    event = MailEvent(498_000, "", "a.example", "bounce", event_number("1"))
    store.add_events([event], 498_000)
    # Then nothing of it is lost
    assert [count.n for count in store.event_counts(0)] == [1]
    assert before == store.runs()[0]
    assert [day.numerator for day in found.days] == [1, 2]
    assert len(store.runs()) == 2


@pytest.mark.parametrize("kind", ["file", "server"])
def test_a_later_step_is_taken_by_the_next_run(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    # Given a history, and a mailwatch with one more step
    later = (*STEPS, "CREATE TABLE more (id {big} PRIMARY KEY); INSERT INTO more VALUES (7)")
    if kind == "server":
        place = HistoryPlace(url=request.getfixturevalue("postgres")())
        database: Database = server.PostgresDatabase(place, steps=later)
    else:
        place = HistoryPlace(path=tmp_path / "history.sqlite")
        database = SqliteDatabase(tmp_path / "history.sqlite", steps=later)
    store = open_store(place)
    assert store is not None
    add_run(store)
    # When the newer one reads, nothing is written; when it stores a run, the step is taken, once
    newer = SqlStore(database)
    assert len(newer.runs()) == 1
    assert len(store.runs()) == 1
    for _ in range(2):
        add_run(newer)
    with database.reading() as transaction:
        assert transaction is not None
        assert [tuple(row) for row in transaction.rows("SELECT id FROM more")] == [(7,)]
    # Then the older one does not guess what the newer one wrote
    with pytest.raises(PlaceError, match="newer mailwatch"):
        store.runs()
