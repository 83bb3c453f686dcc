"""Files that a user names are read within a time, whatever they are."""

import os
import threading
from pathlib import Path

import pytest

from mailwatch import inputfile
from mailwatch.errors import FileError
from mailwatch.inputfile import read_input
from mailwatch.yamlfile.reader import load


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """A named pipe."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


def test_a_file_is_read_up_to_one_byte_past_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert read_input(path, 5) == b"12345"
    assert read_input(path, 3) == b"1234"
    assert len(read_input(Path("/dev/zero"), 1000)) == 1001
    path.write_bytes(b"")
    assert read_input(path, 5) == b""


def test_a_pipe_is_read_to_its_end(pipe: Path) -> None:
    # Given a writer that comes after the reader, and writes more than a pipe holds at once
    data = b"x" * 300_000
    writer = threading.Thread(target=pipe.write_bytes, args=(data,))
    writer.start()
    # When it is read / Then nothing is missing
    assert read_input(pipe, 1_000_000) == data
    writer.join()


def test_a_pipe_without_a_writer_is_given_up(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputfile, "SECONDS", 0.1)
    with pytest.raises(FileError, match=r"cannot be read: it did not end in time"):
        load(pipe)


def test_a_writer_that_stops_in_the_middle_is_given_up(
    pipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputfile, "SECONDS", 0.1)
    keep_open = os.open(pipe, os.O_RDWR)
    os.write(keep_open, b"domains: [")
    with pytest.raises(TimeoutError):
        read_input(pipe, 100)
    os.close(keep_open)


@pytest.mark.parametrize(
    ("name", "reason"), [("none", "No such file"), (".", "Is a directory"), ("x" * 300, "too long")]
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(OSError, match=reason):
        read_input(tmp_path / name, 100)
