"""Findings that belong together, and what tells them apart."""

from collections.abc import Iterable, Iterator, Sequence

from mailwatch.model import Action, Finding, Lang, Level, Phrase, Report, State
from mailwatch.text.domain import domain_text

Group = Sequence[Finding]
Pair = tuple[str, str]


def by_check(findings: Iterable[Finding], level: Level) -> Iterator[Group]:
    """The findings of `level`, those of one check together; in trouble, the worst of them first."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.level is level:
            groups.setdefault(finding.check.id, []).append(finding)
    if level is Level.OK:
        return iter(groups.values())
    return (sorted(group, key=_badness, reverse=True) for group in groups.values())


def by_reason(report: Report) -> Iterator[tuple[Phrase, Group]]:
    """What cannot be told, by reason; a source that failed is one thing to read."""
    failed = {s.name: s.error for s in report.sources if s.state is State.FAILED and s.error}
    groups: dict[tuple[str, Phrase], list[Finding]] = {}
    for finding in report.findings:
        if finding.level is Level.UNKNOWN:
            reason = failed.get(finding.check.source, finding.reason)
            groups.setdefault((finding.check.source, reason), []).append(finding)
    return ((reason, group) for (_, reason), group in groups.items())


def shared(group: Group) -> tuple[Pair, ...]:
    """What every finding of the group is about: the whole subject of a single one."""
    first, *others = (finding.measurement.subject.pairs for finding in group)
    return tuple(pair for pair in first if all(pair in pairs for pairs in others))


def named(pairs: Iterable[Pair], without: Iterable[Pair] = ()) -> str:
    """A subject, the most particular first: `s1 · example.com`."""
    left_out = set(without)
    return " · ".join(
        domain_text(value) if key == "domain" else value
        for key, value in [*pairs][::-1]
        if (key, value) not in left_out
    )


def told_apart(group: Group, known: Iterable[Pair] = ()) -> list[str]:
    """The subjects of the group without what they share or what is known anyway."""
    without = {*(shared(group) if len(group) > 1 else ()), *known}
    names = (named(finding.measurement.subject.pairs, without) for finding in group)
    return [name for name in dict.fromkeys(names) if name]


def fitting_actions(group: Group, lang: Lang) -> tuple[str, ...]:
    """The actions that fit at least one finding of the group, in the order of its check."""
    check = group[0].check
    fitting: list[Action] = []
    for finding in group:
        measurement = finding.measurement
        for action in check.fitting_actions(measurement.value, measurement.subject):
            if action not in fitting:
                fitting.append(action)
    return tuple(action.text[lang] for action in check.actions if action in fitting)


def _badness(finding: Finding) -> float:
    """The greater, the worse within its check."""
    value, worse = finding.measurement.value, finding.check.worse
    if isinstance(value, str):
        return worse.index(value) if value in worse else 0
    return (value or 0.0) * (-1 if worse == "lower" else 1)
