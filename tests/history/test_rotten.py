"""What is stored and cannot be understood is damage, and no defect of ours."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from mailwatch.history.store import DamagedError, Store
from mailwatch.model import RecordSet
from tests.history.reports import TODAY, report_of, series, word
from tests.history.writer import open_file


def first_findings(store: Store) -> object:
    return store.findings(store.runs()[0])


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ("UPDATE findings SET body = 'x'", first_findings),
        ("UPDATE findings SET body = '{}'", first_findings),
        ("UPDATE findings SET level = 'x'", first_findings),
        ("UPDATE runs SET verdict = 'x'", Store.runs),
        ("UPDATE runs SET sources = '[]'", Store.runs),
        ("UPDATE settings SET body = '{'", Store.runs),
        ("UPDATE series SET subject = '[1]'", lambda store: list(store.series())),
        ("UPDATE days SET day = -day", lambda store: list(store.series())),
        ("UPDATE standings SET since = 'x'", Store.past),
        ("UPDATE records SET first_seen = 'x'", Store.past),
        ("UPDATE records SET body = '7'", Store.past),
        ("UPDATE findings SET body = '{}'", lambda store: store.past(TODAY)),
    ],
)
def test_it_is_damage(tmp_path: Path, change: str, read: Callable[[Store], object]) -> None:
    # Given a history in which something is not what was written
    path = tmp_path / "history.sqlite"
    store = open_file(path)
    records = (RecordSet("example.com", "TXT", ("v=spf1",)),)
    store.add_run(report_of(series([1, 2]), word(3), records=records), {}, None)
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    # Then reading it says so
    call = getattr(store, read.__name__) if hasattr(Store, read.__name__) else lambda: read(store)
    with pytest.raises(DamagedError):
        call()
