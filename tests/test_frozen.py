"""Frozen dataclasses are the same whoever makes them."""

import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field, replace
from typing import Any, ClassVar

import pytest

from mailwatch import frozen


def classes(decorate: Callable[[type], type]) -> tuple[Any, Any]:
    """A class with a field of every kind, and one below it."""

    class Whole:
        """Every kind of field."""

        kind: ClassVar[str] = "whole"
        needed: int
        text: str = "a"
        many: list[int] = field(default_factory=list)
        beside: int = field(default=1, compare=False)
        hidden: int = field(default=2, repr=False)
        fixed: int = field(default=3, init=False)
        made: int = field(init=False, repr=False, compare=False)
        index: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

        def __post_init__(self) -> None:
            object.__setattr__(self, "made", self.needed + 1)

    first = decorate(Whole)

    class Below(first):  # type: ignore[misc, valid-type]
        """One with a field more."""

        last: int = 9

    return first, decorate(Below)


MADE = [classes(dataclasses.dataclass(frozen=True, slots=True)), classes(frozen._frozen)]


@pytest.mark.parametrize("place", [0, 1])
def test_it_does_what_the_standard_library_does(place: int) -> None:
    theirs, ours = (pair[place] for pair in MADE)
    for args, more in (((1,), {}), ((1, "b"), {}), ((1,), {"many": [1], "beside": 4, "hidden": 7})):
        one, other = theirs(*args, **more), ours(*args, **more)
        assert repr(one).replace("tests.", "") == repr(other).replace("tests.", "")
        assert dataclasses.asdict(one) == dataclasses.asdict(other)
        assert (one == theirs(1)) == (other == ours(1))
        changed = replace(other, needed=5)
        assert (changed.made, changed == other, changed.kind) == (6, False, "whole")
    assert ours.__slots__ == theirs.__slots__
    assert ours.__match_args__ == theirs.__match_args__
    assert ours(1) != 1
    assert ours(1, beside=5) == ours(1)
    assert ours(1).many is not ours(1).many


def test_nothing_in_it_changes() -> None:
    _, (made, _) = MADE
    one = made(1)
    for name in ("needed", "other"):
        with pytest.raises(FrozenInstanceError):
            setattr(one, name, 2)
    with pytest.raises(FrozenInstanceError):
        del one.needed
    with pytest.raises(TypeError):
        made()
    with pytest.raises(TypeError):
        hash(one)  # it has a list


@frozen._frozen
class Sent:
    """What another process is given."""

    name: str
    size: int = 0


def test_it_travels_and_is_a_key() -> None:
    sent: Any = Sent
    came = pickle.loads(pickle.dumps(sent("a", 2)))
    assert came == sent("a", 2)
    assert {came: 1}[sent("a", 2)] == 1


def test_a_class_of_the_library_may_be_below_one_of_ours() -> None:
    first = MADE[1][0]

    @dataclasses.dataclass(frozen=True, slots=True)
    class Lower(first):  # type: ignore[misc, valid-type]
        """One with a field more."""

        last: int = 9

    one = Lower(1, last=8)
    assert (one.needed, one.made, one.last, one == Lower(1, last=8)) == (1, 2, 8, True)
    with pytest.raises(FrozenInstanceError):
        one.last = 7  # type: ignore[misc]
