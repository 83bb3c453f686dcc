"""Reports to store, made by judging measurements as a run does."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from mailwatch.judge import judge_all
from mailwatch.judge.standing import compare_with_past
from mailwatch.model import (
    ACCOUNT,
    Day,
    Level,
    Measurement,
    Past,
    RecordSet,
    Report,
    SourceState,
    State,
    Subject,
    Window,
)
from mailwatch.verdict import choose_exit_code, reach_verdict
from tests.pretended import SIMPLE

TODAY = date(2026, 11, 24)
NEWS = Subject.of(subuser="ニュース")


def series(
    values: Sequence[int],
    *,
    metric: str = "sendgrid.a",
    subject: Subject = ACCOUNT,
    last: date = TODAY,
) -> Measurement:
    """A measurement with one day for each of `values`, the last one on `last`."""
    days = tuple(
        Day(last - timedelta(days=len(values) - 1 - n), value / 10, value, 10)
        for n, value in enumerate(values)
    )
    return Measurement(
        metric,
        subject,
        value=values[-1] / 10,
        numerator=values[-1],
        denominator=10,
        window=Window(last, last),
        daily=days,
    )


def word(value: float | None, metric: str = "dns.a", subject: Subject = ACCOUNT) -> Measurement:
    """A figure of a moment."""
    return Measurement(metric, subject, value)


def report_of(
    *measurements: Measurement,
    day: date = TODAY,
    second: int = 0,
    past: Past | None = None,
    records: tuple[RecordSet, ...] = (),
) -> Report:
    """The report that a run at noon of `day` would have made."""
    past = past or Past()
    findings = tuple(
        compare_with_past(finding, past) for finding in judge_all(measurements, SIMPLE, past)
    )
    names = dict.fromkeys(m.metric.partition(".")[0] for m in measurements)
    states = tuple(
        SourceState(name, State.OK, records=records if name == "dns" else ()) for name in names
    )
    return Report(
        generated_at=datetime(day.year, day.month, day.day, 12, 0, second, tzinfo=UTC),
        version="1",
        findings=findings,
        sources=states,
        verdict=reach_verdict(findings, states),
        exit_code=choose_exit_code(findings, states, "breach"),
    )


def levels(report: Report) -> list[Level]:
    """The level of each finding."""
    return [finding.level for finding in report.findings]
