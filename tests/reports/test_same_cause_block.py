"""Several figures with one cause are one block that names them; single for machines."""

from tests.cli.conftest import Command, empty_home, mailwatch

__all__ = ["empty_home", "mailwatch"]


def test_bounces_and_deliveries_are_one_block(mailwatch: Command) -> None:
    # Given the story in which bounces rise, and so less is delivered
    page = mailwatch("demo", "--scenario", "creeping", "--color", "never").out
    markdown = mailwatch("demo", "--scenario", "creeping", "--format", "markdown").out
    outcome = mailwatch("demo", "--scenario", "creeping", "--format", "json")
    # Then no block is about the deliveries: that of the bounces names them, also in the summary
    assert "\n! WARN    Delivered rate" not in page
    assert "          With it Delivered rate 96.7 %, at this pace passes 95 % on " in page
    assert "\n! Bounce rate, Delivered rate  2.8 %\n" in page
    assert "### ! WARN · Delivered" not in markdown
    assert "- Delivered rate 96.7 %, at this pace" in markdown
    # And machines get two findings, each with the other as evidence
    evidence = {
        finding["check"]: finding["evidence"][-1]
        for finding in outcome.json["findings"]
        if not finding["subject"] and finding["level"] == "warn"
    }
    assert evidence["sendgrid.delivered_rate"].endswith("on the same days: sendgrid.bounce_rate")
    assert evidence["sendgrid.bounce_rate"].endswith("on the same days: sendgrid.delivered_rate")
