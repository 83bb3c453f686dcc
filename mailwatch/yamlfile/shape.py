"""What a YAML file may contain, defined once: for reading it, for its errors and for its schema.

A shape has `read(node, spot)`, which returns the typed value or raises FileError with file, line,
key and the accepted values, and `schema()`, which gives the same as JSON Schema.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any, Protocol

from mailwatch.errors import FileError
from mailwatch.frozen import dataclass
from mailwatch.text.inert import inert
from mailwatch.text.nearest import nearest
from mailwatch.yamlfile.reader import Entries, Items, Node, Scalar

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file."""

    path: Path
    key: str = ""

    def under(self, key: str) -> "Spot":
        """The place of `key` below this one."""
        return Spot(self.path, f"{self.key}.{key}" if self.key else key)

    def error(self, node: Node, what: str, tip: str | None = None) -> FileError:
        """The error that says that `what` is wrong with `node` at this place."""
        return FileError(self.path, what, line=node.line, key=inert(self.key, 120) or None, tip=tip)


class Shape(Protocol):
    """The contract of a shape."""

    def read(self, node: Node, spot: Spot) -> Any:
        """The typed value of `node`. Raises FileError."""
        ...

    def schema(self) -> Schema:
        """The same in JSON Schema (draft 2020-12)."""
        ...


@dataclass(frozen=True, slots=True)
class Parsed:
    """A scalar that `parse` converts; its ValueError says what is wrong."""

    parse: Callable[[str], Any]
    accepts: str
    json: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    repeats: bool = True
    """False when the text may be a secret, or `parse` names it: the error does not repeat it."""

    def read(self, node: Node, spot: Spot) -> Any:
        if not isinstance(node, Scalar):
            raise spot.error(node, "is not a single value", f"Accepted: {self.accepts}.")
        try:
            return self.parse(node.text)
        except ValueError as error:
            shown = f"{inert(node.text, 60)}: " if self.repeats and node.text else ""
            raise spot.error(node, f"{shown}{error}", f"Accepted: {self.accepts}.") from None

    def schema(self) -> Schema:
        return {**self.json, "description": self.accepts}


def text(longest: int = 400) -> Parsed:
    """A text of at most `longest` characters."""

    def parse(value: str) -> str:
        if not value.strip():
            raise ValueError("is empty")
        if len(value) > longest:
            raise ValueError(f"is longer than {longest} characters")
        return inert(value.strip(), longest)

    return Parsed(parse, "a text", {"type": "string", "minLength": 1, "maxLength": longest})


def integer(least: int = 0, most: int = 10**9) -> Parsed:
    """A whole number written in decimal, without separators."""

    def parse(value: str) -> int:
        if not re.fullmatch(r"0|-?[1-9][0-9]{0,12}", value) or not least <= int(value) <= most:
            raise ValueError("is not a valid number")
        return int(value)

    accepts = f"a whole number from {least} to {most:,}"
    return Parsed(parse, accepts, {"type": "integer", "minimum": least, "maximum": most})


def one_of(*words: str) -> Parsed:
    """One of `words`."""

    def parse(value: str) -> str:
        if value not in words:
            raise ValueError(f"is not one of the accepted words{nearest(value, words)}")
        return value

    return Parsed(parse, ", ".join(words), {"enum": list(words)})


@dataclass(frozen=True, slots=True)
class Nullable:
    """A shape, or no value (`null`, `~`, or nothing after the colon)."""

    shape: Shape

    def read(self, node: Node, spot: Spot) -> Any:
        if isinstance(node, Scalar) and node.plain and node.text.lower() in ("", "~", "null"):
            return None
        return self.shape.read(node, spot)

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "null"}, self.shape.schema()]}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of one shape."""

    shape: Shape
    least: int = 0
    name: Callable[[Any], str] | None = None
    """Gives the name of an item, where names must be unique."""

    def read(self, node: Node, spot: Spot) -> tuple[Any, ...]:
        if not isinstance(node, Items):
            raise spot.error(
                node,
                "is not a list",
                "Write it as [one, two], or one item a line after a -.",
            )
        if len(node.items) < self.least:
            noun = "item" if self.least == 1 else "items"
            raise spot.error(node, f"needs at least {self.least} {noun}")
        values: list[Any] = []
        names: set[str] = set()
        for n, item in enumerate(node.items, 1):
            below = spot.under(str(n))
            values.append(self.shape.read(item, below))
            if self.name is not None:
                name = self.name(values[-1])
                if name in names:
                    raise below.error(item, f"{name} is listed twice", "Remove one of them.")
                names.add(name)
        return tuple(values)

    def schema(self) -> Schema:
        return {"type": "array", "items": self.shape.schema(), "minItems": self.least}


@dataclass(frozen=True, slots=True)
class Either:
    """One shape for a mapping, another one for everything else."""

    mapping: Shape
    other: Shape

    def read(self, node: Node, spot: Spot) -> Any:
        return (self.mapping if isinstance(node, Entries) else self.other).read(node, spot)

    def schema(self) -> Schema:
        return {"anyOf": [self.other.schema(), self.mapping.schema()]}


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping with these keys and no others. The result has the keys that the file has."""

    fields: Mapping[str, Shape]
    required: Sequence[str] = ()

    def read(self, node: Node, spot: Spot) -> dict[str, Any]:
        if not isinstance(node, Entries):
            raise spot.error(node, "is not a mapping", f"Its keys are {', '.join(self.fields)}.")
        values: dict[str, Any] = {}
        for key, value in node.entries:
            shape = self.fields.get(key.text)
            below = spot.under(inert(key.text, 80))
            if shape is None:
                raise below.error(
                    key,
                    f"unknown key{nearest(key.text, self.fields)}",
                    f"The keys are {_listed(self.fields)}.",
                )
            values[key.text] = shape.read(value, below)
        for name in self.required:
            if name not in values:
                raise spot.error(node, f"the key {name} is missing", "Add it.")
        return values

    def schema(self) -> Schema:
        return {
            "type": "object",
            "properties": {name: shape.schema() for name, shape in self.fields.items()},
            "required": list(self.required),
            "additionalProperties": False,
        }


def _listed(words: Iterable[str]) -> str:
    words = list(words)
    return ", ".join(words) if len(words) <= 12 else f"{', '.join(words[:12])} and others"
