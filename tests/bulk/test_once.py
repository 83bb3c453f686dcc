"""What several processes need is found out by one of them."""

from mailwatch.bulk.once import Broker


def test_who_asks_first_finds_out_and_the_others_hear_it() -> None:
    # Given two askers of the same
    now = [0.0]
    broker: Broker[str] = Broker(lambda: now[0])
    assert broker.wanted("a", ["x", "y"]) == {"a": [("x", None), ("y", None)]}
    assert broker.wanted("b", ["x"]) == {}
    # When the first has found it
    # Then the other hears it, and whoever asks later, as long as it may be kept
    assert broker.found("x", 1) == {"b": [("x", 1)]}
    assert broker.wanted("c", ["x"]) == {"c": [("x", 1)]}
    now[0] = 10_000.0
    assert broker.wanted("c", ["x"]) == {"c": [("x", None)]}


def test_one_that_is_gone_leaves_its_work_to_the_next() -> None:
    broker: Broker[str] = Broker()
    broker.wanted("a", ["x", "z"])
    broker.wanted("b", ["x"])
    broker.wanted("c", ["x"])
    assert broker.gone("c") == {}
    assert broker.gone("a") == {"b": [("x", None)]}
    assert broker.found("x", 1) == {}
    assert broker.wanted("b", ["z"]) == {"b": [("z", None)]}


def test_what_is_kept_is_bounded() -> None:
    broker: Broker[str] = Broker(most=10)
    for number in range(100):
        broker.wanted("a", [number])
        broker.found(number, number)
    assert broker.wanted("a", [0]) == {"a": [(0, None)]}
    assert broker.wanted("a", [99]) == {"a": [(99, 99)]}
