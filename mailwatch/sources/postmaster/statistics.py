"""Google's series made into measurements: each rate as it was on its newest day with data.

Google publishes rates without counts, so there is nothing to pool and no interval to give.
"""

from collections.abc import Iterator, Mapping

from mailwatch.model import Cause, Day, Fault, Measurement, Phrase, Subject, Window, say
from mailwatch.sources.postmaster import metrics
from mailwatch.sources.postmaster.query import REJECT, TEMP_FAIL, Series

BY_REASON = (
    (metrics.REJECTIONS_BY_REASON, REJECT),
    (metrics.TEMPORARY_FAILURES_BY_REASON, TEMP_FAIL),
)


def measure_statistics(
    domain: str, series: Mapping[str, Series], days: Window
) -> Iterator[Measurement | Fault]:
    """A measurement for each rate and for each reason that Google has figures of, and a fault
    where rows could not be used."""
    whole = Subject.of(domain=domain)
    for metric in metrics.RATES:
        yield _measure(metric, whole, series.get(metric, Series()), days)
    for metric, prefix in BY_REASON:
        labels = [label for label in series if label.startswith(prefix)]
        for label in labels:
            subject = Subject.of(domain=domain, reason=label.removeprefix(prefix))
            yield _measure(metric, subject, series[label], days)
        if not labels:
            yield _measure(metric, whole, Series(), days)
    yield from _find_broken(whole, series)


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
