"""Ctrl-C, SIGTERM and SIGHUP: each ends the program with its status, and leaves nothing behind."""

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mailwatch.demo import Faults, Hang, Rule
from tests.cli.conftest import ROOT, start, watched

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]


def runs(pid: int) -> bool:
    """True while the process is there and not a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def wait_for(path: Path) -> str:
    """What the file holds, once it holds something."""
    while not (path.exists() and path.read_text()):
        time.sleep(0.01)
    return path.read_text()


@pytest.mark.parametrize(("number", "status"), SIGNALS)
def test_a_signal_in_the_middle_of_a_run(number: int, status: int) -> None:
    # Given a server that does not answer
    with watched(faults=Faults(Rule("sendgrid", Hang()))) as (running, config):
        process = start("sendgrid", "--config", config)
        while not running.requests:
            time.sleep(0.01)
        # When the signal comes
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    # Then the program ends at once, without a word
    assert (process.returncode, out, err) == (status, b"", b"")


def waiting_manager(folder: Path) -> Path:
    """A configuration whose password manager waits for ever, with a child of its own."""
    script = folder / "manager"
    script.write_text("#!/bin/sh\nsleep 600 & echo $! > child; echo $$ > parent; wait\n")
    script.chmod(0o755)
    path = folder / "own.yaml"
    path.write_text(f"sendgrid:\n  api_key: cmd:{shlex.quote(str(script))}\n")
    return path


def wait_until_gone(pids: list[int]) -> None:
    """Returns once none of the processes is left, or fails."""
    deadline = time.monotonic() + 10
    while any(runs(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@needs_proc
@pytest.mark.parametrize(("number", "status"), SIGNALS)
def test_a_command_for_a_secret_ends_with_the_program(
    number: int, status: int, empty_home: Path
) -> None:
    # Given a run that waits for a password manager
    process = start("check", "--config", str(waiting_manager(empty_home)))
    pids = [int(wait_for(Path("parent"))), int(wait_for(Path("child")))]
    assert all(runs(pid) for pid in pids)
    # When the signal comes
    process.send_signal(number)
    process.communicate(timeout=20)
    # Then neither the manager nor its child is left
    assert process.returncode == status
    wait_until_gone(pids)


@needs_proc
def test_a_command_for_a_secret_ends_with_a_run_that_is_out_of_time(empty_home: Path) -> None:
    process = start("check", "--config", str(waiting_manager(empty_home)), "--timeout", "2")
    pids = [int(wait_for(Path("parent"))), int(wait_for(Path("child")))]
    process.communicate(timeout=20)
    assert process.returncode == 3
    wait_until_gone(pids)


@pytest.mark.parametrize(("number", "status"), SIGNALS)
def test_the_demo_s_folders_go_with_it(number: int, status: int, tmp_path: Path) -> None:
    # Given a demo that keeps serving
    folder = tmp_path / "temporary"
    folder.mkdir()
    process = start("demo", "--serve", TMPDIR=str(folder))
    assert process.stdout is not None
    process.stdout.readline()
    assert list(folder.iterdir())
    # When the signal comes, twice, as timeout(1) may send it
    process.send_signal(number)
    process.send_signal(number)
    process.communicate(timeout=20)
    # Then nothing is left of it
    assert process.returncode == status
    assert not list(folder.iterdir())


def test_a_signal_that_was_ignored_stays_ignored() -> None:
    # Given a program under nohup
    process = subprocess.Popen(
        ["/bin/sh", "-c", 'trap "" HUP; exec "$PYTHON" -m mailwatch demo --serve'],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHON": sys.executable},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    # When its terminal goes / Then it is still there, until another signal comes
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 143
