"""mailwatch.yaml: what to watch, and where the secrets are. Every key has a default.

Found as `--config`, `$MAILWATCH_CONFIG`, `./mailwatch.yaml`, or in the user's configuration folder.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mailwatch.config.secret import is_file
from mailwatch.config.section import Origin
from mailwatch.config.sections import SECTIONS, Config
from mailwatch.frozen import dataclass
from mailwatch.yamlfile.reader import load
from mailwatch.yamlfile.shape import Fields, Spot

FILE = "mailwatch.yaml"
VARIABLE = "MAILWATCH_CONFIG"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration, the file it came from, and the keys that the file set."""

    config: Config
    path: Path | None = None
    set_keys: frozenset[str] = frozenset()
    from_environment: frozenset[str] = frozenset()
    """The keys that took their value from a variable, because the file does not have them."""


def load_config(named: Path | None, environment: Mapping[str, str] | None = None) -> Loaded:
    """The configuration in force. Raises FileError or ConfigError for what is not accepted.

    The environment gives defaults only: what the file says comes first.
    """
    environment = os.environ if environment is None else environment
    path, trusted = _find(named, environment)
    values: dict[str, Any] = {}
    if path is not None:
        node = load(path)
        if node is not None:
            values = file_shape(path.parent, trusted=trusted).read(node, Spot(path))
    read = {
        name: section.settings((values[name] or {}) if name in values else None, environment)
        for name, section in SECTIONS.items()
    }
    config = Config(**{name: settings.value for name, settings in read.items()})
    defaulted = frozenset[str]().union(*(settings.from_environment for settings in read.values()))
    return Loaded(config, path, _keys(values), defaulted)


def file_shape(folder: Path, *, trusted: bool) -> Fields:
    """What mailwatch.yaml may hold. Relative paths start from `folder`."""
    origin = Origin(folder, trusted)
    return Fields({name: section.shape(origin) for name, section in SECTIONS.items()})


def _find(named: Path | None, environment: Mapping[str, str]) -> tuple[Path | None, bool]:
    """The file to read and whether somebody chose it; None where there is none."""
    if named is not None:
        return named, True
    if environment.get(VARIABLE):
        return Path(environment[VARIABLE]), True
    if is_file(Path(FILE)):
        return Path(FILE), False
    home = environment.get("HOME") or os.path.expanduser("~")  # noqa: PTH111  # Path's may raise
    folder = Path(environment.get("XDG_CONFIG_HOME") or Path(home) / ".config")
    users = folder / "mailwatch" / FILE
    # A relative path would be looked for in the current folder, which may belong to somebody else.
    return (users, True) if folder.is_absolute() and is_file(users) else (None, True)


def _keys(values: Mapping[str, Any]) -> frozenset[str]:
    keys: set[str] = set()
    for name, value in values.items():
        keys.add(name)
        if isinstance(value, dict):
            keys |= {f"{name}.{key}" for key in value}
    return frozenset(keys)
