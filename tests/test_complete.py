"""What is expected but was not measured, and the one order of everything: pure, and linear."""

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwatch.catalog.catalog import Catalog
from mailwatch.catalog.threshold_file import Override
from mailwatch.complete import fill_in, order_faults, order_measurements
from mailwatch.judge import judge_all
from mailwatch.model import (
    ACCOUNT,
    Cause,
    Fault,
    Limit,
    Measurement,
    Phrase,
    Subject,
    verbatim,
)
from mailwatch.sources.job import Expected
from tests.pretended import SIMPLE, figure

NEWS = Subject.of(subuser="news")
SHOP = Subject.of(subuser="shop")
WEEKLY = Subject.of(subuser="news", category="weekly")
METRICS = ("dns.a", "dns.b")
SUBJECTS = (ACCOUNT, NEWS, SHOP, WEEKLY, Subject.of(category="weekly"))


def fault(text: str, subject: Subject = ACCOUNT, *metrics: str) -> Fault:
    return Fault(Cause.COULD_NOT_ASK, verbatim(text), subject, metrics)


def reasons(expected: list[Expected], *faults: Fault) -> list[Phrase | None]:
    return [m.note for m in fill_in(expected, (), faults)]


@pytest.mark.parametrize("measured", [NEWS, WEEKLY, Subject.of(subuser="news", provider="x")])
def test_only_the_very_subject_counts_as_measured(measured: Subject) -> None:
    # Given a figure of one subject
    expected = [("dns.a", ACCOUNT), ("dns.a", NEWS), ("dns.b", measured)]
    # When what is expected is completed
    filled = list(fill_in(expected, [figure("dns.a", measured)], ()))
    # Then that one is not filled in, and all others are
    assert [(m.metric, m.subject) for m in filled] == [
        pair for pair in expected if pair != ("dns.a", measured)
    ]
    assert all((m.value, m.cause) == (None, Cause.NO_DATA) for m in filled)


def test_the_nearest_fault_is_the_reason() -> None:
    # Given faults from the widest to the narrowest
    whole, user, metric = fault("whole"), fault("user", NEWS), fault("metric", ACCOUNT, "dns.a")
    both, part = fault("both", NEWS, "dns.a"), fault("part", WEEKLY, "dns.a")
    faults = (whole, user, metric, both, part)
    # Then each figure has the reason that is nearest to it, in whatever order the faults came
    expected = [
        ("dns.a", WEEKLY),
        ("dns.a", NEWS),
        ("dns.a", SHOP),
        ("dns.b", NEWS),
        ("dns.b", SHOP),
    ]
    nearest = [verbatim(text) for text in ("part", "both", "metric", "user", "whole")]
    assert reasons(expected, *faults) == nearest
    assert reasons(expected, *faults[::-1]) == nearest
    # And a metric whose name only begins like the fault's is not meant
    assert reasons([("dns.ab", SHOP)], metric) == [None]


FAULTS = st.builds(
    fault,
    st.sampled_from("xyz"),
    st.sampled_from(SUBJECTS),
).flatmap(lambda f: st.sets(st.sampled_from(METRICS)).map(lambda m: replace(f, metrics=tuple(m))))


@given(st.lists(FAULTS, max_size=6), st.sampled_from(METRICS), st.sampled_from(SUBJECTS))
def test_a_figure_has_a_reason_exactly_where_a_fault_covers_it(
    faults: list[Fault], metric: str, subject: Subject
) -> None:
    (filled,) = fill_in([(metric, subject)], (), faults)
    covering = [f for f in faults if f.covers(metric, subject)]
    assert (filled.note in [f.what for f in covering]) is bool(covering)
    assert (filled.cause is Cause.COULD_NOT_ASK) is bool(covering)


FIGURES = st.builds(
    lambda metric, subject, value, note: replace(figure(metric, subject, value), note=note),
    st.sampled_from((*METRICS, "dns.c")),
    st.sampled_from(SUBJECTS),
    st.sampled_from((None, 0.5, 1.0)),
    st.sampled_from((None, verbatim("x"), verbatim("y"))),
)


@given(st.lists(FIGURES, max_size=12), st.lists(FAULTS, max_size=8), st.randoms())
def test_the_order_of_arrival_never_shows(
    figures: list[Measurement], faults: list[Fault], chance: random.Random
) -> None:
    # Given any figures and faults, expected or not, some of them twice
    expected = [("dns.b", ACCOUNT), ("dns.a", NEWS)]
    others, more = figures.copy(), faults.copy()
    # When they arrive in another order
    chance.shuffle(others)
    chance.shuffle(more)
    # Then they come out in the same
    assert order_measurements(figures, expected) == order_measurements(others, expected)
    assert order_faults(faults, expected) == order_faults(more, expected)


def test_parts_stand_behind_their_whole_and_strangers_last() -> None:
    expected = [("dns.b", SHOP), ("dns.b", NEWS), ("dns.a", ACCOUNT)]
    figures = [
        figure("dns.c", ACCOUNT),
        figure("dns.b", Subject.of(category="weekly")),
        figure("dns.a", NEWS),
        figure("dns.a", ACCOUNT),
        figure("dns.b", WEEKLY),
        figure("dns.b", NEWS),
        figure("dns.b", SHOP),
    ]
    assert [(m.metric, m.subject) for m in order_measurements(figures, expected)] == [
        ("dns.b", SHOP),
        ("dns.b", NEWS),
        ("dns.b", WEEKLY),
        ("dns.a", ACCOUNT),
        ("dns.a", NEWS),
        ("dns.b", Subject.of(category="weekly")),
        ("dns.c", ACCOUNT),
    ]


# --- cost, counted in calls: no clock can make these fail ----------------------------------------


def calls_of(work: Callable[[], object]) -> int:
    """How many Python functions and generators are entered in `work`."""
    entered = 0

    def count(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal entered
        entered += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return entered


def completing(size: int) -> Callable[[], object]:
    """What a run does with the figures of `size` subusers, one in ten of which was refused."""
    users = [Subject.of(subuser=f"u{n:05}") for n in range(size)]
    expected = [(metric, user) for user in users for metric in METRICS]
    refused = set(users[::10])
    faults = [fault(f"no {n}", user) for n, user in enumerate(users) if user in refused]
    taken = [figure(*pair) for pair in reversed(expected) if pair[1] not in refused]

    def work() -> object:
        ordered = order_faults(faults, expected)
        return order_measurements([*taken, *fill_in(expected, taken, ordered)], expected)

    return work


def judging(size: int) -> Callable[[], object]:
    """Judging `size` subusers, each with numbers of its own."""
    users = [Subject.of(subuser=f"u{n:05}") for n in range(size)]
    numbers = {"dns.a": {"act": Limit(3.0, ">")}}
    overrides = tuple(Override(user, numbers) for user in users)
    catalog = Catalog(SIMPLE.checks, SIMPLE.numbers, overrides, {})
    figures = [figure("dns.a", user) for user in users]
    return lambda: list(judge_all(figures, catalog))


@pytest.mark.parametrize("making", [completing, judging])
def test_ten_times_the_figures_take_ten_times_the_work(
    making: Callable[[int], Callable[[], object]],
) -> None:
    few, many = calls_of(making(100)), calls_of(making(1000))
    assert many <= few * 11
