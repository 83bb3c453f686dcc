"""One thing that is not ok, as data that a format draws."""

from mailwatch.frozen import dataclass
from mailwatch.model import Finding, Level


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure of several."""

    value: str
    name: str = ""
    spark: str = ""
    rest: tuple[str, ...] = ()
    """Its limits where they differ from the others', what it rests on, why it is unknown."""
    finding: Finding | None = None
    """What a chart of it is drawn from."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One piece of evidence."""

    text: str
    whose: str = ""
    """The subjects that it is about, where it is not about all."""
    quoted: bool = False
    """The text is a record or somebody else's words, not ours."""


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that is not ok."""

    level: Level
    title: str
    brief_title: str
    """The title in the summary."""
    value: str = ""
    brief_value: str = ""
    about: str = ""
    """The subject, or what the subjects have in common."""
    facts: tuple[str, ...] = ()
    rows: tuple[FigureLine, ...] = ()
    more: int = 0
    """Figures that are not listed."""
    joined: tuple[str, ...] = ()
    """Other figures that got worse on the same days, each with what is to be said of it."""
    seen: tuple[Seen, ...] = ()
    actions: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    command: str = ""
    """What to run to read on."""
    age: str = ""
    """How old the figure is, where it is older than its source usually is."""
    size: int = 1
    """Findings in it."""
    finding: Finding | None = None
    """The only finding in it: what a chart is drawn from."""
    check: str = ""
    """The id of the check, where all of it is about one."""
