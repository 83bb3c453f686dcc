"""The second step of judging: what only all findings together show.

One figure may explain another, or be about to pass its limit. A step may add evidence or a
forecast, raise `ok` to `warn`, and decide `unknown` as `ok` where others show enough; whatever else
would change the verdict belongs in the rules.
"""

from collections.abc import Callable, Iterable

from mailwatch.judge.disagreement import compare_sources
from mailwatch.judge.first_seen import note_first
from mailwatch.judge.foresee import foresee
from mailwatch.judge.pooling import pool
from mailwatch.judge.room_left import add_budgets
from mailwatch.judge.same_cause import join_causes
from mailwatch.model import Finding, Level

_CHANGES = ((Level.OK, Level.WARN), (Level.UNKNOWN, Level.OK))
Findings = tuple[Finding, ...]
Relating = Callable[[Findings], Findings]

STEPS: tuple[Relating, ...] = (
    pool,
    foresee,
    compare_sources,
    note_first,
    add_budgets,
    join_causes,
)
"""The steps of every run, in their order."""


def relate(findings: Iterable[Finding], steps: Iterable[Relating] = STEPS) -> Findings:
    """`findings` after each of `steps`: the same figures in the same order.

    Raises ValueError for a step that loses or adds a finding, or changes a level in another way
    than from `ok` to `warn`, or from `unknown` to `ok`.
    """
    found = tuple(findings)
    for step in steps:
        changed = step(found)
        if len(changed) != len(found):
            raise ValueError(f"{len(found)} findings became {len(changed)}")
        for before, after in zip(found, changed, strict=True):
            _compare(before, after)
        found = changed
    return found


def _compare(before: Finding, after: Finding) -> None:
    if before is after:
        return
    about = before.check.id, before.measurement.subject
    if about != (after.check.id, after.measurement.subject):
        raise ValueError(f"{before.check.id} became {after.check.id}, or has another subject")
    if after.level is not before.level and (before.level, after.level) not in _CHANGES:
        raise ValueError(f"{before.check.id} became {after.level}, and was {before.level}")
