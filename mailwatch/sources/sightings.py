"""What one source of a run tells another while both are at work: DKIM selectors that it has seen,
and what a domain's mail is sent with.

The sources start at the same time, so the one that looks keys up cannot be given the selectors
beforehand. It listens, and hears of each as it comes, and when there will be no more.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mailwatch.model import Phrase


@dataclass(frozen=True, slots=True)
class Sighting:
    """A selector, and who has seen it."""

    domain: str
    """The monitored domain that it is for."""
    signer: str
    """The domain that its key is at: the same, or one above or below."""
    selector: str
    origin: Phrase
    """Where it was seen, as evidence."""
    in_use: bool
    """True where mail is signed with it now, so that its key has to be there. What was only seen
    may be an old key that was rightly taken away."""


@dataclass(frozen=True, slots=True)
class SenderSeen:
    """What the mail of a domain is sent with, and who says so."""

    domain: str
    """The monitored domain."""
    return_path: str | None
    """The domain of the envelope sender."""
    signer: str
    """The d= of the signatures."""
    origin: Phrase


Seen = Sighting | SenderSeen
Hearing = Callable[[Seen | None], None]
"""Called with each sighting, and with None at the end; from whichever thread tells."""


class Sightings:
    """The sightings of a run. Every method may be called from any thread."""

    def __init__(self, sources: Iterable[str] = ()) -> None:
        self._telling = set(sources)
        self._seen: list[Seen] = []
        self._hearing: Hearing | None = None
        self._lock = threading.Lock()

    def tell(self, sightings: Iterable[Seen]) -> None:
        """Passes these on, now or to whoever listens later."""
        with self._lock:
            for sighting in sightings:
                self._seen.append(sighting)
                if self._hearing is not None:
                    self._hearing(sighting)

    def end(self, source: str) -> None:
        """`source` tells no more."""
        with self._lock:
            if source not in self._telling:
                return
            self._telling.remove(source)
            if not self._telling and self._hearing is not None:
                self._hearing(None)

    def listen(self, hearing: Hearing) -> None:
        """Calls `hearing` with what was seen so far, and with everything from now on."""
        with self._lock:
            self._hearing = hearing
            for sighting in self._seen:
                hearing(sighting)
            if not self._telling:
                hearing(None)
