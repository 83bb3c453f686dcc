"""How many questions one domain may cost, whatever its records say."""

import asyncio

from mailwatch.model import say
from mailwatch.resolver.lookup import LONGEST_CHAIN, Answer, Lookup, RdType, failed

MOST_QUESTIONS = 200
DEAREST = 1 + LONGEST_CHAIN
"""Questions that one may turn into, where a server leaves the targets of CNAMEs to be asked for."""


class BudgetedLookup:
    """A `Lookup` for one domain, which asks no more than so many questions.

    What one question may cost at most is set aside until its answer shows what it did cost, so that
    questions side by side stay within the limit, too. The same question costs once.
    """

    def __init__(self, lookup: Lookup, most: int = MOST_QUESTIONS) -> None:
        self._lookup = lookup
        self._most = most
        self._left = most
        self._in_flight = 0
        self._changed = asyncio.Condition()
        self._asked: dict[tuple[str, RdType], asyncio.Task[Answer]] = {}

    async def get(self, name: str, rdtype: RdType) -> Answer:
        """The records of `name`; past the limit, that it could not be asked for."""
        key = (name.lower().removesuffix("."), rdtype)
        if key not in self._asked:
            self._asked[key] = asyncio.create_task(self._within_limit(name, rdtype))
        return await self._asked[key]

    async def _within_limit(self, name: str, rdtype: RdType) -> Answer:
        async with self._changed:
            await self._changed.wait_for(lambda: self._left >= DEAREST or not self._in_flight)
            if self._left < DEAREST:
                return failed(say("dns.too_many_questions", most=self._most))
            self._left -= DEAREST
            self._in_flight += 1
        answer = await self._lookup.get(name, rdtype)
        async with self._changed:
            self._left += DEAREST - min(1 + len(answer.chain), DEAREST)
            self._in_flight -= 1
            self._changed.notify_all()
        return answer
