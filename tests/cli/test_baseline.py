"""ignore: in the configuration, and the baseline, at the command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailwatch.reports import FORMATS
from tests.cli.conftest import Command, watched


@pytest.fixture(scope="module")
def config() -> Iterator[str]:
    """A mailwatch.yaml of an account with breaches."""
    with watched("breach") as (_, path):
        yield path


def test_only_what_is_new_counts(mailwatch: Command, config: str) -> None:
    # Given a baseline of what is found now
    outcome = mailwatch("baseline", "write", "--config", config)
    assert outcome.status == 0
    assert outcome.out.startswith("Wrote mailwatch-baseline.json with ")
    known = json.loads(Path("mailwatch-baseline.json").read_text())
    assert known["schema"] == "mailwatch.baseline/1"
    # When the same is found again
    again = mailwatch(
        "check", "--config", config, "--baseline", "mailwatch-baseline.json", "--format", "json"
    )
    # Then it does not count, and is still there
    assert (again.status, again.json["verdict"], again.json["exit_code"]) == (0, "ok", 0)
    ignored = [finding for finding in again.json["findings"] if finding["ignored"]]
    assert len(ignored) == len(known["findings"]) > 1
    assert ignored[0]["ignored"] == {"reason": "in the baseline of 24 Nov", "until": None}
    assert {finding["level"] for finding in ignored} >= {"breach", "warn"}
    # When one of it is taken out
    known["findings"] = [f for f in known["findings"] if f["check"] != "sendgrid.bounce_rate"]
    Path("less.json").write_text(json.dumps(known))
    outcome = mailwatch("check", "--config", config, "--baseline", "less.json")
    # Then it is new
    assert outcome.status == 1
    assert f"{len(known['findings'])} ignored" in " ".join(outcome.out.split())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "line 1: is not JSON"),
        ("[]", "is not a mailwatch.baseline/1 file"),
        ('{"schema": "mailwatch.baseline/2"}', "is not a mailwatch.baseline/1 file"),
        ('{"schema": "mailwatch.baseline/1", "written": "x", "findings": []}', "is not a mail"),
        ('{"schema": "mailwatch.baseline/1", "written": "2026-01-01", "findings": [{"check": 1}]}',
         "is not a mailwatch.baseline/1 file"),
        ("[" * 100_000, "is not a mailwatch.baseline/1 file"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_baseline_is_refused(mailwatch: Command, text: str, why: str) -> None:
    Path("b.json").write_text(text)
    outcome = mailwatch("check", "example.com", "--baseline", "b.json")
    assert outcome.status == 2
    assert f"b.json, {why}" in outcome.err or f"b.json: {why}" in outcome.err
    assert "mailwatch baseline write" in outcome.err


def test_a_baseline_that_cannot_be_written_says_so(mailwatch: Command, config: str) -> None:
    outcome = mailwatch("baseline", "write", "--config", config, "--baseline", "none/b.json")
    assert outcome.status == 3
    assert "none/b.json cannot be written: No such file or directory" in outcome.err


ENTRY = """
ignore:
  - check: sendgrid.bounce_rate
    reason: the old list is cleaned in December
    until: 2026-12-31
"""


def test_an_accepted_finding_is_shown_and_does_not_count(mailwatch: Command, config: str) -> None:
    mine = Path("mine.yaml")
    text = Path(config).read_text().replace(": file:", f": file:{Path(config).parent}/")
    mine.write_text(text + ENTRY)
    plain = mailwatch("check", "--config", "mine.yaml")
    line = next(line for line in plain.out.splitlines() if line.startswith("- ignored"))
    assert "Bounce rate" in line
    assert "until 31 Dec 2026: the old list is cleaned in December" in plain.out.replace(
        "\n          ", " "
    )
    assert "BREACH  Bounce rate" not in plain.out
    # And every format takes it
    outputs = [word for name in FORMATS for word in ("--output", f"{name}=out.{name}")]
    assert mailwatch("check", "--config", "mine.yaml", *outputs).err == ""
    assert all(Path(f"out.{name}").read_text() for name in FORMATS)
    (run,) = json.loads(Path("out.sarif").read_text())["runs"]
    result = next(r for r in run["results"] if r["ruleId"] == "sendgrid.bounce_rate")
    assert result["suppressions"][0]["justification"] == "the old list is cleaned in December"


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("{check: sendgrid.bounce_rat, reason: x, until: 2027-01-01}",
         "c.yaml, line 2, ignore: sendgrid.bounce_rat is not a check"),
        ("{check: sendgrid.bounce_rate, until: 2027-01-01}", "the key reason is missing"),
        ("{check: sendgrid.bounce_rate, reason: x}", "the key until is missing"),
        ("{check: sendgrid.bounce_rate, reason: x, until: soon}", "soon: is not a date"),
        ("{check: sendgrid.bounce_rate, reason: x, until: 2027-01-01, match: {a: b}}",
         "unknown key"),
    ],
)  # fmt: skip
def test_an_entry_without_a_reason_an_end_or_a_check_is_refused(
    mailwatch: Command, entry: str, why: str
) -> None:
    Path("c.yaml").write_text(f"ignore:\n  - {entry}\n")
    outcome = mailwatch("check", "example.com", "--config", "c.yaml")
    assert outcome.status == 2
    assert why in outcome.err
