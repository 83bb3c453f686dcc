"""YAML as a tree of texts: nothing is guessed, and what is wrong is told with its line."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from mailwatch.errors import FileError
from mailwatch.yamlfile.reader import (
    MOST_BYTES,
    MOST_NODES,
    Entries,
    Items,
    Node,
    Scalar,
    load,
    parse,
)

FILE = Path("some.yaml")
Parse = Callable[[str], Node | None]


def parse_some(text: str) -> Node | None:
    return parse(text, FILE)


@pytest.fixture(params=["libyaml", "PyYAML alone"])
def tree(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Parse:
    """The reader, with libyaml and where PyYAML was built without it."""
    if request.param == "PyYAML alone":
        monkeypatch.delattr(yaml, "CSafeLoader")
    return lambda text: parse(text, FILE)


def refusal(read: Parse, text: str) -> FileError:
    with pytest.raises(FileError) as caught:
        read(text)
    error = caught.value
    assert error.tip
    assert error.what.isprintable()
    assert error.what.startswith("some.yaml, line ")
    return error


@pytest.mark.parametrize(
    "text", ["1e-3", "010", "12:30", "no", "0x10", "2026-11-24", "3%", ".5", "Null", "=", "1_000"]
)
def test_a_text_stays_as_it_was_written(tree: Parse, text: str) -> None:
    assert tree(f"a: {text}") == Entries(
        ((Scalar("a", plain=True, line=1), Scalar(text, plain=True, line=1)),), 1
    )


def test_quotes_are_seen(tree: Parse) -> None:
    found = tree("- null\n-\n- 'null'\n- \"\"\n- |\n  null\n")
    assert isinstance(found, Items)
    scalars = [item for item in found.items if isinstance(item, Scalar)]
    assert [(s.text, s.plain) for s in scalars] == [
        ("null", True), ("", True), ("null", False), ("", False), ("null\n", False),
    ]  # fmt: skip


def test_every_node_knows_its_line(tree: Parse) -> None:
    found = tree("# a comment\na:\n  - b\n  - c: d\n")
    assert isinstance(found, Entries)
    listed = found.at("a")
    assert isinstance(listed, Items)
    assert [item.line for item in listed.items] == [3, 4]
    assert found.at("nothing") is found


@pytest.mark.parametrize("text", ["", "# only comments\n", "\n\n"])
def test_an_empty_file_is_no_tree(tree: Parse, text: str) -> None:
    assert tree(text) is None


def test_an_alias_is_what_it_stands_for(tree: Parse) -> None:
    found = tree("a: &x [b]\nc: *x\n")
    assert isinstance(found, Entries)
    assert found.at("c") == found.at("a")


def test_a_merge_key_is_a_key_like_any_other(tree: Parse) -> None:
    found = tree("a: {<<: {b: c}}")
    assert isinstance(found, Entries)
    inner = found.at("a")
    assert isinstance(inner, Entries)
    assert inner.entries[0][0].text == "<<"


@pytest.mark.parametrize(
    ("text", "line", "key", "first"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "a", 1),
        ("x:\n  a: 1\n  'a': 2\n", 3, "a", 2),
        ("- {a: 1, a: 1}", 1, "a", 1),
        ("1: x\n1: y\n", 2, "1", 1),
    ],
)
def test_a_key_stands_once(tree: Parse, text: str, line: int, key: str, first: int) -> None:
    error = refusal(tree, text)
    place = f"some.yaml, line {line}, {key}"
    assert error.what == f"{place}: is defined twice (first in line {first})"


def test_a_hostile_key_is_inert(tree: Parse) -> None:
    error = refusal(tree, '"\\e[31m\\u202e": 1\n"\\e[31m\\u202e": 2\n')
    assert "\\x1b[31m\\u202e" in error.what


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a:\n\tb: 1", 2, "is not YAML"),
        ("a: [1, 2\nb: 3", None, "is not YAML"),
        ("a: 1\n---\nb: 2\n", 2, "another document"),
        ("a: b: c", 1, "is not YAML"),
        ("a: *nowhere", 1, "undefined alias"),
        ("a: 'b", None, "is not YAML"),
        ("a: !e!x y", 1, "undefined tag handle"),
        ("あ: い\nb: x\x07y\nc: z", 2, "the character \\x07 is not allowed"),
        ("a: 1\n\x00", 2, "the character \\x00 is not allowed"),
        ("? [a]\n: b", 1, "a key must be one word"),
        ("? {a: b}\n: c", 1, "a key must be one word"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line(
    tree: Parse, text: str, line: int | None, what: str
) -> None:
    error = refusal(tree, text)
    assert what in error.what
    assert line in (None, error.line)


@pytest.mark.parametrize("text", ["a: 'b\n\n\n", "a: [\n", "a: {b\n"])
def test_no_line_is_told_that_the_file_does_not_have(tree: Parse, text: str) -> None:
    line = refusal(tree, text).line
    assert line is not None
    assert line <= len(text.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "a: !!python/object/apply:os.system [id]",
        "a: !!python/name:os.system",
        "a: !!binary c2VjcmV0",
        "a: !env SECRET",
        "!!set {a, b}",
        "a: !<tag:example.com,2026:x> b",
    ],
)
def test_a_tag_is_refused_and_not_repeated(tree: Parse, text: str) -> None:
    error = refusal(tree, text)
    assert error.what == "some.yaml, line 1: a YAML tag is not supported"


def test_a_tag_that_only_says_what_is_seen_is_harmless(tree: Parse) -> None:
    assert tree("!!str 8") == Scalar("8", plain=True, line=1)


@pytest.mark.parametrize(
    "text",
    [
        "sendgrid: {timezone: UTC, api_key:SG.secret}",
        "sendgrid: {api_key:SG.secret, api_key:SG.secret}",
        "? api_key:SG.secret\n: 1",
        '"api_key:SG.secret": 1',
    ],
)
def test_a_missing_space_after_a_colon_betrays_no_secret(tree: Parse, text: str) -> None:
    error = refusal(tree, text)
    assert error.what == "some.yaml, line 1, api_key: a space is missing after the colon"
    assert "SG" not in f"{error.what}{error.tip}{error!r}"


@pytest.mark.parametrize("value", ["%SG.x", "@SG.x", "SG: x", '"SG\\qx"', '"SG.x', "`SG.x", "*SG"])
def test_a_broken_line_betrays_no_secret(tree: Parse, value: str) -> None:
    error = refusal(tree, f"api_key: {value}\n")
    assert "SG.x" not in f"{error.what}{error.tip}"


def laughs(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for n in range(1, levels):
        lines.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]")
    return "\n".join(lines)


@pytest.mark.parametrize("text", [laughs(9), "&a [*a]", "&a {b: *a}", "a: &a [[*a], *a]"])
def test_aliases_cannot_explode(tree: Parse, text: str) -> None:
    begun = time.monotonic()
    error = refusal(tree, text)
    assert "values" in error.what or "nested too deeply" in error.what
    assert time.monotonic() - begun < 5


def test_many_values_are_refused() -> None:
    assert isinstance(parse_some("[" + "a," * (MOST_NODES - 1) + "]"), Items)
    assert "has more than 50,000 values" in refusal(parse_some, "[" + "x," * MOST_NODES + "]").what


@pytest.mark.parametrize("depth", [32, 400, 900])
def test_deep_nesting_is_refused(tree: Parse, depth: int) -> None:
    with pytest.raises(FileError, match="nested too deeply"):
        tree("[" * depth + "]" * depth)
    assert tree("[" * 31 + "]" * 31) is not None


@pytest.mark.parametrize("text", ["[" * 300_000, "{a: " * 200_000, "- " * 200_000 + "x"])
def test_giddy_nesting_does_not_crash_the_process(text: str) -> None:
    with pytest.raises(FileError, match=r"some\.yaml.*nest"):
        parse(text, FILE)


# --- files ------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "some.yaml"


def test_a_byte_order_mark_and_windows_line_ends_are_read(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfa: b\r\nc: d\r\n")
    found = load(file)
    assert isinstance(found, Entries)
    assert [(key.text, key.line) for key, _ in found.entries] == [("a", 1), ("c", 2)]


@pytest.mark.parametrize(
    ("data", "line"), [(b"a: \xe9\n", 1), (b"a: b\nc: \x82\xa0\n", 2), (b"\xff\xfea\x00", 1)]
)
def test_other_encodings_are_reported(file: Path, data: bytes, line: int) -> None:
    file.write_bytes(data)
    with pytest.raises(FileError, match="is not UTF-8") as caught:
        load(file)
    assert caught.value.line == line


def test_the_largest_file_is_a_megabyte(file: Path) -> None:
    file.write_bytes(b"#" * MOST_BYTES)
    assert load(file) is None
    file.write_bytes(b"#" * (MOST_BYTES + 1))
    with pytest.raises(FileError, match="is larger than 1,048,576 bytes"):
        load(file)


def test_what_cannot_be_opened_is_reported(tmp_path: Path) -> None:
    for path, why in (
        (tmp_path, "Is a directory"),
        (tmp_path / "none.yaml", "No such file"),
        (tmp_path / "none\x1b[31m", "none\\x1b"),
        (tmp_path / ("x" * 5000), "too long"),
    ):
        with pytest.raises(FileError) as caught:
            load(path)
        assert why in caught.value.what
        assert caught.value.tip
        assert "\x1b" not in caught.value.what
        assert caught.value.__suppress_context__
