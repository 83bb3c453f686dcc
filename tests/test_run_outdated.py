"""Data that stops coming: the source says so, though nothing failed."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mailwatch.catalog.catalog import Catalog, read_catalog
from mailwatch.clock import Clock
from mailwatch.config import Config, Domain, SendGridConfig
from mailwatch.demo import Answer, Faults, Rule, World, build, serve
from mailwatch.judge import judge as judge_figure
from mailwatch.model import (
    ACCOUNT,
    Cause,
    Check,
    Finding,
    Level,
    Limit,
    Measurement,
    Phrase,
    Report,
    SourceState,
    State,
    Threshold,
    Window,
    say,
)
from mailwatch.run import Options, run
from mailwatch.verdict import mark_outdated
from tests.sources.postmaster.postmaster_peer import NOW, TODAY, configure
from tests.sources.sendgrid.sendgrid_peer import key_file

HEALTHY = build("healthy", TODAY)
GMAIL = HEALTHY.gmail["example.com"]
T = TypeVar("T")


def until(days: Mapping[date, T], age: int) -> dict[date, T]:
    """The days of which the newest is `age` days before today."""
    return {day: counts for day, counts in days.items() if (TODAY - day).days >= age}


def quiet_gmail(age: int) -> World:
    """The healthy world, with Gmail's newest day `age` days ago."""
    gmail = replace(GMAIL, days=until(GMAIL.days, age))
    return replace(HEALTHY, gmail={"example.com": gmail})


def judge(folder: Path, world: World, *rules: Rule, **options: Any) -> tuple[Report, SourceState]:
    """What a run over Gmail's figures comes to."""
    with serve(world, faults=Faults(*rules)) as running:
        config = Config((Domain("example.com"),), postmaster=configure(running, folder))
        return _run(config, read_catalog(), "postmaster", **options)


def judge_sendgrid(folder: Path, age: int) -> tuple[Report, SourceState]:
    """What a run over SendGrid's figures comes to, whose newest day with data is `age` days ago."""
    thresholds = folder / "thresholds.yaml"
    thresholds.write_text("sendgrid.bounce_rate: {max_age_days: 3}\n")
    stats = until(HEALTHY.stats, age)
    rows = [{"date": str(day), "stats": [{"metrics": counts}]} for day, counts in stats.items()]
    rule = Rule("sendgrid", Answer(200, json.dumps(rows)), "/v3/stats")
    with serve(HEALTHY, faults=Faults(rule)) as running:
        key = key_file(folder, HEALTHY.api_key)
        config = Config(sendgrid=SendGridConfig(key, running.sendgrid_url, "Asia/Tokyo"))
        return _run(config, read_catalog(thresholds), "sendgrid")


def _run(
    config: Config, numbers: Catalog, source: str, **options: Any
) -> tuple[Report, SourceState]:
    clock = Clock(now=lambda: NOW, pause=lambda seconds: None)
    report = run(config, numbers, Options(sources=(source,), **options), clock)
    (state,) = report.sources
    return report, state


def test_figures_of_a_week_ago_are_judged(tmp_path: Path) -> None:
    _, state = judge(tmp_path, quiet_gmail(7))
    assert (state.state, state.error) == (State.OK, None)


def test_figures_that_are_too_old_make_the_source_partial(tmp_path: Path) -> None:
    # Given a domain whose newest figures are 8 days old, of which 7 are allowed
    report, state = judge(tmp_path, quiet_gmail(8))
    # Then the source is partial, and says of which day the newest figure is and how old
    assert state.state is State.PARTIAL
    assert state.error == say("run.outdated", day=TODAY - timedelta(8), age=8)
    assert state.newest_day == TODAY - timedelta(8)
    # And the findings are unknown for their age
    spam = next(f for f in report.findings if f.check.id == "postmaster.spam_rate")
    assert (spam.level, spam.cause) == (Level.UNKNOWN, Cause.NO_DATA)


def test_a_single_figure_that_stopped_is_enough_and_its_own_day_is_named(tmp_path: Path) -> None:
    # Given a domain of which only the spam rate is not published any more
    days = {
        day: {k: v for k, v in counts.items() if k != "SPAM_RATE" or (TODAY - day).days >= 9}
        for day, counts in GMAIL.days.items()
    }
    world = replace(HEALTHY, gmail={"example.com": replace(GMAIL, days=days)})
    _, state = judge(tmp_path, world)
    # Then that is said, though the source has newer figures
    assert state.error == say("run.outdated", day=TODAY - timedelta(9), age=9)
    assert state.newest_day == TODAY - timedelta(3)


def test_old_figures_fail_a_strict_run(tmp_path: Path) -> None:
    report, _ = judge(tmp_path, quiet_gmail(8), strict=True)
    assert (report.verdict, report.exit_code) == (Level.UNKNOWN, 3)
    report, _ = judge(tmp_path, quiet_gmail(3), strict=True)
    assert report.exit_code == 0


def test_a_source_that_is_partial_already_keeps_its_error(tmp_path: Path) -> None:
    # Given old figures, and a compliance status that is refused
    refused = Rule("postmaster", Answer(404, "{}"), "/v2/domains/example.com/complianceStatus")
    _, state = judge(tmp_path, quiet_gmail(8), refused)
    # Then what went wrong is what is said
    assert state.state is State.PARTIAL
    assert state.error is not None
    assert state.error.code == "postmaster.not_shared"


@pytest.mark.parametrize(("age", "expected"), [(1, State.OK), (3, State.OK), (4, State.PARTIAL)])
def test_sendgrids_figures_too(tmp_path: Path, age: int, expected: State) -> None:
    _, state = judge_sendgrid(tmp_path, age)
    assert state.state is expected
    old = say("run.outdated", day=TODAY - timedelta(4), age=4)
    assert state.error == (old if expected is State.PARTIAL else None)


# --- the states alone ---------------------------------------------------------------------------


def finding(
    metric: str, age: int, value: float | None = 0.5, threshold: Threshold | None = None
) -> Finding:
    """A figure of `age` days, judged by numbers that allow 3."""
    check = Check(metric, metric, {}, "percent", "higher", {}, {}, ())
    day = TODAY - timedelta(age)
    measurement = Measurement(
        metric, ACCOUNT, value, window=Window(day, day), complete_until=TODAY - timedelta(1)
    )
    return judge_figure(measurement, check, threshold or Threshold(Limit(1.0, "<="), None, 0, 0, 3))


def marked(*findings: Finding) -> dict[str, Phrase | None]:
    """The errors of two sources that answered."""
    states = [SourceState("sendgrid", State.OK), SourceState("dns", State.OK)]
    after = list(mark_outdated(states, findings))
    assert all((state.state is State.OK) is (state.error is None) for state in after)
    return {state.name: state.error for state in after}


def test_the_newest_of_the_old_figures_is_named_and_only_in_its_own_source() -> None:
    errors = marked(finding("sendgrid.a", 9), finding("sendgrid.b", 4), finding("sendgrid.c", 1))
    assert errors == {
        "sendgrid": say("run.outdated", day=TODAY - timedelta(4), age=4),
        "dns": None,
    }


@pytest.mark.parametrize(
    "fine",
    [
        finding("sendgrid.a", 3),
        finding("sendgrid.a", 9, threshold=Threshold(max_age_days=3)),  # not judged
        finding("sendgrid.a", 9, threshold=Threshold(Limit(1.0, "<="))),  # may be of any age
        finding("sendgrid.a", 9, value=None),  # unknown for a reason of its own
    ],
)
def test_what_is_not_held_against_its_age_does_not_make_a_source_partial(fine: Finding) -> None:
    assert marked(fine) == {"sendgrid": None, "dns": None}
