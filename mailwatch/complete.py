"""What was expected of a source but not measured, and everything in one order. Pure.

Which answer comes first is chance, so nothing here depends on it: equal runs give equal reports.
Every step takes time in proportion to what it is given.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Generic, TypeVar

from mailwatch.model import Cause, Fault, Measurement, Subject, SubjectIndex
from mailwatch.model.subject import Pairs
from mailwatch.sources.job import Expected

T = TypeVar("T")


def fill_in(
    expected: Iterable[Expected], taken: Iterable[Measurement], faults: Iterable[Fault]
) -> Iterator[Measurement]:
    """A measurement without a value, and why, for each metric and subject that has none.

    Only a measurement of exactly that subject counts: the figure of a part says nothing about the
    whole. The reason is the nearest fault: first those that name the metric, then those of all
    metrics, each with the most specific subject first, else in the order given.
    """
    measured = {(measurement.metric, measurement.subject) for measurement in taken}
    nearest: _Index[Fault] = _Index()
    for fault in faults:
        for name in fault.metrics or (None,):
            nearest.setdefault(name, fault.subject, fault)
    for metric, subject in expected:
        if (metric, subject) in measured:
            continue
        why = next(nearest.covering(metric, subject), None)
        cause, note = (why.cause, why.what) if why else (Cause.NO_DATA, None)
        yield Measurement(metric, subject, cause=cause, note=note)


def order_measurements(
    measurements: Iterable[Measurement], expected: Sequence[Expected]
) -> list[Measurement]:
    """In the order of `expected`, each part behind the figure of its whole.

    What is neither comes last, by metric and subject.
    """
    last = len(expected)
    places = {pair: place for place, pair in enumerate(expected)}
    at: list[list[Measurement]] = [[] for _ in range(last + 1)]
    parts = []
    for measurement in measurements:
        place = places.get((measurement.metric, measurement.subject))
        if place is None:
            parts.append(measurement)
        else:
            at[place].append(measurement)
    wholes: dict[str, SubjectIndex[int]] = {}
    for (metric, subject), place in places.items() if parts else ():
        wholes.setdefault(metric, SubjectIndex()).setdefault(subject, place)
    for part in parts:
        found = wholes[part.metric].included(part.subject) if part.metric in wholes else iter(())
        at[next(found, last)].append(part)
    return [measurement for some in at for measurement in _sorted(some)]


def _sorted(measurements: list[Measurement]) -> list[Measurement]:
    """By metric, subject, and everything else that can differ."""
    if len(measurements) < 2:
        return measurements
    ordered = []
    measurements.sort(key=_about)
    for _, group in groupby(measurements, key=_about):
        same = list(group)
        ordered += sorted(same, key=repr) if len(same) > 1 else same
    return ordered


def _about(measurement: Measurement) -> tuple[str, Pairs]:
    return measurement.metric, measurement.subject.pairs


def order_faults(faults: Iterable[Fault], expected: Sequence[Expected]) -> tuple[Fault, ...]:
    """Those that name metrics, then those that name a subject, then those of the whole source,
    each in the order of what they cover."""
    index: _Index[tuple[str | None, Subject]] = _Index()
    given = tuple(faults)
    for fault in given:
        for name in fault.metrics or (None,):
            index.setdefault(name, fault.subject, (name, fault.subject))
    first: dict[tuple[str | None, Subject], int] = {}
    for place, (metric, subject) in enumerate(expected):
        for covering in index.covering(metric, subject):
            first.setdefault(covering, place)

    def key(fault: Fault) -> tuple[bool, bool, int, str]:
        named = fault.metrics or (None,)
        place = min(first.get((name, fault.subject), len(expected)) for name in named)
        return not fault.metrics, not fault.subject.pairs, place, repr(fault)

    return tuple(sorted(given, key=key))


class _Index(Generic[T]):
    """Values by what a fault covers: a metric, or None for all of them, and a subject."""

    def __init__(self) -> None:
        self._subjects: dict[str | None, SubjectIndex[T]] = {}

    def setdefault(self, metric: str | None, subject: Subject, value: T) -> None:
        """Keeps `value`, unless there is one."""
        self._subjects.setdefault(metric, SubjectIndex()).setdefault(subject, value)

    def covering(self, metric: str, subject: Subject) -> Iterator[T]:
        """The values that cover `metric` of `subject`, the nearest first."""
        for name in (metric, None):
            if name in self._subjects:
                yield from self._subjects[name].included(subject)
