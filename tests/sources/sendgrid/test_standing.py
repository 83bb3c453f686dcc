"""Volume against the usual weekday, warm-ups, groups of IP addresses, plan and scores."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mailwatch.demo import HttpReply, World
from mailwatch.demo.story.mail import Rates, booked
from mailwatch.demo.story.parts import DedicatedIp, SubuserStory
from mailwatch.model import Cause, Finding, Level, State
from mailwatch.words import worded
from tests.sources.sendgrid.sendgrid_peer import TODAY, Asked, ask, healthy, on

HEALTH: dict[str, Any] = {"account_health": True}
REFUSED = HttpReply(403, b'{"errors":[{"message":"access forbidden","field":null}]}')


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def sent(volumes: dict[int, int], rates: Rates | None = None) -> dict[date, dict[str, int]]:
    """So many mails, by days before today."""
    return {ago(age): booked(count, rates or Rates()) for age, count in volumes.items()}


def sending(**changes: Any) -> World:
    return replace(healthy(), sending=replace(healthy().sending, **changes))


def found(asked: Asked, check: str, **pairs: str) -> list[Finding]:
    return [
        f
        for f in asked.report.findings
        if f.check.id == f"sendgrid.{check}" and dict(f.measurement.subject.pairs) == pairs
    ]


def level(asked: Asked, check: str, **pairs: str) -> Level | None:
    """The level of a finding; None where there is none."""
    findings = found(asked, check, **pairs)
    return findings[0].level if findings else None


STEADY = dict.fromkeys(range(1, 32), 10000)
SAME_WEEKDAY = {1 + 7 * week: 0 for week in range(1, 5)}


@pytest.mark.parametrize(
    ("volumes", "change", "drop"),
    [
        (STEADY, Level.OK, Level.OK),
        ({**STEADY, 1: 30_000}, Level.WARN, Level.OK),
        ({**STEADY, 1: 80_000}, Level.BREACH, Level.OK),
        ({**STEADY, 1: 3_000}, Level.OK, Level.WARN),
        # Mail that stopped is a breach and no green line.
        ({**STEADY, 1: 0}, Level.OK, Level.BREACH),
        # A weekday on which nothing is ever sent is no drop, and any mail on it no multiple.
        ({**STEADY, **SAME_WEEKDAY, 1: 0}, None, None),
        # One large mailing four weeks ago is not what is usual.
        ({**STEADY, 29: 900_000}, Level.OK, Level.OK),
        # Younger than four weeks: there is nothing usual yet.
        (dict.fromkeys(range(1, 20), 10000), None, None),
        ({}, None, None),
    ],
)
def test_a_day_is_compared_with_the_same_weekday(
    tmp_path: Path, volumes: dict[int, int], change: Level | None, drop: Level | None
) -> None:
    asked = ask(tmp_path, world=replace(healthy(), stats=sent(volumes)))
    assert (level(asked, "volume_change"), level(asked, "volume_drop")) == (change, drop)
    assert asked.state.state is State.OK


def test_a_gap_of_two_hundred_days_costs_no_more_calls(tmp_path: Path) -> None:
    # Given an account that sent 200 days ago, and again yesterday; its warm-up began back then
    stats = sent({250: 900, 249: 900, 1: 40})
    world = replace(healthy(), stats=stats)
    start = {"warmup_start": ago(250)}
    asked = ask(tmp_path, world=world, settings=start)
    # Then yesterday is the first step again
    (volume,) = found(asked, "warmup_volume")
    assert (volume.measurement.numerator, volume.measurement.denominator) == (40, 50)
    assert len(asked.paths) == 2


STEPS = (50, 90, 450, 900, 4_000, 9_000, 20_000, 39_000, 68_000)
RAMP = dict(zip(range(9, 0, -1), STEPS, strict=True))


@pytest.mark.parametrize(
    ("newest", "over", "under"),
    [
        (68_000, Level.OK, Level.OK),
        (90_000, Level.WARN, Level.OK),
        (200_000, Level.BREACH, Level.OK),
        (5_000, Level.OK, Level.WARN),
    ],
)
def test_a_declared_warm_up_is_held_against_the_schedule(
    tmp_path: Path, newest: int, over: Level, under: Level
) -> None:
    world = replace(healthy(), stats=sent({**RAMP, 1: newest}))
    asked = ask(tmp_path, world=world, settings={"warmup_start": ago(9)})
    assert (level(asked, "warmup_volume"), level(asked, "warmup_shortfall")) == (over, under)
    assert level(asked, "warmup_step") is Level.OK
    (finding,) = found(asked, "warmup_volume")
    assert "Sending day 9" in worded(finding.measurement.evidence[0], "en")


def test_deferrals_and_blocks_that_rise_hold_the_step(tmp_path: Path) -> None:
    loud = sent({2: 39_000, 1: 68_000}, Rates(blocks=0.04, deferred=0.1))
    world = replace(healthy(), stats={**sent(RAMP), **loud})
    asked = ask(tmp_path, world=world, settings={"warmup_start": ago(9)})
    (finding,) = found(asked, "warmup_step")
    assert (finding.measurement.value, finding.level) == ("hold", Level.WARN)
    assert finding.check.actions[0].text["en"].startswith("Hold this step")


def test_without_a_warm_up_nothing_is_said_of_one(tmp_path: Path) -> None:
    asked = ask(tmp_path, settings=HEALTH)
    assert not found(asked, "warmup_volume")
    # And one that is declared and has no mail says so
    world = replace(healthy(), stats=sent({40: 100}))
    asked = ask(tmp_path, world=world, settings={"warmup_start": ago(5)})
    (finding,) = found(asked, "warmup_volume")
    assert finding.cause is Cause.NO_DATA
    assert "sendgrid.warmup_start" in worded(finding.reason, "en")


def warming(ip: str, *users: str, age: int | None = 9) -> DedicatedIp:
    start = datetime.combine(ago(age or 0), datetime.min.time(), UTC).timestamp()
    return DedicatedIp(ip, users, age is not None, int(start) if age else None)


def test_subusers_that_share_addresses_are_a_group_with_its_own_warm_up(tmp_path: Path) -> None:
    # Given two subusers on two addresses that are warming up, and one on an address of its own
    users = {name: SubuserStory(sent(RAMP)) for name in ("a", "b")}
    users["c"] = SubuserStory(sent(STEADY))
    ips = (
        warming("192.0.2.11", "a", "b"),
        warming("192.0.2.9", "b"),
        DedicatedIp("192.0.2.20", ("c",)),
    )
    world = sending(subusers=users, ips=ips)
    asked = ask(tmp_path, world=world, settings={**HEALTH, "segments": ("subuser",)})
    # Then the group's volume is theirs together, and double the schedule
    group = {"ip_group": "192.0.2.9 +1"}
    (volume,) = found(asked, "daily_volume", **group)
    assert volume.measurement.value == 2 * 68_000
    (over,) = found(asked, "warmup_volume", **group)
    assert (over.level, over.measurement.denominator) == (Level.WARN, 70_000)
    # And a group of one subuser repeats nothing
    groups = {f.measurement.subject.get("ip_group") for f in asked.report.findings}
    assert groups == {None, "192.0.2.9 +1"}


def test_an_address_beside_a_warm_one_is_not_judged(tmp_path: Path) -> None:
    """What is over its limit goes to the warm one, and nobody counts by address."""
    users = {"a": SubuserStory(sent(RAMP))}
    ips = (warming("192.0.2.1", "a"), warming("192.0.2.2", "a", age=None))
    world = sending(subusers=users, ips=ips)
    asked = ask(tmp_path, world=world, settings={**HEALTH, "segments": ("subuser",)})
    assert not [f for f in asked.report.findings if f.check.id == "sendgrid.warmup_volume"]


@pytest.mark.parametrize(
    ("plan", "expected"),
    [(800_000, Level.OK), (310_000, Level.WARN), (200_000, Level.BREACH), (0, None)],
)
def test_the_plan_is_held_against_what_the_month_will_come_to(
    tmp_path: Path, plan: int, expected: Level | None
) -> None:
    world = sending(credits=(plan, TODAY.replace(day=1)))
    asked = ask(tmp_path, world=world, settings=HEALTH)
    assert level(asked, "plan_use") is expected


def test_a_plan_without_credits_scores_or_addresses_loses_nothing_else(tmp_path: Path) -> None:
    # Given a plan that refuses all of them
    paths = ("/v3/user/credits", "/v3/engagementquality", "/v3/ips", "/v3/subusers/reputations")
    rules = [on(path, REFUSED) for path in paths]
    asked = ask(tmp_path, *rules, settings=HEALTH)
    # Then the source is whole, and only the plan's use, which has a scope, is unknown
    assert asked.state.state is State.OK
    assert level(asked, "plan_use") is Level.UNKNOWN
    assert not found(asked, "engagement_quality")
    assert level(asked, "bounce_rate") is Level.OK


@pytest.mark.parametrize(("score", "shown"), [(3.4, 1), (None, 0)])
def test_a_score_that_is_not_computed_yet_is_no_finding(
    tmp_path: Path, score: float | None, shown: int
) -> None:
    asked = ask(tmp_path, world=sending(score=score), settings=HEALTH)
    findings = found(asked, "engagement_quality")
    assert [f.measurement.value for f in findings] == [score] * shown
    assert asked.state.state is State.OK


def test_subusers_have_reputations_and_scores_of_their_own(tmp_path: Path) -> None:
    stats = sent(STEADY)
    users = {
        "good": SubuserStory(stats),
        "bad": SubuserStory(stats, reputation=64.0, score=None),
    }
    world = sending(subusers=users)
    asked = ask(tmp_path, world=world, settings={**HEALTH, "segments": ("subuser",)})
    assert level(asked, "reputation", subuser="bad") is Level.BREACH
    assert level(asked, "reputation", subuser="good") is Level.OK
    assert found(asked, "engagement_quality", subuser="good")[0].measurement.value == 4.0
    assert not found(asked, "engagement_quality", subuser="bad")


def test_a_past_day_has_no_plan_use(tmp_path: Path) -> None:
    asked = ask(tmp_path, settings=HEALTH, as_of=ago(5))
    (finding,) = found(asked, "plan_use")
    assert finding.cause is Cause.NO_DATA
    assert "/v3/user/credits" not in asked.paths
