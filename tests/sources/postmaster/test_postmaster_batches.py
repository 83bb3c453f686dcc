"""Many domains in batched calls, and what one domain's refusal costs the others: nothing."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mailwatch.demo import HttpReply, Rule, Truncate
from mailwatch.model import Cause

from .postmaster_peer import BATCH, GMAIL, NEWEST, answering, collect, with_gmail

NAMES = tuple(f"d{number:03}.example" for number in range(130))
SHARED = with_gmail(dict.fromkeys(NAMES, GMAIL))
SPAM = "postmaster.spam_rate"


def batches(got: Any) -> list[list[str]]:
    """The domains of each batch that asked for rates."""
    bodies = [json.loads(r.body)["requests"] for r in got.requests if r.path == BATCH]
    return [
        [query["parent"].removeprefix("domains/") for query in body]
        for body in bodies
        if body[0]["metricDefinitions"][0]["name"] == SPAM
    ]


def test_130_domains_are_three_batches_read_to_the_last_page() -> None:
    got = collect(world=SHARED, domains=NAMES)
    assert got.faults == ()
    assert {m.value for m in got.measured if m.metric == SPAM} == {
        got.one(SPAM, domain=NAMES[0]).value
    }
    assert {len(m.daily) for m in got.measured if m.metric == SPAM} == {12}
    # 216 rows a domain are two pages; no domain is asked alone for its rates.
    assert sorted(map(len, batches(got))) == [30, 30, 50, 50, 50, 50]
    assert sorted(batches(got)[0]) == sorted(set(batches(got)[0]))
    assert got.silent() == []


def test_a_batch_refused_for_one_domain_is_asked_again_domain_by_domain() -> None:
    world = with_gmail({"a.example": GMAIL, "c.example": GMAIL})
    names = ("a.example", "b.example", "c.example")
    got = collect(world=world, domains=names)
    for name in ("a.example", "c.example"):
        assert got.one(SPAM, domain=name).value is not None
        assert got.one("postmaster.reputation", domain=name).value == "HIGH"
    (fault,) = got.faults
    assert (fault.cause, fault.what.code) == (Cause.NOT_ALLOWED, "postmaster.not_shared")
    assert dict(fault.subject.pairs) == {"domain": "b.example"}
    assert batches(got) == [list(names)]
    assert got.silent() == []


@pytest.mark.parametrize(
    "answer",
    [
        answering({"results": []}, BATCH),
        answering({"results": [5, 6]}, BATCH),
        answering({"results": [{}, {"response": {"domainStats": 5}}]}, BATCH),
        answering({"results": [{"response": {"nextPageToken": 5}}, {"error": {"code": 7}}]}, BATCH),
        answering({"results": [{"response": {"domainStats": [5]}}, {"response": 5}]}, BATCH),
        Rule("postmaster", HttpReply(400, "{}"), BATCH),
        Rule("postmaster", HttpReply(404, "<html>"), BATCH),
    ],
)
def test_a_batch_that_says_nothing_of_its_domains_costs_them_nothing(answer: Rule) -> None:
    names = NAMES[:2]
    got = collect(answer, world=SHARED, domains=names)
    assert got.faults == ()
    assert all(got.one(SPAM, domain=name).value is not None for name in names)
    assert got.silent() == []


@pytest.mark.parametrize("behaviour", [HttpReply(503), HttpReply(429), Truncate(b'{"results": [')])
def test_a_batch_that_is_not_answered_is_tried_again_and_then_said_of_each(behaviour: Any) -> None:
    names = NAMES[:2]
    passing = collect(Rule("postmaster", behaviour, BATCH, times=2), world=SHARED, domains=names)
    assert passing.faults == ()
    got = collect(Rule("postmaster", behaviour, BATCH), world=SHARED, domains=names)
    assert {fault.cause for fault in got.faults} == {Cause.COULD_NOT_ASK}
    # And the compliance rows are there
    row = got.one("postmaster.compliance", domain=names[0], requirement="SPF")
    assert row.value == "COMPLIANT"
    assert got.silent() == []


def test_a_page_that_comes_back_for_ever_is_asked_alone_and_given_up() -> None:
    page = {"results": [{"response": {"nextPageToken": "again"}}] * 2}
    got = collect(answering(page, BATCH), world=SHARED, domains=NAMES[:2])
    assert got.faults == ()
    # Given up when the page comes back, and then asked alone
    assert sum(request.path == BATCH for request in got.requests) == 2
    assert got.one(SPAM, domain=NAMES[0]).value is not None


def test_refused_details_cost_the_loops_and_nothing_else() -> None:
    # Given an API that refuses whatever asks for counts
    class Refusing:
        def play(self, wire: Any) -> bool:
            asked = wire.server.record.__self__.requests[-1].body
            if b"DELIVERY_ERROR_COUNT" not in asked:
                return False
            return HttpReply(400, "{}").play(wire)

    names = NAMES[:2]
    got = collect(Rule("postmaster", Refusing()), world=SHARED, domains=names)
    assert all(got.one(SPAM, domain=name).value is not None for name in names)
    assert all(got.one("postmaster.reputation", domain=n).value == "HIGH" for n in names)
    assert {fault.what.code for fault in got.faults} == {"postmaster.without_evidence"}
    assert got.silent() == []


def test_120_days_are_read_to_the_last_page_and_judged_by_the_newest() -> None:
    figures = GMAIL.days[NEWEST]
    old = {**figures, "SPAM_RATE": 0.05}
    days = {NEWEST - timedelta(days=age): old if age > 11 else figures for age in range(140)}
    world = with_gmail({"example.com": replace(GMAIL, days=days)})
    got = collect(world=world, options={"days": 120})
    assert got.faults == ()
    spam = got.one(SPAM)
    assert len(spam.daily) == 118  # the newest two have no data yet
    assert spam.daily[0].day == NEWEST - timedelta(days=117)
    assert spam.value == pytest.approx(figures["SPAM_RATE"])
    assert spam.window is not None
    assert spam.window.last == NEWEST
    assert [dict(one.values)["days"] for one in spam.evidence] == [106]
    # And the reputation is derived as ever, from the days that are judged
    assert got.one("postmaster.reputation").value == "HIGH"


def test_older_days_that_are_refused_cost_only_themselves() -> None:
    held = {"times": 0}

    class SecondRates:
        def play(self, wire: Any) -> bool:
            asked = wire.server.record.__self__.requests[-1].body
            older = b'"year": 2026, "month": 7' in asked
            held["times"] += older
            return older and HttpReply(500, "{}").play(wire)

    got = collect(Rule("postmaster", SecondRates()), options={"days": 120})
    assert held["times"]
    assert got.one(SPAM).value is not None
    assert [fault.what.code for fault in got.faults] == ["postmaster.without_evidence"]


def test_a_gap_of_200_days_is_a_gap_and_costs_no_more_calls() -> None:
    # Given data until 203 days ago, and nothing since
    figures = GMAIL.days[NEWEST]
    long_ago = {NEWEST - timedelta(days=age): figures for age in range(200, 230)}
    world = with_gmail({"example.com": replace(GMAIL, days=long_ago, compliance=None)})
    for options in ({}, {"days": 120}):
        got = collect(world=world, options=options)
        spam = got.one(SPAM)
        assert (spam.value, spam.cause, spam.daily) == (None, Cause.NO_DATA, ())
        assert got.one("postmaster.reputation").value is None
        assert got.faults == ()
        assert got.asked("postmaster") == 3 + len(options)
    # And when mail comes back, only the days with data are judged
    back = long_ago | {NEWEST: figures, NEWEST - timedelta(days=1): figures}
    got = collect(world=with_gmail({"example.com": replace(GMAIL, days=back)}))
    assert len(got.one(SPAM).daily) == 2
    assert not any(m.metric == "postmaster.traffic_pattern_rise" for m in got.measured)
    assert got.silent() == []
