"""checks: a folder with the user's own checks. Checks are data, so any file may name one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mailwatch.config.section import Origin, Settings
from mailwatch.text.inert import inert
from mailwatch.yamlfile.shape import Nullable, Parsed, Shape


def shape(origin: Origin) -> Shape:
    """A path, relative to the file."""

    def parse(text: str) -> Path:
        if not text.strip() or inert(text) != text:
            raise ValueError("is not a valid path")
        path = Path(text.strip())
        try:
            path = path.expanduser()
        except RuntimeError:  # no such user, or no home folder
            raise ValueError("is not a valid path") from None
        return origin.folder / path

    return Nullable(Parsed(parse, "a folder, relative to this file"))


def settings(written: Any, environment: Mapping[str, str]) -> Settings:
    """The folder, or None."""
    return Settings(written or None)


def template(environment: Mapping[str, str]) -> str:
    """Commented out."""
    return "# checks: my-checks            # a folder with your own checks\n"
