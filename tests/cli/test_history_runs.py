"""What a run makes of the runs before it: what changed, what recovered, what a past day was."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mailwatch.clock import Clock
from mailwatch.history.opened import open_store
from mailwatch.history.place import HistoryPlace
from tests.cli.conftest import NOON, ROOT, Command, watched

PLACE = ("--history", "h.sqlite")


def at(days: float) -> Clock:
    """The clock so many days after noon of the story's last day."""
    return Clock(now=lambda: NOON + timedelta(days=days), pause=lambda seconds: None)


def finding(outcome: Any, check: str) -> Any:
    return next(f for f in outcome.json["findings"] if f["check"] == check)


def test_a_recovery_is_printed_once(mailwatch: Command) -> None:
    # Given a run that found trouble in DNS
    with watched("breach") as (_, config):
        assert mailwatch("dns", "--config", config, *PLACE).status == 1
    with watched() as (_, config):
        argv = ("dns", "--config", config, *PLACE, "--quiet-ok")
        # When it is over, then the next run says so, once, in every format
        document = mailwatch(*argv, "--format", "json", "--history", "none")
        assert document.out == ""
        first, second = mailwatch(*argv, clock=at(1)), mailwatch(*argv, clock=at(2))
    assert (first.status, second.status) == (0, 0)
    assert "✓ recovered: DMARC policy (example.com), now quarantine (was BREACH)" in first.out
    assert second.out == ""


def test_a_record_that_changed_is_evidence_in_the_next_run(mailwatch: Command) -> None:
    with watched() as (_, config):
        mailwatch("dns", "--config", config, *PLACE)
    with watched("migration") as (_, config):
        outcome = mailwatch("dns", "--config", config, *PLACE, "--format", "json", clock=at(1))
        again = mailwatch("dns", "--config", config, *PLACE, "--format", "json", clock=at(400))
    evidence = " ".join(finding(outcome, "dns.dmarc_policy")["evidence"])
    assert "TXT of _dmarc.example.com changed; until 2026-11-24 it was: " in evidence
    assert "p=quarantine" in evidence
    assert "p=none" in evidence
    # A key that is the same after more than a year is named
    assert "changed" not in " ".join(finding(again, "dns.dmarc_policy")["evidence"])
    assert "the same key for 400 days" in " ".join(finding(again, "dns.dkim_key")["evidence"])


def test_a_past_day_comes_from_what_was_stored(mailwatch: Command) -> None:
    # Given a run, and later another one with another policy
    with watched() as (_, config):
        mailwatch("check", "--config", config, *PLACE)
    with watched("migration") as (_, config):
        mailwatch("check", "--config", config, *PLACE, clock=at(2))
        argv = ("check", "--config", config, *PLACE, "--format", "json", "--as-of")
        # When a day between them is asked for
        past = mailwatch(*argv, "2026-11-24", clock=at(3))
        # Then DNS and the verdicts are what was stored then, and say so
        assert past.err == ""
        assert past.state("dns") == "ok"
        assert finding(past, "dns.dmarc_policy")["value"] == "quarantine"
        assert "2026-11-24" in finding(past, "dns.dmarc_policy")["evidence"][-1]
        assert finding(past, "sendgrid.reputation")["value"] is not None
        # And a day before all that is stored has none of it
        before = mailwatch(*argv, "2026-11-20", clock=at(3))
        assert before.state("dns") == "skipped"
        assert finding(before, "sendgrid.reputation")["value"] is None


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ('bounce,{},2026-11-23,1,10,', "line 3, check"),
        ('dns.mx,[],2026-11-23,1,10,', "line 3, subject"),
        ('dns.mx,"{""shoe"":""7""}",2026-11-23,1,10,', "line 3, subject"),
        ("dns.mx,{},20261123,1,10,", "line 3, day"),
        ("dns.mx,{},2026-02-30,1,10,", "line 3, day"),
        ("dns.mx,{},2026-11-23,1.5,10,", "line 3, numerator"),
        ("dns.mx,{},2026-11-23,1,-1,", "line 3, denominator"),
        ("dns.mx,{},2026-11-23,1,10,0.9", "line 3, value"),
        ("dns.mx,{},2026-11-23,,,nan", "line 3, value"),
        ("dns.mx,{},2026-11-23,,,", "line 3, value"),
        ("dns.mx,{},2026-11-23,,,=1", "line 3, value"),
        ("dns.mx,{}", "line 3: has 2 columns"),
        ("dns.ok,{},2026-11-22,1,10,0.1", "line 3, day"),
        ('dns.mx,"{', "line 3: is not CSV"),
        ("dns.mx,{},2026-11-23,1,10,\udcff", "not UTF-8"),
    ],
)  # fmt: skip
def test_an_import_with_a_mistake_stores_nothing(mailwatch: Command, row: str, place: str) -> None:
    text = f"check,subject,day,numerator,denominator,value\ndns.ok,{{}},2026-11-22,1,10,\n{row}\n"
    Path("f.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
    outcome = mailwatch("history", "import", "f.csv", *PLACE)
    assert outcome.status == 2
    assert outcome.err.startswith("mailwatch: f.csv")
    assert place in outcome.err
    assert mailwatch("history", *PLACE, "--format", "json").json["series"] == []


def test_what_is_exported_is_imported_again(mailwatch: Command) -> None:
    Path("f.csv").write_text(
        "\ufeffcheck,subject,day,numerator,denominator,value\n"
        'sendgrid.bounce_rate,"{""subuser"": ""ニュース""}",2025-01-01,3,7,0.429\n'
        "dns.spf_lookups,{},2025-01-01,,,5\n"
        "dns.mx,,2025-01-01,,,found\n"
        "sendgrid.bounce_rate,{},2025-01-01,0,0,\n",
        encoding="utf-8",
    )
    assert "4 days stored" in mailwatch("history", "import", "f.csv", *PLACE).out
    exported = mailwatch("history", "export", *PLACE).out
    Path("g.csv").write_text(exported, encoding="utf-8")
    mailwatch("history", "import", "g.csv", "--history", "other.sqlite")
    assert mailwatch("history", "--history", "other.sqlite", "export").out == exported
    stored = mailwatch("history", *PLACE, "--format", "json").json
    assert stored["runs"] == []
    lines = mailwatch("history", "export", "--format", "jsonl", *PLACE).out.splitlines()
    assert [json.loads(line) for line in lines] == [
        {"check": one["check"], "subject": one["subject"], **day}
        for one in stored["series"]
        for day in one["days"]
    ]
    assert json.loads(lines[2]) == {"check": "sendgrid.bounce_rate", "subject":
        {"subuser": "ニュース"}, "day": "2025-01-01", "value": 3 / 7, "numerator": 3,
        "denominator": 7}  # fmt: skip


def test_runs_that_are_killed_ten_times_leave_a_whole_history(mailwatch: Command) -> None:
    """At ten moments from the start of the process to its end."""
    with watched() as (_, config):
        argv = ("dns", "--config", config, *PLACE)
        mailwatch(*argv)
        for n in range(10):
            process = subprocess.Popen(
                [sys.executable, "-m", "mailwatch", *argv],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
            time.sleep(0.1 + 0.06 * n)
            process.send_signal(signal.SIGKILL)
            process.wait()
        last = mailwatch(*argv, clock=Clock())
    assert (last.status, last.err) == (0, "")
    store = open_store(HistoryPlace(path=Path("h.sqlite")))
    assert store is not None
    runs = store.runs()
    assert 2 <= len(runs) <= 12
    sizes = {len(store.findings(run)) for run in runs}
    assert len(sizes) == 1


def test_many_subjects_are_listed_and_traced(mailwatch: Command) -> None:
    # Given a check of many subjects
    rows = [
        f'sendgrid.bounce_rate,"{{""subuser"": ""s{n}""}}",2026-11-{day},{n},100,'
        for n in range(50)
        for day in (21, 22)
    ]
    text = "\n".join(["check,subject,day,numerator,denominator,value", *rows, ""])
    Path("f.csv").write_text(text, encoding="utf-8")
    mailwatch("history", "import", "f.csv", *PLACE)
    # Then each has a line, some of them at a time, and one alone is drawn
    listed = mailwatch("history", "sendgrid.bounce_rate", *PLACE).out
    assert "sendgrid.bounce_rate  s44  44 %  22 Nov" in listed
    assert "and 10 more; --subject KEY=VALUE shows fewer" in listed
    one = ("--subject", "subuser=s7", *PLACE)
    assert "Bounce rate · s7" in mailwatch("history", "sendgrid.bounce_rate", *one).out
    assert "Bounce rate · s7" in mailwatch("history", *one).out
    assert "Nothing is stored" in mailwatch("history", "dns.mx", *PLACE).out
