"""How many questions one domain may cost, whatever its records say: in a list or alone."""

import asyncio
from collections.abc import Awaitable, Callable

from mailwatch.model import say
from mailwatch.resolver.lookup import Answer, RdType, failed, follow

MOST_QUESTIONS = 200


class BudgetedLookup:
    """A `Lookup` for one domain, which asks at most so many different questions.

    What a CNAME leads to is a question of its own where the server leaves it to be asked for. The
    same question costs once. Those beyond the limit fail.
    """

    def __init__(
        self,
        ask: Callable[[str, RdType], Awaitable[Answer] | Answer],
        most: int = MOST_QUESTIONS,
    ) -> None:
        """`ask` asks one question, or has its answer already."""
        self._ask = ask
        self._most = most
        self._asked: dict[tuple[str, RdType], asyncio.Future[Answer] | Answer] = {}

    def begin(self, name: str, rdtype: RdType) -> None:
        """Asks now what `get` will wait for."""
        self._begin(name, rdtype)

    async def get(self, name: str, rdtype: RdType) -> Answer:
        """The records of `name`, through its CNAMEs; past the limit, that it could not be asked
        for."""
        return await follow(name, rdtype, self._once)

    async def _once(self, name: str, rdtype: RdType) -> Answer:
        asked = self._begin(name, rdtype)
        return asked if isinstance(asked, Answer) else await asked

    def _begin(self, name: str, rdtype: RdType) -> "asyncio.Future[Answer] | Answer":
        found = self._asked.get((name, rdtype))
        if found is None:
            if len(self._asked) >= self._most:
                return failed(say("dns.too_many_questions", most=self._most))
            asked = self._ask(name, rdtype)
            found = asked if isinstance(asked, Answer) else asyncio.ensure_future(asked)
            self._asked[name, rdtype] = found
        return found
