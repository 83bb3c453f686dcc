"""The first signs of a lost reputation, and the feedback loops with the most reports."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mailwatch.demo import HttpReply, Rule
from mailwatch.demo.story.world import Figure
from mailwatch.sources.postmaster.details import DEFINITIONS, IDENTIFIERS, Details, read_details
from mailwatch.words import worded

from .postmaster_peer import BATCH, GMAIL, NEWEST, Collected, collect, with_gmail
from .test_postmaster_statistics import DAYS

REJECTIONS, RISE = "postmaster.reputation_rejections", "postmaster.traffic_pattern_rise"
LOOP = "postmaster.loop_spam_rate"
LOW_DOMAIN = "reject/low_domain_reputation"
ERRORS = {"domain": "example.com", "reason": "low_domain_reputation"}


def seen(figures: Mapping[int, Mapping[str, Figure]], days: int = 10) -> Collected:
    """What is collected of `days` days of which `figures`, by age, are added to the usual ones."""
    usual = {key: value for key, value in GMAIL.days[NEWEST].items() if "LOOP" not in key}
    world = {NEWEST - timedelta(days=age): {**usual, **figures.get(age, {})} for age in range(days)}
    return collect(world=with_gmail({"example.com": replace(GMAIL, days=world)}))


def said(measurement: Any) -> list[str]:
    """Its evidence in English."""
    return [worded(one, "en") for one in measurement.evidence]


def test_the_first_rejection_for_reputation_is_a_figure_of_its_own_with_its_day() -> None:
    bad = {
        f"DELIVERY_ERROR_RATE/{LOW_DOMAIN}": 0.002,
        f"DELIVERY_ERROR_COUNT/{LOW_DOMAIN}": 9,
    }
    got = seen({2: bad})
    sign = got.one(REJECTIONS, **ERRORS)
    assert sign.value == pytest.approx(0.002)
    assert said(sign) == [
        "first on 19 Nov, after 7 days without; on 1 of the last 7 days with data",
        "9 messages on these days",
    ]
    assert got.one(REJECTIONS, domain="example.com", reason="low_ip_reputation").value == 0
    # While the newest day alone shows none
    assert got.one("postmaster.rejections_by_reason", **ERRORS).value == 0
    # And one that is older than a week with data is over
    assert seen({8: bad}).one(REJECTIONS, **ERRORS).value == 0


def test_rejections_since_the_first_day_do_not_claim_to_be_new() -> None:
    got = seen({age: {f"DELIVERY_ERROR_RATE/{LOW_DOMAIN}": 0.001} for age in range(4)}, days=4)
    assert said(got.one(REJECTIONS, **ERRORS))[0] == (
        "since 18 Nov or before; on 4 of the last 4 days with data"
    )


@pytest.mark.parametrize(
    ("rates", "rise"),
    [
        ({}, 0.0),
        ({0: 0.2}, 0.0),  # one bad day
        ({0: 0.02, 1: 0.03, 2: 0.025}, 0.025),
        (dict.fromkeys(range(10), 0.02), 0.0),  # a level, not a rise
        (dict.fromkeys(range(4, 10), 0.02), 0.0),  # a fall
    ],
)
def test_unusual_traffic_counts_where_it_rises(rates: dict[int, float], rise: float) -> None:
    key = "DELIVERY_ERROR_RATE/temp_fail/anomalous_traffic_pattern"
    got = seen({age: {key: rate} for age, rate in rates.items()})
    found = got.one(RISE)
    assert found.value == pytest.approx(rise)
    assert bool(found.evidence) == (rise > 0)
    assert not [m for m in seen({}, days=6).measured if m.metric == RISE]


def loops(**rates: float) -> dict[str, Figure]:
    """A day's feedback loops with their rates."""
    return {
        "FEEDBACK_LOOP_ID/FROM_HEADER": tuple(rates),
        **{f"FEEDBACK_LOOP_SPAM_RATE/FROM_HEADER/{name}": rate for name, rate in rates.items()},
    }


def test_the_worst_feedback_loops_are_named_by_their_newest_day() -> None:
    names = {f"c{number:02}": number / 10_000 for number in range(12)}
    got = seen({0: loops(**names), 3: loops(gone=0.5, c00=0.9), 9: loops(old=0.9)})
    found = {m.subject.get("identifier"): m.value for m in got.measured if m.metric == LOOP}
    assert list(found) == ["gone", *(f"c{number:02}" for number in range(11, 2, -1))]
    assert found["gone"] == 0.5
    assert said(got.one(LOOP, domain="example.com", identifier="gone")) == [
        "the 10 worst of 13 identifiers are listed"
    ]
    # Asked for in one query, of a week
    asked = [json.loads(r.body) for r in got.requests if b"FEEDBACK_LOOP_SPAM_RATE" in r.body]
    assert [len(body["metricDefinitions"]) for body in asked] == [13]
    assert got.silent() == []


def test_loops_are_asked_for_in_a_batch_and_alone_where_that_is_refused_or_too_large() -> None:
    days = {NEWEST: {**GMAIL.days[NEWEST], **loops(mine=0.002)}}
    many = {NEWEST: {**GMAIL.days[NEWEST], **loops(**{f"c{n}": n / 1000 for n in range(60)})}}
    shared = {"a.example": replace(GMAIL, days=days), "b.example": replace(GMAIL, days=days)}
    world = with_gmail({**shared, "c.example": replace(GMAIL, days=many)})
    for refused in (False, True):
        got = collect(
            *([Rule("postmaster", OnlyLoops(), BATCH)] if refused else []),
            world=world,
            domains=tuple(world.gmail),
        )
        assert got.faults == ()
        for name in shared:
            assert got.one(LOOP, domain=name, identifier="mine").value == pytest.approx(0.002)
        assert got.one(LOOP, domain="c.example", identifier="c59").value == pytest.approx(0.059)
        alone = [r for r in got.requests if b"LOOP_SPAM" in r.body and r.path != BATCH]
        assert len(alone) == (4 if refused else 2)
        assert got.silent() == []


class OnlyLoops:
    """Refuses a batch that asks for the rates of feedback loops."""

    def play(self, wire: Any) -> bool:
        asked = wire.server.record.__self__.requests[-1].body
        return b"LOOP_SPAM" in asked and HttpReply(400, "{}").play(wire)


def test_a_domain_without_feedback_loops_has_no_such_figure() -> None:
    got = seen({})
    assert not [m for m in got.measured if m.metric == LOOP]
    assert not any(b"FEEDBACK_LOOP_SPAM_RATE" in request.body for request in got.requests)


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"stringList": 5},
        {"stringList": {"values": 5}},
        {"stringList": {"values": [5, "", 'a"b', "a\\", "a b", "é", "\x1b", "x" * 101]}},
    ],
)
def test_an_identifier_that_does_not_fit_into_a_filter_is_left_out(value: Any) -> None:
    day = {"year": 2026, "month": 11, "day": 20}
    rows = [{"metric": IDENTIFIERS, "date": day, "value": value}, 5, {"metric": "messages"}]
    assert read_details(rows, DAYS) == Details()


@pytest.mark.parametrize("count", [5, "", "-1", "1e3", "9" * 16, None])
def test_a_count_that_is_none_is_left_out(count: Any) -> None:
    day = {"year": 2026, "month": 11, "day": 20}
    (label, *_) = [name for name in DEFINITIONS if name != IDENTIFIERS]
    rows = [{"metric": label, "date": day, "value": {"intValue": count}}]
    assert read_details(rows, DAYS) == Details()
