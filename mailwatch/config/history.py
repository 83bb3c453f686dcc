"""history: where the figures of every run are stored, and for how long."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mailwatch.config.secret import SecretRef
from mailwatch.config.section import Origin, Settings
from mailwatch.frozen import dataclass
from mailwatch.history.place import HistoryPlace, parse_place
from mailwatch.yamlfile.shape import Either, Fields, Nullable, Parsed, Shape, integer

ACCEPTS = "a path, postgresql://USER@HOST/DATABASE, env:NAME, file:PATH or none"


@dataclass(frozen=True, slots=True)
class HistoryConfig:
    """Where the history is (None: in the user's state folder), and for how many days it is kept."""

    place: HistoryPlace | SecretRef | None = None
    keep_days: int | None = None
    """None: for ever."""


def shape(origin: Origin) -> Shape:
    """A place, or a mapping with `place` and `keep_days`.

    A file that was only found in the current folder may come from somebody else: it must not send
    the figures to a server, and must not write outside its own folder.
    """

    def parse(text: str) -> HistoryPlace | SecretRef:
        kind = text.strip().partition(":")[0]
        if kind in ("env", "file", "cmd") and "://" not in text:
            reference = SecretRef.parse(text.strip(), origin.folder)
            if not origin.trusted and kind != "env":
                raise ValueError(f"{kind}: {_ONLY_FOUND}")
            return reference
        place = parse_place(text, origin.folder)
        if place.passwords:
            raise ValueError("a password is never written here, only where it is: env: or file:")
        if not origin.trusted and not _is_inside(place, origin.folder):
            raise ValueError(f"a place outside this folder {_ONLY_FOUND}")
        return place

    place = Parsed(parse, ACCEPTS, repeats=False)
    fields = Fields({"place": Nullable(place), "keep_days": Nullable(integer(1, 36_500))})
    return Nullable(Either(mapping=fields, other=place))


_ONLY_FOUND = "is not allowed in a file that was only found here; name it with --config"


def _is_inside(place: HistoryPlace, folder: Path) -> bool:
    if place.path is None:
        return place.url is None
    root = os.path.realpath(folder)
    return os.path.commonpath([root, os.path.realpath(place.path)]) == root


def settings(written: Any, environment: Mapping[str, str]) -> Settings:
    """Never None: without the section the state folder is used."""
    if isinstance(written, HistoryPlace | SecretRef):
        return Settings(HistoryConfig(written))
    return Settings(HistoryConfig(**(written or {})))


def template(environment: Mapping[str, str]) -> str:
    """Commented out."""
    return "# history: history.sqlite      # or none; default: the user's state folder\n"
