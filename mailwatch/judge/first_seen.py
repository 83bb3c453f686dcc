"""What was never there for weeks, and is there now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from mailwatch.model import Day, Finding, Level, Measurement, say

CLEAN_DAYS = 21
"""Days with data and without a single event, before the first one is news."""
WINDOW = 7
SURE = 0.01
"""How unlikely so many events are by chance before they are a warning."""


def note_first(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """`findings`, those of what appeared for the first time in weeks with evidence of it.

    One that is ok becomes a warning where chance does not explain it.
    """
    return tuple(map(_note, findings))


def _note(finding: Finding) -> Finding:
    measurement = finding.measurement
    if finding.level is Level.UNKNOWN or finding.check.worse != "higher":
        return finding
    found = _first(measurement)
    if found is None:
        return finding
    day, clean = found
    phrase = say("forecast.first", day=day, days=clean)
    measurement = replace(measurement, evidence=(phrase, *measurement.evidence))
    finding = replace(finding, measurement=measurement)
    if finding.level is Level.OK and _is_sure(measurement, day):
        return replace(finding, level=Level.WARN, reason=phrase)
    return finding


def _first(measurement: Measurement) -> tuple[date, int] | None:
    """The first day with an event, and the clean days with data before it."""
    days = sorted(
        (day for day in measurement.daily if day.value is not None and day.denominator != 0),
        key=lambda day: day.day,
    )
    if not days or not _is_event_count(days) or measurement.window is None:
        return None
    first = next((place for place, day in enumerate(days) if (day.value or 0.0) > 0), None)
    if first is None or first < CLEAN_DAYS:
        return None
    newest = measurement.window.last
    recent = newest - timedelta(days=WINDOW) < days[first].day <= newest
    return (days[first].day, first) if recent else None


def _is_event_count(days: Sequence[Day]) -> bool:
    """True for a rate; a volume of mail that was 0 for weeks is another story."""
    return all((day.value or 0.0) <= 1 for day in days)


def _is_sure(measurement: Measurement, first: date) -> bool:
    """True when so many events since `first` are no chance, with none before.

    Given all events, each falls on the days since `first` by their share of the messages, if the
    rate is what it was (the conditional test of two rates; Przyborowski and Wilenski 1940).
    """
    days = [day for day in measurement.daily if day.numerator is not None and day.denominator]
    since = sum(day.denominator or 0 for day in days if day.day >= first)
    events = sum(day.numerator or 0 for day in days if day.day >= first)
    total = sum(day.denominator or 0 for day in days)
    return events > 0 and total > 0 and (since / total) ** events < SURE
