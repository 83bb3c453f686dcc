"""A report on a past day: what no source can be asked for any more comes from stored figures."""

from collections.abc import Sequence
from dataclasses import replace

from mailwatch.model import (
    Cause,
    Measurement,
    SourceState,
    State,
    StoredFigure,
    Subject,
    say,
)


def recall(
    states: Sequence[SourceState],
    measurements: Sequence[Measurement],
    figures: Sequence[StoredFigure],
    domains: frozenset[str],
) -> tuple[tuple[SourceState, ...], list[Measurement]]:
    """The states and measurements with the stored figures in the places that are empty.

    Only of sources that are in `states`, and of `domains`. What was measured stays, but for what
    stands in for a verdict of that time: Gmail's reputation is derived from the days where Google
    cannot be asked, and a stored verdict of Google's says more.
    """
    asked = {state.name for state in states}
    of_now = [m for m in measurements if m.value is not None and m.window is None]
    have = {(m.metric, m.subject) for m in of_now}
    stored = [
        figure
        for figure in figures
        if _source(figure.measurement) in asked
        and (figure.measurement.metric, figure.measurement.subject) not in have
        and (figure.measurement.subject.get("domain") or "") in domains | {""}
    ]
    by_metric: dict[str, list[Subject]] = {}
    for figure in stored:
        by_metric.setdefault(figure.measurement.metric, []).append(figure.measurement.subject)
    kept = [m for m in measurements if not _is_replaced(m, by_metric.get(m.metric, ()))]
    recalled = [
        replace(
            figure.measurement,
            evidence=(
                *figure.measurement.evidence,
                say("history.stored_on", day=str(figure.day)),
            ),
        )
        for figure in stored
    ]
    days = {_source(figure.measurement): figure.day for figure in stored}
    return (
        tuple(
            SourceState(
                state.name, State.OK, note=say("history.from_store", day=str(days[state.name]))
            )
            if state.state is State.SKIPPED and state.name in days
            else state
            for state in states
        ),
        [*kept, *recalled],
    )


def _source(measurement: Measurement) -> str:
    return measurement.metric.partition(".")[0]


def _is_replaced(measurement: Measurement, subjects: Sequence[Subject]) -> bool:
    """True for a figure of which there is a stored one, or, where nobody has it, stored parts."""
    if measurement.subject in subjects:
        return True
    if measurement.value is not None or measurement.cause is not Cause.NO_DATA:
        return False
    return any(subject.includes(measurement.subject) for subject in subjects)
