"""What a run does for the systems that start it: GitHub Actions and Nagios."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command, watched


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A step of GitHub Actions, with the folder of its files."""
    folder = tmp_path / "runner"
    folder.mkdir()
    (folder / "summary").write_text("before\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary"))
    monkeypatch.setenv("GITHUB_OUTPUT", str(folder / "output"))
    return folder


def test_a_plain_run_in_actions_annotates_by_itself(mailwatch: Command, runner: Path) -> None:
    with watched("breach") as (_, config):
        plain = mailwatch("check", "--config", config)
        # Then the report is as everywhere, and the annotations are on stderr
        assert plain.status == 1
        assert plain.out.startswith("mailwatch · example.com")
        assert "::error title=" in plain.err
        # And the step has its summary, after what was there, and its output
        summary = (runner / "summary").read_text()
        assert summary.startswith("before\n## mailwatch · example.com")
        assert "| --- | --- | --- | --- |" in summary
        assert (runner / "output").read_text() == "verdict=breach\n"
        # When another format was asked for, nothing of it happens
        chosen = mailwatch("check", "--config", config, "--format", "json")
        assert "::error" not in chosen.err
        assert (runner / "summary").read_text() == summary


def test_the_format_github_fills_the_step_anywhere(
    mailwatch: Command, runner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS")
    with watched() as (_, config):
        outcome = mailwatch("check", "--config", config, "--format", "github")
    assert outcome.status == 0
    assert outcome.out.startswith("✓ OK")
    assert outcome.err == ""
    assert (runner / "output").read_text() == "verdict=ok\n"


def test_a_summary_that_cannot_be_written_is_not_delivered(
    mailwatch: Command, runner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(runner / "none" / "summary"))
    with watched() as (_, config):
        outcome = mailwatch("check", "--config", config)
    assert outcome.status == 3
    assert "$GITHUB_STEP_SUMMARY cannot be written: No such file" in outcome.err
    assert (runner / "output").read_text() == "verdict=ok\n"


@pytest.mark.parametrize(
    ("scenario", "status", "word"),
    [("healthy", 0, "OK"), ("creeping", 1, "WARNING"), ("breach", 2, "CRITICAL")],
)
def test_a_plugin_ends_with_the_status_of_its_verdict(
    mailwatch: Command, scenario: str, status: int, word: str
) -> None:
    with watched(scenario) as (_, config):
        for more in ([], ["--fail-on", "never"], ["--fail-on", "unknown"]):
            outcome = mailwatch("check", "--config", config, "--format", "nagios", *more)
            assert outcome.status == status
            assert outcome.out.startswith(f"MAILWATCH {word}: ")
            assert outcome.out.count("\n") == 1
        # When the line goes to a file only, the statuses are mailwatch's own
        outcome = mailwatch("check", "--config", config, "--output", "nagios=line.txt")
        assert outcome.status == (1 if scenario == "breach" else 0)


@pytest.mark.parametrize(
    "how", [["--format", "nagios"], ["--format=nagios"], ["--output", "nagios=-"]]
)
def test_what_cannot_be_measured_at_all_is_unknown_to_a_plugin(
    mailwatch: Command, how: list[str]
) -> None:
    for wrong, why in (
        (["--nope"], "No such option: --nope"),
        (["--config", "none.yaml"], "none.yaml: cannot be read"),
        ([], "Nothing is configured"),
    ):
        outcome = mailwatch("check", *how, *wrong)
        assert outcome.status == 3
        assert outcome.out.startswith(f"MAILWATCH UNKNOWN: {why}")
        assert outcome.out.count("\n") == 1
        assert why in outcome.err


def test_the_own_thresholds_are_where_sarif_points(mailwatch: Command) -> None:
    Path("thresholds.yaml").write_text(
        "# mine\n\nsendgrid.bounce_rate:\n  act: 0.5%\n  ideal: 0.1%\n"
    )
    with watched() as (_, config):
        outcome = mailwatch(
            "check", "--config", config, "--thresholds", "thresholds.yaml", "--format", "sarif"
        )
    results = json.loads(outcome.out)["runs"][0]["results"]
    assert {result["ruleId"] for result in results} == {"sendgrid.bounce_rate"}
    place = results[0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "thresholds.yaml"}, "region": {"startLine": 3}}


def test_the_help_names_every_format(mailwatch: Command) -> None:
    from mailwatch.reports import FORMATS

    text = " ".join(mailwatch("check", "--help").out.split())
    for name in FORMATS:
        assert f" {name}" in text.partition("Report format:")[2].partition("--output")[0]
