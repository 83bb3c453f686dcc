"""Rates that are on their way to `act`: a warning before the limit is passed, with its date."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from mailwatch.judge.outlook import Outlook, look_ahead
from mailwatch.model import (
    Check,
    Finding,
    Forecast,
    Level,
    Limit,
    Measurement,
    Phrase,
    say,
    verbatim,
)
from mailwatch.text.units import display


def foresee(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """`findings`, with a forecast where a rate from counts is on its way to its `act`.

    One that is ok becomes a warning; a forecast never makes a breach, and where there is too
    little mail to tell there is none.
    """
    return tuple(map(_foresee, findings))


def _foresee(finding: Finding) -> Finding:
    act, window = finding.threshold.act, finding.measurement.window
    if finding.level not in (Level.OK, Level.WARN) or finding.interval is None:
        return finding
    if act is None or isinstance(act.value, str) or window is None:
        return finding
    outlook = None
    days = _counts(finding.measurement)
    for judged in look_ahead(days, act.value, worse=str(finding.check.worse)):
        outlook = judged.outlook if judged.day == window.last else None
    if outlook is None:
        return finding
    if finding.level is Level.OK:
        reason = reason_of(outlook, act, finding.check)
        finding = replace(finding, level=Level.WARN, reason=reason)
    return replace(finding, forecast=_dated(outlook))


def _counts(measurement: Measurement) -> Iterator[tuple[date, int, int]]:
    """The days with counts; a day may book more events than it has messages."""
    for day in measurement.daily:
        if day.numerator is not None and day.denominator:
            yield day.day, min(max(day.numerator, 0), day.denominator), day.denominator


def _dated(outlook: Outlook) -> Forecast | None:
    """The forecast of a rise; None for a sudden change, which has no date to come."""
    if outlook.kind == "change":
        return None
    return Forecast(
        outlook.breach_on,
        outlook.earliest,
        outlook.latest,
        round(outlook.within_7_days, 3),
        round(outlook.within_14_days, 3),
    )


def reason_of(outlook: Outlook, act: Limit | None, check: Check) -> Phrase:
    """What `outlook` says about `act`, in words."""
    limit = verbatim(display(act.value if act else None, check.unit, act))
    if outlook.earliest is None or outlook.breach_on is None or outlook.latest is None:
        before = outlook.before if check.worse == "higher" else 1 - (outlook.before or 0.0)
        return say("forecast.change", limit=limit, before=verbatim(display(before, check.unit)))
    return say(
        "forecast.trend",
        limit=limit,
        day=outlook.breach_on,
        earliest=outlook.earliest,
        latest=outlook.latest,
    )
