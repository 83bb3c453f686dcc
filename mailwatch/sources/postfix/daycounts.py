"""What a log says, added up by day, recipient domain and relay, in bounded memory."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

PROCESSED, DELIVERED, DEFERRED, BOUNCED, EXPIRED = range(5)
"""The places of a row. Recipients; `DEFERRED` are attempts."""
Row = list[int]
MOST_NAMES = 4000
"""Domains, and relays, that are counted by name on one day, at most."""
OTHERS = b""
"""The name that stands for all that are not counted by name."""
REFUSED_BY_POLICY = b"5.7."


@dataclass(slots=True)
class DayCounts:
    """One day."""

    most_names: int = MOST_NAMES
    domains: dict[bytes, Row] = field(default_factory=dict)
    relays: dict[bytes, Row] = field(default_factory=dict)
    delays: Counter[float] = field(default_factory=Counter)
    """Recipients by the seconds to their delivery, in two significant digits."""
    policy: int = 0
    """Bounces with a status of 5.7: refused for policy or reputation."""

    def domain(self, name: bytes) -> Row:
        """The row of a recipient domain, made if need be."""
        return _row(self.domains, name, self.most_names)

    def relay(self, name: bytes) -> Row:
        """The row of a relay, made if need be."""
        return _row(self.relays, name, self.most_names)

    def total(self) -> Row:
        """All recipients of the day."""
        return add_up(self.domains.values())

    def add(self, other: "DayCounts") -> None:
        """Adds what was counted of the same day in another place."""
        for mine, more in ((self.domains, other.domains), (self.relays, other.relays)):
            for name, row in more.items():
                own = _row(mine, name, self.most_names)
                for place, number in enumerate(row):
                    own[place] += number
        self.delays.update(other.delays)
        self.policy += other.policy

    def forget_names(self) -> None:
        """Keeps the sums alone: for a day that is too old to be looked at closely."""
        self.domains, self.relays = {OTHERS: self.total()}, {}
        self.most_names = 0


def _row(rows: dict[bytes, Row], name: bytes, most: int) -> Row:
    row = rows.get(name)
    if row is None:
        if len(rows) >= most:
            name = OTHERS
        row = rows.setdefault(name, [0, 0, 0, 0, 0])
    return row


def add_up(rows: Iterable[Row]) -> Row:
    """The sums."""
    total = [0, 0, 0, 0, 0]
    for row in rows:
        for place, number in enumerate(row):
            total[place] += number
    return total
