"""Writes the README's pictures of a report, of the demo whose bounce rate creeps up to its limit:
on a terminal, as an SVG, and as a page in Chromium, as a PNG (where Chromium is installed).

Run it: make picture. The clock is fixed, so that the pictures change only with the report.
"""

import contextlib
import io
import shutil
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

from mailwatch.cli import main
from mailwatch.clock import Clock

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=9), "JST"))
WIDTH = 80
PICTURE = Path(__file__).parent / "report.svg"
PAGE_PICTURE = Path(__file__).parent / "report-html.png"
PAGE_SIZE = (1100, 1180)
"""Pixels: the verdict, the summary, and two cards."""


def draw() -> str:
    """The picture as SVG text."""
    output = io.StringIO(_demo("--color", "always", "--width", str(WIDTH)))
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(output.getvalue()), soft_wrap=True)
    return console.export_svg(title="mailwatch demo --scenario creeping", unique_id="mailwatch")


def draw_page(browser: str, path: Path) -> None:
    """Writes the picture of the page."""
    with TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        page.write_text(_demo("--format", "html"), encoding="utf-8")
        command = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--hide-scrollbars",
            f"--user-data-dir={folder}/profile",
            f"--window-size={PAGE_SIZE[0]},{PAGE_SIZE[1]}",
            f"--screenshot={path}",
            page.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # what which() found


def _demo(*options: str) -> str:
    """What the demo prints with these options."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        argv = ["demo", "--scenario", "creeping", "--lang", "en", *options]
        main(argv, Clock(now=lambda: NOON, monotonic=lambda: 0.0))
    return output.getvalue()


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
    if chromium := shutil.which("chromium"):
        draw_page(chromium, PAGE_PICTURE)
