"""Which of several name servers is asked next.

Sound ones share the questions evenly. One that fails is asked less from then on, at once; that is
taken back where all others fail for the same question, since a domain whose own servers are broken
is nobody else's fault. One that has not said a word yet is given a few questions first, and more
with each answer.
"""

from dataclasses import dataclass
from random import Random

from mailwatch.resolver.servers import Server

FIRST_FEW = 8
"""Questions in flight to a server that has not answered yet."""
MOST = 512
"""Questions in flight to one server."""
LONGEST_PATIENCE = 2.0
"""Seconds that a first try waits for a server which takes its time for every question."""
_LEAST_WEIGHT = 0.02


@dataclass(slots=True, eq=False)
class ServerState:
    """What is known of a server."""

    server: Server
    weight: float = 1.0
    """How often it is chosen, beside the others."""
    allowed: int = FIRST_FEW
    """Questions that may be in flight to it."""
    in_flight: int = 0
    usual: float = 0.0
    """Seconds that it takes to answer, smoothed, and how much that varies (RFC 6298 §2)."""
    varies: float = 0.0

    def answered(self, seconds: float) -> None:
        """It gave an answer that can be used."""
        self.weight = min(1.0, self.weight * 1.1)
        self.allowed = min(MOST, self.allowed + 2)
        self.varies += (abs(seconds - self.usual) - self.varies) / 4
        self.usual += (seconds - self.usual) / 8

    def patience(self, least: float) -> float:
        """Seconds to wait for an answer: a server that is busy is not asked the same again."""
        return max(least, min(LONGEST_PATIENCE, self.usual + 4 * self.varies))

    def failed(self) -> None:
        """It did not answer, or failed."""
        self.weight = max(_LEAST_WEIGHT, self.weight / 2)
        self.allowed = max(2, self.allowed // 2)

    def absolved(self) -> None:
        """It failed, and so did all others: that was not its fault."""
        self.weight = min(1.0, self.weight * 2)
        self.allowed = min(MOST, self.allowed * 2)


class Balance:
    """Chooses by weight, at random: an order would be learnt by whoever forges answers."""

    def __init__(self, servers: tuple[Server, ...], random: Random) -> None:
        self.standings = [ServerState(server) for server in servers]
        self._random = random

    def choose(self, failed: list[ServerState]) -> ServerState | None:
        """The next to ask, not one of `failed` while there is another; None: wait for answers."""
        fresh = [one for one in self.standings if one not in failed] or self.standings
        chosen = self._random.choices(fresh, [one.weight for one in fresh])[0]
        if chosen.in_flight < chosen.allowed:
            return chosen
        # Another that is about as good; not one that has room because it fails.
        return next(
            (
                one
                for one in fresh
                if one.in_flight < one.allowed and one.weight >= chosen.weight / 2
            ),
            None,
        )
