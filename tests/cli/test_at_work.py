"""What a terminal shows while the user waits, and that nothing of it is in a pipe."""

import io
import sys
from collections import Counter

import pytest
from rich.protocol import rich_cast

from mailwatch.catalog.catalog import read_catalog
from mailwatch.cli.at_work import sources_shown, work_shown
from mailwatch.config import Config
from mailwatch.model import Report
from mailwatch.run import Options, run


class Screen(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """True."""
        return True


def stderr_of(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """What stderr is from now on."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", shown := Screen())
    return shown


def measured() -> Report:
    """A run as the commands make it, without a source that is configured."""
    with sources_shown() as watcher:
        return run(Config(), read_catalog(), Options(("postfix",)), watcher=watcher)


def test_a_terminal_shows_who_is_at_work_and_how_far(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = stderr_of(monkeypatch)
    with sources_shown() as watcher:
        # Given a source that asks, and one that reads files
        assert watcher is not None
        assert rich_cast(watcher) == "Asking …"
        asked, read = Counter(calls=0), Counter(files=0, calls=1)
        watcher.begun("sendgrid", asked)
        watcher.begun("postfix", read)
        assert rich_cast(watcher) == "Asking sendgrid, postfix (1 call) …"
        # When they go on, then it is said how far they are, until they are done
        asked["calls"], read["files"] = 1200, 3
        assert rich_cast(watcher) == "Asking sendgrid (1,200 calls), postfix (3 files) …"
        watcher.finished("sendgrid")
        assert rich_cast(watcher) == "Asking postfix (3 files) …"
        watcher.finished("postfix")
        assert rich_cast(watcher) == "Judging …"
    with work_shown("Sending notices …"):
        pass
    measured()
    assert "Asking …" in screen.getvalue()
    assert "Sending notices …" in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[2K")  # and the line is empty again


@pytest.mark.parametrize("dumb", [True, False])
def test_a_pipe_and_a_dumb_terminal_show_nothing(
    monkeypatch: pytest.MonkeyPatch, dumb: bool
) -> None:
    screen = stderr_of(monkeypatch)
    if dumb:
        monkeypatch.setenv("TERM", "dumb")
    else:
        monkeypatch.setattr(Screen, "isatty", lambda self: False)
    with sources_shown() as watcher, work_shown("Sending notices …"):
        assert watcher is None
    measured()
    assert screen.getvalue() == ""
