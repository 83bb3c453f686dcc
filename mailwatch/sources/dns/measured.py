"""The items of a domain: measured, without data, or not asked for, all in one shape each."""

from collections.abc import Sequence

from mailwatch.mailauth.unknown import Unknown
from mailwatch.model import Cause, Fault, Measurement, Phrase, Subject

Taken = Measurement | Fault


def measured(
    metric: str, subject: Subject, value: float | str, evidence: Sequence[Phrase] = ()
) -> Measurement:
    """`metric` has `value`."""
    return Measurement(metric, subject, value=value, evidence=tuple(evidence))


def lacking(
    metrics: Sequence[str], subject: Subject, gap: Unknown, evidence: Sequence[Phrase] = ()
) -> list[Taken]:
    """None of `metrics` has a value; a fault stands beside them where they were not asked for."""
    items: list[Taken] = [
        Measurement(metric, subject, cause=gap.cause, note=gap.note, evidence=tuple(evidence))
        for metric in metrics
    ]
    if gap.cause is Cause.COULD_NOT_ASK:
        items.append(Fault(gap.cause, gap.note, subject, tuple(metrics)))
    return items
