"""Messages that are moved away: after the run is stored, and never lost, nor counted twice."""

import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mailwatch.sources.dmarc.contents import AggregateKey, AggregateReport, Policy, RowShape
from mailwatch.sources.dmarc.identity import Identity
from mailwatch.sources.dmarc.kept_reports import MOST_ROWS, from_body, to_keepsake
from mailwatch.sources.dmarc.summary import REST, Summary
from tests.cli.conftest import ROOT, Command, Outcome
from tests.sources.dmarc.conftest import counts, finding, state
from tests.sources.dmarc.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.sources.dmarc.samples import Row, gz, mail, mbox, report

DONE = "Done"
KILLED = """
import os, sys
from mailwatch.sources.dmarc import imap
from mailwatch.cli import main
imap._move = lambda *given: os._exit(9)
sys.exit(main(sys.argv[1:]))
"""
"""mailwatch that is killed where it would move the messages."""


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILWATCH_IMAP_PASSWORD", PASSWORD)


def argv(server: Dovecot, folder: str, history: str) -> list[str]:
    given = ["dmarc", "--imap", server.url(folder), "--imap-ca", server.ca, "--move-to", DONE]
    return [*given, "--format", "json", "--history", history]


def one(ident: str, passing: int, failing: int = 0) -> bytes:
    """A message with a report of these messages of one day."""
    rows = [Row(count=passing)]
    if failing:
        rows.append(replace(Row(count=failing), dkim="fail", spf="fail"))
    return mail(gz(report(*rows, ident=ident)))


def stored_days(mailwatch: Command) -> Any:
    outcome = mailwatch("history", "dmarc.pass_rate", "--history", "h.sqlite", "--format", "json")
    (found,) = [s for s in outcome.json["series"] if s["subject"] == {"domain": "example.com"}]
    return found["days"]


def empty(server: Dovecot) -> None:
    """Somebody deletes what was moved."""
    server.path(DONE).unlink(missing_ok=True)


def test_a_day_is_the_sum_of_the_reports_of_several_runs(
    mailwatch: Command, dovecot: Dovecot
) -> None:
    # Given a run that stored and moved the reports of a day, and a folder that was emptied since
    empty(dovecot)
    folder = dovecot.fill(mbox(one("a", 90), one("b", 5, 5)))
    first = mailwatch(*argv(dovecot, folder, "h.sqlite"))
    assert (dovecot.messages(folder), dovecot.messages(DONE)) == (0, 2)
    empty(dovecot)
    # When another report of that day comes, with one that was counted
    dovecot.deliver(folder, mbox(one("c", 100), one("a", 90)))
    second = mailwatch(*argv(dovecot, folder, "h.sqlite"))
    # Then the day has them all, each once, in the report and in the history
    assert (first.err, second.err) == ("", "")
    assert counts(first)["messages"] == 100
    assert counts(second) == {
        "reports": 3, "duplicates": 0, "messages": 200, "dmarc_pass": 195, "failed": 0
    }  # fmt: skip
    assert finding(second, "dmarc.pass_rate")["numerator"] == 195
    (day,) = stored_days(mailwatch)
    assert (day["numerator"], day["denominator"]) == (195, 200)
    # And a run that finds nothing new changes nothing
    third = mailwatch(*argv(dovecot, folder, "h.sqlite"))
    assert counts(third) == counts(second)
    assert stored_days(mailwatch) == [day]


def test_a_run_that_is_killed_before_it_moves_has_stored(
    mailwatch: Command, dovecot: Dovecot
) -> None:
    # Given a process that ends between storing and moving
    empty(dovecot)
    folder = dovecot.fill(mbox(one("a", 90), one("b", 10)))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *argv(dovecot, folder, "h.sqlite")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    # Then the report was printed and stored, and the messages are there
    assert killed.returncode == 9
    assert counts(Outcome(9, killed.stdout.decode(), ""))["messages"] == 100
    assert (dovecot.messages(folder), dovecot.messages(DONE)) == (2, 0)
    (day,) = stored_days(mailwatch)
    # And the next run moves them, and counts the same
    again = mailwatch(*argv(dovecot, folder, "h.sqlite"))
    assert counts(again)["messages"] == 100
    assert counts(again)["duplicates"] == 0
    assert (dovecot.messages(folder), dovecot.messages(DONE)) == (0, 2)
    assert stored_days(mailwatch) == [day]


def test_what_is_not_stored_is_not_moved(mailwatch: Command, dovecot: Dovecot) -> None:
    # Given a history that cannot be written, and one that nobody wants
    empty(dovecot)
    folder = dovecot.fill(mbox(one("a", 100)))
    Path("full.sqlite").mkdir()
    refused = mailwatch(*argv(dovecot, folder, "full.sqlite"))
    assert (refused.status, counts(refused)["messages"]) == (0, 100)
    assert refused.err.startswith("mailwatch: history: ")
    assert refused.err.count("\n") == 1
    assert dovecot.messages(folder) == 1
    # And one in which what was kept cannot be read
    mailwatch("history", "import", _one_day(), "--history", "broken.sqlite")
    with contextlib.closing(sqlite3.connect("broken.sqlite")) as connection:
        connection.execute("ALTER TABLE keepsakes RENAME COLUMN id TO number")
    broken = mailwatch(*argv(dovecot, folder, "broken.sqlite"))
    assert (broken.status, counts(broken)["messages"]) == (0, 100)
    assert broken.err.count("mailwatch: history: ") == broken.err.count("\n") == 1
    assert dovecot.messages(folder) == 1
    # Then without one they are moved after the report
    assert mailwatch(*argv(dovecot, folder, "none")).err == ""
    assert (dovecot.messages(folder), dovecot.messages(DONE)) == (0, 1)


def _one_day() -> str:
    text = "check,subject,day,numerator,denominator,value\ndns.mx,{},2026-11-01,,,1\n"
    Path("day.csv").write_text(text, encoding="utf-8")
    return "day.csv"


def test_messages_that_cannot_be_moved_cost_a_line(mailwatch: Command, dovecot: Dovecot) -> None:
    empty(dovecot)
    folder = dovecot.fill(mbox(one("a", 100)))
    given = argv(dovecot, folder, "h.sqlite")
    given[given.index(DONE)] = f"{folder}/below"  # which is a file, and can have nothing below it
    outcome = mailwatch(*given)
    assert (outcome.status, state(outcome)["state"]) == (0, "ok")
    assert outcome.err.startswith("mailwatch: The reports were counted, but not all messages")
    assert dovecot.messages(folder) == 1


def test_a_report_is_kept_as_it_was_and_a_huge_one_with_its_largest_rows() -> None:
    # Given a report of a few rows, and one of very many
    day = date(2026, 11, 20).toordinal()
    signed = (Identity("example.com", "s1"),)
    shape = RowShape("SendGrid", True, False, True, "none", "", "example.com", keys=signed)
    other = RowShape("", False, False, False, "reject", "local_policy", "example.com")
    key = AggregateKey("google.com", "1\udc80", "example.com", "1", "2")
    rows = {("192.0.2.1", shape): 90, ("192.0.2.2", shape): 4, ("192.0.2.3", other): 6}
    small = AggregateReport(
        key, "example.com", "google.com", day, Policy("none", "", True), rows, True
    )
    many = {(f"10.0.{n // 250}.{n % 250}", other): n + 1 for n in range(2 * MOST_ROWS)}
    huge = replace(small, rows={**rows, **many})
    # When they come back from the history
    assert from_body(to_keepsake(small, "x").body) == small
    back = from_body(to_keepsake(huge, "x").body)
    # Then no message is missing, and the sources with the most are apart
    assert back is not None
    assert sum(back.rows.values()) == sum(huge.rows.values())
    assert len(back.rows) <= MOST_ROWS + 2
    assert back.rows["10.0.3.249", other] == 1000
    assert sum(count for (address, _), count in back.rows.items() if address == REST) > 1000
    whole, kept = Summary(), Summary()
    whole.add([huge])
    kept.add([back])
    assert kept.counts == whole.counts
    assert [from_body(text) for text in ("", "[]", "{}", '{"key": 1}')] == [None] * 4
