"""The history as a user meets it: stored by every run, shown, imported, compared."""

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mailwatch.catalog.shipped import SCHEMAS
from mailwatch.clock import Clock
from mailwatch.config import load_config
from tests.cli.conftest import NOON, ROOT, Command, watched

HEADER = "check,subject,day,numerator,denominator,value\n"


def at(days: float) -> Clock:
    """The clock so many days after noon of the story's last day."""
    return Clock(now=lambda: NOON + timedelta(days=days), pause=lambda seconds: None)


def document(mailwatch: Command, *argv: str) -> Any:
    """The history as JSON, which the schema accepts."""
    outcome = mailwatch("history", *argv, "--format", "json")
    assert (outcome.status, outcome.err) == (0, "")
    schema = json.loads((SCHEMAS / "history.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(outcome.json)
    return outcome.json


def test_every_run_is_stored_without_anything_to_set_up(mailwatch: Command, tmp_path: Path) -> None:
    # Given nothing but a configuration
    with watched() as (_, config):
        # When two reports are made at the same second
        reports = [mailwatch("check", "--config", config, "--format", "json") for _ in range(2)]
        mailwatch("dns", "--config", config, "--history", "none")
    # Then both runs are in the user's state folder, each day once, and nothing else was said
    assert [report.err for report in reports] == ["", ""]
    path = tmp_path / "home/.local/state/mailwatch/history.sqlite"
    assert path.stat().st_mode & 0o777 == 0o600
    stored = document(mailwatch)
    assert stored["schema"] == "mailwatch.history/1"
    assert [run["generated_at"] for run in stored["runs"]] == [
        report.json["generated_at"] for report in reports
    ]
    assert [run["verdict"] for run in stored["runs"]] == ["ok", "ok"]
    names = [(one["check"], json.dumps(one["subject"])) for one in stored["series"]]
    assert len(names) == len(set(names))
    found = document(mailwatch, "sendgrid.bounce_rate")["series"]
    (bounces,) = [one for one in found if not one["subject"]]
    days = [day["day"] for day in bounces["days"]]
    assert len(days) == len(set(days)) == 31
    assert all(day["value"] == day["numerator"] / day["denominator"] for day in bounces["days"])
    # And the second report knows since when each finding is as it is
    since = [{finding["since"] for finding in report.json["findings"]} for report in reports]
    assert since == [{None}, {"2026-11-24"}]


def test_the_configuration_says_where_and_the_option_beats_it(mailwatch: Command) -> None:
    with watched() as (_, config):
        path = Path(config)
        path.write_text(path.read_text() + "history: {place: h.sqlite, keep_days: 2}\n")
        mailwatch("dns", "--config", config)
        assert (path.parent / "h.sqlite").exists()
        mailwatch("dns", "--config", config, "--history", "here.sqlite", clock=at(1))
        mailwatch("dns", "--config", config, clock=at(3))
        assert len(document(mailwatch, "--config", config)["runs"]) == 1  # the first is too old
        assert len(document(mailwatch, "--history", "here.sqlite")["runs"]) == 1
        outcome = mailwatch("history", "prune", "--config", config, clock=at(9))
        assert "1 run" in outcome.out
        assert "history" in mailwatch("config", "--config", config).out


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("history: postgresql://me:s3cret@h/db", "password"),
        ("history: {place: mysql://h/db}", "not a path"),
        ("history: {keep_days: 0}", "not a valid number"),
        ("history: ''", "empty"),
    ],
)
def test_a_place_that_cannot_be_one_is_refused(mailwatch: Command, line: str, what: str) -> None:
    Path("c.yaml").write_text(f"domains: [{{name: example.com}}]\n{line}\n")
    outcome = mailwatch("check", "--config", "c.yaml")
    assert outcome.status == 2
    assert what in outcome.err
    assert "s3cret" not in outcome.err


@pytest.mark.parametrize("place", ["/tmp/h.sqlite", "../h.sqlite", "postgresql://h/db"])
def test_a_file_that_was_only_found_stores_nothing_elsewhere(
    mailwatch: Command, place: str
) -> None:
    Path("mailwatch.yaml").write_text(f"domains: [{{name: example.com}}]\nhistory: {place}\n")
    outcome = mailwatch("check")
    assert outcome.status == 2
    assert "outside this folder" in outcome.err


def test_the_demo_stores_only_where_it_is_said(mailwatch: Command, tmp_path: Path) -> None:
    outcome = mailwatch("demo", "--scenario", "healthy", "--history", "h.sqlite")
    assert (outcome.status, outcome.err) == (0, "")
    assert len(document(mailwatch, "--history", "h.sqlite")["runs"]) == 1
    assert not (tmp_path / "home/.local").exists()


def test_a_chart_has_its_limits_and_what_is_foreseen(mailwatch: Command) -> None:
    mailwatch("demo", "--scenario", "creeping", "--history", "h.sqlite")
    outcome = mailwatch("history", "sendgrid.bounce_rate", "--history", "h.sqlite")
    assert outcome.status == 0
    assert "ideal ≤ 3 % │" in outcome.out
    assert "act > 5 % │" in outcome.out
    assert "░" in outcome.out
    assert "at this pace passes 5 %" in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 80
    word = mailwatch("history", "dns.dmarc_policy", "--history", "h.sqlite")
    assert "2026-11-24  quarantine" in word.out
    runs = mailwatch("history", "--history", "h.sqlite")
    assert "! WARN" in runs.out
    assert "sendgrid.bounce_rate" in runs.out
    # A subject narrows it, and so does the place of the options
    (one,) = document(mailwatch, "--history", "h.sqlite", "--subject", "selector=s1",
                      "dns.dkim_key")["series"]  # fmt: skip
    assert one["subject"] == {"domain": "example.com", "selector": "s1"}


@pytest.mark.parametrize(
    ("argv", "status", "what"),
    [
        (["sendgrid.bounce_rat"], 2, "bounce_rate"),
        (["--subject", "subuser"], 2, "KEY=VALUE"),
        (["--subject", "shoe=7"], 2, "shoe"),
        (["--history", "none"], 2, "mailwatch: history: none"),
        (["--history", "x://y"], 2, "not a path"),
        (["--history", "nowhere/h.sqlite"], 3, "mailwatch: history: "),
        (["--history", "."], 2, "mailwatch: history: "),
        (["--history", "/dev/full"], 2, "mailwatch: history: "),
        (["--history", "text"], 3, "mailwatch: history: "),
        (["--history", "text/h.sqlite"], 3, "mailwatch: history: "),
        (["prune"], 2, "--keep-days"),
        (["import", "nothing.csv"], 2, "nothing.csv: cannot be read"),
    ],
)
def test_what_cannot_be_shown_says_why(
    mailwatch: Command, argv: list[str], status: int, what: str
) -> None:
    Path("text").write_text("not a database" * 100)
    outcome = mailwatch("history", *argv)
    assert (outcome.status, outcome.out) == (status, "")
    assert what in outcome.err


def test_trouble_costs_one_line_and_nothing_else(mailwatch: Command) -> None:
    """Given places that cannot be written, and a server that is not there."""
    Path("file").write_text("")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    places = ["file/h.sqlite", ".", "/dev/full", f"postgresql://me:s3cret@127.0.0.1:{port}/db"]
    with watched("breach") as (_, config):
        good = mailwatch("dns", "--config", config, "--history", "none")
        for place in places:
            # When a report is made
            outcome = mailwatch("dns", "--config", config, "--history", place)
            # Then it is the same, and one line says why nothing is stored
            assert outcome.status == good.status == 1
            assert outcome.out.splitlines()[:-1] == good.out.splitlines()[:-1]
            (line,) = outcome.err.splitlines()
            assert line.startswith("mailwatch: history: ")
            assert "s3cret" not in line
    assert Path("/dev/full").is_char_device()


def test_a_damaged_file_is_set_aside_in_a_run(mailwatch: Command) -> None:
    Path("h.sqlite").write_bytes(b"broken" * 1000)
    with watched() as (_, config):
        outcome = mailwatch("dns", "--config", config, "--history", "h.sqlite")
    assert outcome.status == 0
    (line,) = outcome.err.splitlines()
    assert line.startswith("mailwatch: history: ")
    (aside,) = Path.cwd().glob("h.sqlite.damaged-*")
    assert aside.name in line
    assert aside.read_bytes() == b"broken" * 1000
    assert len(document(mailwatch, "--history", "h.sqlite")["runs"]) == 1


def test_a_full_disk_costs_one_line_and_history_still_reads(mailwatch: Command) -> None:
    """A limit on the size of files stands for the disk: SQLite meets the same errors."""
    with watched() as (_, config):
        argv = ("dns", "--config", config, "--history", "h.sqlite")
        stored = mailwatch(*argv)
        blocks = Path("h.sqlite").stat().st_size // 512
        command = shlex.join([sys.executable, "-m", "mailwatch", *argv])
        full = subprocess.run(["sh", "-c", f"ulimit -f {blocks - 8}; exec {command}"], check=False,
                              capture_output=True, text=True, env=environment())  # fmt: skip
    assert (full.returncode, stored.status) == (0, 0)
    assert "OK" in full.stdout
    (line,) = full.stderr.splitlines()
    assert line.startswith("mailwatch: history: ")
    assert len(document(mailwatch, "--history", "h.sqlite")["runs"]) == 1


def environment() -> dict[str, str]:
    """That of a process of mailwatch which finds this checkout from any folder."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_a_read_only_folder_is_read_and_costs_one_line(mailwatch: Command) -> None:
    """As another user, since permissions do not bind root."""
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("permissions do not bind root, and setpriv is not installed here")
    become = ["setpriv", "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    python = [*become, sys.executable, "-m", "mailwatch"]
    with tempfile.TemporaryDirectory() as name, watched() as (_, config):
        folder = Path(name)
        place = str(folder / "h.sqlite")
        mailwatch("dns", "--config", config, "--history", place)
        Path(place).chmod(0o444)
        folder.chmod(0o555)
        if become and subprocess.run([*python, "--version"], check=False, capture_output=True,
                                     cwd="/", env=environment()).returncode:  # fmt: skip
            pytest.skip("another user cannot run this Python")
        resolver = load_config(Path(config)).config.dns.nameservers[0]
        words = [["history", "--format", "json"], ["dns", "example.com", "--resolver", resolver]]
        read, run = (
            subprocess.run([*python, *argv, "--history", place], check=False, capture_output=True,
                           text=True, cwd="/", env=environment())
            for argv in words
        )  # fmt: skip
        folder.chmod(0o755)
    assert (read.returncode, read.stderr) == (0, "")
    assert len(json.loads(read.stdout)["runs"]) == 1
    assert run.returncode == 0
    (line,) = run.stderr.splitlines()
    assert line.startswith("mailwatch: history: ")
