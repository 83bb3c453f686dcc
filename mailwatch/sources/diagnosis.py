"""What `mailwatch doctor` finds: one thing that works or does not, and the way to mend it."""

from dataclasses import dataclass

from mailwatch.model import Phrase


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was tried."""

    what: Phrase
    works: bool | None
    """None: it works, but there is something to say about it."""
    detail: Phrase
    """How it was found, or what is wrong and how to mend it."""
