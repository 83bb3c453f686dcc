"""What one metric means, and the limits it is held against."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Unit = Literal["percent", "ratio", "count", "days", "bits", "word"]

Text = Mapping[str, str]

Texts = Mapping[str, tuple[str, ...]]


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
    actions: Texts
    references: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The source whose figures it judges."""
        return self.metric.partition(".")[0]


Comparator = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Limit:
    """One side of a threshold: a comparator and a number, or for words the word alone."""

    value: float | str
    comparator: Comparator | None = None


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
