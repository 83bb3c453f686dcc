"""Lines on a picture that shows through where nothing is drawn: a PNG, by the standard library.

Each colour has sixteen strengths in the palette, so that edges are smooth on a light page and on a
dark one (PNG, third edition: indexed colour, with the transparency of each entry in tRNS).
"""

import zlib
from collections.abc import Sequence
from math import ceil, floor, hypot
from struct import pack

LEVELS = 15
"""Strengths of a colour above none at all."""
Colour = tuple[int, int, int]
Point = tuple[float, float]


class Canvas:
    """What is drawn, in pixels from the upper left corner."""

    def __init__(self, width: int, height: int, colours: Sequence[Colour]) -> None:
        self.width = width
        self.height = height
        self._colours = tuple(colours)
        self._rows = [bytearray(width) for _ in range(height)]

    def line(self, start: Point, end: Point, colour: int, thick: float) -> None:
        """A straight line with round ends; `colour` is its place among the colours."""
        (x1, y1), (x2, y2) = start, end
        dx, dy = x2 - x1, y2 - y1
        long = dx * dx + dy * dy
        reach = thick / 2 + 1
        for y in range(*_inside(min(y1, y2) - reach, max(y1, y2) + reach, self.height)):
            left, right = min(x1, x2), max(x1, x2)
            if dy:  # only the part of it that is near this row
                ends = (x1 + dx * (y - reach - y1) / dy, x1 + dx * (y + reach - y1) / dy)
                left, right = max(left, min(ends)), min(right, max(ends))
            for x in range(*_inside(left - reach, right + reach, self.width)):
                along = ((x - x1) * dx + (y - y1) * dy) / long if long else 0.0
                along = min(1.0, max(0.0, along))
                away = hypot(x - x1 - along * dx, y - y1 - along * dy)
                self._mark(x, y, colour, thick / 2 + 0.5 - away)

    def dashes(self, start: Point, end: Point, colour: int, thick: float, dash: float) -> None:
        """The line in dashes, with as much room between them."""
        (x1, y1), (x2, y2) = start, end
        number = max(1, ceil(hypot(x2 - x1, y2 - y1) / dash / 2))
        for n in range(number):
            a, b = n / number, (n + 0.5) / number
            self.line(
                (x1 + (x2 - x1) * a, y1 + (y2 - y1) * a),
                (x1 + (x2 - x1) * b, y1 + (y2 - y1) * b),
                colour,
                thick,
            )

    def png(self) -> bytes:
        """The picture as a file."""
        palette, clear = bytearray(3), bytearray(1)
        for colour in self._colours:
            for strength in range(1, LEVELS + 1):
                palette += bytes(colour)
                clear.append(round(255 * strength / LEVELS))
        pixels = b"".join(b"\0" + row for row in self._rows)  # each row as it is, without a filter
        return b"".join(
            (
                b"\x89PNG\r\n\x1a\n",
                _chunk(b"IHDR", pack(">2I5B", self.width, self.height, 8, 3, 0, 0, 0)),
                _chunk(b"PLTE", palette),
                _chunk(b"tRNS", clear),
                _chunk(b"IDAT", zlib.compress(pixels, 9)),
                _chunk(b"IEND", b""),
            )
        )

    def _mark(self, x: int, y: int, colour: int, cover: float) -> None:
        """The pixel, where it is covered more than before."""
        strength = round(min(1.0, cover) * LEVELS)
        before = self._rows[y][x]
        if strength > 0 and (not before or strength > (before - 1) % LEVELS):
            self._rows[y][x] = colour * LEVELS + strength


def _inside(low: float, high: float, end: int) -> tuple[int, int]:
    return max(0, floor(low)), min(end, ceil(high) + 1)


def _chunk(name: bytes, data: bytes | bytearray) -> bytes:
    body = name + data
    return pack(">I", len(data)) + body + pack(">I", zlib.crc32(body))
