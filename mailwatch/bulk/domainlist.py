"""A list of domains, read line by line: `example.com`, or `{"domain": …, "selectors": […]}`."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mailwatch.config import Domain
from mailwatch.config.addresses import parse_domain, parse_selector
from mailwatch.text.inert import inert
from mailwatch.text.nearest import nearest

LONGEST_LINE = 16_384
"""Octets. A longer line is a bad one; it is never held."""
MOST_SELECTORS = 100
_READ = 65_536
_BOM = b"\xef\xbb\xbf"
_KEYS = ("domain", "selectors")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that does not name a domain."""

    number: int
    """Counted from 1."""
    why: str


Read = Domain | BadLine


def read_domains(
    descriptor: int, selectors: Sequence[str], progress: Callable[[int], None] = lambda octets: None
) -> Iterator[list[Read]]:
    """What is on each line, in lists of what could be read without waiting for more.

    `selectors` hold for every plain line. `progress` gets how much was read so far. Empty lines
    are passed over. Raises OSError.
    """
    number, octets = 0, 0
    for lines in _lines(descriptor):
        found: list[Read] = []
        for line in lines:
            number += 1
            octets += len(line) + 1
            text = line.removeprefix(_BOM).strip() if number == 1 else line.strip()
            if text:
                found.append(_read(number, text, tuple(selectors)))
        progress(octets)
        yield found


def _lines(descriptor: int) -> Iterator[list[bytes]]:
    """Lines without their end; one that is too long is cut, and is still too long."""
    rest, skipping = b"", False
    while part := os.read(descriptor, _READ):
        *lines, rest = (rest + part).split(b"\n")
        if skipping and lines:
            del lines[0]
            skipping = False
        if skipping:
            rest = b""
        elif len(rest) > LONGEST_LINE:
            lines.append(rest[: LONGEST_LINE + 1])
            rest, skipping = b"", True
        yield lines
    if rest:
        yield [rest]


def _read(number: int, line: bytes, selectors: tuple[str, ...]) -> Read:
    if len(line) > LONGEST_LINE:
        return BadLine(number, f"it is longer than {LONGEST_LINE} octets")
    try:
        text = line.decode()
        if text.startswith("{"):
            return _of_object(text)
        return Domain(parse_domain(text), selectors)
    except UnicodeDecodeError:
        return BadLine(number, "it is not UTF-8")
    except ValueError as error:
        return BadLine(number, str(error))


def _of_object(text: str) -> Domain:
    """The domain in a JSON object. Raises ValueError with what is wrong."""
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it begins like a JSON object and is not one") from None
    for key in found:
        if key not in _KEYS:
            raise ValueError(f"{inert(key, 40)} is not a key of it{nearest(key, _KEYS)}")
    name, listed = found.get("domain"), found.get("selectors") or []
    if not isinstance(name, str):
        raise ValueError('it has no "domain" with a name')
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise ValueError('"selectors" is not a list of names')
    if len(listed) > MOST_SELECTORS:
        raise ValueError(f"it has more than {MOST_SELECTORS} selectors")
    selectors = tuple(dict.fromkeys(map(parse_selector, listed)))
    return Domain(parse_domain(name), selectors)
