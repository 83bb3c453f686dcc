"""The reputation level: Google's verdict, or derived and said to be so."""

from datetime import date, timedelta

import pytest

from mailwatch.model import Cause, Measurement, Window, say, verbatim
from mailwatch.sources.postmaster.compliance import (
    REQUIREMENTS,
    Compliance,
    RequirementStatus,
)
from mailwatch.sources.postmaster.query import Series
from mailwatch.sources.postmaster.reputation import measure_reputation
from mailwatch.words import worded

DAYS = Window(date(2026, 11, 10), date(2026, 11, 23))
LAST = date(2026, 11, 21)
SPAM = "postmaster.spam_rate"


def compliance(
    statuses: dict[str, str] | None = None,
    verdict: tuple[str, str] | None = None,
    domain: str = "example.com",
) -> tuple[Compliance, ...]:
    """What Google says of one domain."""
    rows = tuple(RequirementStatus(name, status) for name, status in (statuses or {}).items())
    named = None if verdict is None else RequirementStatus("deliverabilityStatusVerdict", *verdict)
    return (Compliance(domain, rows, named),)


def judge(
    spam: dict[int, float] | None = None,
    found: tuple[Compliance, ...] = (),
    rejected: dict[str, dict[int, float]] | None = None,
) -> Measurement:
    """The reputation of example.com; days by their age before LAST, rejections by reason."""
    named = {SPAM: spam or {}}
    named |= {f"reject_{reason}": days for reason, days in (rejected or {}).items()}
    dated = {
        name: Series({LAST - timedelta(days=age): rate for age, rate in days.items()})
        for name, days in named.items()
    }
    return measure_reputation("example.com", dated, found, DAYS)


def week(*rates: float) -> dict[int, float]:
    """Spam rates of the last days with data, the newest first."""
    return dict(enumerate(rates))


QUIET = week(0.0, 0.0, 0.0)


def evidence(measured: Measurement) -> list[str]:
    """The evidence in words."""
    return [worded(phrase, "en") for phrase in measured.evidence]


@pytest.mark.parametrize(
    ("reason", "level"),
    [
        ("USER_FEEDBACK_POSITIVE", "HIGH"),
        ("USER_FEEDBACK_LOW", "MEDIUM"),
        ("SENDER_NOT_COMPLIANT", "LOW"),
        ("SMTP_ERRORS_HIGH", "LOW"),
        ("SPAM_RATE_HIGH", "LOW"),
        ("USER_FEEDBACK_NEGATIVE", "BAD"),
    ],
)
def test_googles_verdict_goes_first(reason: str, level: str) -> None:
    measured = judge({0: 0.5}, compliance(verdict=("NEEDS_WORK", reason)))
    assert measured.value == level
    assert evidence(measured) == [
        "source: google_verdict",
        f"deliverabilityStatusVerdict: NEEDS_WORK, {reason}",
    ]
    assert (measured.window, measured.complete_until) == (None, None)


@pytest.mark.parametrize(
    ("rate", "level"),
    [
        (0.0, "HIGH"),
        (0.000999, "HIGH"),
        (0.001, "MEDIUM"),
        (0.0009999998, "MEDIUM"),  # 0.1 % as a 32-bit float
        (0.002999, "MEDIUM"),
        (0.0029999999, "LOW"),
        (0.003, "LOW"),
        (0.009999, "LOW"),
        (0.01, "BAD"),
        (0.5, "BAD"),
    ],
)
def test_the_level_that_a_lasting_spam_rate_gives(rate: float, level: str) -> None:
    measured = judge(week(rate, rate, rate, rate, rate, rate, rate))
    assert measured.value == level
    assert evidence(measured)[0] == "source: derived"
    assert (measured.window, measured.complete_until) == (Window(LAST, LAST), DAYS.last)


@pytest.mark.parametrize(
    ("rates", "level"),
    [
        # one bad day, or three, of seven are not half of them
        ((0.001, 0, 0, 0, 0, 0, 0), "HIGH"),
        ((0.5, 0, 0, 0, 0, 0, 0), "HIGH"),
        ((0.5, 0.5, 0.5, 0, 0, 0, 0), "HIGH"),
        # four are
        ((0.001, 0.001, 0.001, 0.001, 0, 0, 0), "MEDIUM"),
        ((0, 0.003, 0, 0.003, 0.003, 0, 0.003), "LOW"),
        ((0.01, 0.01, 0.01, 0.01, 0, 0, 0), "BAD"),
        # days of a worse level reach the better ones too
        ((0.01, 0.01, 0.003, 0.001, 0, 0, 0), "MEDIUM"),
        ((0.01, 0.01, 0.003, 0.003, 0, 0, 0), "LOW"),
        ((0.01, 0.01, 0.01, 0.001, 0.001, 0.001, 0.001), "MEDIUM"),
        # half of an even number is enough
        ((0.003, 0.003, 0.003, 0, 0, 0), "LOW"),
        ((0.003, 0.003, 0, 0, 0, 0), "HIGH"),
        ((0.01, 0.01, 0, 0), "BAD"),
        # half of an odd number is rounded up
        ((0.003, 0.003, 0.003, 0, 0), "LOW"),
        ((0.003, 0.003, 0, 0, 0), "HIGH"),
        ((0.001, 0.001, 0), "MEDIUM"),
        ((0.001, 0, 0), "HIGH"),
    ],
)
def test_the_level_is_what_at_least_half_of_the_last_days_reach(
    rates: tuple[float, ...], level: str
) -> None:
    assert judge(week(*rates)).value == level
    assert judge(week(*reversed(rates))).value == level


@pytest.mark.parametrize("rates", [(), (0.5,), (0.5, 0.5), (0.0, 0.0)])
def test_fewer_than_three_days_of_spam_rates_give_no_level(rates: tuple[float, ...]) -> None:
    # Given spam rates on two days at most, and nothing else
    measured = judge(week(*rates))
    # Then there is no level, and the reason says how many days there were
    assert (measured.value, measured.cause) == (None, Cause.NO_DATA)
    few = say("postmaster.few_spam_days", days=len(rates), least=3)
    assert measured.note == (few if rates else say("postmaster.no_reputation"))
    # And other signs are still heard
    assert judge(week(*rates), compliance({"SPF": "NEEDS_WORK"})).value == "LOW"
    assert judge(week(*rates), rejected={"low_ip_reputation": {1: 0.1}}).value == "LOW"


def test_the_evidence_names_the_days_that_counted() -> None:
    measured = judge(week(0.004, 0.0, 0.0031, 0.0029, 0.003, 0.0009996, 0.02))
    assert measured.value == "LOW"
    assert evidence(measured) == [
        "source: derived",
        (
            "SPAM_RATE at or above 0.3 % on 4 of the last 7 days with data: "
            "2026-11-15 2 %, 2026-11-17 0.3 %, 2026-11-19 0.31 %, 2026-11-21 0.4 %"
        ),
    ]
    measured = judge(week(0.0, 0.000999, 0.0, 0.002))
    assert evidence(measured)[1] == (
        "SPAM_RATE below 0.1 % on 3 of the last 4 days with data: "
        "2026-11-19 0 %, 2026-11-20 0.0999 %, 2026-11-21 0 %"
    )


def test_only_the_last_seven_days_with_data_count() -> None:
    # Given seven quiet days with gaps between, and five bad ones before them
    quiet = dict.fromkeys((0, 1, 2, 4, 6, 8, 9), 0.0)
    bad = dict.fromkeys((10, 11, 12, 13), 0.5)
    assert judge({**quiet, **bad}).value == "HIGH"
    assert judge(quiet, rejected={"low_domain_reputation": {**quiet, 10: 0.5}}).value == "HIGH"


@pytest.mark.parametrize("name", ["low_domain_reputation", "low_ip_reputation"])
def test_rejections_for_reputation_mean_low_at_most(name: str) -> None:
    measured = judge(QUIET, rejected={name: {0: 0.0, 2: 0.004}})
    assert measured.value == "LOW"
    assert evidence(measured) == ["source: derived", f"{name} 0.0040 on 2026-11-19"]
    assert judge(week(0.02, 0.02, 0.02), rejected={name: {0: 0.5}}).value == "BAD"
    assert judge(QUIET, rejected={"spammy_content": {0: 0.5}}).value == "HIGH"


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_a_requirement_that_needs_work_caps_the_level(requirement: str) -> None:
    measured = judge(QUIET, compliance({requirement: "NEEDS_WORK"}))
    assert measured.value == ("MEDIUM" if "UNSUBSCRIBE" in requirement else "LOW")
    assert evidence(measured) == ["source: derived", f"{requirement} NEEDS_WORK"]
    assert judge(QUIET, compliance({requirement: "COMPLIANT"})).value == "HIGH"


@pytest.mark.parametrize(
    "verdict",
    [
        ("NEEDS_WORK", "MESSAGE_VOLUME_LOW"),
        ("NEEDS_WORK", "A_NEW_REASON"),
        ("COMPLIANT", ""),
        ("NON_COMPLIANT", "USER_FEEDBACK_POSITIVE"),
    ],
)
def test_a_verdict_that_tells_no_level_leaves_it_derived_and_is_named(
    verdict: tuple[str, str],
) -> None:
    words = "deliverabilityStatusVerdict: " + ", ".join(filter(None, verdict))
    measured = judge(week(0.002, 0.002, 0.002), compliance(verdict=verdict))
    assert measured.value == "MEDIUM"
    assert evidence(measured)[0] == "source: derived"
    assert evidence(measured)[-1] == words
    nothing = judge(found=compliance(verdict=verdict))
    assert (nothing.value, nothing.cause) == (None, Cause.NO_DATA)
    assert nothing.note == say("postmaster.verdict_unclear", verdict=verbatim(words))


def test_nothing_to_go_by_is_no_data() -> None:
    measured = judge(found=compliance({"SPF": "COMPLIANT"}))
    assert (measured.value, measured.cause, measured.evidence) == (None, Cause.NO_DATA, ())
    assert measured.note == say("postmaster.no_reputation")
    empty = judge(found=compliance(verdict=("", "")))
    assert empty.note
    assert "STATE_UNSPECIFIED" in worded(empty.note, "en")


def test_a_level_of_the_parent_says_whose_it_is() -> None:
    found = compliance(verdict=("COMPLIANT", "USER_FEEDBACK_POSITIVE"), domain="example.com")
    measured = measure_reputation("a.example.com", {}, found, DAYS)
    assert evidence(measured)[-1] == "domainId: example.com"
    found = compliance({"SPF": "NEEDS_WORK"}, domain="example.com")
    assert evidence(measure_reputation("a.example.com", {}, found, DAYS)) == [
        "source: derived",
        "SPF NEEDS_WORK",
        "domainId: example.com",
    ]
