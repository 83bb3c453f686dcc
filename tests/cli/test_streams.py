"""Streams that are closed, full or not read: the exit status is never an accident."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


def shell(words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """`mailwatch` with these words, redirections included, as a shell runs it."""
    return subprocess.run(
        ["/bin/sh", "-c", f'exec "$PYTHON" -m mailwatch {words}'],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHON": sys.executable, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("demo --scenario healthy 2>&-", 0),
        ("demo --scenario breach 2>&-", 1),
        ("check --nope 2>&-", 2),
        pytest.param("check --nope 2>/dev/full", 2, marks=needs_full),
        ("demo --scenario outage -v 2>&-", 3),
        ("checks 0<&- 2>&-", 0),
        ("2>&-", 2),
    ],
)
def test_a_stderr_that_takes_nothing_changes_no_status(words: str, status: int) -> None:
    # Given stderr that is closed or full / When a command ends / Then its status is its own
    assert shell(words).returncode == status


@pytest.mark.parametrize(
    ("words", "status", "reason"),
    [
        ("checks >&-", 3, "it is closed"),
        ("--help >&-", 3, "it is closed"),
        ("--version 0<&- >&-", 3, "it is closed"),
        pytest.param("checks >/dev/full", 3, "No space left", marks=needs_full),
        pytest.param("check --help >/dev/full", 3, "No space left", marks=needs_full),
        pytest.param("demo --scenario healthy >/dev/full", 3, "No space left", marks=needs_full),
        pytest.param("demo --scenario breach >/dev/full", 1, "No space left", marks=needs_full),
        ("demo --scenario healthy --fail-on never >&-", 0, "it is closed"),
    ],
)
def test_a_stdout_that_takes_nothing_is_said(words: str, status: int, reason: str) -> None:
    outcome = shell(words)
    assert outcome.stderr.startswith("mailwatch: stdout cannot be written: ")
    assert reason in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    assert outcome.returncode == status


def test_neither_stream_leaves_the_status() -> None:
    assert shell("checks >&- 2>&-").returncode == 3


def test_the_files_are_written_when_stdout_takes_nothing(empty_home: Path) -> None:
    # Given a report to a file, and nobody who reads stdout, or no stdout
    for redirection, status in ((">&-", 3), ("| exec 0<&-", 0)):
        # When it is made
        words = f"demo --scenario healthy --output json=report.json {redirection}"
        outcome = shell(words)
        # Then the file is whole
        assert outcome.returncode == status
        assert json.loads(Path("report.json").read_text())["verdict"] == "ok"
        Path("report.json").unlink()


def closed_pipe(*argv: str) -> "subprocess.CompletedProcess[bytes]":
    """mailwatch writing to a pipe whose reader has gone before it began."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.run(
            [sys.executable, "-m", "mailwatch", *argv],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=writer,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writer)


@pytest.mark.parametrize("argv", [("checks",), ("--help",), ("demo", "--scenario", "breach")])
def test_a_closed_pipe_is_141(argv: tuple[str, ...]) -> None:
    outcome = closed_pipe(*argv)
    assert (outcome.returncode, outcome.stderr) == (141, b"")


def test_no_connection_takes_the_number_of_a_closed_stream() -> None:
    # Given stdin, stdout and stderr closed, whose numbers the next files and sockets would get
    outcome = shell("demo --scenario healthy --output json=report.json 0<&- >&- 2>&-")
    # When servers are asked / Then nothing that was printed went into one of their connections
    assert outcome.returncode == 3
    assert json.loads(Path("report.json").read_text())["verdict"] == "ok"
