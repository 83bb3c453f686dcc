"""Sources at work side by side, each in a daemon thread of its own.

A run that is out of time goes on without them, with what they have given so far: a thread pool
would hold the exit until the slowest of them returns.
"""

import queue
import threading
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from mailwatch.clock import Clock
from mailwatch.complete import fill_in, order_faults, order_measurements
from mailwatch.config import Config
from mailwatch.frozen import dataclass
from mailwatch.model import (
    Cause,
    Fault,
    Measurement,
    Phrase,
    SourceState,
    State,
    say,
)
from mailwatch.model.keepsake import NOTHING_KEPT, Kept
from mailwatch.sources import SOURCES, Source
from mailwatch.sources.job import Job
from mailwatch.sources.sightings import Sightings


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a run begins and ends, and which day it is about."""

    now: datetime
    """When the run began, aware."""
    as_of: date | None
    """The day to take as the newest complete one, in each source's own zone."""
    timeout: float
    """Seconds of wall clock that the sources have together."""
    kept: Kept = NOTHING_KEPT
    """What sources kept in earlier runs."""


class Watcher:
    """Hears of each source when it begins and when it is done. This one does nothing with it."""

    def begun(self, name: str, counts: Mapping[str, int]) -> None:
        """The source is at work; what it counts is in `counts`, which changes meanwhile."""

    def finished(self, name: str) -> None:
        """The source is done."""


def collect(
    config: Config,
    sources: Sequence[str],
    schedule: Schedule,
    clock: Clock,
    watcher: Watcher | None = None,
) -> tuple[tuple[SourceState, ...], list[Measurement]]:
    """The state of each of `sources`, and a measurement for every figure that is expected."""
    watcher = watcher or Watcher()
    deadline = clock.monotonic() + schedule.timeout
    done: queue.SimpleQueue[_Collecting] = queue.SimpleQueue()
    at_work: list[_Collecting] = []
    states: dict[str, SourceState] = {}
    reasons = {name: SOURCES[name].skipped(config, schedule.as_of) for name in sources}
    telling = (name for name in sources if SOURCES[name].ABOUT.tells_selectors)
    sightings = Sightings(name for name in telling if reasons[name] is None)
    for name, reason in reasons.items():
        if reason is not None:
            if SOURCES[name].ABOUT.quiet and SOURCES[name].skipped(config, None) is not None:
                continue
            states[name] = SourceState(name, State.SKIPPED, reason, counts=_no_counts(name))
            continue
        job = Job(
            schedule.now,
            schedule.as_of,
            deadline,
            clock,
            counts=Counter(_no_counts(name)),
            sightings=sightings,
            kept=schedule.kept,
        )
        at_work.append(_Collecting(name, SOURCES[name], config, job))
    for collecting in at_work:
        watcher.begun(collecting.name, collecting.job.counts)
        collecting.start(done)
    for _ in at_work:
        try:
            watcher.finished(done.get(timeout=max(0.0, deadline - clock.monotonic())).name)
        except queue.Empty:
            break
    measurements: list[Measurement] = []
    for collecting in at_work:
        states[collecting.name], taken = collecting.result(schedule.timeout)
        measurements += taken
    return tuple(states[name] for name in sources if name in states), measurements


def _no_counts(source: str) -> dict[str, int]:
    """What `source` counts, before it has counted anything."""
    return dict.fromkeys(SOURCES[source].ABOUT.counts, 0)


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
            # The traceback without the exception's own words: they may hold a secret.
            lines = "".join(traceback.format_tb(error.__traceback__))
            self.job.log.debug("%s failed: %s\n%s", self.name, type(error).__name__, lines)
            what = say("run.crashed", kind=type(error).__name__)
            self.job.take(Fault(Cause.COULD_NOT_ASK, what))
        if calls := self.job.so_far()[2].get("calls"):
            self.job.log.info("%s: %d calls", self.name, calls)
        self.job.sightings.end(self.name)
        self.seconds = self.job.clock.monotonic() - self._begun
        done.put(self)

    def result(self, timeout: float) -> tuple[SourceState, list[Measurement]]:
        """The source's state, and a measurement for every figure that is expected of it."""
        seconds = self.seconds
        taken, faults, counts = self.job.so_far()
        before = tuple(self.source.expected(self._config))
        # Read after the figures: one that is still at work is missing rather than forgotten.
        meanwhile = self.job.expected_so_far()
        expected = [
            pair for pair in dict.fromkeys((*before, *meanwhile)) if meanwhile.get(pair, True)
        ]
        faults = order_faults(faults, before)
        if seconds is None:
            what = say("run.out_of_time", seconds=f"{timeout:g}")
            faults = (*faults, Fault(Cause.COULD_NOT_ASK, what))
        filled = fill_in(expected, taken, faults)
        measurements = order_measurements((*taken, *filled), before)
        days = [m.window.last for m in taken if m.window and m.value is not None]
        state = SourceState(
            name=self.name,
            state=_state(taken, faults),
            error=_summary(faults),
            seconds=timeout if seconds is None else seconds,
            newest_day=max(days, default=None),
            counts=counts,
            note=self.job.note,
            records=self.job.records_so_far(),
            # Only of one that is done: what is kept has to be in the figures too.
            keepsakes=() if seconds is None else tuple(self.job.keepsakes),
            afterwards=() if seconds is None else tuple(self.job.afterwards),
        )
        return state, measurements


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
