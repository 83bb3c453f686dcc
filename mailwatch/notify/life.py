"""The life of a problem: announced once, again when it is worse, each day as a reminder, and over.

Pure: what is wrong now × what was announced → what there is to say, and what will then be known.
An end needs proof. A figure that could not be measured, a source that was not asked, a domain that
this run did not look at: none of them ends a problem.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from mailwatch.config.notify import NotifyChannel
from mailwatch.model import Level, Report, State
from mailwatch.notify.problem import HEARD, SEVERITY, SOURCE, UNKNOWN, Problem, member


class Kind(StrEnum):
    """Why there is something to say."""

    NEW = "new"
    WORSE = "worse"
    REMINDER = "reminder"
    END = "end"


@dataclass(frozen=True, slots=True)
class Announced:
    """What a channel knows about an open problem."""

    title: str
    level: Level
    opened: datetime
    announced: datetime
    """When it was last spoken of."""
    members: Mapping[str, str] = field(default_factory=dict)
    """The worst level announced of each finding, by its subject."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """One thing to say about one problem."""

    kind: Kind
    key: str
    known: Announced
    """What the channel knows once it has heard this; for an end, what it knew before."""
    problem: Problem | None = None
    """None where it is over."""


def changes(
    wrong: Mapping[str, Problem],
    known: Mapping[str, Announced],
    report: Report,
    channel: NotifyChannel,
    remind_after: timedelta,
) -> list[Announcement]:
    """What there is to say to `channel` now, the worst first."""
    now = report.generated_at
    said = [_heard(problem, known.get(key), now, remind_after) for key, problem in wrong.items()]
    ended = [
        Announcement(Kind.END, key, entry)
        for key, entry in known.items()
        if key not in wrong and _is_over(key, entry, report, channel)
    ]
    return [change for change in said if change is not None] + ended


def after(known: Mapping[str, Announced], said: list[Announcement]) -> dict[str, Announced]:
    """What the channel knows when it has heard `said`."""
    left = dict(known)
    for change in said:
        if change.kind is Kind.END:
            left.pop(change.key, None)
        else:
            left[change.key] = change.known
    return left


def title_of(problem: Problem) -> str:
    """The problem's name in English, kept for when it is over."""
    if problem.source is not None:
        return problem.source.name
    if problem.key.startswith(UNKNOWN):
        return problem.key.split(":")[1]
    return problem.findings[0].check.title["en"]


def _heard(
    problem: Problem, entry: Announced | None, now: datetime, remind_after: timedelta
) -> Announcement | None:
    fresh = Announced(title_of(problem), problem.level, now, now, problem.members)
    if entry is None:
        return Announcement(Kind.NEW, problem.key, fresh, problem)
    fresh = replace(fresh, opened=entry.opened)
    if _is_worse(problem, entry):
        # A subject that is better now is not announced again when it falls back within the day.
        worst = {**entry.members, **dict(_worst(problem.members, entry.members))}
        return Announcement(Kind.WORSE, problem.key, replace(fresh, members=worst), problem)
    if now - entry.announced >= remind_after:
        return Announcement(Kind.REMINDER, problem.key, fresh, problem)
    return None


def _is_worse(problem: Problem, entry: Announced) -> bool:
    """True where the level is worse, or a subject is in it that was not announced at its level."""
    if SEVERITY[problem.level] > SEVERITY[entry.level]:
        return True
    if problem.key.startswith((SOURCE, UNKNOWN)):
        return False
    return any(
        subject not in entry.members or SEVERITY[Level(level)] > SEVERITY[Level(before)]
        for subject, level in problem.members.items()
        for before in [entry.members.get(subject, level)]
    )


def _worst(one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for subject, level in one.items():
        yield subject, max(level, other.get(subject, level), key=lambda word: SEVERITY[Level(word)])


def _is_over(key: str, entry: Announced, report: Report, channel: NotifyChannel) -> bool:
    states = {state.name: state.state for state in report.sources}
    if key.startswith(SOURCE):
        return states.get(key.removeprefix(SOURCE)) in (State.OK, State.PARTIAL)
    source = key.split(":")[1] if key.startswith(UNKNOWN) else key.partition(".")[0]
    if states.get(source) not in (State.OK, State.PARTIAL):
        return False
    if key.startswith(UNKNOWN):
        return True
    found = {member(f): f for f in report.findings if f.check.id == key}
    heard = HEARD[channel.level]
    for subject in entry.members:
        finding = found.get(subject)
        if finding is None:
            if states[source] is State.PARTIAL or _elsewhere(subject, report):
                return False
        elif finding.ignored is None and (finding.level is Level.UNKNOWN or finding.level in heard):
            return False
    return True


def _elsewhere(subject: str, report: Report) -> bool:
    """True where the subject is of a domain that this run did not look at."""
    domains = [pair.removeprefix("domain=") for pair in subject.split(" ")]
    named = [name for name, pair in zip(domains, subject.split(" "), strict=True) if name != pair]
    return bool(named) and named[0] not in report.subjects
