"""`mailwatch serve` as a process, killed under load: what it acknowledged is counted, once."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.conftest import ROOT, heed_signals
from tests.serve.conftest import open_at
from tests.serve.peer import PATH, Sender, ask, event, packed

SENDER = Sender()
BATCH = 20


@contextmanager
def process_in(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A serving process, and its port."""
    config = folder / "mailwatch.yaml"
    config.write_text(f"history: h.sqlite\nserve:\n  webhook_public_key: {SENDER.public}\n")
    with subprocess.Popen(
        [sys.executable, "-m", "mailwatch", "serve", "--config", str(config), "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=heed_signals,  # noqa: PLW1509  # it takes no lock
    ) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        try:
            assert line.startswith("mailwatch: serving on http://127.0.0.1:"), line
            yield process, int(line.split(":")[3].split("/")[0])
        finally:
            process.kill()


def send(port: int, events: dict[str, int]) -> int:
    """Sends events (their ids, and the times of each); the status."""
    body = packed([event(name, "delivered", seconds) for name, seconds in events.items()])
    return ask(port, PATH, "POST", body, SENDER.headers(body, time.time())).status


def send_until_it_ends(port: int, name: str, acknowledged: dict[str, int]) -> None:
    """Sends one batch after the other, and notes the events of those that were acknowledged."""
    for number in range(10_000):
        events = {f"{name}-{number}-{n}": int(time.time()) for n in range(BATCH)}
        try:
            assert send(port, events) == 204
        except (OSError, http.client.HTTPException):
            return
        acknowledged.update(events)


def counted(folder: Path) -> int:
    return sum(count.n for count in open_at(folder / "h.sqlite").event_counts(0))


def test_nothing_acknowledged_is_lost_or_doubled_when_it_is_killed(tmp_path: Path) -> None:
    acknowledged: dict[str, int] = {}
    for turn in range(3):
        # Given a server under load from four clients
        with process_in(tmp_path) as (process, port):
            before = len(acknowledged)
            clients = [
                threading.Thread(target=send_until_it_ends, args=(port, f"{turn}{n}", acknowledged))
                for n in range(4)
            ]
            for client in clients:
                client.start()
            # When it is killed in the middle of it
            while len(acknowledged) < before + 200 * (turn + 1):
                time.sleep(0.01)
            process.kill()
            assert process.wait() == -signal.SIGKILL
            for client in clients:
                client.join()
        # Then every event that was acknowledged is counted, and at most one batch more a client
        most = len(acknowledged) + 4 * (turn + 1) * BATCH
        assert len(acknowledged) <= counted(tmp_path) <= most
    with process_in(tmp_path) as (process, port):
        # And what is sent again after that is not counted again
        before = counted(tmp_path)
        assert send(port, acknowledged) == 204
        assert counted(tmp_path) == before
        # And SIGTERM ends it in order
        process.terminate()
        assert process.wait() == 128 + signal.SIGTERM
        assert process.stderr is not None
        assert process.stderr.read() == ""
