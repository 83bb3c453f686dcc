"""The tree below an SPF record: the same answers give the same figures, at a bounded cost."""

import asyncio
import itertools
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwatch.mailauth.spf.record import SpfRecord, parse_record
from mailwatch.mailauth.spf.tree import QUESTIONS, Branch, evaluate_tree
from mailwatch.resolver.lookup import Answer, RdType
from tests.sources.dns.dns_peer import MemoryLookup

Delay = Callable[[int], int]
NAMES = [f"n{n}.example" for n in range(6)]


class LateLookup:
    """Answers as another does, each question so many turns of the event loop later."""

    def __init__(self, lookup: MemoryLookup, delay: Delay) -> None:
        self._lookup = lookup
        self._delay = delay
        self._asked = 0

    async def get(self, name: str, rdtype: RdType) -> Answer:
        self._asked += 1
        for _ in range(self._delay(self._asked)):
            await asyncio.sleep(0)
        return await self._lookup.get(name, rdtype)


def zone_of(**records: str) -> dict[tuple[str, RdType], list[str]]:
    return {(f"{name}.example", "TXT"): [f"v=spf1 {text}"] for name, text in records.items()}


def evaluate(
    zone: dict[tuple[str, RdType], list[str]], lost: tuple[str, ...] = (), delay: Delay = int
) -> tuple[Branch, MemoryLookup]:
    """The branch below top.example, whose record is in `zone`."""
    record = parse_record(zone["top.example", "TXT"][0])
    assert isinstance(record, SpfRecord)
    lookup = MemoryLookup(zone, lost)
    branch = asyncio.run(evaluate_tree(record, "top.example", LateLookup(lookup, delay)))
    return branch, lookup


LOOP_BESIDE_VOIDS = {
    **zone_of(top="include:b.example include:c.example a:x1.example ~all"),
    **zone_of(b="include:top.example a:x2.example", c="a:x3.example mx:x4.example -all"),
}


@pytest.mark.parametrize("delays", list(itertools.permutations(range(4))))
def test_a_loop_costs_its_siblings_nothing_in_whatever_order(delays: tuple[int, ...]) -> None:
    # When the answers come in this order
    branch, _ = evaluate(LOOP_BESIDE_VOIDS, delay=lambda n: 3 * delays[n % 4])
    # Then all that is beside the loop was counted
    assert branch.lookups == 7
    assert branch.voids == ("a:x2.example", "a:x3.example", "mx:x4.example", "a:x1.example")
    assert branch.stopped
    assert len(branch.broken) == 1


TERMS = st.sampled_from(
    [f"{kind}{name}" for kind in ("include:", "a:", "mx:", "exists:") for name in NAMES]
    + [*(f"redirect={name}" for name in NAMES), "ptr", "a", "mx", "~all", "exists:%{i}.x.example"]
)
RECORDS = st.lists(TERMS, max_size=6).map(" ".join)


@settings(deadline=None)
@given(
    records=st.lists(RECORDS, min_size=7, max_size=7),
    lost=st.sets(st.sampled_from(NAMES)),
    seed=st.integers(0, 2**32),
)
def test_the_figures_depend_on_the_answers_alone(
    records: list[str], lost: set[str], seed: int
) -> None:
    # Given any records that lead to each other, some of which cannot be asked for
    names = ["top", *(name.removesuffix(".example") for name in NAMES)]
    zone = zone_of(**dict(zip(names, records, strict=True)))
    if not isinstance(parse_record(zone["top.example", "TXT"][0]), SpfRecord):
        return
    first, asked = evaluate(zone, tuple(lost))
    # When the answers come in another order
    chance = random.Random(seed)
    second, again = evaluate(zone, tuple(lost), lambda _: chance.randrange(6))
    # Then nothing is different, and the cost is bounded
    assert first == second
    assert sorted(asked.asked) == sorted(again.asked)
    assert len(asked.asked) <= QUESTIONS


def test_a_term_asked_about_twice_is_asked_for_once_and_counts_twice() -> None:
    zone = zone_of(top="include:b.example include:b.example -all", b="exists:c.example")
    branch, lookup = evaluate(zone)
    assert branch.lookups == 4
    assert lookup.asked == ["b.example", "c.example"]


def test_a_chain_of_a_hundred_records_is_within_the_stack() -> None:
    zone = zone_of(
        top="include:r0.example", **{f"r{n}": f"include:r{n + 1}.example" for n in range(300)}
    )
    branch, lookup = evaluate(zone)
    assert branch.stopped
    assert 90 < branch.lookups <= 100
    assert len(lookup.asked) <= QUESTIONS
