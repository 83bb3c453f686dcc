"""Answers kept within bounds, and the questions of one domain."""

import asyncio
from functools import partial

from mailwatch.model import say
from mailwatch.resolver.budget import BudgetedLookup
from mailwatch.resolver.cache import AnswerCache, SharedLookup
from mailwatch.resolver.lookup import Answer, Outcome, RdType, failed


def found(text: str, ttl: int = 60) -> Answer:
    return Answer(Outcome.FOUND, (text,), ttl)


def test_an_answer_is_kept_for_its_time_and_a_failure_for_a_moment() -> None:
    now = [0.0]
    cache = AnswerCache(lambda: now[0])
    cache.put(("a", "TXT"), found("x", 600))
    cache.put(("b", "TXT"), failed(say("dns.timeout", server="x")))
    for second, kept in ((4, (True, True)), (6, (True, False)), (601, (False, False))):
        now[0] = second
        assert tuple(cache.get((name, "TXT")) is not None for name in "ab") == kept


def test_the_cache_is_bounded_by_number_and_by_size() -> None:
    # Given many answers, and one that is asked for all the time
    cache = AnswerCache(most=100)
    cache.put(("shared", "TXT"), found("x"))
    for number in range(1000):
        cache.put((str(number), "TXT"), found("x"))
        assert cache.get(("shared", "TXT")) is not None
    assert sum(cache.get((str(number), "TXT")) is not None for number in range(1000)) <= 200
    # And huge ones
    huge = AnswerCache()
    for number in range(1000):
        huge.put((str(number), "TXT"), found("x" * 60_000))
    assert sum(huge.get((str(number), "TXT")) is not None for number in range(1000)) < 150


def test_no_domain_asks_more_than_its_share() -> None:
    asked = []

    async def ask(name: str, rdtype: RdType) -> Answer:
        asked.append(name)
        await asyncio.sleep(0)
        return found("x")

    async def work() -> list[Answer]:
        shared = SharedLookup(ask)
        lookup = BudgetedLookup(partial(shared.begin, "a.example"), most=20)
        names = [f"n{number}.example" for number in range(30)] * 2
        answers = [await lookup.get(name, "TXT") for name in names]
        again = BudgetedLookup(partial(shared.begin, "b.example"))
        await asyncio.gather(*(again.get(names[0], "TXT") for _ in range(5)))
        return answers

    answers = asyncio.run(work())
    assert len(asked) == 20
    assert [answer.failure is None for answer in answers] == ([True] * 20 + [False] * 10) * 2
