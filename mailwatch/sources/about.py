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
    fix: bool = False
    """It can say which DNS records to publish."""
    segments: bool = False
    """The source can divide the account's figures by subuser, provider or category."""
    revalidate: bool = False
    """The source can have its provider look at the domains again, which changes the account."""
    own_command: bool = False
    """Its command has options of its own, so it is written out in `mailwatch.cli`."""
    counts: tuple[str, ...] = ("calls",)
    """What it counts during a run: in its state from the beginning, as 0."""
    quiet: bool = False
    """A report on every source does not mention it where it is not configured."""
    lists: bool = False
    """It also takes a list of domains that is too long for one report."""
    tells_selectors: bool = False
    """It sees DKIM selectors, and tells the other sources of the run (`Job.sightings`)."""
