"""How a server is made to fail: rules that say what, where and how often, and common faults.

A rule names a service, a path prefix (HTTP) or a name (DNS), and a behaviour. The first rule that
matches and has times left is played, and nothing else; without one the server answers truly.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

Service = Literal["sendgrid", "postmaster", "token", "dns"]


class Wire(Protocol):
    """One HTTP exchange whose request was read, and the raw connection to answer on."""

    def send(self, data: bytes) -> None:
        """Writes octets at once."""

    def head(self, status: int, headers: tuple[tuple[str, str], ...]) -> None:
        """Writes a status line and headers."""

    def rest(self, seconds: float | None) -> bool:
        """Waits (None: until the server stops); True when the server stops meanwhile."""

    def close(self) -> None:
        """Closes the connection after this exchange."""


@dataclass(frozen=True, slots=True)
class DnsQuery:
    """One DNS question, the true answer to it, and the answer with its CNAMEs not looked into."""

    wire: bytes
    udp: bool
    honest: Callable[[], bytes | None]
    unfollowed: Callable[[], bytes | None]
    rest: Callable[[float | None], bool]


@runtime_checkable
class HttpFault(Protocol):
    """What happens instead of an HTTP answer."""

    def play(self, wire: Wire) -> bool:
        """Plays it; False when the true answer is to follow."""


@runtime_checkable
class DnsFault(Protocol):
    """What happens instead of a DNS answer."""

    def reply(self, query: DnsQuery) -> bytes | None:
        """The octets to answer with; None for none at all (over TCP the connection is cut)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One fault: on which service, where, for how many requests (None: all)."""

    service: Service
    behaviour: HttpFault | DnsFault
    match: str = ""
    """The start of the path, or the whole name asked for; empty: everything."""
    rdtype: str | None = None
    times: int | None = None

    def __post_init__(self) -> None:
        """Refuses a behaviour that the service cannot have."""
        wanted = DnsFault if self.service == "dns" else HttpFault
        if not isinstance(self.behaviour, wanted):
            raise TypeError(f"{type(self.behaviour).__name__} is not a fault of {self.service}")

    def matches(self, service: str, where: str, rdtype: str | None) -> bool:
        """True when this rule speaks of such a request."""
        if service != self.service or self.rdtype not in (None, rdtype):
            return False
        if service == "dns":
            return self.match.lower().rstrip(".") in ("", where.lower().rstrip("."))
        return where.startswith(self.match)


class Faults:
    """Rules in order, and how often each has been played. Safe in threads; may grow at any time."""

    def __init__(self, *rules: Rule) -> None:
        """Begins with `rules`."""
        self._lock = threading.Lock()
        self._rules = [(rule, [rule.times]) for rule in rules]

    def add(self, *rules: Rule) -> None:
        """Adds rules after those that are there."""
        with self._lock:
            self._rules += [(rule, [rule.times]) for rule in rules]

    def clear(self) -> None:
        """Takes all rules away: the server answers correctly again."""
        with self._lock:
            self._rules.clear()

    def pick(
        self, service: Service, where: str, rdtype: str | None = None
    ) -> HttpFault | DnsFault | None:
        """The behaviour to play on this request, which counts as played; None for none."""
        with self._lock:
            for rule, left in self._rules:
                if left[0] == 0 or not rule.matches(service, where, rdtype):
                    continue
                if left[0] is not None:
                    left[0] -= 1
                return rule.behaviour
        return None


@dataclass(frozen=True, slots=True)
class Delay:
    """The true answer, `seconds` late."""

    seconds: float

    def play(self, wire: Wire) -> bool:
        """Waits."""
        return wire.rest(self.seconds)

    def reply(self, query: DnsQuery) -> bytes | None:
        """Waits, then the true answer."""
        return None if query.rest(self.seconds) else query.honest()


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer until the server stops; the connection stays open."""

    def play(self, wire: Wire) -> bool:
        """Waits for the end."""
        wire.close()
        return wire.rest(None)

    def reply(self, query: DnsQuery) -> bytes | None:
        """Waits for the end."""
        query.rest(None)
        return None


@dataclass(frozen=True, slots=True)
class Drop:
    """No answer; a connection is closed."""

    def play(self, wire: Wire) -> bool:
        """Closes."""
        wire.close()
        return True

    def reply(self, query: DnsQuery) -> bytes | None:
        """Nothing."""
        return None


@dataclass(frozen=True, slots=True)
class Raw:
    """These octets and nothing else, whatever they are."""

    data: bytes

    def play(self, wire: Wire) -> bool:
        """Sends them and closes."""
        wire.close()
        wire.send(self.data)
        return True

    def reply(self, query: DnsQuery) -> bytes | None:
        """These octets."""
        return self.data
