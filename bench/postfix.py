"""`mailwatch postfix` beside pflogsumm, over the same log: whole processes, start-up included.

Run it: python bench/postfix.py [MEGABYTES]. pflogsumm is Debian's (apt install pflogsumm). Each row
is the median of five runs, the two programs taking turns.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from mailwatch.demo.mail_log import Traffic, mail_log

ROUNDS = 5
PART = 20_000
"""Messages that are generated; the log repeats them."""


def write_log(path: Path, megabytes: int) -> None:
    """A log of yesterday, of that size. Each repetition has queue ids of its own."""
    begins = datetime.now(UTC).replace(tzinfo=None, hour=0, minute=0, second=0) - timedelta(days=1)
    text = "\n".join(mail_log(Traffic(begins, PART))).encode() + b"\n"
    with path.open("wb") as file:
        repetition = 0
        while file.tell() < megabytes * 1_000_000:
            # Every generated queue id begins so: the digits make it another one.
            file.write(text.replace(b": 4", b": 4%d" % (1000 + repetition)))
            repetition += 1


def measure(argv: list[str]) -> tuple[float, float]:
    """Seconds and megabytes of one process."""
    begun = time.perf_counter()
    run = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(run.pid, 0)
    run.returncode = 0  # waited for above
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


def main() -> None:
    """Prints a row for each program, and the ratio."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    other = shutil.which("pflogsumm") or "/usr/sbin/pflogsumm"
    if not Path(other).exists():
        sys.exit("pflogsumm is missing: apt install pflogsumm")
    with TemporaryDirectory() as folder:
        log = Path(folder, "mail.log")
        os.environ["XDG_STATE_HOME"] = folder  # each run is stored, as always
        write_log(log, megabytes)
        commands = {
            "pflogsumm": [other, str(log)],
            "mailwatch": [sys.executable, "-m", "mailwatch", "postfix", str(log), "--timeout",
                          "3600"],
        }  # fmt: skip
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, argv in commands.items():
                taken[name].append(measure(argv))
    seconds = {name: statistics.median(s for s, _ in runs) for name, runs in taken.items()}
    print(f"{megabytes} MB of log")
    for name, runs in taken.items():
        print(f"{name:<10} {seconds[name]:7.2f} s  {max(size for _, size in runs):5.0f} MB")
    print(f"mailwatch is {seconds['pflogsumm'] / seconds['mailwatch']:.1f} times as fast")


if __name__ == "__main__":
    main()
