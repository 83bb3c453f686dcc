"""A damaged file is set aside under a new name: never deleted, and never over another one."""

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path


def set_aside(path: Path, inode: int, *ends: str) -> str | None:
    """Renames the file, and its companions that are called the same with one of `ends`.

    The name that it has now: NAME.damaged-DATE, or with a number behind it. None where the file is
    no longer the one with this `inode`: another run has set that aside. Raises OSError.
    """
    with _alone_in(path.parent):
        if not path.is_file() or path.stat().st_ino != inode:
            return None
        day = datetime.now(UTC).date()
        for number in count(1):
            aside = Path(f"{path}.damaged-{day}{f'-{number}' if number > 1 else ''}")
            if not any(Path(f"{aside}{end}").exists() for end in ("", *ends)) and _move(
                path, aside
            ):
                break
        for end in ends:
            with contextlib.suppress(FileNotFoundError):
                _move(Path(f"{path}{end}"), Path(f"{aside}{end}"))
    return aside.name


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Nobody else sets a file of this folder aside meanwhile."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _move(path: Path, aside: Path) -> bool:
    """True when `path` is called `aside` now; False where there is something of that name.

    A rename would replace it. A second link does not; where the file system has none, the name is
    looked at before.
    """
    try:
        os.link(path, aside, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK):
            raise
        if os.path.lexists(aside):
            return False
        path.rename(aside)
        return True
    path.unlink()
    return True
