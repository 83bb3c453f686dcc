"""Verdict and exit code of a run, from the sets of levels and source states."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from typing import Literal

from mailwatch.model import Finding, Level, SourceState, State, say

FailOn = Literal["breach", "warn", "unknown", "never"]
FAILING: dict[FailOn, frozenset[Level]] = {
    "breach": frozenset({Level.BREACH}),
    "warn": frozenset({Level.WARN, Level.BREACH}),
    "unknown": frozenset({Level.UNKNOWN, Level.WARN, Level.BREACH}),
    "never": frozenset(),
}


def reach_verdict(
    findings: Iterable[Finding], states: Iterable[SourceState], *, strict: bool = False
) -> Level:
    """Whether the mail is well, as far as it could be measured.

    A source that failed hides what it would have found, so it outweighs a warning; one that is
    partial outweighs only `ok`. Without a finding that could be judged, nothing is known.
    """
    levels = {finding.level for finding in findings}
    return verdict_of(levels, {state.state for state in states}, strict=strict)


def verdict_of(levels: Set[Level], states: Set[State], *, strict: bool = False) -> Level:
    """The verdict by the set of levels that occur, and the set of what became of sources."""
    if Level.BREACH in levels:
        return Level.BREACH
    if State.FAILED in states or (strict and State.PARTIAL in states):
        return Level.UNKNOWN
    if Level.WARN in levels:
        return Level.WARN
    if State.PARTIAL in states or levels <= {Level.UNKNOWN}:
        return Level.UNKNOWN
    return Level.OK


def choose_exit_code(
    findings: Iterable[Finding],
    states: Iterable[SourceState],
    fail_on: FailOn,
    *,
    strict: bool = False,
) -> int:
    """1 for a finding at or above `fail_on`, else 3 where a source could not be measured at all
    or none was asked, else 0."""
    if {finding.level for finding in findings} & FAILING[fail_on]:
        return 1
    states = tuple(states)
    nothing_asked = all(state.state is State.SKIPPED for state in states)
    if fail_on != "never" and (nothing_asked or any(_failed(state, strict) for state in states)):
        return 3
    return 0


def mark_outdated(
    states: Iterable[SourceState], findings: Iterable[Finding]
) -> Iterator[SourceState]:
    """The states, `partial` where a source answered but a figure of it is too old to be judged.

    Without it, data that stops coming would be silent: each finding is unknown, and all is ok.
    """
    outdated = [finding for finding in findings if _is_outdated(finding)]
    for state in states:
        ages = {
            window.last: finding.measurement.age_days or 0
            for finding in outdated
            if finding.check.source == state.name and (window := finding.measurement.window)
        }
        if state.state is not State.OK or not ages:
            yield state
            continue
        newest = max(ages)
        error = say("run.outdated", day=newest, age=ages[newest])
        yield replace(state, state=State.PARTIAL, error=error)


def _is_outdated(finding: Finding) -> bool:
    """True when the figure was measured and is too old to be judged."""
    age, most = finding.measurement.age_days, finding.threshold.max_age_days
    old = age is not None and most is not None and age > most
    return old and finding.level is Level.UNKNOWN and finding.measurement.value is not None


def _failed(state: SourceState, strict: bool) -> bool:
    return state.state is State.FAILED or (strict and state.state is State.PARTIAL)
