"""Figures that got worse on the same days: one cause, most likely, and so one thing to read.

What went up is named before what fell (bounces are why less is delivered), and what is worse
before what is less bad. The findings stay single; each names the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from mailwatch.judge.onset import onset_of
from mailwatch.model import Finding, Level, Phrase, say

NEAR_DAYS = 2
"""Days between the beginnings of figures that have one cause."""
_TROUBLE = (Level.BREACH, Level.WARN)
MOST_NAMED = 4

Dated = tuple[date, int, Finding]


def join_causes(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """`findings`, those that follow another one with its key in `follows`, and evidence of it."""
    scopes: dict[tuple[str, str] | None, list[Dated]] = {}
    for place, finding in enumerate(findings):
        onset = _onset(finding)
        if onset is not None:
            scopes.setdefault(finding.measurement.subject.segment, []).append(
                (onset, place, finding)
            )
    joined: dict[int, Finding] = {}
    for dated in scopes.values():
        for group in _same_days(dated):
            joined |= _name_each_other(group)
    return tuple(joined.get(place, finding) for place, finding in enumerate(findings))


def _onset(finding: Finding) -> date | None:
    worse = finding.check.worse
    if finding.level not in _TROUBLE or not isinstance(worse, str):
        return None
    return onset_of(finding.measurement.daily, worse)


def _same_days(dated: Iterable[Dated]) -> Iterable[Sequence[Dated]]:
    """Groups of at least two different checks, each with its leading finding first."""
    left = sorted(dated, key=_leads)
    while left:
        first = left[0]
        near = [one for one in left if abs((one[0] - first[0]).days) <= NEAR_DAYS]
        left = [one for one in left if one not in near]
        if len({one[2].check.id for one in near}) > 1:
            yield near


def _leads(dated: Dated) -> tuple[int, bool, date, int]:
    onset, place, finding = dated
    return _TROUBLE.index(finding.level), finding.check.worse == "lower", onset, place


def _name_each_other(group: Sequence[Dated]) -> dict[int, Finding]:
    leader = group[0][2]
    key = leader.check.id, leader.measurement.subject
    named: dict[int, Finding] = {}
    for onset, place, finding in group:
        others = [other for _, _, other in group if other.check.id != finding.check.id]
        measurement = finding.measurement
        evidence = (*measurement.evidence, *_phrases(others, onset))
        named[place] = replace(
            finding,
            measurement=replace(measurement, evidence=evidence),
            follows=None if finding is leader else key,
        )
    return named


def _phrases(others: Sequence[Finding], onset: date) -> Iterable[Phrase]:
    ids = list(dict.fromkeys(other.check.id for other in others))[:MOST_NAMED]
    if ids:
        yield say("related.same_days", day=onset, checks=", ".join(ids))
