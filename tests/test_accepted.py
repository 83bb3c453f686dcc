"""What somebody accepted keeps its level, and does not count."""

from datetime import date

import pytest

from mailwatch.accepted import Accepted, IgnoreRule, KnownFindings, mark_ignored
from mailwatch.model import Finding, Level, Subject, say
from tests.reports.samples import findings, rate

TODAY = date(2026, 11, 24)
NEWS, RECEIPTS = Subject.of(subuser="news"), Subject.of(subuser="receipts")


def bounces(counts: tuple[int, int], subject: Subject) -> Finding:
    (found,) = findings(rate("sendgrid.bounce_rate", counts, subject))
    return found


BAD = bounces((900, 9000), NEWS)
RISING = bounces((360, 9000), NEWS)
FINE = bounces((9, 9000), NEWS)


def rule(until: date, match: Subject = NEWS) -> IgnoreRule:
    return IgnoreRule("sendgrid.bounce_rate", match, "an old list", until)


def marked(finding: Finding, accepted: Accepted) -> Finding:
    (found,) = mark_ignored([finding], accepted, TODAY)
    return found


def test_the_samples_are_what_they_are_called() -> None:
    assert [f.level for f in (BAD, RISING, FINE)] == [Level.BREACH, Level.WARN, Level.OK]


@pytest.mark.parametrize("until", [TODAY, date(2027, 1, 1)])
def test_an_entry_holds_to_the_end_of_its_last_day(until: date) -> None:
    found = marked(BAD, Accepted((rule(until),)))
    assert found.level is Level.BREACH
    assert found.ignored is not None
    assert found.ignored.until == until
    assert dict(found.ignored.reason.values) == {"text": "an old list"}


def test_an_entry_that_has_ended_is_evidence() -> None:
    yesterday = date(2026, 11, 23)
    found = marked(BAD, Accepted((rule(date(2026, 1, 1)), rule(yesterday))))
    assert found.ignored is None
    assert found.measurement.evidence[0] == say("ignore.ended", day=yesterday, reason="an old list")


def test_an_entry_is_for_its_check_and_its_subjects_only() -> None:
    accepted = Accepted((rule(TODAY),))
    assert marked(bounces((900, 9000), RECEIPTS), accepted).ignored is None
    assert marked(FINE, accepted).ignored is None
    everywhere = Accepted((rule(TODAY, Subject()),))
    assert marked(bounces((900, 9000), RECEIPTS), everywhere).ignored is not None


@pytest.mark.parametrize(
    ("before", "now", "ignored"),
    [
        (Level.BREACH, BAD, True),
        (Level.BREACH, RISING, True),
        (Level.WARN, RISING, True),
        (Level.WARN, BAD, False),
        (Level.UNKNOWN, BAD, False),
        (Level.UNKNOWN, RISING, False),
        (Level.BREACH, FINE, False),
    ],
)
def test_the_baseline_covers_what_is_not_worse(
    before: Level, now: Finding, *, ignored: bool
) -> None:
    known = KnownFindings(TODAY, {("sendgrid.bounce_rate", NEWS): before})
    assert (marked(now, Accepted((), known)).ignored is not None) is ignored
