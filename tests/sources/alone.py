"""One exchange in a process of its own, so that only the program's memory is measured.

The servers of the tests are threads of the tests' process: what they hold would be counted too.
"""

import json
import os
import subprocess
import sys
import time
import tracemalloc
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from mailwatch.clock import Clock
from mailwatch.sources.http import ExchangeError, Session
from mailwatch.sources.job import Job

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Outcome:
    """How an exchange ended."""

    code: str
    """Of the error; empty when there was an answer."""
    cause: str
    again: bool
    unreachable: bool
    seconds: float
    peak: int
    """The most octets that Python held for it at one time."""


def exchange_alone(kind: str, url: str, seconds: float = 10.0) -> Outcome:
    """What becomes of a request (`kind` is send or statistics) that has `seconds`."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.sources.alone", kind, url, str(seconds)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "PYTHONTRACEMALLOC"},
    )
    return Outcome(**json.loads(run.stdout))


def _exchange(kind: str, url: str, session: Session) -> None:
    if kind == "send":
        session.send("GET", url)
        return
    from mailwatch.sources.sendgrid.client import SendGrid

    SendGrid("SG.key", url, session).statistics(date(2026, 10, 24), date(2026, 11, 23))


def _main(kind: str, url: str, seconds: float) -> None:
    clock = Clock(pause=lambda _: None)
    job = Job(datetime.now(UTC), None, time.monotonic() + seconds, clock)
    error: ExchangeError | None = None
    tracemalloc.start()
    begun = time.monotonic()
    with Session(job) as session:
        try:
            _exchange(kind, url, session)
        except ExchangeError as caught:
            error = caught
    outcome = Outcome(
        code=error.what.code if error else "",
        cause=error.cause.name if error else "",
        again=bool(error and error.again),
        unreachable=bool(error and error.unreachable),
        seconds=time.monotonic() - begun,
        peak=tracemalloc.get_traced_memory()[1],
    )
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
