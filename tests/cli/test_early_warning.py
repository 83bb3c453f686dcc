"""Early warning as the user sees it: a date before the limit is passed."""

from tests.cli.conftest import Command, watched


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
