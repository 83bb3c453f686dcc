"""YAML, read strictly: every scalar keeps its text as written, and its line.

The types that PyYAML gives can surprise (`010` is 8, `12:30` is 750, `no` is False, `1e-3` is text,
and of two equal keys the later one wins). So PyYAML only builds the tree, and
`mailwatch.yamlfile.shape` gives the values their types.
"""

from functools import cache
from pathlib import Path
from typing import Any

from mailwatch.errors import FileError
from mailwatch.frozen import dataclass
from mailwatch.inputfile import read_input
from mailwatch.text.inert import inert

MOST_BYTES = 1024 * 1024
MOST_NODES = 50_000
"""Aliases can turn a small file into a giant tree. A larger tree is refused."""
DEEPEST = 30
_TAG = "tag:yaml.org,2002:"
_TAGS = ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "seq", "map")
"""The standard tags. A file with any other tag is refused."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as it was written. `plain` is True when it has no quotes."""

    text: str
    plain: bool
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping; its keys are distinct."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    line: int

    def at(self, name: str) -> "Node":
        """The value of the key `name`; the mapping itself if there is no such key."""
        return next((value for key, value in self.entries if key.text == name), self)


Node = Scalar | Items | Entries


def load(path: Path) -> Node | None:
    """The tree of the one document in `path`; None if the file is empty or has only comments.

    Raises FileError, with file and line, if the file cannot be read, is not YAML, defines a key
    twice, or is too large for a configuration.
    """
    try:
        data = read_input(path, MOST_BYTES)
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}", tip="Check the path.") from None
    if len(data) > MOST_BYTES:
        raise FileError(path, f"is larger than {MOST_BYTES:,} bytes", tip="Is it the right file?")
    try:
        return parse(data.decode("utf-8-sig"), path)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(path, "is not UTF-8", line=line, tip="Save it as UTF-8.") from None


def parse(text: str, path: Path) -> Node | None:
    """The tree of `text`, as `load` gives it; `path` is for the messages."""
    import yaml

    try:
        root = yaml.compose(text, Loader=_loader())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last = len(text.splitlines()) or 1
        line = min(mark.line + 1, last) if mark else None
        problem = inert(str(error.problem or error.context or "a syntax error"), 120)
        raise FileError(path, f"is not YAML: {problem}", line=line, tip=_YAML_TIP) from None
    except yaml.reader.ReaderError as error:
        char = chr(error.character)
        line = text.count("\n", 0, text.find(char)) + 1
        what = f"is not YAML: the character {inert(char)} is not allowed"
        raise FileError(path, what, line=line, tip="Remove that character.") from None
    except RecursionError:
        raise FileError(path, "is nested too deeply", tip=_YAML_TIP) from None
    return None if root is None else _Reader(path).read(root, 0)


@cache
def _loader() -> Any:
    """PyYAML's loader, in C where it has it. It takes every scalar without a tag for a text: nobody
    asks what type it would guess."""
    import yaml

    safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    guessed = {
        yaml.ScalarNode: f"{_TAG}str",
        yaml.SequenceNode: f"{_TAG}seq",
        yaml.MappingNode: f"{_TAG}map",
    }

    class Loader(safe):  # type: ignore[misc]  # it is one of two
        def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
            return guessed[kind]

    return Loader


_YAML_TIP = "Check the indentation, the quotes and the brackets there."


class _Reader:
    """Turns PyYAML's nodes into ours, counting them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = 0

    def read(self, node: Any, depth: int) -> Node:
        line = node.start_mark.line + 1
        self._count += 1
        if self._count > MOST_NODES:
            what = f"has more than {MOST_NODES:,} values (aliases included)"
            raise FileError(self._path, what, line=line, tip="Is it the right file?")
        if depth > DEEPEST:
            raise FileError(self._path, "is nested too deeply", line=line, tip=_YAML_TIP)
        if node.tag.removeprefix(_TAG) not in _TAGS:
            tip = "Remove the word that begins with !."
            raise FileError(self._path, "a YAML tag is not supported", line=line, tip=tip)
        if node.id == "sequence":
            return Items(tuple(self.read(item, depth + 1) for item in node.value), line)
        if node.id == "mapping":
            return Entries(tuple(self._entries(node, depth)), line)
        return Scalar(node.value, not node.style, line)  # libyaml's plain style is ""

    def _entries(self, node: Any, depth: int) -> list[tuple[Scalar, Node]]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key_node, value_node in node.value:
            key = self.read(key_node, depth + 1)
            if not isinstance(key, Scalar):
                tip = "Keys are words, such as domains: or sendgrid:"
                raise FileError(self._path, "a key must be one word", line=key.line, tip=tip)
            name, colon, _ = key.text.partition(":")
            if colon:  # {api_key:SG.x}: what follows may be a secret, so it is not repeated
                tip = f"Write {inert(name, 80)}: and a space before its value."
                what = "a space is missing after the colon"
                raise FileError(self._path, what, line=key.line, key=inert(name, 80), tip=tip)
            if key.text in entries:
                first = entries[key.text][0].line
                raise FileError(
                    self._path,
                    f"is defined twice (first in line {first})",
                    line=key.line,
                    key=inert(key.text, 80),
                    tip="Remove one of them.",
                )
            entries[key.text] = (key, self.read(value_node, depth + 1))
        return list(entries.values())
