"""--output: a file is written whole or not at all, and never through somebody else's link."""

import json
import os
import select
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailwatch.cli import outputfile
from mailwatch.cli.outputfile import write_file
from tests.cli.conftest import ROOT, Command, watched


@pytest.fixture
def umask() -> Iterator[None]:
    """A umask that everybody has."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_new_file_gets_the_usual_mode_and_an_old_one_keeps_its_own(
    tmp_path: Path, umask: None
) -> None:
    path = tmp_path / "a.txt"
    assert write_file(path, ["one\n", "two\n"]) is None
    assert (path.read_text(), mode(path)) == ("one\ntwo\n", 0o644)
    path.chmod(0o600)
    assert write_file(path, ["three\n"]) is None
    assert (path.read_text(), mode(path)) == ("three\n", 0o600)
    path.unlink()
    os.umask(0o077)
    assert write_file(path, ["four\n"]) is None
    assert mode(path) == 0o600
    assert not list(tmp_path.glob(".mailwatch-*"))


def test_a_link_in_a_shared_folder_is_replaced_and_not_followed(tmp_path: Path) -> None:
    # Given a folder that everybody may write to, as /tmp, and a file of ours elsewhere
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    mine = tmp_path / "mine"
    for kind in (os.symlink, os.link):
        mine.write_text("precious")
        # When a link to that file was put where the report goes
        kind(mine, shared / "report.json")
        assert write_file(shared / "report.json", ["report"]) is None
        # Then the link is gone, and the file is as it was
        assert not (shared / "report.json").is_symlink()
        assert (shared / "report.json").read_text() == "report"
        assert mine.read_text() == "precious"
        (shared / "report.json").unlink()


def test_a_link_in_a_folder_of_one_s_own_leads_to_its_file(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "real").mkdir(mode=0o755)
    (tmp_path / "latest.json").symlink_to("real/report.json")
    assert write_file(tmp_path / "latest.json", ["report"]) is None
    assert (tmp_path / "latest.json").is_symlink()
    assert (tmp_path / "real" / "report.json").read_text() == "report"
    (tmp_path / "loop").symlink_to("loop")
    assert "symbolic links" in str(write_file(tmp_path / "loop", ["report"]))


def test_a_folder_is_not_written_over(tmp_path: Path) -> None:
    assert "directory" in str(write_file(tmp_path, ["report"])).lower()
    assert tmp_path.is_dir()


def test_a_pipe_without_a_reader_is_an_error_and_costs_nothing_else(
    mailwatch: Command, empty_home: Path
) -> None:
    # Given two outputs, of which the first is a named pipe that nobody reads
    os.mkfifo("pipe")
    with watched() as (_, config):
        outcome = mailwatch(
            "dns", "--config", config, "--output", "json=pipe", "--output", "json=b.json"
        )
    # Then that is said, the other file is written, and so is the report
    assert outcome.status == 3
    assert "pipe cannot be written: nobody reads from it" in outcome.err
    assert json.loads(Path("b.json").read_text())["verdict"] == "ok"
    assert outcome.out.startswith("mailwatch · example.com")


def test_a_pipe_with_a_reader_gets_the_report(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    read: list[bytes] = []
    text = "report\n" * 100_000  # more than a pipe holds

    def read_all() -> None:
        select.select([reader], [], [])  # until there is a writer
        os.set_blocking(reader, True)
        while chunk := os.read(reader, 65536):
            read.append(chunk)

    thread = threading.Thread(target=read_all)
    thread.start()
    assert write_file(path, [text]) is None
    thread.join()
    os.close(reader)
    assert b"".join(read).decode() == text


def test_a_pipe_whose_reader_stops_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputfile, "SECONDS", 0.1)
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    assert "its reader did not read" in str(write_file(path, ["x" * 1_000_000]))
    os.close(reader)


def test_a_stream_of_the_process_is_written_into(empty_home: Path) -> None:
    # Given /dev/stdout, which leads to a file that the shell has open
    outcome = subprocess.run(
        ["/bin/sh", "-c", 'exec "$PYTHON" -m mailwatch demo --output json=/dev/stdout >all.txt'],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHON": sys.executable},
        check=False,
    )
    # Then both reports are in it, the device is still there
    text = Path("all.txt").read_text()
    assert outcome.returncode == 1
    assert text.startswith("{")
    assert "mailwatch · example.com" in text
    assert Path("/dev/stdout").is_symlink()


def test_a_file_that_does_not_fit_leaves_the_old_one(empty_home: Path) -> None:
    # Given a report of last time, and room for half of a new one
    Path("report.json").write_text("last time")
    outcome = subprocess.run(
        [
            "/bin/sh",
            "-c",
            'ulimit -f 8; exec "$PYTHON" -m mailwatch demo --output json=report.json',
        ],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHON": sys.executable,
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    # Then the old one is whole, and nothing lies beside it
    assert outcome.returncode == 1
    assert "report.json cannot be written: File too large" in outcome.stderr
    assert Path("report.json").read_text() == "last time"
    assert [path.name for path in empty_home.iterdir()] == ["report.json"]


def test_an_output_may_replace_the_report_on_stdout(mailwatch: Command) -> None:
    with watched() as (_, config):
        outcome = mailwatch("dns", "--config", config, "--output", "json=-")
    assert outcome.json["verdict"] == "ok"
    assert not Path("-").exists()


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--output", "json=-", "--format", "console"), "only one report can go to stdout"),
        (("--output", "json=-", "--output", "console=-"), "only one report can go to stdout"),
        (("--output", "json=a", "--output", "console=./a"), "two reports would be written to ./a"),
        (("--output", "json=a", "--output", "console=link"), "two reports would be written"),
        (("--output", "json="), "is not FORMAT=PATH"),
    ],
)
def test_outputs_that_exclude_each_other(
    mailwatch: Command, argv: tuple[str, ...], said: str
) -> None:
    Path("link").symlink_to("a")
    with watched() as (running, config):
        outcome = mailwatch("check", "--config", config, *argv)
        assert running.requests == []
    assert outcome.status == 2
    assert said in outcome.err
