"""A whole run over an account with many subusers: bounded in calls, and readable."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from mailwatch.demo import HttpReply, World
from mailwatch.demo.story.mail import Rates, booked
from mailwatch.demo.story.parts import SubuserStory
from mailwatch.model import Cause, Level, State
from mailwatch.reports import FORMATS, View
from mailwatch.words import worded
from tests.sources.sendgrid.sendgrid_peer import HONEST, TODAY, Asked, ask, healthy, on

MANY = 500
BAD = ("u0007", "u0123", "u0400")
WHOLE = {"segments": ("subuser",), "recipient_domains": True, "account_health": True, "audit": True}


@cache
def crowded() -> World:
    """500 subusers with mail on eight days: three bounce, ten are disabled, forty are silent."""
    days = [TODAY - timedelta(days=age) for age in range(1, 9)]
    good = {day: booked(2_000) for day in days}
    bad = {day: booked(2_000, Rates(bounces=0.09)) for day in days}
    stories = {f"u{n:04}": SubuserStory(good) for n in range(MANY)}
    stories |= dict.fromkeys(BAD, SubuserStory(bad))
    stories |= {f"u{n:04}": SubuserStory(good, disabled=True) for n in range(200, 210)}
    stories |= {f"u{n:04}": SubuserStory() for n in range(300, 340)}
    return replace(healthy(), sending=replace(healthy().sending, subusers=stories, ips=()))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """The run, with everything that a plain one asks for."""
    return ask(tmp_path_factory.mktemp("scale"), world=crowded(), settings=WHOLE)


def lines(asked: Asked) -> list[str]:
    return "".join(FORMATS["console"].render(asked.report, View())).splitlines()


def test_the_calls_are_two_in_ten_of_the_subusers_and_a_fixed_number(whole: Asked) -> None:
    assert len(whole.paths) <= 60 + 0.2 * MANY
    assert whole.state.counts["calls"] == len(whole.paths)
    assert whole.paths.count("/v3/subusers/stats") == (MANY - 10) / 10


def test_every_subuser_with_mail_is_judged(whole: Asked) -> None:
    rates = [f for f in whole.report.findings if f.check.id == "sendgrid.bounce_rate"]
    assert len(rates) == MANY - 10 - 40 + 1
    worst = {f.measurement.subject.get("subuser") for f in rates if f.level is Level.BREACH}
    assert worst == set(BAD)
    assert whole.state.state is State.OK


def test_the_report_names_those_that_are_wrong_and_counts_the_rest(whole: Asked) -> None:
    shown = lines(whole)
    assert len(shown) < 80
    text = "\n".join(shown)
    assert all(name in text for name in BAD)
    assert text.count("u0") < 40


def test_a_limit_that_ends_the_run_keeps_what_was_measured_and_asks_no_more(tmp_path: Path) -> None:
    # Given a server that has enough after five batches, for longer than the run may take
    enough = HttpReply(429, b"{}", headers=(("Retry-After", "900"),))
    rules = on("/v3/subusers/stats", HONEST, times=5), on("/v3/subusers/stats", enough)
    asked = ask(tmp_path, *rules, world=crowded(), settings=WHOLE)
    # Then each worker has met it at most once, and fifty subusers are measured
    assert asked.paths.count("/v3/subusers/stats") <= 5 + 4
    rates = [f for f in asked.report.findings if f.check.id == "sendgrid.bounce_rate"]
    causes = [f.cause for f in rates]
    assert (len(rates), causes.count(Cause.COULD_NOT_ASK)) == (MANY - 10 + 1, MANY - 10 - 50)
    # And the report says so of all of them without a list of all
    assert asked.state.state is State.PARTIAL
    assert len(lines(asked)) < 80


def test_of_more_subusers_than_are_measured_the_source_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a bound of a page, and one subuser more
    monkeypatch.setattr("mailwatch.sources.sendgrid.segments.MOST_SUBUSERS", 500)
    silent = {f"u{n:04}": SubuserStory() for n in range(501)}
    world = replace(healthy(), sending=replace(healthy().sending, subusers=silent, ips=()))
    refused = on("/v3/subusers/stats", HttpReply(403, b"{}"))
    asked = ask(tmp_path, refused, world=world, settings={"segments": ("subuser",)})
    assert asked.state.note is not None
    assert "only the first 500 of the list" in worded(asked.state.note, "en")
    # And one that is named is asked for by its name, wherever it is in the list
    named = ask(tmp_path, world=world, settings={"segments": ("subuser",), "subusers": ("u0500",)})
    (query,) = [r for r in named.requests if r.path == "/v3/subusers/stats"]
    assert query.first("subusers") == "u0500"
    assert (named.state.state, named.state.note) == (State.OK, None)
