"""What the answers have shown so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from mailwatch.model import Phrase, Subject
from mailwatch.sources.sendgrid.daily_counts import Statistics
from mailwatch.sources.sendgrid.ips import DedicatedAddress
from mailwatch.sources.sendgrid.recipients import Tally
from mailwatch.sources.sendgrid.segments import Subuser
from mailwatch.warmup.progress import Sent


@dataclass(slots=True)
class Found:
    """Later questions and figures rest on it. A name is written by one answer only."""

    statistics: Statistics = field(default_factory=dict)
    subusers: tuple[Subuser, ...] = ()
    categories: tuple[str, ...] = ()
    sent: dict[str, Mapping[date, Sent]] = field(default_factory=dict)
    """What each subuser sent by day."""
    tallies: dict[tuple[Subject, str], Tally] = field(default_factory=dict)
    """The suppression lists that were read: whose, and which."""
    classified: dict[Subject, Phrase] = field(default_factory=dict)
    addresses: tuple[DedicatedAddress, ...] = ()
