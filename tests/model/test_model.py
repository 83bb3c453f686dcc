"""The words of mailwatch: what a subject includes, what a fault covers, what is compared."""

from datetime import date

import pytest

from mailwatch.model import (
    ACCOUNT,
    SUBJECT_KEYS,
    Cause,
    Fault,
    Measurement,
    Subject,
    SubjectIndex,
    Window,
    say,
)

NEWS = Subject.of(subuser="news")
WEEKLY = Subject.of(category="weekly", subuser="news")
BOUNCES = "sendgrid.bounce_rate"


def test_a_subject_includes_fewer_pairs_in_any_order() -> None:
    assert WEEKLY.includes(NEWS)
    assert WEEKLY.includes(Subject.of(subuser="news", category="weekly"))
    assert NEWS.includes(ACCOUNT)
    assert not NEWS.includes(WEEKLY)
    assert not NEWS.includes(Subject.of(subuser="other"))
    assert not ACCOUNT.includes(NEWS)
    assert (NEWS.get("subuser"), NEWS.get("category")) == ("news", None)


def test_the_order_of_pairs_makes_no_other_subject() -> None:
    # Given the same pairs in two orders
    turned = Subject.of(subuser="news", category="weekly")
    # Then it is one subject, with its pairs in the order of the keys
    assert turned == WEEKLY
    assert len({turned, WEEKLY}) == 1
    assert WEEKLY.pairs == (("subuser", "news"), ("category", "weekly"))
    assert Subject.of(**dict.fromkeys(reversed(SUBJECT_KEYS), "x")).pairs == tuple(
        (key, "x") for key in SUBJECT_KEYS
    )


def test_the_keys_of_a_subject_are_the_known_ones() -> None:
    # New keys go at the end: the order is that of every stored and printed subject
    known = "domain selector ip subuser provider category reason requirement"
    assert SUBJECT_KEYS[:8] == tuple(known.split())
    with pytest.raises(ValueError, match="domian"):
        Subject.of(domian="example.com")
    with pytest.raises(ValueError, match="twice"):
        Subject((("domain", "a.example"), ("domain", "b.example")))


def test_an_index_finds_what_a_subject_includes_the_most_specific_first() -> None:
    # Given values at the account, a subuser and one of its categories
    index: SubjectIndex[str] = SubjectIndex()
    for subject, value in ((NEWS, "news"), (ACCOUNT, "all"), (WEEKLY, "weekly")):
        index.setdefault(subject, value)
    # When a subject has a value already, then it keeps it
    assert index.setdefault(NEWS, "later") == "news"
    # Then each subject finds its own and those of the subjects that it includes
    assert list(index.included(WEEKLY)) == ["weekly", "news", "all"]
    assert list(index.included(Subject.of(subuser="news", provider="gmail"))) == ["news", "all"]
    assert list(index.included(Subject.of(subuser="other", category="weekly"))) == ["all"]
    assert list(index.included(ACCOUNT)) == ["all"]


@pytest.mark.parametrize(
    ("fault", "covered"),
    [
        (Fault(Cause.NO_DATA, say("run.not_measured")), True),
        (Fault(Cause.NO_DATA, say("run.not_measured"), NEWS), True),
        (Fault(Cause.NO_DATA, say("run.not_measured"), NEWS, ("dns.mx", BOUNCES)), True),
        (Fault(Cause.NO_DATA, say("run.not_measured"), NEWS, ("dns.mx",)), False),
        (Fault(Cause.NO_DATA, say("run.not_measured"), NEWS, ("sendgrid.bounce",)), False),
        (Fault(Cause.NO_DATA, say("run.not_measured"), Subject.of(subuser="other")), False),
    ],
)
def test_a_fault_covers_metrics_and_subjects(fault: Fault, covered: bool) -> None:
    assert fault.covers(BOUNCES, WEEKLY) is covered


@pytest.mark.parametrize(
    ("value", "denominator", "compared"),
    [
        (None, None, None),
        ("HIGH", None, "HIGH"),
        (0.003000000026077032, None, 0.003),
        (0.0030000004, 10**9, 0.0030000004),
        (0.1 + 0.2, 10, 0.3),
        (8, None, 8),
    ],
)
def test_what_is_compared(
    value: float | str | None, denominator: int | None, compared: float | str | None
) -> None:
    assert Measurement("m", ACCOUNT, value, denominator=denominator).compared == compared


def test_the_age_counts_from_the_day_after_the_newest_complete_one() -> None:
    day = date(2026, 11, 23)
    figure = Measurement("m", ACCOUNT, 1.0, window=Window(day, day), complete_until=day)
    assert figure.age_days == 1
    assert Measurement("m", ACCOUNT, 1.0, complete_until=day).age_days is None
