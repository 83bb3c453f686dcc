"""A stored run as a report: so that a finding looks on these pages as it does in every report."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from mailwatch import __version__
from mailwatch.accepted import Accepted, IgnoreRule, mark_ignored
from mailwatch.catalog.catalog import Catalog
from mailwatch.history.store import Store
from mailwatch.history.stored import StoredFinding, StoredRun, StoredSeries
from mailwatch.judge.foresee import foresee
from mailwatch.judge.same_cause import join_causes
from mailwatch.model import (
    Check,
    Finding,
    Level,
    Past,
    Report,
    SourceState,
    State,
    Threshold,
)
from mailwatch.reports.groups import by_check
from mailwatch.reports.outline import NAMES_OTHERS
from mailwatch.reports.undecided import MOST_LISTED

MOST_DRAWN = 200
"""Findings that are given their days, of all that are drawn; a run can have many thousands."""
WORST_FIRST = (Level.BREACH, Level.WARN, Level.UNKNOWN, Level.OK)


def report_of(
    run: StoredRun, store: Store, catalog: Catalog, rules: tuple[IgnoreRule, ...] = ()
) -> Report:
    """What the run found, with the days of what is not ok, and the limits that hold now.

    What `rules` accepted on that day does not count.
    """
    stored, past = store.findings(run), store.past()
    findings = [finding_of(one, None, catalog, past) for one in stored]
    drawn = {finding.key for finding in _drawn(findings)}
    for place, (one, finding) in enumerate(zip(stored, findings, strict=True)):
        if finding.key in drawn:
            series = store.one_series(one.check, one.subject)
            findings[place] = finding_of(one, series, catalog, past)
    return Report(
        generated_at=datetime.fromisoformat(run.generated_at),
        version=__version__,
        findings=_without_accepted(_with_leaders(findings), rules, run.day),
        sources=tuple(SourceState(name, State(state)) for name, state in run.states.items()),
        verdict=run.verdict,
        exit_code=run.exit_code,
        subjects=tuple(_domains(stored)),
    )


def _drawn(findings: Sequence[Finding]) -> list[Finding]:
    """Those of which a report shows the days: of each check and level that is not ok the worst."""
    troubles = (level for level in WORST_FIRST if level is not Level.OK)
    groups = (group for level in troubles for group in by_check(findings, level))
    return [finding for group in groups for finding in group[:MOST_LISTED]][:MOST_DRAWN]


def finding_of(
    stored: StoredFinding, series: StoredSeries | None, catalog: Catalog, past: Past
) -> Finding:
    """The finding with the days of `series`, and with its forecast where they show one."""
    check = check_of(stored.check, stored.measurement.value, catalog)
    known = stored.check in catalog.checks
    measurement = stored.measurement
    if series is not None:
        measurement = replace(measurement, daily=series.counted())
    standing = past.standings.get((stored.check, stored.subject))
    finding = Finding(
        check,
        measurement,
        catalog.threshold(check, stored.subject) if known else Threshold(),
        stored.level,
        stored.reason,
        stored.cause,
        opened=standing.opened if standing else None,
    )
    finding = replace(finding, since=past.since(finding))
    (foreseen,) = foresee((finding,))
    return replace(finding, forecast=foreseen.forecast)


def check_of(name: str, value: float | str | None, catalog: Catalog) -> Check:
    """The check; of one that is not known any more its id, which is all that is left of it."""
    found = catalog.checks.get(name)
    if found is not None:
        return found
    title = {"en": name, "ja": name}
    none: tuple[str, ...] = ()
    return Check(
        name,
        name,
        title,
        "word" if isinstance(value, str) else "count",
        none if isinstance(value, str) else "higher",
        {"en": "", "ja": ""},
        {"en": none, "ja": none},
        (),
    )


def _with_leaders(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, those that the run joined with another one behind that one again."""
    given = tuple(findings)
    joined = join_causes(given)
    return tuple(
        replace(finding, follows=other.follows)
        if any(phrase.code == NAMES_OTHERS for phrase in finding.measurement.evidence)
        else finding
        for finding, other in zip(given, joined, strict=True)
    )


def _without_accepted(
    findings: tuple[Finding, ...], rules: tuple[IgnoreRule, ...], day: date
) -> tuple[Finding, ...]:
    """The findings, those marked that somebody accepted."""
    marked = mark_ignored(findings, Accepted(rules), day)
    return tuple(
        replace(finding, ignored=one.ignored) for finding, one in zip(findings, marked, strict=True)
    )


def _domains(stored: Iterable[StoredFinding]) -> Iterable[str]:
    """The domains that it is about."""
    return dict.fromkeys(domain for one in stored if (domain := one.subject.get("domain")))
