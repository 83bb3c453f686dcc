"""Copies of what could not be read, in a folder that the user names: `--failed DIR`."""

import contextlib
import hashlib
import re
import shutil
from pathlib import Path

from mailwatch.errors import ConfigError
from mailwatch.sources.dmarc.contents import Refusal
from mailwatch.text.inert import inert

_ODD = re.compile(r"[^A-Za-z0-9._-]+")


def make_folder(folder: Path) -> None:
    """The folder is there. Raises ConfigError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"--failed {inert(str(folder), 200)}: {error.strerror or type(error).__name__}",
            "Name a folder that can be written.",
        ) from None


def keep_failed(refusal: Refusal, folder: Path) -> None:
    """The file that could not be read is also in `folder`, or the message, if it is one of many.

    Its name is made of the file's own and of the place inside; no name in an archive is used.
    """
    number = hashlib.blake2b(refusal.place.encode("utf-8", "replace"), digest_size=4).hexdigest()
    whole = refusal.content is None
    base = _ODD.sub("_", Path(refusal.path or "standard-input").name).strip("._")[-80:]
    if whole:
        number = hashlib.blake2b(
            (refusal.path or "").encode("utf-8", "replace"), digest_size=4
        ).hexdigest()
    target = folder / f"{number}-{base or 'report'}{'' if whole else '.eml'}"
    with contextlib.suppress(OSError):  # the report says what failed in any case
        if refusal.content is not None:
            target.write_bytes(refusal.content)
        elif refusal.path and Path(refusal.path).is_file() and not target.exists():
            shutil.copyfile(refusal.path, target)
