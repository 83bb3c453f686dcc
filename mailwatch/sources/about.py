"""What a source says of its own command, so that the command line need not know it by name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class About:
    """`mailwatch SOURCE`: its help in one line, and what it accepts."""

    help: str
    domains: bool = False
    """The source measures domains, so it needs one."""
    selectors: bool = False
    resolver: bool = False
    own_command: bool = False
    """Its command has options of its own, so it is written out in `mailwatch.cli`."""
