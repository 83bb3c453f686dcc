"""What is wrong in a report, as a channel hears of it: findings of one cause are one problem.

The findings of one check are one problem, whatever subjects they are about. Everything that a
source which failed could not measure is one problem; so is all that is unknown for one reason.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from mailwatch.config.notify import NotifyChannel
from mailwatch.model import Finding, Level, Report, SourceState, State
from mailwatch.reports.groups import failures

SOURCE = "source:"
"""How the key of a source that failed begins."""
UNKNOWN = "unknown:"
"""How the key of what is unknown for one reason begins."""
HEARD: dict[str, frozenset[Level]] = {
    "breach": frozenset({Level.BREACH}),
    "warn": frozenset({Level.BREACH, Level.WARN}),
    "unknown": frozenset({Level.BREACH, Level.WARN, Level.UNKNOWN}),
}
"""What a channel of this level hears of. A source that failed is heard of from `warn` on."""
SEVERITY = {Level.OK: 0, Level.UNKNOWN: 1, Level.WARN: 2, Level.BREACH: 3}


@dataclass(frozen=True, slots=True)
class Problem:
    """Findings of one cause, or a source that failed."""

    key: str
    """The same in every run: the id of a check, `source:NAME`, or `unknown:SOURCE:REASON`."""
    level: Level
    findings: tuple[Finding, ...] = ()
    source: SourceState | None = None

    @property
    def members(self) -> dict[str, str]:
        """The level of each finding, by its subject."""
        return {member(finding): finding.level.value for finding in self.findings}


def member(finding: Finding) -> str:
    """What a finding of a problem is about: `domain=example.com selector=s1`; "" the account."""
    return " ".join(f"{key}={value}" for key, value in finding.measurement.subject.pairs)


def problems(report: Report, channel: NotifyChannel) -> dict[str, Problem]:
    """What is wrong and `channel` hears of, by key, the worst first."""
    heard = HEARD[channel.level]
    failed = failures(report)
    found: dict[str, list[Finding]] = {}
    for finding in report.counted:
        if finding.level in heard and routed(finding, channel) and not _missing(finding, failed):
            found.setdefault(_key(finding), []).append(finding)
    listed = [Problem(key, _worst(group), tuple(group)) for key, group in found.items()]
    if channel.level != "breach":
        listed += _failed(report, channel)
    ordered = sorted(listed, key=lambda problem: -SEVERITY[problem.level])
    return {problem.key: problem for problem in ordered}


def routed(finding: Finding, channel: NotifyChannel) -> bool:
    """True when the channel hears of this check and subject, whatever the level."""
    named = not channel.checks or any(fnmatchcase(finding.check.id, one) for one in channel.checks)
    return named and finding.measurement.subject.includes(channel.match)


def _missing(finding: Finding, failed: Container[str]) -> bool:
    """True for what was not measured because its source failed, which is a problem of its own."""
    return finding.level is Level.UNKNOWN and finding.check.source in failed


def _key(finding: Finding) -> str:
    if finding.level is not Level.UNKNOWN:
        return finding.check.id
    cause = finding.cause.value if finding.cause else "other"
    return f"{UNKNOWN}{finding.check.source}:{cause}"


def _worst(findings: list[Finding]) -> Level:
    return max((finding.level for finding in findings), key=lambda level: SEVERITY[level])


def _failed(report: Report, channel: NotifyChannel) -> Iterator[Problem]:
    for state in report.sources:
        patterns = [one.partition(".")[0] for one in channel.checks] or ["*"]
        if state.state is State.FAILED and any(fnmatchcase(state.name, one) for one in patterns):
            yield Problem(f"{SOURCE}{state.name}", Level.UNKNOWN, source=state)
