"""Early warning as the user sees it: a date before the limit is passed."""

import contextlib
import shutil
import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from mailwatch.clock import Clock
from mailwatch.demo import build
from mailwatch.demo.story.mail import Rates, booked
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


def drifting(age: int) -> float:
    """1.2 % until four weeks ago, and 4.2 % now: what SendGrid's 31 days have is the rise alone."""
    return 0.012 + 0.03 * max(29 - age, 0) / 28


def the_year_before(today: date) -> str:
    """91 days of what was usual as a CSV file; the newest 31 are measured otherwise."""
    about = "sendgrid.bounce_rate,{}"
    days = (today - timedelta(days=age) for age in range(91, 0, -1))
    rows = [f"{about},{day},120,10000," for day in days]
    return "\n".join(["check,subject,day,numerator,denominator,value", *rows, ""])


def test_days_that_only_the_history_has_make_a_forecast(mailwatch: Command) -> None:
    # Given a rise that fills the days which SendGrid gives, and a history from before it
    world = build("healthy", NOON.date())
    ages = ((day, (NOON.date() - day).days) for day in world.stats)
    stats = {day: booked(10_000, Rates(bounces=drifting(age))) for day, age in ages if age}
    Path("before.csv").write_text(the_year_before(NOON.date()), encoding="utf-8")
    mailwatch("history", "import", "before.csv", "--history", "h.sqlite")
    shutil.copy("h.sqlite", "broken.sqlite")
    with contextlib.closing(sqlite3.connect("broken.sqlite")) as connection:
        connection.execute("ALTER TABLE days RENAME COLUMN numerator TO something")

    def bounces(place: str, *argv: str) -> tuple[Any, str]:
        command = ("sendgrid", "--config", config, "--format", "json", "--history", place)
        outcome = mailwatch(*command, *argv)
        found = (f for f in outcome.json["findings"] if f["check"] == "sendgrid.bounce_rate")
        return next(f for f in found if not f["subject"]), outcome.err

    with watched(world=replace(world, stats=stats)) as (_, config):
        without, _ = bounces("none")
        unread, said = bounces("broken.sqlite")
        past, _ = bounces("h.sqlite", "--as-of", "2026-11-22")
        with_it, err = bounces("h.sqlite")
        again, _ = bounces("h.sqlite", "--as-of", "2026-11-22")
    # Then it has the date when the limit is passed, and nothing else is different
    assert without["forecast"] is None
    forecast = with_it["forecast"]
    assert forecast["earliest"] <= "2026-12-02" <= forecast["latest"]
    assert {**with_it, "forecast": None} == without
    assert err == ""
    # And of a past day only what was known then counts, whatever has been stored since
    assert past["forecast"] is not None
    assert again["forecast"] == past["forecast"]
    # And a history whose days cannot be read costs a line, and not the report
    assert {**unread, "since": None} == without
    assert said.startswith("mailwatch: history: ")
    assert said.count("\n") == 1
