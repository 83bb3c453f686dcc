"""Subusers, providers and categories: each by itself, in tens, within bounds."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from mailwatch.config.sendgrid import EuSubuser
from mailwatch.demo import HttpReply, World
from mailwatch.demo.story.mail import Rates, booked
from mailwatch.demo.story.parts import Sending, SubuserStory
from mailwatch.model import Cause, Finding, Level, State
from mailwatch.sources.sendgrid.segments import in_tens
from mailwatch.words import worded
from tests.sources.sendgrid.sendgrid_peer import (
    NEWEST,
    TODAY,
    Asked,
    ask,
    healthy,
    key_file,
    on,
    serve_account,
)

ALL = ("subuser", "provider", "category")
REFUSED = HttpReply(403, b'{"errors":[{"message":"access forbidden","field":null}]}')


def month(daily: int, rates: Rates | None = None) -> dict[date, dict[str, int]]:
    days = [TODAY - timedelta(days=age) for age in range(1, 32)]
    return {day: booked(daily, rates or Rates()) for day in days}


def world_with(**subusers: SubuserStory) -> World:
    return replace(healthy(), sending=Sending(subusers=subusers))


def many(number: int) -> World:
    return world_with(**{f"u{n:04}": SubuserStory(month(100)) for n in range(number)})


def of(asked: Asked, check: str, **pairs: str) -> Finding:
    (only,) = [
        f
        for f in asked.report.findings
        if f.check.id == f"sendgrid.{check}" and dict(f.measurement.subject.pairs) == pairs
    ]
    return only


def calls(asked: Asked) -> Counter[str]:
    return Counter(asked.paths)


def by(*segments: str, **more: Any) -> dict[str, Any]:
    return {"segments": segments, **more}


def test_one_subuser_goes_wrong_behind_a_good_account(tmp_path: Path) -> None:
    # Given a subuser that bounces, and two that do not
    bad = SubuserStory(month(900, Rates(bounces=0.09)))
    good = SubuserStory(month(5000))
    # When the account is judged by subuser
    asked = ask(tmp_path, world=world_with(bad=bad, good=good), settings=by("subuser"))
    # Then each has figures of its own, and they are added to nothing
    assert of(asked, "bounce_rate").level is Level.OK
    assert of(asked, "bounce_rate", subuser="good").level is Level.OK
    found = of(asked, "bounce_rate", subuser="bad")
    assert (found.level, found.measurement.numerator) == (Level.BREACH, 7 * 81)
    assert found.measurement.denominator == 7 * 900
    assert of(asked, "daily_volume", subuser="bad").measurement.value == 900
    assert asked.state.state is State.OK


def test_providers_and_categories_have_the_rates_that_are_counted_for_them(tmp_path: Path) -> None:
    asked = ask(tmp_path, settings=by(*ALL))
    named = {pair for f in asked.report.findings for pair in f.measurement.subject.pairs}
    assert ("provider", "Gmail") in named
    assert ("category", "order") in named
    assert ("subuser", "receipts") in named
    gmail = {
        f.check.id
        for f in asked.report.findings
        if f.measurement.subject.get("provider") == "Gmail"
    }
    assert "sendgrid.bounce_rate" in gmail
    # There is no count of invalid addresses by provider, and so no figure, not even an unknown one.
    assert "sendgrid.invalid_rate" not in gmail


@pytest.mark.parametrize(("number", "batches"), [(1, 1), (10, 1), (11, 2), (25, 3)])
def test_names_are_asked_for_in_tens(tmp_path: Path, number: int, batches: int) -> None:
    asked = ask(tmp_path, world=many(number), settings=by("subuser"))
    assert calls(asked)["/v3/subusers/stats"] == batches
    # A page that is not full ends the list of names.
    assert calls(asked)["/v3/subusers"] == 1
    measured = [f for f in asked.report.findings if f.check.id == "sendgrid.bounce_rate"]
    assert len(measured) == number + 1
    assert asked.state.counts["calls"] == len(asked.paths)


def test_named_subusers_alone_and_one_that_is_not_there(tmp_path: Path) -> None:
    settings = by("subuser", subusers=("u0001", "nobody"))
    asked = ask(tmp_path, world=many(5), settings=settings)
    names = {f.measurement.subject.get("subuser") for f in asked.report.findings}
    assert names == {None, "u0001", "nobody"}
    assert of(asked, "bounce_rate", subuser="nobody").cause is Cause.NOT_ALLOWED


def test_an_account_without_subusers_is_whole(tmp_path: Path) -> None:
    asked = ask(tmp_path, world=replace(healthy(), sending=Sending()), settings=by(*ALL))
    assert (asked.state.state, asked.report.exit_code) == (State.OK, 0)
    assert all(f.measurement.subject.segment is None for f in asked.report.findings)


def test_disabled_and_silent_subusers_have_no_findings(tmp_path: Path) -> None:
    world = world_with(off=SubuserStory(month(900), disabled=True), idle=SubuserStory())
    asked = ask(tmp_path, world=world, settings=by("subuser"))
    assert {f.measurement.subject.get("subuser") for f in asked.report.findings} == {None}


def test_a_plan_without_subusers_costs_one_call_and_none_of_the_account(tmp_path: Path) -> None:
    # Given a plan that refuses the list of subusers
    asked = ask(tmp_path, on("/v3/subusers", REFUSED), settings=by("subuser"))
    # Then the account is measured, and the source says what was refused
    assert asked.state.state is State.PARTIAL
    assert "subusers.read" in asked.error
    assert of(asked, "bounce_rate").level is Level.OK
    assert calls(asked)["/v3/subusers"] == 1


def test_five_thousand_subusers_that_may_not_be_read_cost_few_calls(tmp_path: Path) -> None:
    # Given 5,000 subusers, and a key that may list them and not read their statistics
    names = {f"u{n:04}": SubuserStory() for n in range(5000)}
    world = replace(healthy(), sending=Sending(subusers=names))
    refused = on("/v3/subusers/stats", REFUSED)
    asked = ask(tmp_path, refused, world=world, settings=by("subuser"))
    # Then the first refusal holds for all: at most one for each worker that asked meanwhile
    assert calls(asked)["/v3/subusers"] == 11
    assert calls(asked)["/v3/subusers/stats"] <= 4
    assert asked.state.state is State.PARTIAL
    # And all of them would have been five hundred calls
    assert sum(1 for _ in in_tens(names)) == 500


def test_a_batch_that_fails_leaves_its_ten_unknown_and_the_others_measured(tmp_path: Path) -> None:
    once = on("/v3/subusers/stats", HttpReply(418, b"{}"), times=1)
    asked = ask(tmp_path, once, world=many(25), settings=by("subuser"))
    found = [f for f in asked.report.findings if f.check.id == "sendgrid.block_rate"]
    unknown = [f for f in found if f.cause is Cause.COULD_NOT_ASK]
    assert len(found) == 26
    assert len(unknown) in (5, 10)
    assert asked.state.state is State.PARTIAL


def test_a_subuser_of_the_eu_is_asked_on_its_own_host_with_its_own_key(tmp_path: Path) -> None:
    # Given a subuser in the EU region, and the EU's host, which takes its own key only
    world = world_with(europe=SubuserStory(region="eu"), home=SubuserStory(month(500)))
    europe = replace(healthy(), api_key="SG.of-europe", stats=month(700))
    (tmp_path / "eu").mkdir()
    with serve_account(world=europe) as eu:
        key = EuSubuser("europe", key_file(tmp_path / "eu", "SG.of-europe"))
        settings = by("subuser", eu_subusers=(key,), eu_base_url=eu.url)
        asked = ask(tmp_path, world=world, settings=settings)
    # Then its figures come from there, the others' from the parent's, and no key went astray
    assert of(asked, "daily_volume", subuser="europe").measurement.value == 700
    assert of(asked, "daily_volume", subuser="home").measurement.value == 500
    keys = {request.headers["authorization"] for request in eu.requests}
    assert keys == {"Bearer SG.of-europe"}
    assert all("of-europe" not in r.headers["authorization"] for r in asked.requests)
    assert asked.state.state is State.OK


def test_without_its_key_a_subuser_of_the_eu_is_unknown_and_says_how(tmp_path: Path) -> None:
    world = world_with(europe=SubuserStory(region="eu"))
    asked = ask(tmp_path, world=world, settings=by("subuser"))
    found = of(asked, "bounce_rate", subuser="europe")
    assert found.level is Level.UNKNOWN
    assert "sendgrid.eu_subusers" in worded(found.reason, "en")


def test_the_eu_s_host_that_is_down_costs_its_own_figures_only(tmp_path: Path) -> None:
    world = world_with(europe=SubuserStory(region="eu"), home=SubuserStory(month(500)))
    key = EuSubuser("europe", key_file(tmp_path))
    settings = by("subuser", eu_subusers=(key,), eu_base_url="http://127.0.0.1:9")
    asked = ask(tmp_path, world=world, settings=settings)
    assert of(asked, "bounce_rate", subuser="home").level is Level.OK
    assert of(asked, "bounce_rate", subuser="europe").cause is Cause.COULD_NOT_ASK
    assert asked.state.state is State.PARTIAL


def test_a_name_is_harmless_in_a_report(tmp_path: Path) -> None:
    world = world_with(**{"a\x1b[31m": SubuserStory(month(500))})
    asked = ask(tmp_path, world=world, settings=by("subuser"))
    names = {f.measurement.subject.get("subuser") for f in asked.report.findings}
    assert names == {None, "a\\x1b[31m"}


def test_the_newest_day_is_the_account_s(tmp_path: Path) -> None:
    asked = ask(tmp_path, world=many(1), settings=by("subuser"))
    window = of(asked, "bounce_rate", subuser="u0000").measurement.window
    assert window is not None
    assert window.last == NEWEST
