"""What a source has read once and may never be able to read again, kept for later runs."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

from mailwatch.frozen import dataclass

KEPT_DAYS = 100
"""Days after its own that something is kept."""


@dataclass(frozen=True, slots=True)
class Keepsake:
    """One thing that was read, in its source's own words."""

    place: str
    """Where it was read, without a secret."""
    id: int
    """The same for the same thing: a number of 64 bits, with a sign."""
    day: date
    body: str


class Kept(Protocol):
    """What earlier runs kept. What cannot be read is not there, and the run is not stored then."""

    def ids(self, place: str) -> frozenset[int]:
        """The ids of everything that was read at `place`."""
        ...

    def bodies(self, place: str, ids: Sequence[int]) -> Iterator[str]:
        """The bodies of some of it."""
        ...


class NothingKept:
    """As where nothing is stored."""

    def ids(self, place: str) -> frozenset[int]:
        """None."""
        return frozenset()

    def bodies(self, place: str, ids: Sequence[int]) -> Iterator[str]:
        """None."""
        return iter(())


NOTHING_KEPT = NothingKept()
