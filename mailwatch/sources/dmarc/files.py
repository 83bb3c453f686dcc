"""The files of folders, Maildirs and names, found one after the other; nothing outside of them."""

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

BATCH = 32
"""Files that are read together: the least that is worth handing to another process."""


class FoundFile(NamedTuple):
    """A file to read."""

    path: str
    mailbox: bool = False
    """It is a message of a Maildir: it need not be a report."""


def find_files(paths: Sequence[str]) -> Iterator[FoundFile]:
    """Every file that `paths` name, folders by name; what is hidden in a folder is passed over.

    A symbolic link in a folder is not followed: it may lead out of it.
    """
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112  # Path's may raise for a folder that is closed
            yield from _in_folder(path)
        else:
            yield FoundFile(path)


def _in_folder(folder: str) -> Iterator[FoundFile]:
    try:
        with os.scandir(folder) as listed:
            entries = sorted(
                (entry.name, entry.is_dir(follow_symlinks=False))
                for entry in listed
                if not entry.is_symlink() and not entry.name.startswith((".", "__MACOSX"))
            )
    except OSError:
        yield FoundFile(folder)  # reading it says why it cannot be read
        return
    folders = {name for name, is_folder in entries if is_folder}
    if {"cur", "new"} <= folders:
        for name in ("new", "cur"):
            found = _in_folder(str(Path(folder, name)))
            yield from (one._replace(mailbox=True) for one in found)
        return
    for name, is_folder in entries:
        path = str(Path(folder, name))
        if is_folder:
            yield from _in_folder(path)
        elif Path(path).is_file():  # not a pipe, which could block
            yield FoundFile(path)


def batches(files: Iterator[FoundFile], size: int = BATCH) -> Iterator[tuple[FoundFile, ...]]:
    """The files, some at a time."""
    while batch := tuple(islice(files, size)):
        yield batch
