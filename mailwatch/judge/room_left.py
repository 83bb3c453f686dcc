"""How many more events a rate can take before it reaches its limit."""

from dataclasses import replace
from math import ceil

from mailwatch.model import Check, Finding, Level, Limit, Measurement, Phrase, say, verbatim
from mailwatch.text.units import display

WEEK = 7
CODES = {
    "sendgrid.bounce_rate": "budget.bounces",
    "sendgrid.bounce_rate_without_groups": "budget.bounces",
    "sendgrid.block_rate": "budget.blocks",
    "sendgrid.spam_report_rate": "budget.spam_reports",
    "sendgrid.drop_rate": "budget.drops",
    "sendgrid.invalid_rate": "budget.invalid",
    "sendgrid.delivered_rate": "budget.not_delivered",
}
"""What a metric counts, in words; of any other only `events`."""
OTHER = "budget.events"


def add_budgets(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """`findings`, those of rates from counts with what is left before `act` as evidence."""
    return tuple(map(_add, findings))


def _add(finding: Finding) -> Finding:
    if finding.level not in (Level.OK, Level.WARN) or finding.interval is None:
        return finding
    measurement = finding.measurement
    phrase = phrase_of(measurement, finding.check, finding.threshold.act)
    if phrase is None:
        return finding
    measurement = replace(measurement, evidence=(*measurement.evidence, phrase))
    return replace(finding, measurement=measurement)


def left_before(numerator: int, denominator: int, limit: float, worse: str) -> int:
    """Events more, among the same messages, that bring the rate to `limit`; 0 where it is there.

    With `worse="lower"` the messages fewer.
    """
    edge = round(limit * denominator, 6)
    return max(0, ceil(edge - numerator) if worse == "higher" else ceil(numerator - edge))


def phrase_of(measurement: Measurement, check: Check, act: Limit | None) -> Phrase | None:
    """`41 more bounces this week reach 5 %`; None where the figure has no budget."""
    k, n, window = measurement.numerator, measurement.denominator, measurement.window
    if act is None or isinstance(act.value, str) or k is None or not n or window is None:
        return None
    days = (window.last - window.first).days + 1
    return say(
        CODES.get(measurement.metric, OTHER),
        n=left_before(k, n, act.value, str(check.worse)),
        when=say("budget.this_week") if days == WEEK else say("budget.these_days", days=days),
        limit=verbatim(display(act.value, check.unit, act)),
    )
