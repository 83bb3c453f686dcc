"""The figures of a domain: measured, without data, or not asked for, all in one shape each."""

from collections.abc import Sequence
from dataclasses import dataclass

from mailwatch.inert import inert
from mailwatch.model import Cause, Fault, Measurement, Phrase, Subject

Figure = Measurement | Fault


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a figure has no value."""

    cause: Cause
    note: Phrase


def no_data(note: Phrase) -> Gap:
    """There is nothing to measure."""
    return Gap(Cause.NO_DATA, note)


def not_asked(failure: Phrase) -> Gap:
    """A name that it depends on could not be asked for."""
    return Gap(Cause.COULD_NOT_ASK, failure)


def measured(
    metric: str, subject: Subject, value: float | str, evidence: Sequence[Phrase] = ()
) -> Measurement:
    """`metric` has `value`."""
    return Measurement(metric, subject, value=value, evidence=tuple(evidence))


def lacking(
    metrics: Sequence[str], subject: Subject, gap: Gap, evidence: Sequence[Phrase] = ()
) -> list[Figure]:
    """None of `metrics` has a value; a fault stands beside them where they were not asked for."""
    figures: list[Figure] = [
        Measurement(metric, subject, cause=gap.cause, note=gap.note, evidence=tuple(evidence))
        for metric in metrics
    ]
    if gap.cause is Cause.COULD_NOT_ASK:
        figures.append(Fault(gap.cause, gap.note, subject, tuple(metrics)))
    return figures


def shown(text: str) -> str:
    """A TXT record or a name as it came (one character an octet), made harmless to print."""
    return inert(text.encode("latin-1", "replace"))
