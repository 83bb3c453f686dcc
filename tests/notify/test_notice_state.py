"""What is kept between runs, and two runs at once."""

import threading
from pathlib import Path

import pytest

from mailwatch.config.notify import NotifyChannel, WrittenUrl
from mailwatch.notify.notice_state import NoticeFile, notice_file
from tests.notify.notify_peer import announcer, receiver
from tests.reports.samples import everything


def test_two_runs_at_once_announce_a_problem_once(tmp_path: Path) -> None:
    with receiver() as heard:
        hook = NotifyChannel("webhook", "hook", url=WrittenUrl(heard.url))
        # Given two runs that began side by side and found the same
        runs = [announcer(tmp_path, hook) for _ in range(3)]
        threads = [threading.Thread(target=run.announce, args=(everything(),)) for run in runs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    # Then one of them announced it, and the others knew by then
    assert len(heard.requests) == 1


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_STATE_HOME": "/state", "HOME": "/home/me"}, "/state/mailwatch"),
        ({"XDG_STATE_HOME": "state", "HOME": "/home/me"}, "/home/me/.local/state/mailwatch"),
        ({"HOME": "/home/me"}, "/home/me/.local/state/mailwatch"),
    ],
)
def test_where_it_is(environment: dict[str, str], folder: str) -> None:
    one = notice_file(environment, Path("/etc/mailwatch/mailwatch.yaml"))
    assert str(one.parent) == folder
    # Each configuration has its own, and the same one by another path
    assert one == notice_file(environment, Path("/etc/../etc/mailwatch/mailwatch.yaml"))
    assert one != notice_file(environment, Path("/etc/mailwatch/other.yaml"))
    assert one != notice_file(environment, None)
    # Without a configuration, what is watched tells them apart
    assert notice_file(environment, None, ["a.example"]) != notice_file(environment, None)


def test_a_file_that_is_too_large_or_a_link_away_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "notices.json"
    path.write_text(" " * (8 * 1024 * 1024 + 2))
    assert "something else" in (NoticeFile(path).damage or "")
    path.unlink()
    path.mkdir()
    assert "cannot be read" in (NoticeFile(path).damage or "")
