"""Runs to show, judged by the shipped checks."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from mailwatch.catalog.catalog import read_catalog
from mailwatch.judge import judge_all
from mailwatch.model import (
    ACCOUNT,
    Day,
    Measurement,
    RecordSet,
    Report,
    SourceState,
    State,
    Subject,
    Window,
)
from mailwatch.verdict import choose_exit_code, reach_verdict

TODAY = date(2026, 11, 24)
SENT = 10_000


def rate(bounces: Sequence[int], subject: Subject = ACCOUNT) -> Measurement:
    """A bounce rate by day, of ten thousand messages each; the last day is yesterday."""
    last = TODAY - timedelta(days=1)
    days = tuple(
        Day(last - timedelta(days=len(bounces) - 1 - n), count / SENT, count, SENT)
        for n, count in enumerate(bounces)
    )
    week = [day.numerator or 0 for day in days[-7:]]
    k, n = sum(week), SENT * len(week)
    window = Window(days[-len(week)].day, last)
    return Measurement(
        "sendgrid.bounce_rate",
        subject,
        k / n,
        numerator=k,
        denominator=n,
        window=window,
        daily=days,
    )


def run_of(
    *measurements: Measurement, day: date = TODAY, records: tuple[RecordSet, ...] = ()
) -> Report:
    """The report of a run at eleven on that day."""
    findings = tuple(judge_all(measurements, read_catalog()))
    states = (SourceState("sendgrid", State.OK), SourceState("dns", State.OK, records=records))
    return Report(
        generated_at=datetime(day.year, day.month, day.day, 11, tzinfo=UTC),
        version="1",
        findings=findings,
        sources=states,
        verdict=reach_verdict(findings, states),
        exit_code=choose_exit_code(findings, states, "breach"),
    )
