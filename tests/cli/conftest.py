"""A person at the command line: an empty folder, a clean environment, a fixed clock, a world."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from mailwatch.cli import main
from mailwatch.clock import Clock
from mailwatch.demo import Faults, Running, World, build, serve
from mailwatch.demo.story.configuration import configured
from mailwatch.model.subject import SEGMENT_KEYS

ROOT = Path(__file__).parents[2]
JST = timezone(timedelta(hours=9), "JST")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=JST)
VARIABLES = [
    "MAILWATCH_CONFIG",
    "SENDGRID_API_KEY",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "NO_COLOR",
    "FORCE_COLOR",
    "COLUMNS",
    "LC_ALL",
    "LC_MESSAGES",
    "http_proxy",
    "https_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "GITHUB_ACTIONS",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_OUTPUT",
]


def patient_clock() -> Clock:
    """Noon of the story's last day; waits between tries take no time."""
    return Clock(now=lambda: NOON, pause=lambda seconds: None)


@dataclass
class Outcome:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout as JSON."""
        return json.loads(self.out)

    def levels(self) -> dict[str, set[str]]:
        """The levels of each check in a JSON report, without those of an account's segments."""
        levels: dict[str, set[str]] = {}
        for finding in self.json["findings"]:
            if not set(SEGMENT_KEYS) & set(finding["subject"]):
                levels.setdefault(finding["check"], set()).add(finding["level"])
        return levels

    def state(self, source: str) -> str:
        """The state of a source in a JSON report."""
        return str(next(s["state"] for s in self.json["sources"] if s["name"] == source))


Command = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, and no variable that mailwatch reads."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home" / ".local" / "state"))
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def mailwatch(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command in this process."""

    def run(*argv: str, clock: Clock | None = None) -> Outcome:
        capsys.readouterr()
        status = main(argv, clock or patient_clock())
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return run


@contextmanager
def watched(
    scenario: str = "healthy", *, world: World | None = None, faults: Faults | None = None
) -> Iterator[tuple[Running, str]]:
    """A running world, and the path of a mailwatch.yaml for it."""
    world = world or build(scenario, NOON.date())
    with serve(world, faults=faults) as running, configured(world, running) as path:
        yield running, str(path)


def heed_signals() -> None:
    """In a new process: takes no notice of what its parent ignores, as under nohup or in cron."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def start(*argv: str, **variables: str) -> "subprocess.Popen[bytes]":
    """mailwatch as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "mailwatch", *argv],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        preexec_fn=heed_signals,  # noqa: PLW1509  # it takes no lock
    )
