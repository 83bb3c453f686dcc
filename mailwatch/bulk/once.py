"""What several processes need and one of them finds out: who asks first does, the others wait."""

import time
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Asker = TypeVar("Asker", bound=Hashable)

KEPT = 4096
"""Findings in each of two generations (see mailwatch.resolver.cache)."""
SECONDS = 300.0
"""How long a finding is passed on."""

Answers = dict[Asker, list[tuple[Any, Any]]]


class Broker(Generic[Asker]):
    """Knows what was found, and who is finding out what. None as an answer says: find it out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = KEPT) -> None:
        self._clock = clock
        self._most = most
        self._young: dict[Any, tuple[Any, float]] = {}
        self._old: dict[Any, tuple[Any, float]] = {}
        self._finding: dict[Any, tuple[Asker, list[Asker]]] = {}

    def wanted(self, asker: Asker, keys: list[Any]) -> Answers[Asker]:
        """What `asker` hears about `keys` now; the rest is answered when it is found."""
        heard: list[tuple[Any, Any]] = []
        for key in keys:
            kept = self._young.get(key) or self._old.get(key)
            if kept is not None and self._clock() < kept[1]:
                heard.append((key, kept[0]))
            elif key in self._finding:
                self._finding[key][1].append(asker)
            else:
                self._finding[key] = asker, []
                heard.append((key, None))
        return {asker: heard} if heard else {}

    def found(self, key: Any, value: Any) -> Answers[Asker]:
        """`value` is what `key` is: those who wait hear it."""
        if getattr(value, "failure", None) is None:
            if len(self._young) >= self._most:
                self._old, self._young = self._young, {}
            self._young[key] = value, self._clock() + SECONDS
        _, waiting = self._finding.pop(key, (None, []))
        return {asker: [(key, value)] for asker in waiting}

    def gone(self, asker: Asker) -> Answers[Asker]:
        """`asker` finds out nothing more: the first of those who wait does it instead."""
        answers: Answers[Asker] = {}
        for key, (finder, waiting) in list(self._finding.items()):
            left = [one for one in waiting if one != asker]
            if finder != asker:
                self._finding[key] = finder, left
            elif left:
                self._finding[key] = left[0], left[1:]
                answers.setdefault(left[0], []).append((key, None))
            else:
                del self._finding[key]
        return answers
