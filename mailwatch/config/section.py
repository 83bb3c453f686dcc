"""What every section of mailwatch.yaml has: its shape, its settings, its part of a new file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from mailwatch.config.addresses import parse_url
from mailwatch.config.secret import SecretRef
from mailwatch.frozen import dataclass
from mailwatch.yamlfile.shape import Parsed, Shape


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a mailwatch.yaml is, and whether somebody chose it.

    One that was only found in the current folder may come from somebody else: it must not run a
    command, and it must not send a credential to an address of its own choice.
    """

    folder: Path
    """Where relative paths start."""
    trusted: bool

    def secret(self) -> Parsed:
        """The shape of a reference to a secret."""

        def parse(text: str) -> SecretRef:
            reference = SecretRef.parse(text, self.folder)
            if reference.kind == "cmd" and not self.trusted:
                raise ValueError(
                    "cmd: is not allowed in a file that was only found here; name it with --config"
                )
            return reference

        return Parsed(parse, "env:NAME, file:PATH or cmd:COMMAND", repeats=False)

    def url(self, home: str, end: str = "") -> Parsed:
        """The shape of an API's address: on `home`, unless the file is trusted."""
        limit = None if self.trusted else home
        return Parsed(
            lambda text: parse_url(text, home=limit) + end, "an https address", repeats=False
        )


class Settings(NamedTuple):
    """What a section says."""

    value: Any
    """As it is stored in its field of `Config`."""
    from_environment: frozenset[str] = frozenset()
    """The keys that took their value from a variable, because the file does not have them."""


class Section(Protocol):
    """The contract of a module that is a section of mailwatch.yaml."""

    def shape(self, origin: Origin) -> Shape:
        """What the file may hold under the section's key."""
        ...

    def settings(self, written: Any, environment: Mapping[str, str]) -> Settings:
        """The section as it is stored in `Config`.

        `written` is what the shape read; None where the file does not have the section, and an
        empty mapping where it has it without a value.
        """
        ...

    def template(self, environment: Mapping[str, str]) -> str:
        """The section's commented part of a new mailwatch.yaml."""
        ...
