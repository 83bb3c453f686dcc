"""How long a full SendGrid run over many subusers takes, and how much memory.

Run it: PYTHONPATH=. python bench/subusers.py [SUBUSERS]. The servers answer every call after 50 ms;
the run is a process of its own. The ratio is of its wall time to that of its calls alone, made as
many at once as a run makes: at most 2. The memory is what it takes beyond the bare interpreter.
"""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

# dns.py and requests.py beside this file have the names of packages: those come first.
sys.path.sort(key=lambda folder: Path(folder).name == "bench")

from mailwatch.demo import Delay, Faults, Rule, World, build, serve
from mailwatch.demo.story.mail import booked
from mailwatch.demo.story.parts import SubuserStory
from mailwatch.sources.workers import WORKERS

SUBUSERS = 500
DAYS = 31
ANSWER = 0.05
MOST_RATIO, MOST_MEGABYTES = 2.0, 150


def many_subusers(number: int, today: date) -> World:
    """The healthy story of an account with that many subusers, each with some mail every day."""
    world = build("healthy", today)
    days = [today - timedelta(days=age) for age in range(1, DAYS + 1)]
    users = {
        f"user{n:05}": SubuserStory({day: booked(200 + n % 50) for day in days})
        for n in range(number)
    }
    return replace(world, sending=replace(world.sending, subusers=users, ips=()))


def _serve(number: int, pipe: Any) -> None:
    today = datetime.now(UTC).astimezone().date()
    faults = Faults(Rule("sendgrid", Delay(ANSWER)))
    with serve(many_subusers(number, today), faults=faults) as running:
        pipe.send((running.sendgrid_url, running.world.api_key))
        pipe.recv()


def measured(argv: list[str], environment: dict[str, str]) -> tuple[bytes, float]:
    """What a process prints, and the most memory it takes, in megabytes."""
    with subprocess.Popen(argv, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        printed = process.stdout.read()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0  # waited for above
    return printed, usage.ru_maxrss / 1024


def run(number: int) -> tuple[float, int, float]:
    """Seconds, calls and megabytes of one run over `number` subusers."""
    context = get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=_serve, args=(number, there), daemon=True)
    server.start()
    url, key = here.recv()
    with TemporaryDirectory() as folder:
        config = Path(folder, "mailwatch.yaml")
        config.write_text(
            f"sendgrid:\n  base_url: {url}\n  timezone: Asia/Tokyo\n  segments: [subuser]\n"
        )
        environment = {**os.environ, "SENDGRID_API_KEY": key}
        argv = [sys.executable, "-m", "mailwatch", "sendgrid", "--config", str(config)]
        printed, most = measured([*argv, "--format", "json", "--fail-on", "never"], environment)
    _, bare = measured([sys.executable, "-c", "pass"], dict(os.environ))
    here.send("stop")
    (source,) = json.loads(printed)["sources"]
    return source["seconds"], source["counts"]["calls"], most - bare


def main() -> None:
    """Prints the run, and whether it keeps within its bounds."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else SUBUSERS
    seconds, calls, megabytes = run(number)
    least = calls * ANSWER / WORKERS
    print(f"{number} subusers, {DAYS} days: {calls} calls of {ANSWER:g} s, {WORKERS} at once")
    ratio = f"{seconds / least:.2f} times {least:.2f} s (at most {MOST_RATIO:g})"
    print(f"wall time  {seconds:6.2f} s   {ratio}")
    print(f"memory     {megabytes:6.0f} MB  over the interpreter's own (at most {MOST_MEGABYTES})")


if __name__ == "__main__":
    main()
