"""Why something about a record is not known: there is nothing, or it could not be asked for."""

from dataclasses import dataclass

from mailwatch.model import Cause, Phrase


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why there is no value."""

    cause: Cause
    note: Phrase


def no_data(note: Phrase) -> Unknown:
    """There is nothing to measure."""
    return Unknown(Cause.NO_DATA, note)


def not_asked(failure: Phrase) -> Unknown:
    """A name that it depends on could not be asked for."""
    return Unknown(Cause.COULD_NOT_ASK, failure)
