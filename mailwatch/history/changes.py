"""What changed between two runs, and what could have caused it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mailwatch.history.store import Store
from mailwatch.history.stored import StoredFinding, StoredRun
from mailwatch.judge.record_changes import RecordChange, record_changes
from mailwatch.model import Cause, Level, Subject

Kind = Literal["worse", "better", "recovered", "new", "gone", "unknown", "changed"]
_RANK = {Level.OK: 0, Level.WARN: 1, Level.BREACH: 2}
RECIPIENT_DOMAIN = "recipient_domain"
"""The key of a part that is no subject: SendGrid counts no mail by recipient domain, but a bounce
has an address."""
_SHARE = 0.5
"""A part that has this much of a rise is what rose."""


@dataclass(frozen=True, slots=True)
class FindingChange:
    """One finding, in the run before and now. None where there is none."""

    kind: Kind
    before: StoredFinding | None
    after: StoredFinding | None

    @property
    def either(self) -> StoredFinding:
        """The finding as it is, or as it was."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change of nothing")
        return found


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One setting. None where it was not there."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class NewSubject:
    """A category, a subuser, a provider … that the run before did not have."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class LargestPart:
    """The part of a whole (one recipient domain, one category) that most of a rise is in."""

    check: str
    key: str
    value: str
    share: float
    """Of the additional events, 0..1."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different in `after`."""

    before: StoredRun
    after: StoredRun
    findings: tuple[FindingChange, ...]
    records: tuple[RecordChange, ...]
    settings: tuple[SettingChange, ...]
    subjects: tuple[NewSubject, ...]
    parts: tuple[LargestPart, ...]

    @property
    def requirements(self) -> tuple[FindingChange, ...]:
        """The rows of Google's compliance table that changed."""
        return tuple(change for change in self.findings if change.either.subject.get("requirement"))

    @property
    def empty(self) -> bool:
        """True when nothing changed."""
        return not (self.findings or self.records or self.settings or self.subjects)


def compare_runs(store: Store, before: StoredRun, after: StoredRun) -> Difference:
    """What changed from `before` to `after`. A source that one of them did not ask is left out."""
    asked = {
        name
        for name, state in after.states.items()
        if state != "skipped" and before.states.get(name, "skipped") != "skipped"
    }
    old, new = (
        {
            (f.check, f.subject): f
            for f in store.findings(run)
            if f.measurement.metric.partition(".")[0] in asked
        }
        for run in (before, after)
    )
    changes = tuple(_finding_changes(old, new))
    known = {records.records.key: records for records in store.records(before)}
    now = [records.records for records in store.records(after)]
    return Difference(
        before,
        after,
        changes,
        tuple(record_changes(now, known)) if "dns" in asked else (),
        tuple(_setting_changes(before, after)),
        tuple(_new_subjects(old.values(), new.values())),
        tuple(_largest_parts(changes, old, new)),
    )


def last_runs(runs: Sequence[StoredRun]) -> list[StoredRun]:
    """The runs about their own time, the newest first."""
    return [run for run in reversed(runs) if run.as_of is None]


def run_before(newest: StoredRun, others: Iterable[StoredRun]) -> StoredRun | None:
    """The newest of `others` that asked the same sources; else the newest."""
    candidates = list(others)
    asked = _asked(newest)
    same = (run for run in candidates if _asked(run) >= asked)
    return next(same, candidates[0] if candidates else None)


def _asked(run: StoredRun) -> set[str]:
    return {name for name, state in run.states.items() if state != "skipped"}


Findings = Mapping[tuple[str, Subject], StoredFinding]


def _finding_changes(old: Findings, new: Findings) -> Iterator[FindingChange]:
    for about in dict.fromkeys((*new, *old)):
        before, after = old.get(about), new.get(about)
        kind = _kind(before, after)
        if kind is not None:
            yield FindingChange(kind, before, after)


def _kind(before: StoredFinding | None, after: StoredFinding | None) -> Kind | None:
    if before is None or after is None:
        there = after or before
        in_trouble = there is not None and there.level in (Level.WARN, Level.BREACH)
        return ("gone" if after is None else "new") if in_trouble else None
    if before.level is after.level:
        old, new = before.measurement.value, after.measurement.value
        words = isinstance(old, str) and isinstance(new, str)
        return "changed" if words and old != new else None
    if after.level is Level.UNKNOWN:
        return None if after.cause is Cause.TOO_LITTLE_MAIL else "unknown"
    return _between_judged(before.level, after.level)


def _between_judged(before: Level, after: Level) -> Kind | None:
    if before is Level.UNKNOWN:
        return "new" if after is not Level.OK else None
    if after is Level.OK:
        return "recovered"
    return "worse" if _RANK[after] > _RANK[before] else "better"


def _setting_changes(before: StoredRun, after: StoredRun) -> Iterator[SettingChange]:
    for name in sorted({*before.settings, *after.settings}):
        old, new = before.settings.get(name), after.settings.get(name)
        if old != new and not any(_needless(name, run) for run in (before, after)):
            yield SettingChange(name, old, new)


def _needless(name: str, run: StoredRun) -> bool:
    """True where `run` has no such setting because it did not measure what that is about."""
    kind, _, rest = name.partition(".")
    asked = rest.partition(".")[0] in run.states
    return kind == "thresholds" and name not in run.settings and not asked


def _new_subjects(
    old: Iterable[StoredFinding], new: Iterable[StoredFinding]
) -> Iterator[NewSubject]:
    known = {pair for finding in old for pair in finding.subject.pairs}
    found = dict.fromkeys(pair for finding in new for pair in finding.subject.pairs)
    for key, value in found:
        if (key, value) not in known and any(k == key for k, _ in known | {(key, "")}):
            yield NewSubject(key, value)


def _largest_parts(
    changes: Iterable[FindingChange], old: Findings, new: Findings
) -> Iterator[LargestPart]:
    """For each rate that got worse, the part that most of its additional events are in: one of each
    kind, as the same events may be of one category and at one provider."""
    for change in changes:
        rise, whole = _rise(change.before, change.after), change.after
        if change.kind not in ("worse", "new") or whole is None or rise <= 0:
            continue
        if not _went_up(change.before, whole):
            continue
        most: dict[str, tuple[int, str]] = {}
        for about, part in new.items():
            extra = [pair for pair in part.subject.pairs if pair not in whole.subject.pairs]
            same = part.check == whole.check
            if same and len(extra) == 1 and part.subject.includes(whole.subject):
                ((key, value),) = extra
                most[key] = max(most.get(key, (0, "")), (_rise(old.get(about), part), value))
        at_domain = _recipients_rise(change.before, whole)
        if at_domain is not None:
            most[RECIPIENT_DOMAIN] = at_domain
        for key, (events, value) in most.items():
            if events / rise >= _SHARE:
                yield LargestPart(whole.check, key, value, min(1.0, events / rise))


def _went_up(before: StoredFinding | None, after: StoredFinding) -> bool:
    """True for a rate that rose: where one fell (deliveries), its events are what went well."""
    old, new = before.measurement.value if before else None, after.measurement.value
    return isinstance(old, int | float) and isinstance(new, int | float) and new > old


def _recipients_rise(before: StoredFinding | None, after: StoredFinding) -> tuple[int, str] | None:
    """The recipient domain with the most additional events, and how many; None where one of the
    runs did not see where they were."""
    earlier = dict(before.measurement.recipients) if before else {}
    now = after.measurement.recipients
    if not now or (not earlier and before and before.measurement.numerator):
        return None
    return max((count - earlier.get(name, 0), name) for name, count in now)


def _rise(before: StoredFinding | None, after: StoredFinding | None) -> int:
    """How many more events there are now."""
    now = after.measurement.numerator if after else None
    return (now or 0) - ((before.measurement.numerator or 0) if before else 0)
