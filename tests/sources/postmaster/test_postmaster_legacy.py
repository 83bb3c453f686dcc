"""API v1's reputation, for who still gets it, and its end."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from mailwatch.demo import HttpReply, Rule, World
from mailwatch.demo.story.world import TRAFFIC, TRAFFIC_V1, LegacyDay
from mailwatch.model import Cause, Window, say
from mailwatch.sources.postmaster.credentials import V1_SCOPE
from mailwatch.sources.postmaster.legacy import LegacyReputation, read_legacy
from mailwatch.words import worded

from .postmaster_peer import GMAIL, HEALTHY, NEWEST, STATISTICS, collect

WITH_V1 = {"legacy_v1": True}
ADDRESSES = {"HIGH": ("192.0.2.1", "192.0.2.2"), "MEDIUM": ("192.0.2.9",), "LOW": (), "BAD": ()}
DAYS = Window(date(2026, 11, 10), date(2026, 11, 23))


def still_answering(legacy: Any, *scopes: str) -> World:
    """A world whose account gets v1 answers, with a token for these scopes."""
    google = replace(HEALTHY.google, scopes=frozenset({TRAFFIC, *scopes}))
    return replace(HEALTHY, google=google, gmail={"example.com": replace(GMAIL, legacy=legacy)})


def test_the_newest_day_of_v1_comes_before_the_verdict_and_is_labelled() -> None:
    days = {
        NEWEST: LegacyDay("MEDIUM", ADDRESSES),
        NEWEST - timedelta(days=1): LegacyDay("BAD", ADDRESSES),
    }
    got = collect(world=still_answering(days, TRAFFIC_V1), options=WITH_V1)
    assert got.faults == ()
    domain, address = got.one("postmaster.reputation"), got.one("postmaster.ip_reputation")
    assert (domain.value, domain.window) == ("MEDIUM", Window(NEWEST, NEWEST))
    assert [worded(one, "en") for one in domain.evidence] == [
        "source: google_v1",
        "domainReputation: MEDIUM (2026-11-21)",
    ]
    assert address.value == "MEDIUM"
    assert [worded(one, "en") for one in address.evidence] == [
        "source: google_v1",
        "HIGH: 2 (192.0.2.1, 192.0.2.2)",
        "MEDIUM: 1 (192.0.2.9)",
    ]
    # And v1 is asked only where that is configured
    assert not any(request.path.startswith("/v1/") for request in collect().requests)


def test_v1_without_a_reputation_leaves_the_verdict() -> None:
    got = collect(world=still_answering({}, TRAFFIC_V1), options=WITH_V1)
    assert worded(got.one("postmaster.reputation").evidence[0], "en") == "source: google_verdict"
    assert got.one("postmaster.ip_reputation").cause is Cause.NO_DATA


def test_the_end_of_v1_ends_the_source_at_once_and_costs_nothing_that_v2_measured() -> None:
    got = collect(options=WITH_V1)
    assert [fault.what for fault in got.faults] == [say("postmaster.v1_shut_down")]
    assert sum(request.path.startswith("/v1/") for request in got.requests) == 1
    assert got.pauses == ()
    assert got.one("postmaster.spam_rate").value is not None
    assert worded(got.one("postmaster.reputation").evidence[0], "en") == "source: google_verdict"
    assert got.silent() == []


def test_v1_is_asked_though_v2_refuses_the_statistics() -> None:
    world = still_answering({NEWEST: LegacyDay("LOW")}, TRAFFIC_V1)
    got = collect(
        Rule("postmaster", HttpReply(400, "{}"), STATISTICS), world=world, options=WITH_V1
    )
    assert got.one("postmaster.reputation").value == "LOW"
    assert got.silent() == []


def test_a_token_without_v1s_scope_says_which_is_missing() -> None:
    got = collect(world=still_answering({}), options=WITH_V1)
    assert [fault.what for fault in got.faults] == [say("postmaster.v1_scope", scope=V1_SCOPE)]
    assert got.one("postmaster.reputation").value == "HIGH"
    assert got.silent() == []


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({}, LegacyReputation()),
        ({"name": "domains/a.b/trafficStats/20261301", "domainReputation": "BAD"}, None),
        ({"name": "domains/a.b/trafficStats/20261231", "domainReputation": "BAD"}, None),
        ({"name": "domains/a.b/trafficStats/20261120", "domainReputation": 5}, None),
        (
            {"name": "domains/a.b/trafficStats/20261120", "domainReputation": "NEW\x1b"},
            LegacyReputation(date(2026, 11, 20), "NEW\\x1b"),
        ),
        (
            {
                "name": "domains/a.b/trafficStats/20261120",
                "domainReputation": "REPUTATION_CATEGORY_UNSPECIFIED",
                "ipReputations": [5, {"reputation": "BAD"}, {"reputation": "BAD", "ipCount": 3}],
            },
            None,
        ),
    ],
)
def test_what_v1_does_not_say_is_nothing(row: Any, found: LegacyReputation | None) -> None:
    assert read_legacy([row], DAYS) == (found or LegacyReputation())


@pytest.mark.parametrize("rows", [[5], [{}] * 1001])
def test_what_is_not_v1s_answer_is_refused(rows: Any) -> None:
    with pytest.raises(ValueError, match="not the days"):
        read_legacy(rows, DAYS)
