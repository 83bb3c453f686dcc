"""mailwatch postfix, and Postfix beside SendGrid in mailwatch check."""

import gzip
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from mailwatch.demo.mail_log import Traffic, mail_log
from tests.cli.conftest import ROOT, Command, watched
from tests.sources.postfix.log_lines import line

WEEK = datetime(2026, 11, 17)  # noqa: DTZ001  # as a log has it


def write_log(path: Path, **traffic: float) -> None:
    """A week of mail, until yesterday."""
    text = "\n".join(mail_log(Traffic(WEEK, 1400, days=7, **traffic)))  # type: ignore[arg-type]
    path.write_text(text + "\n")


def test_a_log_is_judged_like_sendgrid(mailwatch: Command) -> None:
    write_log(Path("good.log"))
    write_log(Path("bad.log"), bounced=0.1)
    outcome = mailwatch("postfix", "good.log")
    assert (outcome.status, outcome.err) == (0, "")
    outcome = mailwatch("postfix", "bad.log", "--format", "json")
    assert outcome.status == 1
    assert outcome.levels()["postfix.bounce_rate"] == {"breach"}
    found = next(f for f in outcome.json["findings"] if f["check"] == "postfix.bounce_rate")
    assert found["denominator_name"] == "processed"
    assert found["window"] == {"from": "2026-11-17", "to": "2026-11-23"}
    assert found["value"] == found["numerator"] / found["denominator"]
    (state,) = outcome.json["sources"]
    assert state["counts"]["recipients"] == found["denominator"] == 1400
    for lang in ("en", "ja"):
        text = mailwatch("postfix", "bad.log", "--lang", lang).out
        assert "yahoo.example" in text
        assert "user1" not in text


def test_every_option_of_a_report_is_there(mailwatch: Command) -> None:
    write_log(Path("mail.log"))
    Path("mine.yaml").write_text("postfix.delay: {ideal: 1, act: 3}\n")
    outcome = mailwatch("postfix", "mail.log", "--thresholds", "mine.yaml", "--format", "json")
    assert outcome.levels()["postfix.delay"] == {"breach"}
    assert "> 3 s" in outcome.out
    outcome = mailwatch("postfix", "mail.log", "--as-of", "2026-11-20", "--format", "json")
    assert outcome.json["sources"][0]["newest_day"] == "2026-11-20"
    assert mailwatch("postfix", "mail.log", "--as-of", "2026-11-24").status == 2


def test_a_name_that_no_file_has_is_a_usage_error(mailwatch: Command) -> None:
    write_log(Path("mail.log"))
    outcome = mailwatch("postfix", "mail.log", "mial.log")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("mailwatch: mial.log: no such file\n")
    outcome = mailwatch("postfix")
    assert outcome.status == 2
    assert "no log is named" in outcome.err


def test_nothing_readable_is_3_and_a_part_of_it_is_not(mailwatch: Command) -> None:
    write_log(Path("mail.log"))
    Path("picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" * 9)
    Path("folder").mkdir()
    outcome = mailwatch("postfix", "picture.png", "folder", "--format", "json")
    assert (outcome.status, outcome.state("postfix")) == (3, "failed")
    outcome = mailwatch("postfix", "picture.png", "mail.log", "--format", "json")
    assert (outcome.status, outcome.state("postfix")) == (0, "partial")
    assert outcome.json["sources"][0]["error"].startswith("picture.png is not a log")
    assert mailwatch("postfix", "picture.png", "mail.log", "--strict").status == 3


def test_an_old_log_says_how_old_it_is(mailwatch: Command) -> None:
    lines = [line(f"a{n}@yahoo.example", day="Nov  3") for n in range(200)]
    Path("mail.log").write_text("\n".join(lines))
    outcome = mailwatch("postfix", "mail.log", "--format", "json")
    assert (outcome.status, outcome.state("postfix")) == (0, "partial")
    assert outcome.levels()["postfix.bounce_rate"] == {"unknown"}
    assert "3 Nov, 21 days ago" in outcome.json["sources"][0]["error"]


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_read(empty_home: Path, packed: bool) -> None:
    write_log(Path("mail.log"))
    data = Path("mail.log").read_bytes()
    Path("stdin").write_bytes(gzip.compress(data) if packed else data)
    with Path("stdin").open("rb") as stdin:
        outcome = subprocess.run(
            [sys.executable, "-m", "mailwatch", "postfix", "-", "--format", "json"],
            stdin=stdin,
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert b'"recipients": 1400' in outcome.stdout, outcome.stderr


def test_a_pipe_is_read_once(mailwatch: Command) -> None:
    # Given a pipe, as the shell makes it for <(zcat mail.log.gz)
    write_log(Path("mail.log"))
    os.mkfifo("pipe")
    writer = subprocess.Popen(["sh", "-c", "cat mail.log > pipe"])
    outcome = mailwatch("postfix", "pipe", "--format", "json")
    writer.wait()
    assert outcome.json["sources"][0]["counts"]["recipients"] == 1400


def test_both_senders_stand_side_by_side(mailwatch: Command) -> None:
    # Given a configuration with both, and a log in the account's own days
    with watched() as (_, config):
        folder = Path(config).parent
        for rotated in folder.glob("mail.log*"):
            rotated.unlink()
        write_log(folder / "mail.log", bounced=0.1)
        # When everything is checked
        outcome = mailwatch("check", "--config", config, "--format", "json")
        # Then each has its bounce rate, over the same days
        rates = {
            found["check"]: found
            for found in outcome.json["findings"]
            if found["check"].endswith("bounce_rate") and not found["subject"]
        }
        assert {name: found["level"] for name, found in rates.items()} == {
            "sendgrid.bounce_rate": "ok",
            "postfix.bounce_rate": "breach",
        }
        ours, theirs = rates["postfix.bounce_rate"], rates["sendgrid.bounce_rate"]
        for key in ("window", "denominator_name", "unit", "act"):
            assert ours[key] == theirs[key]
        assert "Bounce rate of Postfix" in mailwatch("check", "--config", config).out
        # And the doctor and config know the log
        assert "mail.log\n    It begins on 17 Nov." in mailwatch("doctor", "--config", config).out
        assert "mail.log*" in mailwatch("config", "--config", config).out


def test_a_log_that_is_gone_is_a_fault_in_check(mailwatch: Command) -> None:
    Path("mailwatch.yaml").write_text("postfix:\n  logs: [gone.log]\n")
    outcome = mailwatch("check", "--format", "json")
    assert (outcome.status, outcome.state("postfix")) == (3, "failed")
    assert "gone.log" in mailwatch("doctor").out


@pytest.mark.parametrize("log", ["-", "''", '"\\e[31m"', "a" * 5000])
def test_a_log_that_cannot_be_one_is_refused(mailwatch: Command, log: str) -> None:
    Path("mailwatch.yaml").write_text(f"postfix:\n  logs: [{log}]\n")
    outcome = mailwatch("check")
    assert outcome.status == 2
    assert "postfix.logs.1" in outcome.err


def test_the_page_shows_what_is_printed(mailwatch: Command) -> None:
    page = (ROOT / "docs" / "postfix.md").read_text("utf-8")
    log, shown = (page.partition(f"```{kind}\n")[2].partition("```")[0] for kind in
                  ("text", "console"))  # fmt: skip
    Path("mail.log").write_text(log)
    command, _, lines = shown.partition("\n")
    assert lines in mailwatch(*command.split()[2:]).out
