"""How a figure compares with its threshold: the rules, in the order in which they are asked.

A figure that was not measured, or rests on too little mail, is `unknown` and never a guess; one
that nobody set a limit for is shown as `ok`, and its reason says that it was not judged.
"""

import operator
from collections.abc import Callable
from typing import NamedTuple

from mailwatch.judge.edges import edges_of
from mailwatch.judge.interval import SETTLED, Interval, messages_to_settle, wilson
from mailwatch.model import (
    Cause,
    Check,
    Finding,
    Level,
    Limit,
    Measurement,
    Phrase,
    Threshold,
    say,
    verbatim,
)
from mailwatch.text.units import display, limit_text

_HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Verdict(NamedTuple):
    """What a rule says, if it says anything."""

    level: Level
    reason: Phrase
    cause: Cause | None = None


class Case(NamedTuple):
    """Everything that a rule may look at."""

    measurement: Measurement
    check: Check
    threshold: Threshold
    interval: Interval | None

    def shown(self) -> Phrase:
        """The value as the reasons quote it."""
        limits = self.threshold.ideal, self.threshold.act
        return verbatim(display(self.measurement.compared, self.check.unit, *limits))

    def limit(self, limit: Limit | None) -> Phrase:
        """A limit as the reasons quote it."""
        return verbatim(limit_text(limit, self.check.unit, readable=True) or "-")


def judge(measurement: Measurement, check: Check, threshold: Threshold) -> Finding:
    """The finding that `measurement` is, under `threshold`."""
    case = Case(measurement, check, threshold, _interval(measurement, check))
    verdict = next(found for rule in _RULES if (found := rule(case)))
    return Finding(
        check,
        measurement,
        threshold,
        verdict.level,
        verdict.reason,
        verdict.cause,
        case.interval,
    )


def _interval(measurement: Measurement, check: Check) -> Interval | None:
    numerator, denominator = measurement.numerator, measurement.denominator
    if not measurement.proportion or numerator is None or not denominator:
        return None
    if check.unit == "word":
        return None
    return wilson(numerator, denominator) if numerator <= denominator else None


def _not_measured(case: Case) -> Verdict | None:
    if case.measurement.value is not None:
        return None
    note = case.measurement.note or say("run.not_measured")
    return Verdict(Level.UNKNOWN, note, case.measurement.cause or Cause.NO_DATA)


def _exempt(case: Case) -> Verdict | None:
    """A value whose source says that it is not to be judged."""
    if case.measurement.note is None:
        return None
    return Verdict(Level.OK, say("judge.exempt", why=case.measurement.note))


def _switched_off(case: Case) -> Verdict | None:
    if case.threshold.ideal or case.threshold.act:
        return None
    return Verdict(Level.OK, say("judge.switched_off"))


def _too_old(case: Case) -> Verdict | None:
    age, oldest = case.measurement.age_days, case.threshold.max_age_days
    if age is None or oldest is None or age <= oldest:
        return None
    return Verdict(Level.UNKNOWN, say("judge.too_old", age=age, most=oldest), Cause.NO_DATA)


def _under_floor(case: Case) -> Verdict | None:
    volume, floor = case.measurement.newest_volume, case.threshold.min_daily
    if volume is None or volume >= floor:
        return None
    return Verdict(Level.OK, say("judge.under_floor", volume=volume, floor=floor))


def _too_few(case: Case) -> Verdict | None:
    messages = case.measurement.denominator
    least = case.threshold.min_messages
    if not case.measurement.denominator_name or messages is None or messages >= least:
        return None
    to_settle = _more_to_settle(case)
    if to_settle is None:
        reason = say("judge.too_few_never", messages=messages)
    else:
        more = max(least - messages, to_settle)
        reason = say("judge.too_few", messages=messages, more=more)
    return Verdict(Level.UNKNOWN, reason, Cause.TOO_LITTLE_MAIL)


def _undecided(case: Case) -> Verdict | None:
    """The interval reaches from the good edge to the bad one: it could be either."""
    more = _more_to_settle(case)
    if more == SETTLED or case.interval is None:
        return None
    limits = case.threshold.ideal, case.threshold.act
    low, high = (display(bound, case.check.unit, *limits) for bound in case.interval)
    settle = say("judge.settle", more=_about(more)) if more else say("judge.settle_never")
    reason = say("judge.undecided", low=low, high=high, settle=settle)
    return Verdict(Level.UNKNOWN, reason, Cause.TOO_LITTLE_MAIL)


def _compared(case: Case) -> Verdict:
    value, ideal, act = case.measurement.compared, case.threshold.ideal, case.threshold.act
    words = case.check.worse if isinstance(case.check.worse, tuple) else ()
    if value not in words and (words or isinstance(value, str)):
        return Verdict(Level.UNKNOWN, say("judge.unknown_word", value=str(value)), Cause.NO_DATA)
    if act and _holds(value, act, case, "act"):
        return Verdict(Level.BREACH, say("judge.act", value=case.shown(), limit=case.limit(act)))
    if ideal and not _holds(value, ideal, case, "ideal"):
        return Verdict(Level.WARN, say("judge.past", value=case.shown(), limit=case.limit(ideal)))
    if ideal:
        return Verdict(Level.OK, say("judge.ideal", value=case.shown(), limit=case.limit(ideal)))
    return Verdict(Level.OK, say("judge.no_act", value=case.shown(), limit=case.limit(act)))


_RULES: tuple[Callable[[Case], Verdict | None], ...] = (
    _not_measured,
    _exempt,
    _switched_off,
    _too_old,
    _under_floor,
    _too_few,
    _undecided,
    _compared,
)


def _holds(value: float | str | None, limit: Limit, case: Case, side: str) -> bool:
    """True when `value` is within the ideal, or calls for action, by `limit`."""
    if isinstance(value, str) or isinstance(limit.value, str):
        order = [str(word) for word in case.check.worse]
        place, edge = order.index(str(value)), order.index(str(limit.value))
        return place <= edge if side == "ideal" else place >= edge
    return _HOLDS[limit.comparator or "<="](value or 0.0, limit.value)


def _about(messages: int) -> int:
    """`messages` rounded up to two digits: the rate will not stay what it is to the message."""
    step = int(10 ** max(0, len(str(messages)) - 2))
    return -(-messages // step) * step


def _more_to_settle(case: Case) -> int | None:
    """SETTLED where the interval decides, or is not asked; None where it never will."""
    edges = edges_of(case.threshold, case.check)
    messages, numerator = case.measurement.denominator, case.measurement.numerator
    if case.interval is None or edges is None or not messages or numerator is None:
        return SETTLED

    def undecided(interval: Interval) -> bool:
        return edges.undecided(interval, case.check.worse)

    return messages_to_settle(numerator / messages, messages, undecided)
