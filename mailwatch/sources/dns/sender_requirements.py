"""What Gmail, Yahoo, Microsoft and Apple ask of those who send to them: met, not met, cannot tell.

The DNS source gives a table of what DNS shows. Once all sources of a run have measured,
`complete_requirements` gives it again with what they show of the mail: its authentication, its
complaints, its headers. What no source answers is said to be so.

    Gmail      https://support.google.com/a/answer/81126
    Yahoo      https://senders.yahooinc.com/best-practices/
    Microsoft  https://techcommunity.microsoft.com/blog/microsoftdefenderforoffice365blog/4399730
    Apple      https://support.apple.com/en-us/102322
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mailwatch.model import Measurement, Phrase, Subject, say
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, measured
from mailwatch.sources.dns.requirement_answers import (
    CANNOT_TELL,
    MET,
    NOT_MET,
    REQUIREMENTS,
    FigureAnswer,
    Known,
)

_STATES = {
    NOT_MET: "dns.requirement_not_met",
    CANNOT_TELL: "dns.requirement_cannot_tell",
    MET: "dns.requirement_met",
}
"""The words of the states, the worst first."""


class _Row(NamedTuple):
    """A requirement, and those of whom it has one state, by figures of one metric."""

    what: str
    state: str
    source: str | None
    """The metric of another source; None for DNS, and where nothing answers."""
    providers: tuple[str, ...]


def requirements_of(domain: str, taken: Sequence[Taken]) -> list[Taken]:
    """How many requirements `domain` does not meet; the evidence is the whole table, the worst
    first. Nothing where none is known to be missed and a question failed: the finding about that
    question says so."""
    figures = [item for item in taken if isinstance(item, Measurement)]
    made = _table(domain, Known(figures))
    return [] if not made.value and len(figures) < len(taken) else [made]


def complete_requirements(measurements: Sequence[Measurement]) -> list[Measurement]:
    """`measurements`, each table of DNS answered by all of them."""
    if not any(one.metric == metrics.SENDER_REQUIREMENTS for one in measurements):
        return list(measurements)
    known = Known(measurements)
    return [
        _table(one.subject.get("domain") or "", known)
        if one.metric == metrics.SENDER_REQUIREMENTS and one.value is not None
        else one
        for one in measurements
    ]


def _table(domain: str, known: Known) -> Measurement:
    rows = [
        row
        for what, providers, answers in REQUIREMENTS
        for row in _rows(domain, known, what, providers, answers)
    ]
    missed = len({row.what for row in rows if row.state == NOT_MET})
    evidence = [_said(row) for wanted in _STATES for row in rows if row.state == wanted]
    subject = Subject.of(domain=domain)
    return measured(metrics.SENDER_REQUIREMENTS, subject, missed, evidence)


def _rows(
    domain: str,
    known: Known,
    what: str,
    providers: tuple[str, ...],
    answers: Sequence[FigureAnswer],
) -> Iterator[_Row]:
    """For each provider the first answer that says anything; one row for those with the same."""
    left = providers
    for answer in answers:
        named = tuple(name for name in left if name in answer.providers)
        state = answer.judge(known, domain) if named else CANNOT_TELL
        if state != CANNOT_TELL:
            source = None if answer.metric in metrics.ALL else answer.metric
            yield _Row(what, state, source, named)
            left = tuple(name for name in left if name not in named)
    if left:
        yield _Row(what, CANNOT_TELL, None, left)


def _said(row: _Row) -> Phrase:
    what, state, by = say(row.what), say(_STATES[row.state]), ", ".join(row.providers)
    if row.source is None:
        return say("dns.requirement", what=what, state=state, by=by)
    return say("dns.requirement_by", what=what, state=state, by=by, source=row.source)
