"""Writes the README's picture of the report: the demo as it looks on a terminal, as an SVG.

Run it: make picture. The clock is fixed, so that the picture changes only with the report.
"""

import contextlib
import io
from datetime import datetime, timedelta, timezone
from pathlib import Path

from rich.console import Console
from rich.text import Text

from mailwatch.cli import main
from mailwatch.clock import Clock

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=9), "JST"))
WIDTH = 80
PICTURE = Path(__file__).parent / "report.svg"


def draw() -> str:
    """The picture as SVG text."""
    options = ["--color", "always", "--width", str(WIDTH), "--lang", "en"]
    with contextlib.redirect_stdout(io.StringIO()) as output:
        main(["demo", *options], Clock(now=lambda: NOON, monotonic=lambda: 0.0))
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(output.getvalue()), soft_wrap=True)
    return console.export_svg(title="mailwatch demo", unique_id="mailwatch")


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
