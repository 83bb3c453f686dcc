"""The figures of a domain: measured, without data, or not asked for, all in one shape each."""

from collections.abc import Sequence

from mailwatch.model import Cause, Fault, Measurement, Phrase, Subject

Taken = Measurement | Fault


def measured(
    metric: str, subject: Subject, value: float | str, evidence: Sequence[Phrase] = ()
) -> Measurement:
    """`metric` has `value`."""
    return Measurement(metric, subject, value=value, evidence=tuple(evidence))


def without_data(
    metric: str, subject: Subject, why: Phrase, evidence: Sequence[Phrase] = ()
) -> Measurement:
    """`metric` has no value, though nothing failed."""
    return Measurement(metric, subject, cause=Cause.NO_DATA, note=why, evidence=tuple(evidence))


def not_asked(
    metrics: Sequence[str], subject: Subject, failure: Phrase, evidence: Sequence[Phrase] = ()
) -> list[Taken]:
    """None of `metrics` has a value, since a name that they depend on could not be looked up."""
    cause = Cause.COULD_NOT_ASK
    return [
        *(
            Measurement(metric, subject, cause=cause, note=failure, evidence=tuple(evidence))
            for metric in metrics
        ),
        Fault(cause, failure, subject, tuple(metrics)),
    ]
