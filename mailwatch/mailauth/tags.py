"""Tag lists, `a=b; c=d`: the syntax that DKIM keys and DMARC records share (RFC 6376 §3.2)."""

import re

from mailwatch.frozen import dataclass

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# VALCHAR, and whitespace inside; TXT holds no folded lines, but the grammar allows them.
_VALUE = re.compile(r"[\t\r\n\x20-\x3a\x3c-\x7e]*")
_WSP = " \t\r\n"


@dataclass(frozen=True, slots=True)
class TagList:
    """A tag list as it was written, with everything in it that is not a tag."""

    tags: tuple[tuple[str, str], ...]
    """Name and value, whitespace around them removed, in their order."""
    wrong: tuple[str, ...]
    """The parts that are no `name=value`."""

    @property
    def twice(self) -> str | None:
        """A name that occurs more than once, which makes the whole list invalid; or None."""
        seen: set[str] = set()
        for name, _ in self.tags:
            if name in seen:
                return name
            seen.add(name)
        return None


def parse_tags(text: str) -> TagList:
    """The tags of `text`. Never raises."""
    tags: list[tuple[str, str]] = []
    wrong: list[str] = []
    for part in text.strip(_WSP).removesuffix(";").split(";"):
        name, equals, value = part.partition("=")
        name, value = name.strip(_WSP), value.strip(_WSP)
        if equals and _NAME.fullmatch(name) and _VALUE.fullmatch(value):
            tags.append((name, value))
        else:
            wrong.append(part)
    return TagList(tuple(tags), tuple(wrong))
