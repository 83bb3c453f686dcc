"""What one metric means, and the limits it is held against."""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Literal

from mailwatch.frozen import dataclass
from mailwatch.model.subject import Subject

Unit = Literal["percent", "ratio", "count", "days", "bits", "seconds", "word"]

Text = Mapping[str, str]

Texts = Mapping[str, tuple[str, ...]]


CASE_KEYS = ("reason", "requirement")
"""The subject keys whose values an action can be meant for."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do about a check, and the cases that it is meant for (none: for every case)."""

    text: Text
    cases: tuple[str, ...] = ()
    """Values of the check, sender requirements or reasons."""


@dataclass(frozen=True, slots=True)
class Check:
    """What one metric means. Texts are by language, `en` and `ja`."""

    id: str
    metric: str
    title: Text
    unit: Unit
    worse: Literal["higher", "lower"] | tuple[str, ...]
    """Which way is worse; for words, the words from best to worst."""
    why: Text
    risks: Texts
    actions: tuple[Action, ...]
    references: tuple[str, ...] = ()
    short: Text | None = None
    """The title where room is scarce."""
    proportion: bool = True
    """False for a percentage that can be over 100 %: deferrals, counted once an attempt."""

    @property
    def source(self) -> str:
        """The source whose figures it judges."""
        return self.metric.partition(".")[0]

    def fitting_actions(self, value: float | str | None, subject: Subject) -> tuple[Action, ...]:
        """The actions for a finding with this value and subject, most effective first.

        Those that are meant for other cases are left out. Never none: where no action fits, all do.
        """
        here = {value, *(subject.get(key) for key in CASE_KEYS)}
        fitting = tuple(a for a in self.actions if not a.cases or here.intersection(a.cases))
        return fitting or self.actions


Comparator = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Limit:
    """One side of a threshold: a comparator and a number, or for words the word alone."""

    value: float | str
    comparator: Comparator | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """The numbers for a check. A side that is None is switched off.

    `ideal` holds when the figure is as good as wanted, `act` when something must be done now.
    """

    ideal: Limit | None = None
    act: Limit | None = None
    min_messages: int = 0
    min_daily: int = 0
    max_age_days: int | None = None
    ideal_at: Place | None = field(default=None, compare=False)
    """Where `ideal` was written, also where it was switched off there."""
    act_at: Place | None = field(default=None, compare=False)
    at: Place | None = field(default=None, compare=False)
    """Where the check's id is, in the file or the override that has the last word."""
