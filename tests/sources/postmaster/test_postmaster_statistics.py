"""What is made of Google's rows, pure: series, compliance and the reputation."""

from datetime import date
from typing import Any

import pytest

from mailwatch.model import Cause, Fault, Measurement, Subject, Window, say
from mailwatch.sources.postmaster import metrics
from mailwatch.sources.postmaster.compliance import (
    Compliance,
    RequirementStatus,
    measure_compliance,
    measure_deliverability,
    read_compliance,
)
from mailwatch.sources.postmaster.query import Series, make_body, read_rows
from mailwatch.sources.postmaster.statistics import measure_statistics
from mailwatch.words import worded

DAYS = Window(date(2026, 11, 10), date(2026, 11, 23))
LAST = date(2026, 11, 21)
SPAM = "postmaster.spam_rate"
LOW_DOMAIN = "reject_low_domain_reputation"


def row(label: Any = SPAM, day: int = 20, **value: Any) -> dict[str, Any]:
    """A DomainStat."""
    return {
        "metric": label,
        "date": {"year": 2026, "month": 11, "day": day},
        "value": value or {"floatValue": 0.5},
    }


def test_the_body_doubles_its_ranges_and_filters_what_needs_it() -> None:
    body = make_body("example.com", DAYS)
    assert (body["parent"], body["pageSize"]) == ("domains/example.com", 200)
    filters = {d["name"]: d.get("filter") for d in body["metricDefinitions"]}
    assert len(filters) == 18
    assert filters[SPAM] is None
    assert filters["postmaster.tls_rate"] == 'traffic_direction = "inbound"'
    assert filters[LOW_DOMAIN] == (
        'error_type = "reject" AND error_reason = "low_domain_reputation"'
    )


def test_rows_become_series() -> None:
    rows = [
        row(day=20, floatValue=0),
        row(day=21, doubleValue=0.25),
        row(day=21, floatValue=0.25),  # the same again
        row(day=24),  # not asked for
        row("another"),
        {"metric": "overall", "value": {}},  # no label of ours, whatever it lacks
        {"metric": ["x"]},
    ]
    assert read_rows(rows, DAYS) == {SPAM: Series({date(2026, 11, 20): 0.0, LAST: 0.25})}
    assert read_rows([row(day=24)], DAYS) == {}
    assert read_rows([row("another")], DAYS) == {}


BROKEN_DATES = [
    {"metric": SPAM},
    {**row(), "date": "2026-11-20"},
    {**row(), "date": {"year": 2026, "month": 11, "day": 31}},
    {**row(), "date": {"year": 10**30, "month": 11, "day": 1}},
    {**row(), "date": {"year": True, "month": 11, "day": 1}},
]
BROKEN_VALUES = [
    {**row(), "value": None},
    row(intValue="1"),
    row(floatValue=True),
    row(floatValue="0.5"),
    row(floatValue=float("nan")),
    row(floatValue=float("inf")),
    row(floatValue=-0.1),
    row(floatValue=1.1),
    row(floatValue=10**400),
]


@pytest.mark.parametrize("broken", [5, None, "row", [], *BROKEN_DATES, *BROKEN_VALUES])
def test_an_answer_of_another_shape_is_refused(broken: Any) -> None:
    with pytest.raises(ValueError, match=r"^(a row is not|no row has)"):
        read_rows([broken], DAYS)
    if not isinstance(broken, dict):
        with pytest.raises(ValueError, match="is not an object"):
            read_rows([row(), broken], DAYS)


@pytest.mark.parametrize("broken", BROKEN_VALUES)
def test_a_broken_row_is_a_gap_on_its_day_and_costs_nothing_else(broken: Any) -> None:
    # Given a broken row between whole ones, and one of another series on the same day
    rows = [row(day=19), broken, row(day=21), row(LOW_DOMAIN, day=20)]
    series = read_rows(rows, DAYS)
    # Then its day is not in its series, and all others are there
    assert dict(series[SPAM].rates) == {date(2026, 11, 19): 0.5, LAST: 0.5}
    assert series[SPAM].broken == 1
    assert series[SPAM].reason == say("postmaster.row_rate", day=date(2026, 11, 20))
    assert series[LOW_DOMAIN] == Series({date(2026, 11, 20): 0.5})


@pytest.mark.parametrize("broken", BROKEN_DATES)
def test_a_row_of_no_day_costs_nothing_but_is_counted(broken: Any) -> None:
    rows = [row(day=20), broken, row(day=21, floatValue="0.5")]
    # Then both are counted, and the reason is that of the first
    first = say("postmaster.row_date")
    assert read_rows(rows, DAYS) == {SPAM: Series({date(2026, 11, 20): 0.5}, 2, first)}


@pytest.mark.parametrize("order", [1, -1])
def test_a_day_that_is_there_twice_with_different_values_is_neither_of_them(order: int) -> None:
    # Given two rates of the same day, in either order, and another day
    twice = [row(day=20, floatValue=0.0), row(day=20, floatValue=0.125)][::order]
    series = read_rows([*twice, row(day=21, floatValue=0.25), *twice], DAYS)[SPAM]
    # Then neither is taken
    assert dict(series.rates) == {LAST: 0.25}
    assert series.reason == say("postmaster.row_twice", day=date(2026, 11, 20))
    # And a broken row beside a whole one leaves the day in doubt too
    doubt = [row(day=20), row(day=20, floatValue="0.5"), row(day=21)][::order]
    assert dict(read_rows(doubt, DAYS)[SPAM].rates) == {LAST: 0.5}


def test_broken_rows_are_one_fault_of_the_domain_and_the_figures_stay() -> None:
    # Given two series with rows that could not be used, one of them without any other
    reason = say("postmaster.row_rate", day=LAST)
    series = {
        "temp_fail_other": Series({}, 2, reason),
        SPAM: Series({date(2026, 11, 20): 0.5}, 1, say("postmaster.row_date")),
        "postmaster.spf_pass_rate": Series({LAST: 0.9}),
    }
    found = list(measure_statistics("example.com", series, DAYS))
    measured = {m.metric: m for m in found if isinstance(m, Measurement)}
    (fault,) = (item for item in found if isinstance(item, Fault))
    # Then what is whole is measured
    spam = measured[SPAM]
    assert (spam.value, spam.window) == (0.5, Window(date(2026, 11, 20), date(2026, 11, 20)))
    assert measured["postmaster.spf_pass_rate"].value == 0.9
    # And what has nothing else is unknown for that reason, not for want of data
    other = measured["postmaster.temporary_failures_by_reason"]
    assert (other.value, other.cause) == (None, Cause.COULD_NOT_ASK)
    assert other.note == say(
        "postmaster.rows_broken",
        rows=2,
        metric="postmaster.temporary_failures_by_reason",
        reason=reason,
    )
    # And the fault counts all rows and gives the first reason
    assert fault == Fault(
        Cause.COULD_NOT_ASK,
        say(
            "postmaster.rows_broken",
            rows=3,
            metric="postmaster.temporary_failures_by_reason",
            reason=reason,
        ),
        Subject.of(domain="example.com"),
        ("postmaster.temporary_failures_by_reason", SPAM),
    )


def test_a_reason_without_rows_gets_no_figure() -> None:
    series = {"temp_fail_other": Series({LAST: 0.1})}
    found = list(measure_statistics("example.com", series, DAYS))
    measured = [m for m in found if isinstance(m, Measurement)]
    subjects = {m.metric: dict(m.subject.pairs) for m in measured}
    assert subjects["postmaster.temporary_failures_by_reason"]["reason"] == "other"
    assert subjects["postmaster.rejections_by_reason"] == {"domain": "example.com"}
    assert len(measured) == len(found) == 10


def compliance(
    statuses: dict[str, str] | None = None,
    verdict: tuple[str, str] | None = None,
    domain: str = "example.com",
) -> tuple[Compliance, ...]:
    """What Google says of one domain."""
    rows = tuple(RequirementStatus(name, status) for name, status in (statuses or {}).items())
    named = None if verdict is None else RequirementStatus("deliverabilityStatusVerdict", *verdict)
    return (Compliance(domain, rows, named),)


@pytest.mark.parametrize(
    ("requirement", "status", "value", "note"),
    [
        ("SPF", "COMPLIANT", "COMPLIANT", None),
        ("DKIM", "NEEDS_WORK", "NEEDS_WORK", None),
        ("DKIM", "STATE_UNSPECIFIED", None, "unspecified"),
        ("DKIM", "", None, "unspecified"),
        ("DKIM", "NON_COMPLIANT", None, "unknown_word"),
        ("BIMI", "COMPLIANT", None, "unknown_requirement"),
        ("COMPLIANCE_REQUIREMENT_UNSPECIFIED", "COMPLIANT", None, "unknown_requirement"),
    ],
)
def test_an_unknown_word_never_passes(
    requirement: str, status: str, value: str | None, note: str | None
) -> None:
    found = compliance({requirement: status})
    (measured,) = measure_compliance("example.com", found, frozenset({"example.com"}))
    assert measured.value == value
    assert (measured.note and measured.note.code) == (note and f"postmaster.{note}")
    assert measured.cause is (Cause.NO_DATA if note else None)


def test_unsubscribe_verdicts_are_rows_and_the_worse_of_both_counts() -> None:
    data = {
        "domainId": "Example.COM",
        "rowData": [{"requirement": "HONOR_UNSUBSCRIBE", "status": {"status": "COMPLIANT"}}],
        "honorUnsubscribeVerdict": {"status": {"status": "NEEDS_WORK"}, "reason": "NOT_HONORING"},
        "oneClickUnsubscribeVerdict": {
            "status": {"status": "NEEDS_WORK"},
            "reason": "NO_UNSUB_GENERAL",
        },
        "deliverabilityStatusVerdict": {
            "state": {"status": "COMPLIANT"},
            "reason": "REASON_UNSPECIFIED",
        },
    }
    (found,) = read_compliance({"complianceData": data}, "example.com")
    assert found.domain == "example.com"
    assert found.verdict == RequirementStatus("deliverabilityStatusVerdict", "COMPLIANT", "")
    honor, one_click, deliverability = measure_compliance("example.com", (found,), frozenset())
    assert (honor.value, worded(honor.evidence[0], "en")) == (
        "NEEDS_WORK",
        "NOT_HONORING: requests to unsubscribe are not honoured",
    )
    assert dict(one_click.subject.pairs)["requirement"] == "ONE_CLICK_UNSUBSCRIBE"
    assert worded(one_click.evidence[0], "en").startswith("NO_UNSUB_GENERAL: most of the")
    assert (deliverability.metric, deliverability.value) == (metrics.DELIVERABILITY, "COMPLIANT")


@pytest.mark.parametrize(
    ("status", "reason", "value"),
    [
        ("COMPLIANT", "USER_FEEDBACK_POSITIVE", "USER_FEEDBACK_POSITIVE"),
        ("NEEDS_WORK", "USER_FEEDBACK_POSITIVE", "NEEDS_WORK"),
        ("COMPLIANT", "SPAM_RATE_HIGH", "SPAM_RATE_HIGH"),
        ("NEEDS_WORK", "USER_FEEDBACK_NEGATIVE", "USER_FEEDBACK_NEGATIVE"),
        ("NEEDS_WORK", "", "NEEDS_WORK"),
        ("COMPLIANT", "MESSAGE_VOLUME_LOW", None),
        ("NON_COMPLIANT", "USER_FEEDBACK_POSITIVE", None),
        ("COMPLIANT", "LOOKS_FINE", None),
        ("", "", None),
    ],
)
def test_the_verdict_is_never_better_than_google_says(
    status: str, reason: str, value: str | None
) -> None:
    verdict = RequirementStatus("deliverabilityStatusVerdict", status, reason)
    measured = measure_deliverability("example.com", verdict)
    assert measured.value == value
    assert (measured.note is None) == (value is not None)
    quoted = [worded(one, "en") for one in measured.evidence]
    assert all(word in quoted[0] for word in (status, reason))


@pytest.mark.parametrize(
    "data",
    [5, {"rowData": 5}, {"rowData": [5]}, {"honorUnsubscribeVerdict": 5}],
)
def test_broken_compliance_data_is_refused(data: Any) -> None:
    with pytest.raises(ValueError, match=" not a"):
        read_compliance({"complianceData": data}, "example.com")


def test_strangers_words_are_inert() -> None:
    evil = "\x1b]0;x\x07\u202e" + "z" * 500
    status = {"requirement": evil, "status": {"status": evil}}
    found = read_compliance({"complianceData": {"domainId": evil, "rowData": [status]}}, "a.b")
    for measured in measure_compliance("a.b", found, frozenset()):
        assert measured.note
        for text in (worded(measured.note, "en"), *dict(measured.subject.pairs).values()):
            assert text.isprintable()
            assert len(text) < 500
