"""The most memory a whole `mailwatch check` takes, whatever the servers send.

Run it: python bench/memory.py. Each row is one run as a process of its own, against the demo world
with both HTTP servers answering everything in that way; the first row is an honest world.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime

from mailwatch.demo import Endless, Faults, HttpReply, Rule, build, serve
from mailwatch.demo.story.configuration import configured
from mailwatch.demo.wire.faults import HttpFault

ANSWERS: dict[str, HttpFault] = {
    "100 MB": Endless(10**8),
    "a gzip bomb of 100 MB": Endless(10**8, compressed=True),
    "1.3 million empty objects": HttpReply(200, b"[" + b"{}," * 1_300_000 + b"{}]"),
    "4 million brackets": HttpReply(200, b"[" * 4_000_000),
    "900,000 wide characters": HttpReply(200, '["' + "\U0001f600" * 900_000 + '"]'),
}


def megabytes(faults: Faults) -> float:
    """The largest resident size of one run against a world that is bent by `faults`."""
    world = build("healthy", datetime.now(UTC).date())
    with serve(world, faults=faults) as running, configured(world, running) as path:
        run = subprocess.Popen(
            [sys.executable, "-m", "mailwatch", "check", "--config", str(path), "--timeout", "20"],
            stdout=subprocess.DEVNULL,
        )
        _, _, usage = os.wait4(run.pid, 0)
        run.returncode = 0  # waited for above
    return usage.ru_maxrss / 1024


def main() -> None:
    """Prints a row for each kind of answer."""
    print(f"{'honest answers':<28} {megabytes(Faults()):4.0f} MB   (at most 300)")
    for name, answer in ANSWERS.items():
        faults = Faults(Rule("sendgrid", answer), Rule("postmaster", answer))
        print(f"{name:<28} {megabytes(faults):4.0f} MB")


if __name__ == "__main__":
    main()
