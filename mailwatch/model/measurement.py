"""One figure that a source took, and what could not be measured."""

from datetime import date
from enum import StrEnum

from mailwatch.frozen import dataclass
from mailwatch.model.phrase import Phrase
from mailwatch.model.subject import ACCOUNT, Subject

PUBLISHED_DECIMALS = 6


class Cause(StrEnum):
    """Why a figure is `unknown`."""

    TOO_LITTLE_MAIL = "too_little_mail"
    NO_DATA = "no_data"
    NOT_ALLOWED = "not_allowed"
    COULD_NOT_ASK = "could_not_ask"


@dataclass(frozen=True, slots=True)
class Window:
    """The days a figure speaks of, both included, in its source's own zone."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a series. A day without data is not in the series at all: a gap is not a zero.

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
    earlier: tuple[Day, ...] = ()
    """Days before those, in order, which the history has: trends are seen in them, and nothing
    else is."""
    evidence: tuple[Phrase, ...] = ()
    recipients: tuple[tuple[str, int], ...] = ()
    """Recipient domains, and how many of what was counted were there; the most first. Not all."""
    cause: Cause | None = None
    note: Phrase | None = None
    """Why there is no value; or, with a value, why it is not to be judged (an Ed25519 key)."""
    proportion: bool = False
    """True when each message of the denominator either counts in the numerator or does not, so
    that a binomial interval holds. Deferrals, counted once an attempt, are not a proportion."""
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

    It covers each of `metrics` (none: all of the source) for every subject that includes `subject`.
    """

    cause: Cause
    what: Phrase
    subject: Subject = ACCOUNT
    metrics: tuple[str, ...] = ()

    def covers(self, metric: str, subject: Subject) -> bool:
        """True when this fault is why `metric` of `subject` was not measured."""
        return (not self.metrics or metric in self.metrics) and subject.includes(self.subject)
