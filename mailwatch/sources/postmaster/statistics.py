"""Google's series made into measurements: each rate as it stood on its newest day with data.

Google publishes rates without counts, so there is nothing to pool and no interval to give.
"""

from collections.abc import Iterator, Mapping

from mailwatch.model import Cause, Day, Measurement, Subject, Window, say
from mailwatch.sources.postmaster import metrics
from mailwatch.sources.postmaster.query import REJECT, TEMP_FAIL, Series

BY_REASON = (
    (metrics.REJECTIONS_BY_REASON, REJECT),
    (metrics.TEMPORARY_FAILURES_BY_REASON, TEMP_FAIL),
)


def measure_statistics(
    domain: str, series: Mapping[str, Series], days: Window
) -> Iterator[Measurement]:
    """A measurement for each rate, and for each reason that Google has figures of."""
    whole = Subject.of(domain=domain)
    for metric in metrics.RATES:
        yield _measure(metric, whole, series.get(metric, {}), days)
    for metric, prefix in BY_REASON:
        labels = [label for label in series if label.startswith(prefix)]
        for label in labels:
            subject = Subject.of(domain=domain, reason=label.removeprefix(prefix))
            yield _measure(metric, subject, series[label], days)
        if not labels:
            yield _measure(metric, whole, {}, days)


def _measure(metric: str, subject: Subject, series: Series, days: Window) -> Measurement:
    if not series:
        note = say("postmaster.no_data", first=days.first, last=days.last)
        return Measurement(
            metric, subject, cause=Cause.NO_DATA, note=note, complete_until=days.last
        )
    newest = max(series)
    return Measurement(
        metric,
        subject,
        value=series[newest],
        window=Window(newest, newest),
        daily=tuple(Day(day, series[day]) for day in sorted(series)),
        complete_until=days.last,
    )
