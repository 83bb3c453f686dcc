"""Shapes: what is wrong is reported with file, line, key and what is accepted there."""

import time
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mailwatch.errors import FileError
from mailwatch.text.nearest import nearest
from mailwatch.yamlfile.reader import Node, parse
from mailwatch.yamlfile.shape import (
    Either,
    Fields,
    Listed,
    Nullable,
    Parsed,
    Shape,
    Spot,
    integer,
    one_of,
    text,
)

FILE = Path("some.yaml")


def tree(written: str) -> Node:
    node = parse(written, FILE)
    assert node is not None
    return node


def read(shape: Shape, written: str) -> Any:
    return shape.read(tree(written), Spot(FILE))


def refusal(shape: Shape, written: str) -> FileError:
    with pytest.raises(FileError) as caught:
        read(shape, written)
    return caught.value


PAIR = Fields({"name": text(), "colour": one_of("red", "green")}, required=("name",))


def test_fields_read_what_is_there() -> None:
    assert read(PAIR, "name: no\ncolour: red\n") == {"name": "no", "colour": "red"}
    assert read(PAIR, "{name: 010}") == {"name": "010"}


@pytest.mark.parametrize(
    ("written", "what", "tip"),
    [
        (
            "name: x\ncolor: red\n",
            "some.yaml, line 2, color: unknown key (did you mean colour?)",
            "The keys are name, colour.",
        ),
        (
            "{}",
            "some.yaml, line 1: the key name is missing",
            "Add it.",
        ),
        (
            "[name, x]",
            "some.yaml, line 1: is not a mapping",
            "Its keys are name, colour.",
        ),
        (
            "name: x\ncolour: Red\n",
            "some.yaml, line 2, colour: Red: is not one of the accepted words (did you mean red?)",
            "Accepted: red, green.",
        ),
        (
            "name: x\ncolour: [red]\n",
            "some.yaml, line 2, colour: is not a single value",
            "Accepted: red, green.",
        ),
        (
            "name: ''\n",
            "some.yaml, line 1, name: is empty",
            "Accepted: a text.",
        ),
        (
            '"na\\u202e\\e": x\n',
            r"some.yaml, line 1, na\u202e\x1b: unknown key (did you mean name?)",
            "The keys are name, colour.",
        ),
        (
            'name: x\ncolour: "\\e[31m\\u202e"\n',
            "some.yaml, line 2, colour: \\x1b[31m\\u202e: is not one of the accepted words",
            "Accepted: red, green.",
        ),
    ],
)
def test_what_fields_refuse(written: str, what: str, tip: str | None) -> None:
    error = refusal(PAIR, written)
    assert (error.what, error.tip) == (what, tip)


def test_of_many_keys_twelve_are_named() -> None:
    many = Fields({f"k{n}": text() for n in range(13)})
    error = refusal(many, "zzz: 1")
    assert error.tip == f"The keys are {', '.join(f'k{n}' for n in range(12))} and others."


def test_a_key_is_reported_with_all_that_it_stands_under() -> None:
    shape = Fields({"things": Listed(PAIR)})
    error = refusal(shape, "things:\n  - {name: x}\n  - {name: y,\n     colour: blue}\n")
    assert (error.line, error.key) == (4, "things.2.colour")


def test_a_value_that_may_be_a_secret_is_not_repeated() -> None:
    def refuse(value: str) -> str:
        raise ValueError("is wrong")

    open_one, closed = Parsed(refuse, "x"), Parsed(refuse, "x", repeats=False)
    assert "some: is wrong" in refusal(open_one, "some").what
    assert "some:" not in refusal(closed, "some").what
    assert refusal(closed, "some").what == "some.yaml, line 1: is wrong"
    assert "hidden" not in refusal(closed, "[hidden]").what


@pytest.mark.parametrize(("written", "value"), [("0", 0), ("8", 8), ("90", 90)])
def test_integers(written: str, value: int) -> None:
    assert read(integer(0, 90), written) == value


@pytest.mark.parametrize(
    "written",
    ["-1", "91", "010", "8.0", "1e1", "1_0", "+8", "0x8", "", "eight", "８", "9" * 5000, "12:30",
     "' 8'"],
)  # fmt: skip
def test_what_is_no_such_integer(written: str) -> None:
    error = refusal(integer(0, 90), written or "''")
    assert "is not a valid number" in error.what
    assert error.tip == "Accepted: a whole number from 0 to 90."
    assert len(error.what) < 200


def test_the_bounds_of_an_integer_are_reported_even_if_nobody_chose_them() -> None:
    assert refusal(integer(), "-1").tip == "Accepted: a whole number from 0 to 1,000,000,000."
    assert read(integer(), "1000000000") == 10**9


def test_texts_are_trimmed_bounded_and_inert() -> None:
    assert read(text(5), "' abc '") == "abc"
    assert read(text(5), '"a\\e"') == "a\\x1b"
    assert read(text(5), "abcde") == "abcde"
    assert "is longer than 5 characters" in refusal(text(5), "abcdef").what
    assert "is empty" in refusal(text(5), '" \\t"').what


@pytest.mark.parametrize("written", ["null", "Null", "NULL", "~", "-\n"])
def test_nothing_is_none(written: str) -> None:
    if written == "-\n":
        assert read(Listed(Nullable(integer())), written) == (None,)
    else:
        assert read(Nullable(text()), written) is None


@pytest.mark.parametrize("written", ["'null'", '"~"', "nil", "None"])
def test_a_quoted_null_is_a_word(written: str) -> None:
    assert read(Nullable(text()), written) == written.strip("'\"")


def test_an_empty_value_in_quotes_is_not_nothing() -> None:
    assert "is empty" in refusal(Nullable(text()), "''").what


def test_lists() -> None:
    shape = Listed(integer(), least=2)
    assert read(shape, "[1, 2]") == (1, 2)
    assert refusal(shape, "[1]").what == "some.yaml, line 1: needs at least 2 items"
    error = refusal(shape, "1, 2")
    assert error.what == "some.yaml, line 1: is not a list"
    assert error.tip


def test_a_list_of_names_has_each_once() -> None:
    shape = Listed(text(), name=str.lower)
    assert read(shape, "[a, b]") == ("a", "b")
    error = refusal(shape, "- a\n- b\n- A\n")
    assert error.what == "some.yaml, line 3, 3: a is listed twice"
    assert read(Listed(text()), "[a, a]") == ("a", "a")


def test_a_mapping_or_something_else() -> None:
    shape = Either(PAIR, integer())
    assert read(shape, "8") == 8
    assert read(shape, "{name: x}") == {"name": "x"}
    assert "is not a single value" in refusal(shape, "[8]").what
    assert "name is missing" in refusal(shape, "{}").what


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("timezon", "timezone"),
        ("TIMEZONE", "timezone"),
        ("api-key", "API_key"),
        ("x", None),
        ("", None),
    ],
)
def test_the_nearest_word(word: str, found: str | None) -> None:
    expected = f" (did you mean {found}?)" if found else ""
    assert nearest(word, ["timezone", "API_key", "base_url"]) == expected


def test_a_giant_word_is_compared_quickly() -> None:
    begun = time.monotonic()
    nearest("ab" * 500_000, [f"word{n}" * 10 for n in range(600)])
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        (PAIR, [{"name": "x"}, {"name": "x", "colour": "red"}],
         [{}, {"name": ""}, {"name": 1}, {"name": "x", "colour": "Red"}, {"name": "x", "b": 1}]),
        (integer(1, 90), [1, 90], [0, 91, 1.5, "7", None]),
        (Nullable(integer()), [None, 0], ["x", -1]),
        (Listed(integer(), least=1), [[1]], [[], ["x"], 1]),
        (Either(PAIR, integer()), [1, {"name": "x"}], [{}, "x"]),
        (text(3), ["abc"], ["", "abcd", 1]),
    ],
)  # fmt: skip
def test_the_schema_says_the_same(shape: Shape, good: list[Any], bad: list[Any]) -> None:
    Draft202012Validator.check_schema(shape.schema())
    validator = Draft202012Validator(shape.schema())
    assert [value for value in good if not validator.is_valid(value)] == []
    assert [value for value in bad if validator.is_valid(value)] == []
