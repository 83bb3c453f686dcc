"""Google's series made into measurements: each rate as it was on its newest day with data.

Google publishes rates without counts, so there is nothing to pool and no interval to give.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from statistics import median

from mailwatch.model import (
    PUBLISHED_DECIMALS,
    Cause,
    Day,
    Fault,
    Measurement,
    Phrase,
    Subject,
    Window,
    say,
)
from mailwatch.sources.postmaster import metrics
from mailwatch.sources.postmaster.query import REJECT, TEMP_FAIL, Series

BY_REASON = (
    (metrics.REJECTIONS_BY_REASON, REJECT),
    (metrics.TEMPORARY_FAILURES_BY_REASON, TEMP_FAIL),
)


NO_OLDER: Mapping[str, Series] = {}


def measure_statistics(
    domain: str,
    series: Mapping[str, Series],
    days: Window,
    older: Mapping[str, Series] = NO_OLDER,
) -> Iterator[Measurement | Fault]:
    """A measurement for each rate and for each reason that Google has figures of, and a fault
    where rows could not be used.

    `older` are the days before `days`: no figure is judged by them, they show what was usual.
    """
    whole = Subject.of(domain=domain)
    for metric in metrics.RATES:
        measured = _measure(metric, whole, series.get(metric, Series()), days)
        yield add_older(measured, older.get(metric, Series()).rates)
    for metric, prefix in BY_REASON:
        labels = [label for label in series if label.startswith(prefix)]
        for label in labels:
            subject = Subject.of(domain=domain, reason=label.removeprefix(prefix))
            measured = _measure(metric, subject, series[label], days)
            yield add_older(measured, older.get(label, Series()).rates)
        if not labels:
            yield _measure(metric, whole, Series(), days)
    yield from _find_broken(whole, series)


def add_older(measured: Measurement, older: Mapping[date, float]) -> Measurement:
    """The same figure with the days before it in its series, and what they were like.

    Published rates have no counts to pool, and a mean of percentages would be wrong: what is
    named is the middle one and the highest.
    """
    if not older:
        return measured
    shown = tuple(Day(day, older[day]) for day in sorted(older)) + measured.daily
    highest = max(older, key=lambda day: (older[day], day))
    usual = say(
        "postmaster.older_days",
        days=len(older),
        first=min(older),
        last=max(older),
        median=_percent(median(older.values())),
        highest=_percent(older[highest]),
        day=highest,
    )
    return replace(measured, daily=shown, evidence=(*measured.evidence, usual))


def _percent(rate: float) -> str:
    return f"{round(rate * 100, PUBLISHED_DECIMALS - 2):g} %"


def _measure(metric: str, subject: Subject, series: Series, days: Window) -> Measurement:
    rates = series.rates
    if not rates:
        cause, note = _no_rate(metric, series, days)
        return Measurement(metric, subject, cause=cause, note=note, complete_until=days.last)
    newest = max(rates)
    return Measurement(
        metric,
        subject,
        value=rates[newest],
        window=Window(newest, newest),
        daily=tuple(Day(day, rates[day]) for day in sorted(rates)),
        complete_until=days.last,
    )


def _no_rate(metric: str, series: Series, days: Window) -> tuple[Cause, Phrase]:
    """Why there is no rate: Google has none, or sent nothing that can be used."""
    if series.reason is None:
        return Cause.NO_DATA, say("postmaster.no_data", first=days.first, last=days.last)
    return Cause.COULD_NOT_ASK, _rows_broken(series.broken, metric, series.reason)


def _find_broken(domain: Subject, series: Mapping[str, Series]) -> Iterator[Fault]:
    """One fault for all rows of the domain that could not be used."""
    broken = [
        (_metric_of(label), one.broken, one.reason) for label, one in series.items() if one.reason
    ]
    if broken:
        first, _, reason = broken[0]
        rows = sum(count for _, count, _ in broken)
        metrics = tuple(dict.fromkeys(metric for metric, _, _ in broken))
        yield Fault(Cause.COULD_NOT_ASK, _rows_broken(rows, first, reason), domain, metrics)


def _rows_broken(rows: int, metric: str, reason: Phrase) -> Phrase:
    return say("postmaster.rows_broken", rows=rows, metric=metric, reason=reason)


def _metric_of(label: str) -> str:
    """The metric that a series is of: a label is a metric, or a prefix and a reason."""
    return next((metric for metric, prefix in BY_REASON if label.startswith(prefix)), label)
