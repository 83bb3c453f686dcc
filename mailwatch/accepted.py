"""Findings that somebody has seen and accepted: they keep their level, and do not count.

Two lists say which: the entries of `ignore:` in mailwatch.yaml, each with a reason and an end date,
and a baseline, which is what a run found on the day it was written.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date

from mailwatch.frozen import dataclass
from mailwatch.model import Finding, Ignored, Level, Phrase, Place, Subject, say, verbatim

Identity = tuple[str, Subject]
"""The check and the subject of a finding: what it keeps from run to run."""


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """One entry of `ignore:`, for each subject that has all pairs of `match`."""

    check: str
    match: Subject
    reason: str
    until: date
    """The last day on which it holds."""
    at: Place | None = field(default=None, compare=False)
    """Where it is written."""

    def covers(self, finding: Finding) -> bool:
        """True for a finding that the entry is about, whatever the day."""
        subject = finding.measurement.subject
        return finding.check.id == self.check and subject.includes(self.match)


@dataclass(frozen=True, slots=True)
class KnownFindings:
    """What a run found, by check and subject: all that was not ok."""

    written: date
    levels: Mapping[Identity, Level] = field(default_factory=dict)

    def covers(self, finding: Finding) -> bool:
        """True for what was there then and is not worse now."""
        before = self.levels.get((finding.check.id, finding.measurement.subject))
        return before is finding.level or (before is Level.BREACH and finding.level is Level.WARN)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Everything that is not to count."""

    rules: tuple[IgnoreRule, ...] = ()
    baseline: KnownFindings | None = None


def mark_ignored(findings: Iterable[Finding], accepted: Accepted, today: date) -> Iterator[Finding]:
    """The findings, those that are accepted marked as ignored.

    One whose entry has ended counts again, and says so in its evidence. What is ok is never
    ignored.
    """
    for finding in findings:
        yield finding if finding.level is Level.OK else _marked(finding, accepted, today)


def _marked(finding: Finding, accepted: Accepted, today: date) -> Finding:
    rules = [rule for rule in accepted.rules if rule.covers(finding)]
    for rule in rules:
        if today <= rule.until:
            return replace(finding, ignored=Ignored(verbatim(rule.reason), rule.until))
    if accepted.baseline is not None and accepted.baseline.covers(finding):
        reason = say("ignore.baseline", day=accepted.baseline.written)
        return replace(finding, ignored=Ignored(reason, None))
    if not rules:
        return finding
    ended = max(rules, key=lambda rule: rule.until)
    return _with_evidence(finding, say("ignore.ended", day=ended.until, reason=ended.reason))


def _with_evidence(finding: Finding, line: Phrase) -> Finding:
    measurement = finding.measurement
    return replace(
        finding, measurement=replace(measurement, evidence=(line, *measurement.evidence))
    )
