"""A run: collect from every source at once, judge, and make the report.

report = run(config, read_catalog(), Options(sources=("sendgrid", "dns")))
"""

from datetime import UTC, date

from mailwatch import __version__
from mailwatch.accepted import Accepted, KnownFindings, mark_ignored
from mailwatch.catalog.catalog import Catalog
from mailwatch.clock import Clock
from mailwatch.collect import Schedule, Watcher, collect
from mailwatch.config import Config
from mailwatch.frozen import dataclass
from mailwatch.judge import judge_all, relate
from mailwatch.judge.earlier_days import add_earlier_days
from mailwatch.judge.recall import recall
from mailwatch.judge.record_changes import explain_records
from mailwatch.judge.standing import compare_with_past
from mailwatch.judge.transitions import note_transition
from mailwatch.model import Level, Past, Phrase, Report
from mailwatch.sources import SOURCES
from mailwatch.sources.dns.sender_requirements import complete_requirements
from mailwatch.verdict import FailOn, choose_exit_code, mark_outdated, reach_verdict

WORST_FIRST = (Level.BREACH, Level.WARN, Level.UNKNOWN, Level.OK)


@dataclass(frozen=True, slots=True)
class Options:
    """How to run."""

    sources: tuple[str, ...] = tuple(SOURCES)
    as_of: date | None = None
    """The day to take as the newest complete one, in each source's own zone."""
    timeout: float = 60.0
    """Seconds of wall clock that the sources have together."""
    fail_on: FailOn = "breach"
    strict: bool = False
    """True counts a source that is partial as failed."""
    baseline: KnownFindings | None = None
    """What does not count, besides what the configuration ignores."""


def run(
    config: Config,
    catalog: Catalog,
    options: Options | None = None,
    clock: Clock | None = None,
    watcher: Watcher | None = None,
    past: Past | None = None,
) -> Report:
    """The report on everything in `config`, the worst findings first.

    `watcher` hears of each source that begins and that is done; `past` is what earlier runs found.
    Never raises for what a source met: that is in the report. Once the report is where it has to
    be, `finish` is to be called with it.
    """
    options, clock = options or Options(), clock or Clock()
    now, past = clock.now(), past or Past()
    schedule = Schedule(now, options.as_of, options.timeout, past.kept)
    states, measurements = collect(config, options.sources, schedule, clock, watcher)
    measurements = complete_requirements(measurements)
    if options.as_of is not None:
        domains = frozenset(domain.name for domain in config.domains)
        states, measurements = recall(states, measurements, past.figures, domains)
    records = [records for state in states for records in state.records]
    measurements = explain_records(measurements, records, past, now.astimezone(UTC).date())
    judged = add_earlier_days(tuple(judge_all(measurements, catalog, past)), past.older_days)
    related = (compare_with_past(note_transition(f, past), past) for f in relate(judged))
    marked = mark_ignored(related, Accepted(config.ignore, options.baseline), now.date())
    findings = tuple(sorted(marked, key=lambda finding: WORST_FIRST.index(finding.level)))
    states = tuple(mark_outdated(states, findings))
    counted = [finding for finding in findings if finding.ignored is None]
    return Report(
        generated_at=now,
        version=__version__,
        findings=findings,
        sources=states,
        verdict=reach_verdict(counted, states, strict=options.strict),
        exit_code=choose_exit_code(counted, states, options.fail_on, strict=options.strict),
        subjects=tuple(domain.name for domain in config.domains),
    )


def finish(report: Report) -> tuple[Phrase, ...]:
    """Does what the sources left for after the report, such as moving the messages that were read;
    what went wrong with it."""
    said = [work() for state in report.sources for work in state.afterwards]
    return tuple(problem for problem in said if problem is not None)
