"""One figure, many, or a stream of them: judged lazily, with what earlier runs found."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from mailwatch.catalog.catalog import Catalog
from mailwatch.judge import judge, judge_all, relate
from mailwatch.judge.related import Findings
from mailwatch.model import (
    ACCOUNT,
    Finding,
    Level,
    Measurement,
    Past,
    Standing,
    Subject,
    verbatim,
)
from tests.pretended import SIMPLE, figure

SUBJECTS = tuple(Subject.of(domain=f"{name}.example") for name in "abc")
FIGURES = [figure("dns.a", subject, float(n)) for n, subject in enumerate(SUBJECTS, 1)]


def test_one_and_a_batch_and_a_stream_say_the_same() -> None:
    check = SIMPLE.checks["dns.a"]
    one_by_one = [judge(m, check, SIMPLE.threshold(check, m.subject)) for m in FIGURES]
    assert list(judge_all(FIGURES, SIMPLE)) == list(judge_all(iter(FIGURES), SIMPLE)) == one_by_one
    assert [finding.level for finding in one_by_one] == [Level.OK, Level.WARN, Level.BREACH]
    assert list(judge_all([], SIMPLE)) == []


def test_a_figure_is_not_asked_for_before_its_findings_are() -> None:
    # Given a stream that says when it is asked, and two checks that judge each figure
    asked: list[str] = []

    def figures() -> Iterator[Measurement]:
        for measurement in FIGURES:
            asked.append(str(measurement.subject.get("domain")))
            yield measurement

    check = SIMPLE.checks["dns.a"]
    second = replace(check, id="mine.a")
    both = {"dns.a": check, "mine.a": second}
    catalog = Catalog(both, dict.fromkeys(both, SIMPLE.numbers["dns.a"]), (), {})
    # When its findings are taken one by one
    findings = judge_all(figures(), catalog)
    assert asked == []
    for expected in (["a.example"], ["a.example"], ["a.example", "b.example"]):
        next(findings)
        # Then no figure was asked for that is not needed yet
        assert asked == expected


def test_a_metric_that_no_check_judges_has_no_finding() -> None:
    assert list(judge_all([figure("dns.zzz")], SIMPLE)) == []


def test_a_level_that_lasts_is_known_since_it_began() -> None:
    # Given that earlier runs found all three figures to be warnings
    day = date(2026, 11, 20)
    standings = {("dns.a", subject): Standing(Level.WARN, day) for subject in SUBJECTS}
    # When they are judged now
    findings = list(judge_all(FIGURES, SIMPLE, Past(standings)))
    # Then the one that still is has been since then, and the others are new
    assert [f.since for f in findings] == [None, day, None]
    assert {f.since for f in judge_all(FIGURES, SIMPLE)} == {None}


# --- the second step ------------------------------------------------------------------------------


def raised(findings: Findings) -> Findings:
    """Warns of every figure that has evidence of a forecast."""
    return tuple(replace(f, level=Level.WARN) if f.measurement.evidence else f for f in findings)


def joined(findings: Findings) -> Findings:
    """Names in each finding how many there are."""
    note = verbatim(f"one of {len(findings)}")
    return tuple(
        replace(f, measurement=replace(f.measurement, evidence=(*f.measurement.evidence, note)))
        for f in findings
    )


def test_steps_see_all_findings_and_follow_each_other() -> None:
    # Given a step that adds evidence to every finding, and one that warns where there is evidence
    figures = [figure("dns.a", subject, 0.0) for subject in SUBJECTS]
    findings = relate(judge_all(figures, SIMPLE), (joined, raised))
    # Then the second step saw what the first did
    assert {f.level for f in findings} == {Level.WARN}
    assert {f.measurement.evidence for f in findings} == {(verbatim("one of 3"),)}
    assert [f.measurement.subject for f in findings] == list(SUBJECTS)
    # And without steps nothing changes
    assert relate(judge_all(figures, SIMPLE)) == tuple(judge_all(figures, SIMPLE))


def at(level: Level, finding: Finding) -> Finding:
    return replace(finding, level=level)


@pytest.mark.parametrize("before", Level)
@pytest.mark.parametrize("after", Level)
def test_a_step_may_raise_ok_to_warn_or_decide_unknown_as_ok(before: Level, after: Level) -> None:
    (finding,) = judge_all([figure("dns.a", ACCOUNT)], SIMPLE)
    given = (at(before, finding),)

    def step(findings: Findings) -> Findings:
        return tuple(at(after, found) for found in findings)

    allowed = ((Level.OK, Level.WARN), (Level.UNKNOWN, Level.OK))
    if before is after or (before, after) in allowed:
        assert [f.level for f in relate(given, [step])] == [after]
    else:
        with pytest.raises(ValueError, match=f"became {after}"):
            relate(given, [step])


def test_a_step_may_neither_lose_nor_exchange_a_finding() -> None:
    findings = tuple(judge_all(FIGURES, SIMPLE))
    for step in (
        lambda found: found[1:],
        lambda found: (*found, found[0]),
        lambda found: found[::-1],
    ):
        with pytest.raises(ValueError, match="became"):
            relate(findings, [step])
