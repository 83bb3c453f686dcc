"""A run: collect from every source at once, judge, and make the report.

    report = run(config, read_catalog(), Options(sources=("sendgrid", "dns")))

Each source works in a daemon thread of its own. A run that is out of time leaves them behind with
what they have handed over: a thread pool would hold the exit until the slowest of them returns.
"""

import queue
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from mailwatch import __version__
from mailwatch.catalog import Catalog
from mailwatch.clock import Clock
from mailwatch.config import Config
from mailwatch.judge import judge
from mailwatch.model import (
    Cause,
    Fault,
    Finding,
    Level,
    Measurement,
    Phrase,
    Report,
    SourceState,
    State,
    Subject,
    say,
)
from mailwatch.sources import SOURCES, Source
from mailwatch.sources.task import Task

FailOn = Literal["breach", "warn", "unknown", "never"]
FAILING: dict[FailOn, frozenset[Level]] = {
    "breach": frozenset({Level.BREACH}),
    "warn": frozenset({Level.WARN, Level.BREACH}),
    "unknown": frozenset({Level.UNKNOWN, Level.WARN, Level.BREACH}),
    "never": frozenset(),
}
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


def run(
    config: Config,
    catalog: Catalog,
    options: Options | None = None,
    clock: Clock | None = None,
    finished: Callable[[str], None] = lambda name: None,
) -> Report:
    """The report on everything in `config`. `finished` is told each source that is done.

    Never raises for what a source met: that is in the report.
    """
    options, clock = options or Options(), clock or Clock()
    now = clock.now()
    states, measurements = _collect(config, options, clock, now, finished)
    findings = tuple(_judge_all(measurements, catalog))
    return Report(
        generated_at=now,
        version=__version__,
        findings=findings,
        sources=states,
        verdict=reach_verdict(findings, states, strict=options.strict),
        exit_code=choose_exit_code(findings, states, options.fail_on, strict=options.strict),
        subjects=tuple(domain.name for domain in config.domains),
    )


def reach_verdict(
    findings: Iterable[Finding], states: Iterable[SourceState], *, strict: bool = False
) -> Level:
    """A breach if any finding is one, else unknown if a source failed, else the worst level with
    `unknown` counted as ok, unless nothing else is there."""
    levels = {finding.level for finding in findings}
    if Level.BREACH in levels:
        return Level.BREACH
    if any(_failed(state, strict) for state in states) or levels <= {Level.UNKNOWN}:
        return Level.UNKNOWN
    return Level.WARN if Level.WARN in levels else Level.OK


def choose_exit_code(
    findings: Iterable[Finding],
    states: Iterable[SourceState],
    fail_on: FailOn,
    *,
    strict: bool = False,
) -> int:
    """1 for a finding at or above `fail_on`, else 3 where a source could not be measured at all
    or none was asked, else 0."""
    if {finding.level for finding in findings} & FAILING[fail_on]:
        return 1
    states = tuple(states)
    nothing_asked = all(state.state is State.SKIPPED for state in states)
    if fail_on != "never" and (nothing_asked or any(_failed(state, strict) for state in states)):
        return 3
    return 0


def _failed(state: SourceState, strict: bool) -> bool:
    return state.state is State.FAILED or (strict and state.state is State.PARTIAL)


class _Collecting:
    """One source at work in its thread."""

    def __init__(self, name: str, source: Source, config: Config, task: Task) -> None:
        self.name = name
        self.source = source
        self.task = task
        self.seconds: float | None = None
        """How long it took; None while it is at work."""
        self._config = config
        self._begun = task.clock.monotonic()

    def start(self, done: "queue.SimpleQueue[_Collecting]") -> None:
        """Begins, and puts itself into `done` at the end."""
        threading.Thread(target=self._work, args=(done,), name=self.name, daemon=True).start()

    def _work(self, done: "queue.SimpleQueue[_Collecting]") -> None:
        try:
            self.source.collect(self._config, self.task)
        except Exception as error:  # noqa: BLE001  # a defect in one must not cost the others
            # The way there, without the exception's own words: they may hold a secret.
            way = "".join(traceback.format_tb(error.__traceback__))
            self.task.log.debug("%s failed: %s\n%s", self.name, type(error).__name__, way)
            what = say("run.crashed", kind=type(error).__name__)
            self.task.take(Fault(Cause.COULD_NOT_ASK, what))
        self.seconds = self.task.clock.monotonic() - self._begun
        done.put(self)

    def harvest(self, timeout: float) -> tuple[SourceState, list[Measurement]]:
        """The source's state, and a measurement for all that it owes one for."""
        seconds = self.seconds
        taken, faults, calls = self.task.so_far()
        owed = tuple(self.source.expected(self._config))
        faults = _nearest_first(faults, owed)
        if seconds is None:
            what = say("run.out_of_time", seconds=f"{timeout:g}")
            faults = (*faults, Fault(Cause.COULD_NOT_ASK, what))
        measurements = _in_order([*taken, *_fill_in(owed, taken, faults)], owed)
        days = [m.window.last for m in taken if m.window and m.value is not None]
        state = SourceState(
            name=self.name,
            state=_state(taken, faults),
            error=_summary(faults),
            seconds=timeout if seconds is None else seconds,
            newest_day=max(days, default=None),
            calls=calls,
            note=self.task.note,
        )
        return state, measurements


def _collect(
    config: Config,
    options: Options,
    clock: Clock,
    now: datetime,
    finished: Callable[[str], None],
) -> tuple[tuple[SourceState, ...], list[Measurement]]:
    deadline = clock.monotonic() + options.timeout
    done: queue.SimpleQueue[_Collecting] = queue.SimpleQueue()
    at_work: list[_Collecting] = []
    states: dict[str, SourceState] = {}
    for name in options.sources:
        reason = SOURCES[name].skipped(config, options.as_of)
        if reason is not None:
            states[name] = SourceState(name, State.SKIPPED, reason)
            continue
        task = Task(now, options.as_of, deadline, clock)
        at_work.append(_Collecting(name, SOURCES[name], config, task))
    for collecting in at_work:
        collecting.start(done)
    for _ in at_work:
        try:
            finished(done.get(timeout=max(0.0, deadline - clock.monotonic())).name)
        except queue.Empty:
            break
    measurements: list[Measurement] = []
    for collecting in at_work:
        states[collecting.name], taken = collecting.harvest(options.timeout)
        measurements += taken
    return tuple(states[name] for name in options.sources), measurements


def _in_order(
    measurements: list[Measurement], owed: tuple[tuple[str, Subject], ...]
) -> list[Measurement]:
    """In the order they are owed in, whichever answer came first: equal runs give equal reports.
    What nobody owes comes after that, by its metric and by what it is about."""
    places = {(metric, subject.pairs): n for n, (metric, subject) in enumerate(owed)}

    def place(measurement: Measurement) -> tuple[int, str, tuple[tuple[str, str], ...]]:
        metric, pairs = measurement.metric, measurement.subject.pairs
        for size in range(len(pairs), -1, -1):
            if (metric, pairs[:size]) in places:
                return places[metric, pairs[:size]], "", ()
        return len(places), metric, pairs[:1]

    return sorted(measurements, key=place)


def _nearest_first(
    faults: tuple[Fault, ...], owed: tuple[tuple[str, Subject], ...]
) -> tuple[Fault, ...]:
    """Those that name figures, then those that name a subject, then those of the whole source,
    each in the order of what they cover: whichever came first, equal runs give equal reports."""

    def place(fault: Fault) -> tuple[bool, bool, int]:
        places = (n for n, (metric, subject) in enumerate(owed) if fault.covers(metric, subject))
        return not fault.metrics, not fault.subject.pairs, next(places, len(owed))

    return tuple(sorted(faults, key=place))


def _fill_in(
    owed: Iterable[tuple[str, Subject]],
    taken: tuple[Measurement, ...],
    faults: tuple[Fault, ...],
) -> Iterator[Measurement]:
    """A measurement without a value, and why, for each metric and subject that has none."""
    for metric, subject in owed:
        if any(m.metric == metric and m.subject.includes(subject) for m in taken):
            continue
        fault = next((fault for fault in faults if fault.covers(metric, subject)), None)
        cause, note = (fault.cause, fault.what) if fault else (Cause.NO_DATA, None)
        yield Measurement(metric, subject, cause=cause, note=note)


def _state(taken: tuple[Measurement, ...], faults: tuple[Fault, ...]) -> State:
    if not faults:
        return State.OK
    measured = any(measurement.value is not None for measurement in taken)
    return State.PARTIAL if measured else State.FAILED


def _summary(faults: tuple[Fault, ...]) -> Phrase | None:
    """The first fault, and how many others there are."""
    different = list(dict.fromkeys(fault.what for fault in faults))
    if len(different) <= 1:
        return different[0] if different else None
    return say("run.some_failed", first=different[0], more=len(different) - 1)


def _judge_all(measurements: Iterable[Measurement], catalog: Catalog) -> Iterator[Finding]:
    """Every finding, the worst first."""
    findings = [
        judge(measurement, check, catalog.threshold(check, measurement.subject))
        for measurement in measurements
        for check in catalog.judging(measurement.metric)
    ]
    return iter(sorted(findings, key=lambda finding: WORST_FIRST.index(finding.level)))
