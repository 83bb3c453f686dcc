"""Rates that are on their way to `act`: a warning before the limit is passed, with its date."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from mailwatch.model import (
    Check,
    Finding,
    Forecast,
    Level,
    Limit,
    Phrase,
    say,
    verbatim,
)
from mailwatch.text.units import display

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mailwatch.judge.daily_rates import Rates
    from mailwatch.judge.outlook import Outlook


def foresee(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """`findings`, with a forecast where a rate is on its way to its `act`.

    One that is ok becomes a warning; a forecast never makes a breach, and where there is too
    little mail to tell there is none. A rate that changed suddenly has that as evidence.
    """
    return tuple(map(_foresee, findings))


def _foresee(finding: Finding) -> Finding:
    act, window = finding.threshold.act, finding.measurement.window
    if finding.level is Level.UNKNOWN or finding.check.unit != "percent":
        return finding
    if act is None or isinstance(act.value, str) or window is None:
        return finding
    # What looks ahead is imported only where there are days to look back on.
    from mailwatch.judge.daily_rates import daily_counts
    from mailwatch.judge.outlook import STAYS, look_ahead

    days = list(daily_counts(finding.measurement))
    if not days or days[-1][0] != window.last:
        return finding
    worse = str(finding.check.worse)
    if finding.level is not Level.BREACH:
        since = window.last - timedelta(days=STAYS)
        judged = [*look_ahead(days, act.value, worse=worse, since=since)][-1]
        outlook = judged.outlook if judged.day == window.last else None
        finding = _with_outlook(finding, outlook, act) if outlook else finding
    return finding if finding.level is Level.OK else _with_change(finding, days, act.value)


def _with_outlook(finding: Finding, outlook: "Outlook", act: Limit) -> Finding:
    if finding.level is Level.OK:
        reason = reason_of(outlook, act, finding.check)
        finding = replace(finding, level=Level.WARN, reason=reason)
    return replace(finding, forecast=_dated(outlook))


def _with_change(finding: Finding, days: "Sequence[Rates]", limit: float) -> Finding:
    """The finding with the sudden change behind it as evidence, where there was one."""
    from mailwatch.judge.change_point import find_change

    higher = finding.check.worse == "higher"
    counts = [(day.toordinal(), k if higher else n - k, n) for day, k, n in days]
    change = find_change(counts, limit if higher else 1 - limit)
    if change is None:
        return finding
    before, after = (r if higher else 1 - r for r in (change.before, change.after))
    unit = finding.check.unit
    phrase = say(
        "forecast.sudden",
        day=change.since,
        before=verbatim(display(before, unit)),
        after=verbatim(display(after, unit)),
        sure=min(99, int(change.probability * 100)),
    )
    measurement = finding.measurement
    evidence = (phrase, *measurement.evidence)
    return replace(finding, measurement=replace(measurement, evidence=evidence))


def _dated(outlook: "Outlook") -> Forecast | None:
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


def reason_of(outlook: "Outlook", act: Limit | None, check: Check) -> Phrase:
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
