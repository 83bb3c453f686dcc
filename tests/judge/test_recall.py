"""Stored figures in the places that a past day leaves empty."""

from datetime import date

from mailwatch.judge.recall import recall
from mailwatch.model import (
    Cause,
    Measurement,
    SourceState,
    State,
    StoredFigure,
    Subject,
    Window,
    say,
)

DAY = date(2026, 11, 20)
HERE, ELSEWHERE = (Subject.of(domain=name) for name in ("example.com", "example.net"))
STATES = (
    SourceState("postmaster", State.OK),
    SourceState("dns", State.SKIPPED, say("dns.skipped_no_past")),
)
NOBODY = Measurement("postmaster.compliance", HERE, cause=Cause.NO_DATA)
FAILED = Measurement("postmaster.tls", HERE, cause=Cause.COULD_NOT_ASK)
DERIVED = Measurement("postmaster.reputation", HERE, "LOW", window=Window(DAY, DAY))
SPAM = Measurement("postmaster.spam", HERE, 0.1)


def stored(metric: str, subject: Subject, value: str) -> StoredFigure:
    return StoredFigure(Measurement(metric, subject, value), DAY)


def test_only_empty_places_and_stand_ins_are_filled() -> None:
    # Given what a past day gives: a figure, a stand-in, one that nobody has, one that failed
    row = Subject.of(domain="example.com", requirement="SPF")
    figures = (
        stored("postmaster.compliance", row, "COMPLIANT"),
        stored("postmaster.tls", row, "x"),
        stored("postmaster.reputation", HERE, "HIGH"),
        stored("postmaster.spam", HERE, "9"),
        stored("dns.mx", HERE, "found"),
        stored("dns.mx", ELSEWHERE, "found"),
        stored("sendgrid.reputation", Subject(), "97"),
    )
    # When what was stored is added
    states, measurements = recall(
        STATES, [NOBODY, FAILED, DERIVED, SPAM], figures, frozenset({"example.com"})
    )
    # Then it has the place of what is missing, and of what was derived in place of a verdict
    found = {(m.metric, m.subject): m.value for m in measurements}
    assert found == {
        ("postmaster.compliance", row): "COMPLIANT",
        ("postmaster.tls", HERE): None,
        ("postmaster.tls", row): "x",
        ("postmaster.reputation", HERE): "HIGH",
        ("postmaster.spam", HERE): 0.1,
        ("dns.mx", HERE): "found",
    }
    # And each says of which day it is, and so does the source that could not be asked
    recalled = [m for m in measurements if m not in (FAILED, SPAM)]
    assert {m.evidence[-1] for m in recalled} == {say("history.stored_on", day=str(DAY))}
    assert [state.state for state in states] == [State.OK, State.OK]
    assert states[1].note == say("history.from_store", day=str(DAY))


def test_without_stored_figures_nothing_changes() -> None:
    assert recall(STATES, [NOBODY, SPAM], (), frozenset()) == (STATES, [NOBODY, SPAM])
