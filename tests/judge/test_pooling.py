"""Segments of little mail: what the others of their kind may decide, and what never."""

import pytest

from mailwatch.judge import judge_all
from mailwatch.judge.pooling import pool
from mailwatch.model import Finding, Level, Subject
from tests.reports.samples import catalog, rate

OTHERS = ((8, 1000), (12, 1000), (10, 1000), (9, 1000), (11, 1000), (10, 1000))


def judged(*counts: tuple[int, int], kind: str = "subuser") -> tuple[Finding, ...]:
    """The bounce rates of that many subusers."""
    figures = [
        rate("sendgrid.bounce_rate", pair, Subject.of(**{kind: f"u{n}"}))
        for n, pair in enumerate(counts)
    ]
    return tuple(judge_all(figures, catalog()))


def test_a_small_segment_like_the_others_is_ok_and_its_figures_stay_its_own() -> None:
    # Given six subusers at about 1 %, and one of 90 messages, too few to tell
    before = judged((1, 90), *OTHERS)
    assert before[0].level is Level.UNKNOWN
    # When they are pooled
    after = pool(before)
    # Then it is ok, its evidence says why, and its own figures and interval are as before
    assert after[0].level is Level.OK
    assert after[0].cause is None
    assert after[0].measurement.evidence[-1].code == "judge.pooled"
    assert after[0].interval == before[0].interval
    for name in ("value", "numerator", "denominator"):
        assert getattr(after[0].measurement, name) == getattr(before[0].measurement, name)
    assert after[1:] == before[1:]


@pytest.mark.parametrize(
    ("small", "others", "why"),
    [
        ((1, 20), OTHERS, "too little of its own"),
        ((1, 90), OTHERS[:4], "too few others"),
        ((4, 95), OTHERS, "not like the others"),
        ((1, 90), ((1, 1000), (150, 1000), (2, 1000), (90, 1000), (4, 1000), (3, 1000)),
         "the others are not alike"),
        ((3, 90), ((60, 1000),) * 6, "the others are no better"),
    ],
)  # fmt: skip
def test_otherwise_it_stays_unknown(
    small: tuple[int, int], others: tuple[tuple[int, int], ...], why: str
) -> None:
    assert pool(judged(small, *others))[0].level is Level.UNKNOWN, why


def test_segments_of_another_kind_and_the_account_decide_nothing() -> None:
    (small,) = judged((1, 90), kind="category")
    figures = judged(*OTHERS)
    account = tuple(
        judge_all(
            [
                rate("sendgrid.bounce_rate", (1, 90)),
            ],
            catalog(),
        )
    )
    for first in (small, account[0]):
        assert pool((first, *figures))[0].level is Level.UNKNOWN


def test_what_is_decided_is_not_touched() -> None:
    found = judged((200, 1000), *OTHERS, (35, 1000))
    assert pool(found) == found
