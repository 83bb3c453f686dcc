"""The stories hang together, and tell what they are for."""

import subprocess
import sys
from base64 import b64decode
from collections.abc import Mapping
from datetime import date, timedelta
from math import sqrt

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mailwatch.demo import SCENARIOS, World, build
from mailwatch.demo.story.mail import METRICS
from mailwatch.demo.story.scenarios import MIGRATION
from mailwatch.demo.story.zone import KEYS, segments

from .conftest import TODAY, world_of


def week(world: World, metric: str) -> int:
    days = [world.today - timedelta(days=age) for age in range(1, 8)]
    return sum(world.stats.get(day, {}).get(metric, 0) for day in days)


def interval(world: World, numerator: str, denominator: str) -> tuple[float, float]:
    """Wilson's 95 % interval of the last seven complete days."""
    hits, n, z = week(world, numerator), week(world, denominator), 1.959964
    p = hits / n
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def newest(world: World) -> tuple[date, Mapping[str, object]]:
    return max(world.gmail[world.domain].days.items())


def reason(world: World) -> str | None:
    compliance = world.gmail[world.domain].compliance
    assert compliance is not None
    assert compliance.deliverability is not None
    return compliance.deliverability.reason


def needs_work(world: World) -> set[str]:
    compliance = world.gmail[world.domain].compliance
    assert compliance is not None
    return {row for row, status in compliance.rows.items() if status == "NEEDS_WORK"}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_figures_of_a_day_hang_together(scenario: str) -> None:
    world = world_of(scenario)
    assert max(world.stats) == TODAY
    for counts in world.stats.values():
        assert set(counts) == set(METRICS)
        assert counts["requests"] >= counts["processed"] >= counts["delivered"]
        drops = sum(value for name, value in counts.items() if name.endswith("_drops"))
        assert counts["requests"] == counts["processed"] + drops + counts["invalid_emails"]
        lost = counts["bounces"] + counts["blocks"]
        assert counts["processed"] >= counts["delivered"] + lost
        assert counts["opens"] >= counts["unique_opens"] >= counts["unique_clicks"]
    for day, figures in world.gmail[world.domain].days.items():
        assert day <= TODAY - timedelta(days=3)
        counted = figures["TLS_ENCRYPTION_MESSAGE_COUNT/inbound"]
        assert isinstance(counted, int)
        assert counted <= world.stats[day]["delivered"]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_same_call_gives_the_same_world(scenario: str) -> None:
    assert build(scenario, TODAY) == build(scenario, TODAY)


def test_a_healthy_sender_is_clear_of_every_limit() -> None:
    world = world_of("healthy")
    assert interval(world, "bounces", "processed")[1] < 0.01
    assert interval(world, "blocks", "processed")[1] < 0.01
    assert interval(world, "delivered", "processed")[0] > 0.98
    assert interval(world, "spam_reports", "delivered")[1] < 0.0008
    rates = [figures["SPAM_RATE"] for figures in world.gmail[world.domain].days.values()]
    assert all(isinstance(rate, float) and 0.0001 < rate < 0.0006 for rate in rates)
    assert (reason(world), needs_work(world)) == ("USER_FEEDBACK_POSITIVE", set())


def test_a_migration_has_every_level_on_its_ninth_day() -> None:
    world = world_of("migration")
    volumes = [
        world.stats[TODAY - timedelta(days=10 - number)]["processed"] for number in range(1, 10)
    ]
    assert volumes == [63, 83, 73, 106, 127, 363, 2027, 1255, 8454]
    assert min(world.stats) == TODAY - timedelta(days=9)
    assert interval(world, "bounces", "processed")[1] < 0.03
    low, high = interval(world, "spam_reports", "delivered")
    assert low < 0.0006
    assert high > 0.0008 / 0.6
    assert reason(world) == "SENDER_NOT_COMPLIANT"
    assert newest(world)[0] == TODAY - timedelta(days=3)
    assert len(world.gmail[world.domain].days) == 4


@pytest.mark.parametrize("story_day", range(1, len(MIGRATION) + 1))
def test_a_migration_goes_well_in_the_end(story_day: int) -> None:
    world = world_of("migration", story_day)
    assert week(world, "bounces") < 0.03 * week(world, "processed")
    rows = {"SPF", "DKIM", "SPF_AND_DKIM"} if story_day < 14 else set()
    assert needs_work(world) == rows
    early = "MESSAGE_VOLUME_LOW" if story_day < 9 else "SENDER_NOT_COMPLIANT"
    assert reason(world) == (early if rows else "USER_FEEDBACK_POSITIVE")


def test_creeping_bounces_are_within_the_ideal_and_on_their_way() -> None:
    world = world_of("creeping")
    low, high = interval(world, "bounces", "processed")
    assert low < high < 0.03
    assert interval(world, "delivered", "processed")[0] > 0.95
    yesterday = world.stats[TODAY - timedelta(days=1)]
    assert 0.03 < yesterday["bounces"] / yesterday["processed"] < 0.05
    assert yesterday["delivered"] > 0.95 * yesterday["processed"]


def test_a_breach_is_past_every_limit() -> None:
    world = world_of("breach")
    assert week(world, "bounces") / week(world, "processed") == pytest.approx(0.061, abs=1e-4)
    assert interval(world, "bounces", "processed")[0] > 0.05
    rate = newest(world)[1]["SPAM_RATE"]
    assert isinstance(rate, float)
    assert rate >= 0.003
    assert reason(world) == "SPAM_RATE_HIGH"
    assert "USER_REPORTED_SPAM_RATE" in needs_work(world)


def spf_lookups(world: World, name: str) -> int:
    """Terms that cost a look-up in the tree of a record that has only includes."""
    texts = ("".join(map(str, record)) for record in world.zone[name, "TXT"])
    (record,) = (text for text in texts if text.startswith("v=spf1 "))
    included = [term[8:] for term in record.split() if term.startswith("include:")]
    return len(included) + sum(spf_lookups(world, target) for target in included)


def test_the_zones_are_sound_or_not_as_the_story_has_it() -> None:
    healthy, breach = world_of("healthy"), world_of("breach")
    assert spf_lookups(healthy, healthy.domain) == 5
    assert spf_lookups(breach, breach.domain) > 10
    policies = {
        scenario: world_of(scenario).zone.get(("_dmarc.example.com", "TXT"))
        for scenario in SCENARIOS
    }
    assert policies["breach"] is None
    assert "p=none" in str(policies["migration"])
    assert "p=quarantine" in str(policies["healthy"])
    key = breach.zone["s2.domainkey.u1234567.wl123.sendgrid.net", "TXT"]
    assert key == (("k=rsa; t=s; p=",),)


def test_a_published_key_is_an_rsa_key_of_2048_bits() -> None:
    for encoded in KEYS.values():
        key = load_der_public_key(b64decode(encoded))
        assert isinstance(key, RSAPublicKey)
        assert key.key_size == 2048
    assert [len(part) for part in segments("x" * 600)] == [255, 255, 90]


@pytest.mark.parametrize("scenario", ["Healthy", "", "storm"])
def test_a_scenario_that_is_not_there_is_refused(scenario: str) -> None:
    with pytest.raises(ValueError, match="no scenario"):
        build(scenario, TODAY)


@pytest.mark.parametrize("story_day", [0, 25, -1])
def test_a_day_that_is_not_in_the_story_is_refused(story_day: int) -> None:
    with pytest.raises(ValueError, match="no story day"):
        build("migration", TODAY, story_day)


def test_importing_it_loads_no_client_library() -> None:
    code = (
        "import sys, mailwatch.demo; "
        "print({'dns', 'cryptography', 'sendgrid', 'googleapiclient'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
