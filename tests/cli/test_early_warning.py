"""Early warning as the user sees it: a date before the limit is passed."""

from datetime import timedelta

from mailwatch.clock import Clock
from mailwatch.demo import build
from tests.cli.conftest import NOON, Command, watched


def test_creeping_warns_of_a_bounce_rate_that_is_still_ok(mailwatch: Command) -> None:
    # Given a rate of seven days that is within the ideal
    with watched("creeping") as (_, config):
        outcome = mailwatch("check", "--config", config, "--format", "json")
        page = mailwatch("check", "--config", config).out.splitlines()
    bounce = next(f for f in outcome.json["findings"] if f["check"] == "sendgrid.bounce_rate")
    assert bounce["interval"][1] < 0.03
    # Then it is a warning with the day and the interval, also on the page's first line of facts
    assert bounce["level"] == "warn"
    forecast = bounce["forecast"]
    assert "2026-11-24" < forecast["earliest"] <= forecast["breach_on"] <= forecast["latest"]
    first = page[next(n for n, line in enumerate(page) if "Bounce rate" in line) + 1]
    assert first.lstrip().startswith("at this pace passes 5 % on ")
    # And the days to come are drawn in other shades
    assert "░" in first
    # And the figure is not packed among what is ok
    assert not any("bounce 2" in line for line in page)


def test_a_word_that_fell_says_what_it_was(mailwatch: Command) -> None:
    # Given a run of four days ago, when Gmail's reputation was good
    then = NOON - timedelta(days=4)
    earlier = Clock(lambda: then, lambda: 0.0, lambda seconds: None)
    with watched(world=build("healthy", then.date())) as (_, config):
        outcome = mailwatch("postmaster", "--config", config, "--history", "h.sqlite",
                            clock=earlier)  # fmt: skip
        assert outcome.status == 0
    # When it is low now
    with watched("breach") as (_, config):
        found = mailwatch("postmaster", "--config", config, "--history", "h.sqlite",
                          "--format", "json")  # fmt: skip
    # Then the finding says what it was, and when
    reputation = next(
        one for one in found.json["findings"] if one["check"] == "postmaster.reputation"
    )
    assert "was HIGH on 20 Nov, now LOW" in reputation["evidence"]
