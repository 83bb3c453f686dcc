"""Findings that belong together, and how they differ."""

from collections.abc import Iterable, Iterator, Sequence

from mailwatch.model import Finding, Lang, Level, Phrase, Report, State, say
from mailwatch.model.check import CASE_KEYS
from mailwatch.model.subject import SEGMENT_KEYS
from mailwatch.text.domain import domain_text
from mailwatch.words import worded

Group = Sequence[Finding]
Pair = tuple[str, str]
ALIKE = ("judge.too_old",)
"""Reasons that hold for all figures of a source together: when data stops, all of it does."""


def by_check(findings: Iterable[Finding], level: Level) -> Iterator[Group]:
    """The findings of `level`, those of one check together; in trouble, the worst of them first.

    Those of an account's segments are apart from the account's own.
    """
    groups: dict[tuple[str, bool], list[Finding]] = {}
    for finding in findings:
        if finding.level is level:
            groups.setdefault(scope_of(finding), []).append(finding)
    if level is Level.OK:
        return iter(groups.values())
    return (sorted(group, key=_badness, reverse=True) for group in groups.values())


def scope_of(finding: Finding) -> tuple[str, bool]:
    """What stands together: the check, and whether it is about a segment of the account."""
    return finding.check.id, finding.measurement.subject.segment is not None


def by_reason(report: Report) -> Iterator[Group]:
    """What is unknown: with a figure to judge by check, else by the kind of reason."""
    failed = failures(report)
    groups: dict[tuple[str, str, str, bool], list[Finding]] = {}
    for finding in report.counted:
        if finding.level is not Level.UNKNOWN:
            continue
        source = finding.check.source
        one_by_one = finding.reason.code not in ALIKE and finding.measurement.value is not None
        measured = one_by_one and source not in failed
        check = finding.check.id if measured else ""
        code = "" if measured or source in failed else finding.reason.code
        groups.setdefault((source, check, code, scope_of(finding)[1]), []).append(finding)
    return iter(groups.values())


def failures(report: Report) -> dict[str, Phrase]:
    """Why each source failed that did: one thing to read, whatever its findings say."""
    return {s.name: s.error for s in report.sources if s.state is State.FAILED and s.error}


def shared(group: Group) -> tuple[Pair, ...]:
    """What every finding of the group is about: the whole subject of a single one."""
    first, *others = (finding.measurement.subject.pairs for finding in group)
    return tuple(pair for pair in first if all(pair in pairs for pairs in others))


def named(pairs: Iterable[Pair], without: Iterable[Pair] = (), lang: Lang | None = None) -> str:
    """A subject, the most particular first: `s1 · example.com`.

    In a language, a segment with its kind: `subuser newsletter`.
    """
    left_out = set(without)
    return " · ".join(
        _name(key, value, lang) for key, value in [*pairs][::-1] if (key, value) not in left_out
    )


def _name(key: str, value: str, lang: Lang | None) -> str:
    if lang is not None and key in SEGMENT_KEYS:
        return worded(say(f"console.named_{key}", name=value), lang)
    return domain_text(value) if key == "domain" else value


def distinct_names(group: Group, known: Iterable[Pair] = ()) -> list[str]:
    """The subjects of the group without what they share or what is known anyway."""
    without = {*(shared(group) if len(group) > 1 else ()), *known}
    names = (named(finding.measurement.subject.pairs, without) for finding in group)
    return [name for name in dict.fromkeys(names) if name]


def chosen_actions(group: Group, lang: Lang, most: int | None) -> tuple[str, ...]:
    """The first `most` actions that fit the group, and at least one for each of its cases.

    A case is a word, a requirement or a reason: what an action can be meant for.
    """
    check = group[0].check
    cases = {_case(finding): finding.measurement for finding in group}
    own = [
        [check.actions.index(action) for action in check.fitting_actions(m.value, m.subject)]
        for m in cases.values()
    ]
    fitting = sorted({place for places in own for place in places})
    chosen = {next((n for n in places if check.actions[n].cases), None) for places in own} - {None}
    for place in fitting[:most]:
        if most is None or len(chosen) < most:
            chosen.add(place)
    for places in own:
        if not chosen.intersection(places):
            chosen.add(places[0])
    return tuple(check.actions[place].text[lang] for place in fitting if place in chosen)


def _case(finding: Finding) -> tuple[str | None, ...]:
    subject, value = finding.measurement.subject, finding.measurement.value
    word = value if isinstance(value, str) else None
    return word, *(subject.get(key) for key in CASE_KEYS)


def _badness(finding: Finding) -> float:
    """The greater, the worse within its check."""
    value, worse = finding.measurement.value, finding.check.worse
    if isinstance(value, str):
        return worse.index(value) if value in worse else 0
    return (value or 0.0) * (-1 if worse == "lower" else 1)
