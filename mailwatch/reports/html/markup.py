"""HTML and SVG that text cannot break out of.

`Markup` is a type of its own, so that mypy refuses a bare text where markup is expected: the only
ways to it are `text`, which escapes, and `element`, which quotes its attributes.
"""

from collections.abc import Iterable
from html import escape
from typing import NewType

from mailwatch.reports.glue import unglue

Markup = NewType("Markup", str)

EMPTY = Markup("")
_VOID = frozenset({"meta", "link", "img"})
_SHAPES = frozenset({"path", "line", "circle", "polygon", "rect"})
_INLINE = frozenset({"span", "code", "strong", "b", "a", "time", "text", "title", "th", "td"})
"""Elements that stand within a line; after the others the text goes on in a new one."""


def text(value: str) -> Markup:
    """`value` as it is read: nothing in it is markup."""
    return Markup(escape(unglue(value), quote=True))


def element(name: str, /, *children: Markup, **attributes: str) -> Markup:
    """The element with its children; of an attribute's name `_` is `-`, and `class_` is `class`.

    An attribute without a value is left out.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value, quote=True)}"'
        for key, value in attributes.items()
        if value
    )
    end = "" if name in _INLINE else "\n"
    if name in _VOID:
        return Markup(f"<{name}{given}>{end}")
    if name in _SHAPES:
        return Markup(f"<{name}{given}/>{end}")
    return Markup(f"<{name}{given}>{''.join(children)}</{name}>{end}")


def join(parts: Iterable[Markup], between: str = "") -> Markup:
    """The parts one after the other, with the text `between` them."""
    return Markup(text(between).join(parts))
