"""Dataclasses that are frozen and have slots, made in a third of the time.

Until Python 3.13 `dataclasses` compiles six functions for each class, one by one. A run that asks
about one domain makes more than a hundred such classes, and that was a quarter of its time. Here
one text is compiled for a class, and what does not depend on its fields is shared by all. The rest
is left to the standard library, which is all that a type checker sees.

For the modules that a short run imports; any other gains nothing by it.
"""

import dataclasses
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from typing import TYPE_CHECKING, Any, Literal

__all__ = ["dataclass"]

if TYPE_CHECKING or sys.version_info >= (3, 13):
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: Literal[True], slots: Literal[True]) -> Callable[[type], type]:
        """What `dataclasses.dataclass(frozen=True, slots=True)` makes of a class."""
        return _frozen


def _frozen(plain: type) -> type:
    """The same class, frozen and with slots."""
    # The library's own check: a class is as frozen as the one above it.
    above = any(dataclasses.is_dataclass(base) for base in plain.__mro__[1:])
    make = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, frozen=above)
    made: Any = make(plain)
    made.__dataclass_params__.frozen = True
    own = fields(made)
    compared = [field.name for field in own if field.compare]
    mine, theirs = (
        "".join(f"{whose}.{name}, " for name in compared) for whose in ("self", "other")
    )
    text = "\n".join(
        (
            *_init(own, ending=hasattr(made, "__post_init__")),
            "def __eq__(self, other):",
            "    same = other.__class__ is self.__class__",
            f"    return ({mine}) == ({theirs}) if same else NotImplemented",
            f"def __hash__(self): return hash(({mine}))",
        )
    )
    names = {f"_{field.name}": _default(field) for field in own}
    methods: dict[str, Any] = {}
    exec(text, {"set_": object.__setattr__, **names}, methods)  # noqa: S102  # as dataclasses do
    for name, method in (methods | _SHARED).items():
        if name not in plain.__dict__:
            setattr(made, name, method)
    return made  # type: ignore[no-any-return]


def _init(own: Sequence["Field[Any]"], *, ending: bool) -> Iterator[str]:
    """The lines of `__init__`. `set_` stands for a value that is made anew where none is given."""
    given, body = ["self"], []
    for field in own:
        name, fallback = field.name, f"_{field.name}"
        made = field.default_factory is not MISSING
        if field.init:
            bare = field.default is MISSING and not made
            given.append(name if bare else f"{name}={'set_' if made else fallback}")
            value = f"{fallback}() if {name} is set_ else {name}" if made else name
        elif made or field.default is not MISSING:
            value = f"{fallback}()" if made else fallback
        else:
            continue
        body.append(f"    set_(self, {name!r}, {value})")
    yield f"def __init__({', '.join(given)}):"
    yield from body or ["    pass"]
    if ending:
        yield "    self.__post_init__()"


def _default(field: "Field[Any]") -> Any:
    return field.default_factory if field.default is MISSING else field.default


def _repr(self: Any) -> str:
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _refuse_to_set(self: Any, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in fields(self)]


def _take_state(self: Any, state: Sequence[Any]) -> None:
    for one, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)


_SHARED = {
    "__repr__": _repr,
    "__setattr__": _refuse_to_set,
    "__delattr__": _refuse_to_delete,
    "__getstate__": _state,
    "__setstate__": _take_state,
}
