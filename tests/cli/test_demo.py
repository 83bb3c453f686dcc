"""demo: the story stays the same story, on whichever day it is looked at."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from mailwatch.cli import main
from mailwatch.clock import Clock
from mailwatch.demo import SCENARIOS, build
from tests.cli.conftest import NOON, Command


@pytest.mark.parametrize("scenario", ["migration", "creeping"])
def test_a_served_demo_tells_the_same_story_the_next_day(
    scenario: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given `demo --serve` in the evening, when midnight passes, then `check` still finds the
    story that ends yesterday, with the same findings a day later."""
    moments = [NOON, NOON + timedelta(hours=12, seconds=1)]
    reports: list[Any] = []
    config = ""

    def check(now: datetime) -> Any:
        main(["check", "--config", config, "--format", "json"], Clock(now=lambda: now))
        return json.loads(capsys.readouterr().out)

    def pause(seconds: float) -> None:
        """What happens while the demo waits: a check, then midnight, then a check."""
        nonlocal config
        config = config or capsys.readouterr().out.partition("MAILWATCH_CONFIG=")[2].splitlines()[0]
        reports.append(check(moments[0]))
        if len(moments) == 1:
            raise KeyboardInterrupt
        moments.pop(0)

    clock = Clock(now=lambda: moments[0], pause=pause)
    assert main(["demo", "--serve", "--scenario", scenario], clock) == 130
    first, second = reports
    levels = [
        [(f["check"], f["subject"], f["level"]) for f in report["findings"]] for report in reports
    ]
    assert levels[0] == levels[1]
    newest = [
        next(s["newest_day"] for s in report["sources"] if s["name"] == "sendgrid")
        for report in (first, second)
    ]
    assert newest == ["2026-11-23", "2026-11-24"]


@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if name != "migration"])
def test_a_day_of_a_story_without_days_is_refused(mailwatch: Command, scenario: str) -> None:
    outcome = mailwatch("demo", "--scenario", scenario, "--day", "3")
    assert (outcome.status, outcome.out) == (2, "")
    assert f"the scenario {scenario} has no days" in outcome.err
    assert "mailwatch demo --scenario migration --day 3" in outcome.err
    with pytest.raises(ValueError, match="has no days"):
        build(scenario, NOON.date(), 3)
