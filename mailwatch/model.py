"""The words of mailwatch as types: what flows from the sources through judging to the reports.

    Measurement + Check + Threshold  →  Finding;   Findings + SourceStates  →  Report

All are frozen: a value that was judged is the value that is shown. None reads a clock, and none
knows how it is printed: words are `Phrase`s, a code and values, worded by `mailwatch.words`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

Unit = Literal["percent", "ratio", "count", "days", "bits", "word"]
Lang = Literal["en", "ja"]
PUBLISHED_DECIMALS = 6


class Level(StrEnum):
    """How a finding stands to its threshold."""

    OK = "ok"
    WARN = "warn"
    BREACH = "breach"
    UNKNOWN = "unknown"


class Cause(StrEnum):
    """Why a figure is `unknown`."""

    TOO_LITTLE_MAIL = "too_little_mail"
    NO_DATA = "no_data"
    NOT_ALLOWED = "not_allowed"
    COULD_NOT_ASK = "could_not_ask"


class State(StrEnum):
    """How a source fared."""

    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something the program says, not yet in any language: a code of `mailwatch.words`, and values.

    Values that are strangers' text must have gone through `mailwatch.inert.inert`.
    """

    code: str
    values: tuple[tuple[str, "str | int | float | date | Phrase"], ...] = ()


def say(code: str, **values: "str | int | float | date | Phrase") -> Phrase:
    """The phrase `code` with its values."""
    return Phrase(code, tuple(values.items()))


def verbatim(text: str) -> Phrase:
    """Text that is the same in every language: a record, a name, an API's own words."""
    return say("verbatim", text=text)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a measurement is about, as key and value pairs; no pairs: the whole account."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, **pairs: str) -> "Subject":
        """The subject with these pairs, in the order given."""
        return cls(tuple(pairs.items()))

    def get(self, key: str) -> str | None:
        """The value of `key`, or None."""
        return dict(self.pairs).get(key)

    def includes(self, pairs: "Subject") -> bool:
        """True when every pair of `pairs` is one of this subject's."""
        return set(pairs.pairs) <= set(self.pairs)


ACCOUNT = Subject()


@dataclass(frozen=True, slots=True)
class Window:
    """The days a figure speaks of, both included, in its source's own zone."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a series. A day without data is not in the series at all: a gap is no zero.

    A rate from counts has `numerator` and `denominator`, and `value` None where the denominator
    is 0; a published rate or a count has `value` alone.
    """

    day: date
    value: float | None = None
    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure that a source took, complete in itself: it is judged without asking anything else.

    `value` is a ratio 0..1 for a percent, a plain number for the other units, the word itself for
    a word, and None when it was not measured; then `cause` and `note` say why.
    `value` equals numerator ÷ denominator where those are given.
    """

    metric: str
    subject: Subject
    value: float | str | None = None
    numerator: int | None = None
    denominator: int | None = None
    denominator_name: str | None = None
    window: Window | None = None
    daily: tuple[Day, ...] = ()
    evidence: tuple[Phrase, ...] = ()
    cause: Cause | None = None
    note: Phrase | None = None
    """Why there is no value; or, with a value, why it is not to be judged (an Ed25519 key)."""
    proportion: bool = False
    """True when each message of the denominator either counts in the numerator or does not, so
    that a binomial interval holds. Deferrals, counted once an attempt, are no proportion."""
    newest_volume: int | None = None
    """Messages on the newest day, what a threshold's `min_daily` is held against."""
    complete_until: date | None = None
    """The newest day that was complete when this was taken, in the source's own zone. The age of
    a figure counts from the day after it."""

    @property
    def compared(self) -> float | str | None:
        """The value as limits are held against it.

        A published rate is a 32-bit float: 0.003 arrives as 0.003000000026, and is 0.003. What was
        counted here is exact but for the last digits of a division.
        """
        if self.value is None or isinstance(self.value, str):
            return self.value
        return round(self.value, PUBLISHED_DECIMALS if self.denominator is None else 12)

    @property
    def age_days(self) -> int | None:
        """Days from the newest day judged to the day it was asked on; None without days."""
        if self.window is None or self.complete_until is None:
            return None
        return (self.complete_until - self.window.last).days + 1


@dataclass(frozen=True, slots=True)
class Fault:
    """Something a source was refused or not answered, and what to do about it.

    It covers the metrics that begin with one of `metrics` (none: all of the source) for every
    subject that includes `subject`.
    """

    cause: Cause
    what: Phrase
    subject: Subject = ACCOUNT
    metrics: tuple[str, ...] = ()

    def covers(self, metric: str, subject: Subject) -> bool:
        """True when this fault is why `metric` of `subject` was not measured."""
        named = not self.metrics or any(metric.startswith(start) for start in self.metrics)
        return named and subject.includes(self.subject)


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


@dataclass(frozen=True, slots=True)
class Finding:
    """A measurement, judged."""

    check: Check
    measurement: Measurement
    threshold: Threshold
    level: Level
    reason: Phrase
    cause: Cause | None = None
    """Why it is unknown; None at any other level."""
    interval: tuple[float, float] | None = None
    """The 95 % interval of a rate from counts."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """How one source fared in a run. `error` is None exactly where `state` is ok."""

    name: str
    state: State
    error: Phrase | None = None
    seconds: float = 0.0
    newest_day: date | None = None
    calls: int = 0
    note: Phrase | None = None
    """Something to know about all of its figures, though nothing failed."""


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of a run, the state of each source, and the verdict."""

    generated_at: datetime
    """When it was made, aware; its zone is the reader's."""
    version: str
    findings: tuple[Finding, ...]
    sources: tuple[SourceState, ...]
    verdict: Level
    exit_code: int
    subjects: tuple[str, ...] = field(default=())
    """What was watched, for the heading: the domains, or nothing."""
