"""How long a whole `mailwatch check` takes, as a ratio to its slowest source alone.

Run it: python bench/latency.py [RUNS]. Every server of the demo world answers each request 100 ms
late. Whole processes take turns, so that a machine that slows down slows all of them.
"""

import os
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime

from mailwatch.demo import Delay, Faults, Rule, build, serve
from mailwatch.demo.story.configuration import configured

LATENCY = 0.1
COMMANDS = ("check", "sendgrid", "postmaster", "dns")


def seconds(command: str, config: str) -> float:
    """Wall-clock seconds of one run of `mailwatch command`."""
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "mailwatch", command, "--fail-on", "never"],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "MAILWATCH_CONFIG": config},
    )
    return time.perf_counter() - begun


def main() -> None:
    """Prints the median of each command and the ratio."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    late = Delay(LATENCY)
    faults = Faults(*(Rule(name, late) for name in ("sendgrid", "postmaster", "token", "dns")))
    world = build("healthy", datetime.now(UTC).date())
    with serve(world, faults=faults) as running, configured(world, running) as path:
        rounds = [[seconds(command, str(path)) for command in COMMANDS] for _ in range(runs + 1)]
    medians = [statistics.median(column) for column in zip(*rounds[1:], strict=True)]
    for command, median in zip(COMMANDS, medians, strict=True):
        print(f"mailwatch {command:<12} {median * 1000:6.0f} ms")
    print(f"check ÷ its slowest source {medians[0] / max(medians[1:]):5.2f}   (at most 1.3)")


if __name__ == "__main__":
    main()
