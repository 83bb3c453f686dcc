"""What a rate from counts can tell: limits that are near to each other are held apart."""

import pytest

from mailwatch.catalog.catalog import read_catalog
from mailwatch.judge import judge
from mailwatch.judge.edges import Edges, edges_of
from mailwatch.judge.interval import ENOUGH, messages_needed
from mailwatch.model import ACCOUNT, Check, Finding, Limit, Measurement, Phrase, Threshold
from mailwatch.text.units import parse_limit
from mailwatch.words import worded

CATALOG = read_catalog()
HIGHER = CATALOG.checks["sendgrid.bounce_rate"]
LOWER = CATALOG.checks["sendgrid.delivered_rate"]
POLICY = CATALOG.checks["dns.dmarc_policy"]


def threshold(check: Check, ideal: str, act: str, min_messages: int = 0) -> Threshold:
    sides = parse_limit(ideal, "ideal", check), parse_limit(act, "act", check)
    return Threshold(*sides, min_messages=min_messages)


def judged(
    check: Check, ideal: str, act: str, counts: tuple[int, int], min_messages: int = 0
) -> Finding:
    numerator, denominator = counts
    measurement = Measurement(
        check.metric,
        ACCOUNT,
        numerator / denominator,
        numerator,
        denominator,
        "messages",
        proportion=True,
    )
    return judge(measurement, check, threshold(check, ideal, act, min_messages))


@pytest.mark.parametrize(
    ("check", "ideal", "act", "edges"),
    [
        (HIGHER, "3%", "5%", (0.03, 0.05)),
        (HIGHER, "none", "5%", (0.03, 0.05)),
        (HIGHER, "3%", "none", (0.03, 0.05)),
        (HIGHER, "0.08%", "0.1%", (0.0006, 0.08 / 60)),
        (HIGHER, "5%", "5%", (0.03, 5 / 60)),
        (HIGHER, "1%", "50%", (0.01, 0.5)),
        (HIGHER, "0%", "5%", (0.0, 0.05)),
        (LOWER, "98%", "<= 95%", (0.02, 0.05)),
        (LOWER, "none", "95%", (0.03, 0.05)),
        (LOWER, "97%", "none", (0.03, 0.05)),
        (LOWER, "95%", "95%", (0.03, 5 / 60)),
        (LOWER, "100%", "95%", (0.0, 0.05)),
    ],
)
def test_near_limits_are_held_apart(
    check: Check, ideal: str, act: str, edges: tuple[float, float]
) -> None:
    assert edges_of(threshold(check, ideal, act), check) == pytest.approx(edges)


@pytest.mark.parametrize(
    ("check", "ideal", "act"),
    [
        (HIGHER, "none", "none"),
        (HIGHER, "0%", "none"),
        (HIGHER, "none", "0%"),
        (HIGHER, "0%", "0%"),
        (LOWER, "100%", "none"),
        (LOWER, "none", "100%"),
        (LOWER, "100%", "100%"),
        (POLICY, "quarantine", "missing"),
    ],
)
def test_a_limit_of_nothing_has_no_edges(check: Check, ideal: str, act: str) -> None:
    assert edges_of(threshold(check, ideal, act), check) is None


@pytest.mark.parametrize(
    ("check", "ideal", "act", "counts", "level"),
    [
        (HIGHER, "none", "5%", (0, 100), "ok"),
        (HIGHER, "none", "5%", (2, 100), "unknown"),
        (HIGHER, "none", "5%", (6, 100), "unknown"),
        (HIGHER, "none", "5%", (8, 100), "breach"),
        (HIGHER, "none", "5%", (12, 200), "breach"),
        (HIGHER, "3%", "none", (4, 100), "unknown"),
        (HIGHER, "3%", "none", (7, 100), "warn"),
        (HIGHER, "3%", "5%", (8, 200), "unknown"),
        (HIGHER, "3%", "5%", (50, 1000), "warn"),
        (HIGHER, "3%", "5%", (9, 100), "breach"),
        (HIGHER, "0.08%", "0.1%", (0, 2500), "unknown"),
        (HIGHER, "0.08%", "0.1%", (0, 3000), "ok"),
        (HIGHER, "0.08%", "0.1%", (28, 32331), "warn"),
        (HIGHER, "0.08%", "0.1%", (3, 1000), "breach"),
        (HIGHER, "5%", "5%", (2, 100), "ok"),
        (HIGHER, "5%", "5%", (5, 100), "unknown"),
        (HIGHER, "5%", "5%", (51, 1000), "breach"),
        (LOWER, "98%", "<= 95%", (193, 200), "unknown"),
        (LOWER, "98%", "<= 95%", (95, 100), "breach"),
        (LOWER, "98%", "<= 95%", (960, 1000), "warn"),
        (LOWER, "none", "<= 95%", (98, 100), "unknown"),
        (HIGHER, "0%", "none", (1, 100), "warn"),
        (HIGHER, "0%", "0%", (1, 10), "breach"),
        (HIGHER, "0%", "0%", (0, 10), "ok"),
        (LOWER, "100%", "none", (99, 100), "warn"),
    ],
)
def test_the_level_of_counts(
    check: Check, ideal: str, act: str, counts: tuple[int, int], level: str
) -> None:
    assert judged(check, ideal, act, counts).level == level


@pytest.mark.parametrize("comparators", [("<", ">="), ("<=", ">"), ("<", ">"), ("<=", ">=")])
def test_an_edge_that_is_touched_is_reached_whatever_the_comparator(
    comparators: tuple[str, str],
) -> None:
    """0 of 100 reaches from exactly 0 to past 3 %: 0 is at the good edge."""
    ideal, act = comparators
    finding = judged(HIGHER, f"{ideal} 0%", f"{act} 3%", (0, 100))
    assert finding.level == "unknown"


def test_edges_are_compared_in_twelve_decimals() -> None:
    edges = Edges(0.03, 0.05)
    assert edges.undecided((0.03 + 4e-13, 0.05 - 4e-13), "higher")
    assert not edges.undecided((0.03 + 6e-13, 0.06), "higher")
    assert not edges.undecided((0.02, 0.05 - 6e-13), "higher")
    assert edges.undecided((0.95 + 4e-13, 0.97 - 4e-13), "lower")
    assert not edges.undecided((0.95 + 6e-13, 0.99), "lower")


@pytest.mark.parametrize(
    ("ideal", "act", "counts"),
    [
        ("none", "5%", (6, 100)),
        ("3%", "none", (4, 100)),
        ("5%", "5%", (5, 100)),
        ("0.08%", "0.1%", (1, 1000)),
        ("3%", "5%", (4, 100)),
    ],
)
def test_the_messages_that_it_names_are_enough(
    ideal: str, act: str, counts: tuple[int, int]
) -> None:
    # Given a rate from too few messages
    finding = judged(HIGHER, ideal, act, counts)
    needed = dict(finding.reason.values)["needed"]
    assert isinstance(needed, Phrase)
    more = dict(needed.values)["more"]
    assert isinstance(more, int)
    # When that many more come in at the same rate, in whole messages or a little better or worse
    sent = counts[1] + more
    come = judged(HIGHER, ideal, act, (round(sent * counts[0] / counts[1]), sent))
    # Then the level is known
    assert come.level != "unknown"


def test_enough_and_never_are_two_answers() -> None:
    assert messages_needed(0.04, 200, lambda found: False) == ENOUGH == 0
    assert messages_needed(0.04, 200, lambda found: True) is None


def test_never_is_said_past_a_hundred_million_messages_only() -> None:
    # Given limits so small that the interval stays wide for more than a hundred million messages
    tiny = Threshold(Limit(1e-9, "<="), Limit(2e-9, ">"), min_messages=1000)
    little = Measurement(HIGHER.metric, ACCOUNT, 0.0, 0, 100, "messages", proportion=True)
    enough = Measurement(HIGHER.metric, ACCOUNT, 0.0, 0, 5000, "messages", proportion=True)
    # When they are judged, Then neither reason promises an end
    for measurement in (little, enough):
        reason = judge(measurement, HIGHER, tiny).reason
        assert "would not be enough" in worded(reason, "en")
        assert "1 億" in worded(reason, "ja")


def test_under_min_messages_both_have_to_be_met() -> None:
    finding = judged(HIGHER, "3%", "5%", (2, 50), min_messages=60)
    more = dict(finding.reason.values)["more"]
    assert isinstance(more, int)
    assert more > 10
    assert judged(HIGHER, "3%", "5%", (0, 95), min_messages=100).reason.code == "judge.too_few"
    assert dict(judged(HIGHER, "3%", "5%", (0, 95), min_messages=100).reason.values)["more"] == 5
