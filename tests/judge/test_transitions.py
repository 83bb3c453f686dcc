"""A word that became worse is news, also where it is still within the limits."""

from datetime import date

import pytest

from mailwatch.catalog.catalog import read_catalog
from mailwatch.judge import judge
from mailwatch.judge.transitions import note_transition
from mailwatch.model import Level, Limit, Measurement, Past, Subject, Threshold, say
from mailwatch.words import worded

CHECK = read_catalog().check("postmaster.reputation")
ABOUT = Subject.of(domain="example.com")
LENIENT = Threshold(ideal=Limit("MEDIUM"), act=Limit("BAD"))


@pytest.mark.parametrize(
    ("before", "now", "level", "said"),
    [
        ("HIGH", "MEDIUM", Level.WARN, ["was HIGH on 20 Nov, now MEDIUM"]),
        ("MEDIUM", "HIGH", Level.OK, ["was MEDIUM on 20 Nov, now HIGH"]),
        ("HIGH", "HIGH", Level.OK, []),
        ("LOW", "BAD", Level.BREACH, ["was LOW on 20 Nov, now BAD"]),
        ("SOMETHING", "HIGH", Level.OK, []),
        (None, "MEDIUM", Level.OK, []),
    ],
)
def test_a_word_that_changed(before: str | None, now: str, level: Level, said: list[str]) -> None:
    finding = judge(Measurement(CHECK.metric, ABOUT, now), CHECK, LENIENT)
    words = {finding.key: (date(2026, 11, 20), before)} if before else {}
    found = note_transition(finding, Past(words=words))
    assert found.level is level
    assert [worded(phrase, "en") for phrase in found.measurement.evidence] == said


def test_a_word_that_is_not_judged_is_no_warning() -> None:
    exempt = Measurement(CHECK.metric, ABOUT, "MEDIUM", note=say("dns.dkim_only_seen"))
    finding = judge(exempt, CHECK, LENIENT)
    past = Past(words={finding.key: (date(2026, 11, 20), "HIGH")})
    assert note_transition(finding, past).level is Level.OK
