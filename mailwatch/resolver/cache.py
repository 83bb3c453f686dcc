"""Answers kept for a while, within bounds: for lists of domains that have no end.

Kept are the answers of two generations: when the young one is full, the old one is dropped, and
what is still asked for moves from the old one to the young one. That costs no list of uses.
"""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

from mailwatch.resolver.lookup import Answer, Ask, RdType

KEPT = 4096
"""Answers in a generation."""
KEPT_CHARACTERS = 4_000_000
"""Of the values in a generation: answers of 64 kB must not fill the memory."""
LEAST_SECONDS, MOST_SECONDS = 300, 3600
"""How long an answer is kept, whatever its TTL: a run is about one moment."""
FAILURE_SECONDS = 5
"""How long it is kept that a name could not be asked for: less, since the next try may work."""

Question = tuple[str, RdType]


class AnswerCache:
    """Answers by question, as many as fit within the bounds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = KEPT) -> None:
        self._clock = clock
        self._most = most
        self._young: dict[Question, tuple[Answer, float]] = {}
        self._old: dict[Question, tuple[Answer, float]] = {}
        self._characters = 0

    def get(self, question: Question) -> Answer | None:
        """The answer, as long as it may be used."""
        kept = self._young.get(question)
        if kept is None:
            kept = self._old.pop(question, None)
            if kept is None:
                return None
            self._store(question, kept)
        return kept[0] if self._clock() < kept[1] else None

    def put(self, question: Question, answer: Answer) -> None:
        """Keeps `answer` from now on."""
        if answer.failure is not None:
            seconds = FAILURE_SECONDS
        else:
            seconds = min(max(answer.ttl, LEAST_SECONDS), MOST_SECONDS)
        self._store(question, (answer, self._clock() + seconds))

    def _store(self, question: Question, kept: tuple[Answer, float]) -> None:
        if len(self._young) >= self._most or self._characters >= KEPT_CHARACTERS:
            self._old, self._young, self._characters = self._young, {}, 0
        self._young[question] = kept
        self._characters += sum(map(len, kept[0].values))


class Shared(Protocol):
    """What several askers share, in this process or with others."""

    def ask(self, question: Question, ask: Ask) -> "asyncio.Future[Answer]":
        """The answer, from whoever asks first."""
        ...


class SharedLookup:
    """Asks each question once within the time that its answer is kept, however many need it."""

    def __init__(self, ask: Ask, shared: Shared | None = None) -> None:
        self._ask = ask
        self._shared = shared
        self._cache = AnswerCache()
        self._asking: dict[Question, asyncio.Future[Answer]] = {}

    def begin(self, domain: str, name: str, rdtype: RdType) -> "asyncio.Future[Answer] | Answer":
        """The answer, or the future of it, for `domain`, whose names no other process asks for."""
        question = name, rdtype
        kept = self._cache.get(question)
        if kept is not None:
            return kept
        asking = self._asking.get(question)
        if asking is None:
            if self._shared is None or name == domain or name.endswith(f".{domain}"):
                asking = asyncio.ensure_future(self._ask(*question))
            else:
                asking = self._shared.ask(question, self._ask)
            self._asking[question] = asking
            asking.add_done_callback(partial(self._keep, question))
        return asking

    def _keep(self, question: Question, asked: "asyncio.Future[Answer]") -> None:
        del self._asking[question]
        if not asked.cancelled() and asked.exception() is None:
            self._cache.put(question, asked.result())
