"""What the length of a suppression list costs in memory.

Run it: PYTHONPATH=. python bench/suppressions.py. Each row is one run as a process of its own over
an account whose bounce list has that many rows in the window. A list is counted page by page, so
the most memory of the longest is within 30 MB of that of the shortest.
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, overload

# dns.py and requests.py beside this file have the names of packages: those come first.
sys.path.sort(key=lambda folder: Path(folder).name == "bench")

from subusers import measured

from mailwatch.demo import build, serve
from mailwatch.demo.story.parts import Suppressed

SIZES = (1_000, 1_000_000)
MOST_MEGABYTES = 30


class Rows(Sequence[Suppressed]):
    """Rows that are made when they are asked for, evenly over six days."""

    def __init__(self, rows: int, first: int) -> None:
        self._rows, self._first = rows, first

    def __len__(self) -> int:
        return self._rows

    @overload
    def __getitem__(self, at: int) -> Suppressed: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Suppressed]: ...
    def __getitem__(self, at: int | slice) -> Suppressed | Sequence[Suppressed]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(self._rows))]
        created = self._first + at * 6 * 86400 // self._rows
        return Suppressed(created, f"user{at}@domain{at % 20_000}.example", "550 5.1.1", "5.1.1")


def _serve(rows: int, pipe: Any) -> None:
    now = datetime.now(UTC)
    world = build("healthy", now.date())
    listed = {"bounces": Rows(rows, int((now - timedelta(days=7)).timestamp()))}
    world = replace(world, sending=replace(world.sending, suppressions=listed))
    with serve(world) as running:
        pipe.send((running.sendgrid_url, running.world.api_key))
        pipe.recv()


def run(rows: int) -> tuple[float, int]:
    """Megabytes and calls of one run over a list of that many rows."""
    context = get_context("spawn")
    here, there = context.Pipe()
    context.Process(target=_serve, args=(rows, there), daemon=True).start()
    url, key = here.recv()
    with TemporaryDirectory() as folder:
        config = Path(folder, "mailwatch.yaml")
        config.write_text(f"sendgrid:\n  base_url: {url}\n  timezone: Asia/Tokyo\n")
        argv = [sys.executable, "-m", "mailwatch", "sendgrid", "--config", str(config)]
        argv += ["--format", "json", "--fail-on", "never", "--timeout", "600"]
        printed, megabytes = measured(argv, {**os.environ, "SENDGRID_API_KEY": key})
    here.send("stop")
    (source,) = json.loads(printed)["sources"]
    return megabytes, source["counts"]["calls"]


def main() -> None:
    """Prints a row for each size, and what the longest takes more than the shortest."""
    found = []
    for rows in SIZES:
        megabytes, calls = run(rows)
        found.append(megabytes)
        print(f"{rows:>9,} rows  {megabytes:6.1f} MB  {calls:>4} calls")
    print(f"difference {found[-1] - found[0]:.1f} MB (at most {MOST_MEGABYTES})")


if __name__ == "__main__":
    main()
