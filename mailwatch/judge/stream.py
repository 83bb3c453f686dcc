"""Many measurements, judged one after the other."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mailwatch.catalog.catalog import Catalog
from mailwatch.judge.levels import judge
from mailwatch.model import Finding, Measurement, Past

NOTHING_KNOWN = Past()


def judge_all(
    measurements: Iterable[Measurement], catalog: Catalog, past: Past = NOTHING_KNOWN
) -> Iterator[Finding]:
    """Each finding, in the order of `measurements`: one for every check that judges the metric.

    A measurement is not asked for before its findings are, and none is kept: a stream of any
    length takes no more memory than one measurement.
    """
    for measurement in measurements:
        for check in catalog.judging(measurement.metric):
            threshold = catalog.threshold(check, measurement.subject)
            finding = judge(measurement, check, threshold)
            since = past.since(finding)
            yield finding if since is None else replace(finding, since=since)
