"""Days that only the history still has, before those that a source gave: for trends alone.

SendGrid gives 31 days, and what is usual has to be known from before a rise began. Only a rate that
could be about to pass its limit, or has trouble already, is worth asking the history about: the
others are judged the same with or without. The level, and every figure that is shown, stay what
was measured.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from mailwatch.model import Day, Finding, Level, Measurement, OlderDays, WantedDays

LONGEST = 90
"""Days up to the newest one, measured and stored together: what is usual is looked for in the
last nine weeks, and the rest is for a warning that was there some days ago."""
MOST_SERIES = 200
"""Series of one run that get them: those that have not are of the least mail."""
NEAR = 0.4
"""The share of its limit that a rate has to have had on one of the last days: under it, nothing is
announced."""
NEWEST_DAYS = 8


def add_earlier_days(findings: Sequence[Finding], stored: OlderDays) -> tuple[Finding, ...]:
    """`findings`, with the days before their own that `stored` has. Days that were measured win,
    and a gap stays one."""
    wanted = sorted(_wanted(findings), key=_least_mail_last)[:MOST_SERIES]
    if not wanted:
        return tuple(findings)
    found = stored([span for _, span in wanted])
    return tuple(
        _with_days(f, found.get((f.check.id, f.measurement.subject), ())) for f in findings
    )


def _wanted(findings: Sequence[Finding]) -> Iterator[tuple[Finding, WantedDays]]:
    for finding in findings:
        measurement = finding.measurement
        first = min((day.day for day in measurement.daily), default=None)
        if first is None or measurement.window is None or not may_be_announced(finding):
            continue
        oldest = measurement.window.last - timedelta(days=LONGEST - 1)
        if oldest < first:
            yield finding, WantedDays(finding.check.id, measurement.subject, oldest, first)


def may_be_announced(finding: Finding) -> bool:
    """True unless neither a rise nor a sudden change can be seen in the rate of `finding`."""
    act, measurement = finding.threshold.act, finding.measurement
    if finding.check.unit != "percent" or act is None or isinstance(act.value, str):
        return False
    if measurement.value is None or measurement.window is None:
        return False
    if finding.level in (Level.WARN, Level.BREACH):
        return True
    higher = finding.check.worse == "higher"
    least = NEAR * (act.value if higher else 1 - act.value)
    newest = measurement.window.last
    return any(
        day.value is not None and (day.value if higher else 1 - day.value) >= least
        for day in measurement.daily
        if newest - timedelta(days=NEWEST_DAYS) < day.day <= newest
    )


def _least_mail_last(wanted: tuple[Finding, WantedDays]) -> tuple[bool, int]:
    """Published rates, of which there are few, before all."""
    messages = wanted[0].measurement.denominator
    return messages is not None, -(messages or 0)


def _with_days(finding: Finding, days: tuple[Day, ...]) -> Finding:
    if not days:
        return finding
    measurement = finding.measurement
    earlier = tuple(_alike(days, measurement))
    return replace(finding, measurement=replace(measurement, earlier=earlier))


def _alike(days: Sequence[Day], measurement: Measurement) -> Iterator[Day]:
    """`days` with counts where those measured have them, else with rates alone."""
    counted = any(day.denominator is not None for day in measurement.daily)
    oldest: date = min(day.day for day in measurement.daily)
    for day in days:
        if day.day < oldest:
            yield day if counted else Day(day.day, day.value)
