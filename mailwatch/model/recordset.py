"""What DNS had under one name, as a run saw it, and for how long it has been so."""

from datetime import date

from mailwatch.frozen import dataclass


@dataclass(frozen=True, slots=True)
class RecordSet:
    """The records of one name and type; none: it is certain that there are none."""

    name: str
    rdtype: str
    values: tuple[str, ...]
    """Sorted, safe to print, each cut to a length."""

    @property
    def key(self) -> tuple[str, str]:
        """What it is about."""
        return self.name, self.rdtype


@dataclass(frozen=True, slots=True)
class KnownRecords:
    """A record set that earlier runs saw, and the days (UTC) on which they saw it."""

    records: RecordSet
    first_seen: date
    last_seen: date
