"""mailwatch what-if and mailwatch warmup, as the user sees them."""

from pathlib import Path

import pytest

from mailwatch.demo.story.scenarios import build
from tests.cli.conftest import NOON, Command, watched


def test_a_send_is_held_against_every_threshold(mailwatch: Command) -> None:
    with watched("healthy") as (_, config):
        fine = mailwatch("what-if", "--send", "9000", "--format", "json", "--config", config)
        bad = mailwatch("what-if", "--send", "40000", "--bounce-rate", "20%", "--format", "json",
                        "--config", config)  # fmt: skip
        page = mailwatch("what-if", "--send", "40000", "--bounce-rate", "20%", "--config", config)
        japanese = mailwatch("what-if", "--send", "9000", "--lang", "ja", "--config", config)
    # What changes nothing is ok, and the warm-up schedule allows it
    assert (fine.status, fine.err) == (0, "")
    assert {one["after"]["level"] for one in fine.json["checks"]} == {"ok"}
    assert fine.json["warmup"]["allowed"] is True
    # Then bounces are those of the week and of the send together, and so is the budget
    bounce = next(o for o in bad.json["checks"] if o["check"] == "sendgrid.bounce_rate")
    before, after = bounce["before"], bounce["after"]
    assert (before["level"], after["level"], bad.status) == ("ok", "breach", 1)
    assert after["value"] == pytest.approx((before["value"] * 70_002 + 8_000) / 110_002, abs=1e-6)
    assert bounce["budget"] == 0
    delivered = next(o for o in bad.json["checks"] if o["check"] == "sendgrid.delivered_rate")
    assert delivered["after"]["value"] < delivered["before"]["value"]
    growth = next(o for o in bad.json["checks"] if o["check"] == "sendgrid.volume_growth")
    assert growth["after"]["value"] == pytest.approx(3.9, abs=0.1)
    assert bad.json["warmup"] == {"allowed": False, "ceiling": 20_000, "busiest_day": 10_137}
    assert "✗ Bounce rate" in page.out
    assert "more than the schedule allows: 20,000 on the next sending day" in page.out
    assert max(map(len, page.out.splitlines())) <= 80
    assert "スケジュールの範囲内です" in japanese.out


@pytest.mark.parametrize(
    ("argv", "what"),
    [
        (["what-if"], "--send"),
        (["what-if", "--send", "0"], "--send"),
        (["what-if", "--send", "10", "--bounce-rate", "4"], "do you mean 4% or 400%?"),
        (["what-if", "--send", "10", "--bounce-rate", "400%"], "is not from 0% to 100%"),
        (["warmup", "plan"], "--target"),
        (["warmup", "plan", "--target", "9", "--schedule", "publishd"], "cannot be read"),
        (["warmup", "status", "--start", "2030-01-01"], "has not come yet"),
    ],
)
def test_what_cannot_be_meant_is_refused(mailwatch: Command, argv: list[str], what: str) -> None:
    outcome = mailwatch(*argv)
    assert (outcome.status, what in outcome.err) == (2, True), outcome.err


def test_without_sendgrid_nothing_is_said(mailwatch: Command) -> None:
    with watched("outage") as (_, config):
        for argv in (["what-if", "--send", "10"], ["warmup", "status"]):
            outcome = mailwatch(*argv, "--config", config)
            assert outcome.status == 3
            assert "SendGrid could not be asked" in outcome.err
            assert outcome.out == ""


def test_a_plan_asks_nobody(mailwatch: Command) -> None:
    outcome = mailwatch("warmup", "plan", "--target", "20000", "--start", "2026-12-01",
                        "--format", "json")  # fmt: skip
    assert outcome.status == 0
    document = outcome.json
    assert [day["volume"] for day in document["days"]] == [
        *(50, 100, 500, 1_000, 5_000, 10_000, 20_000)
    ]
    assert document["days"][-1]["day"] == "2026-12-07"
    page = mailwatch("warmup", "plan", "--target", "20000", "--schedule", "automated").out
    assert "  1  2026-11-24     480  at most 20 an hour from one IP address" in page


def test_the_migration_is_held_against_the_schedule(mailwatch: Command, tmp_path: Path) -> None:
    # Given a sender on the ninth day of its warm-up, of which the configuration knows
    with watched(world=build("migration", NOON.date(), 9)) as (_, config):
        outcome = mailwatch("warmup", "status", "--start", "2026-11-15", "--format", "json",
                            "--config", config)  # fmt: skip
        page = mailwatch("warmup", "status", "--start", "2026-11-15", "--target", "20000",
                         "--config", config).out  # fmt: skip
    # Then its days are steps, and the next has one more than what was really sent
    document = outcome.json
    assert (document["step"], document["advice"]) == (9, "continue")
    assert document["days"][-1]["processed"] == 8_454
    assert document["next"] == {"step": 10, "ceiling": 20_000, "scheduled": 100_000}
    assert "✓ Go on: at most 20,000 on the next sending day (step 10)." in page
    assert "The schedule has 100,000 for it" in page
