"""mailwatch backtest: a user tests thresholds on last year's counts before adopting them."""

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from mailwatch.backtest.counts import read_counts
from tests.cli.conftest import ROOT, Command

FIRST = date(2025, 1, 1)


def csv_of(folder: Path, end: float, subject: str = "") -> Path:
    """150 days at 1.5 %, with a rise to `end` that begins on day 80 and takes four weeks."""
    lines = ["date,numerator,denominator" + (",subject" if subject else "")]
    for n in range(150):
        rate = 0.015 + (end - 0.015) * min(max((n - 80) / 28, 0.0), 1.0)
        row = f"{FIRST + timedelta(n)},{round(5000 * rate)},5000"
        lines.append(f"{row},{subject}" if subject else row)
    path = folder / "counts.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_drift_is_announced_and_the_status_says_breach(
    mailwatch: Command, tmp_path: Path
) -> None:
    # When a year with a drift across the limit is replayed
    outcome = mailwatch("backtest", str(csv_of(tmp_path, 0.075, "news")), "--format", "json")
    document: Any = outcome.json
    # Then the breach counts, and the warning before it has its date
    assert outcome.status == 1
    first = document["events"][0]
    assert (first["level"], first["kind"], first["subject"]) == (
        "warn",
        "trend",
        {"subject": "news"},
    )
    assert first["earliest"] <= first["forecast"]["breach_on"] <= first["latest"]
    assert document["events"][-1]["level"] == "breach"
    (crossing,) = document["crossings"]
    assert crossing["lead_days"] >= 6
    assert document["false_alarms_per_year"] == 0


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_for_people(mailwatch: Command, tmp_path: Path, lang: str) -> None:
    outcome = mailwatch("backtest", str(csv_of(tmp_path, 0.075)), "--lang", lang, "--width", "80")
    assert outcome.status == 1
    assert "sendgrid.bounce_rate" in outcome.out
    assert "5 %" in outcome.out


def test_a_quiet_year_is_zero(mailwatch: Command, tmp_path: Path) -> None:
    outcome = mailwatch("backtest", str(csv_of(tmp_path, 0.015)))
    assert outcome.status == 0
    assert "No warning and no breach." in outcome.out


def test_own_thresholds_are_what_is_tested(mailwatch: Command, tmp_path: Path) -> None:
    # Given a limit of 1 % in a file of one's own
    own = tmp_path / "own.yaml"
    own.write_text("sendgrid.bounce_rate: {ideal: 0.5%, act: 1%}\n")
    # Then the quiet year is a breach from its first week
    path = csv_of(tmp_path, 0.015)
    outcome = mailwatch("backtest", str(path), "--thresholds", str(own), "--format", "json")
    document = json.loads(outcome.out)
    assert (outcome.status, document["events"][0]["level"]) == (1, "breach")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--metric", "sendgrid.bounce_rat"), "did you mean sendgrid.bounce_rate?"),
        (("--metric", "dns.mx"), "is not a rate from counts"),
        (("--metric", "sendgrid.deferral_rate"), "is not a rate from counts"),
    ],
)
def test_a_metric_that_cannot_be_tested_is_refused(
    mailwatch: Command, tmp_path: Path, arguments: tuple[str, ...], what: str
) -> None:
    outcome = mailwatch("backtest", str(csv_of(tmp_path, 0.015)), *arguments)
    assert outcome.status == 2
    assert what in outcome.err


def test_a_file_that_cannot_be_read_is_refused(mailwatch: Command, tmp_path: Path) -> None:
    outcome = mailwatch("backtest", str(tmp_path / "none.csv"))
    assert (outcome.status, "none.csv" in outcome.err) == (2, True)


PAGE = (ROOT / "docs" / "early-warning.md").read_text(encoding="utf-8")


def test_the_example_of_the_page_is_a_file_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(next(body for body in re.findall(r"```csv\n(date,.*?)```", PAGE, re.DOTALL)))
    assert read_counts(path)[""][0] == (date(2026, 1, 1), 141, 10230)
