"""Sources at work side by side, and what they owed but did not measure.

Each source works in a daemon thread of its own. A run that is out of time leaves them behind with
what they have handed over: a thread pool would hold the exit until the slowest of them returns.
"""

import queue
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mailwatch.clock import Clock
from mailwatch.config import Config
from mailwatch.model import (
    Cause,
    Fault,
    Measurement,
    Phrase,
    SourceState,
    State,
    Subject,
    say,
)
from mailwatch.sources import SOURCES, Source
from mailwatch.sources.job import Job


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a run begins and ends, and which day it is about."""

    now: datetime
    """When the run began, aware."""
    as_of: date | None
    """The day to take as the newest complete one, in each source's own zone."""
    timeout: float
    """Seconds of wall clock that the sources have together."""


def collect(
    config: Config,
    sources: Sequence[str],
    schedule: Schedule,
    clock: Clock,
    finished: Callable[[str], None] = lambda name: None,
) -> tuple[tuple[SourceState, ...], list[Measurement]]:
    """The state of each of `sources`, and what they measured or owed.

    `finished` is called with the name of each source that is done.
    """
    deadline = clock.monotonic() + schedule.timeout
    done: queue.SimpleQueue[_Collecting] = queue.SimpleQueue()
    at_work: list[_Collecting] = []
    states: dict[str, SourceState] = {}
    for name in sources:
        reason = SOURCES[name].skipped(config, schedule.as_of)
        if reason is not None:
            states[name] = SourceState(name, State.SKIPPED, reason)
            continue
        job = Job(schedule.now, schedule.as_of, deadline, clock)
        at_work.append(_Collecting(name, SOURCES[name], config, job))
    for collecting in at_work:
        collecting.start(done)
    for _ in at_work:
        try:
            finished(done.get(timeout=max(0.0, deadline - clock.monotonic())).name)
        except queue.Empty:
            break
    measurements: list[Measurement] = []
    for collecting in at_work:
        states[collecting.name], taken = collecting.result(schedule.timeout)
        measurements += taken
    return tuple(states[name] for name in sources), measurements


class _Collecting:
    """One source at work in its thread."""

    def __init__(self, name: str, source: Source, config: Config, job: Job) -> None:
        self.name = name
        self.source = source
        self.job = job
        self.seconds: float | None = None
        """How long it took; None while it is at work."""
        self._config = config
        self._begun = job.clock.monotonic()

    def start(self, done: "queue.SimpleQueue[_Collecting]") -> None:
        """Begins, and puts itself into `done` at the end."""
        threading.Thread(target=self._work, args=(done,), name=self.name, daemon=True).start()

    def _work(self, done: "queue.SimpleQueue[_Collecting]") -> None:
        try:
            self.source.collect(self._config, self.job)
        except Exception as error:  # noqa: BLE001  # a defect in one must not cost the others
            # The way there, without the exception's own words: they may hold a secret.
            way = "".join(traceback.format_tb(error.__traceback__))
            self.job.log.debug("%s failed: %s\n%s", self.name, type(error).__name__, way)
            what = say("run.crashed", kind=type(error).__name__)
            self.job.take(Fault(Cause.COULD_NOT_ASK, what))
        self.seconds = self.job.clock.monotonic() - self._begun
        done.put(self)

    def result(self, timeout: float) -> tuple[SourceState, list[Measurement]]:
        """The source's state, and a measurement for all that it owes one for."""
        seconds = self.seconds
        taken, faults, calls = self.job.so_far()
        absent = self.job.absent.copy()
        owed = tuple(o for o in self.source.expected(self._config) if o not in absent)
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
            note=self.job.note,
        )
        return state, measurements


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
