"""The bounce rate of one hour of events, judged by the limits of the check."""

from collections.abc import Mapping

from mailwatch.catalog.catalog import Catalog
from mailwatch.judge.levels import judge
from mailwatch.model import ACCOUNT, Finding, Measurement

CHECK = "sendgrid.bounce_rate"


def ended(counts: Mapping[str, int]) -> int:
    """Messages of this hour that arrived or came back: what its rate is of.

    Not those that were processed: they end in another hour.
    """
    return sum(counts.get(kind, 0) for kind in ("delivered", "bounce", "blocked"))


def judge_hour(counts: Mapping[str, int], catalog: Catalog) -> Finding:
    """How the bounce rate of an hour compares with the limits; `counts` are by event."""
    check, n, k = catalog.checks[CHECK], ended(counts), counts.get("bounce", 0)
    value = k / n if n else None
    measurement = Measurement(check.metric, ACCOUNT, value, numerator=k, denominator=n)
    return judge(measurement, check, catalog.threshold(check, ACCOUNT))
