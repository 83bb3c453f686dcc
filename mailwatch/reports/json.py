"""The report for machines, version 1: a stable contract, see `schemas/report.json`.

Written out by hand, so that the model can change without it.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from mailwatch.model import Finding, Forecast, Ignored, Lang, Level, Report, SourceState, Window
from mailwatch.reports.view import View
from mailwatch.text.units import display, limit_text
from mailwatch.words import worded

SCHEMA = "mailwatch.report/1"


def render(report: Report, view: View) -> Iterator[str]:
    """One JSON object, indented, with its keys in a fixed order; in pieces, since the findings of
    thousands of subusers are many times as long as what they are made from."""
    if view.silences(report):
        return
    whole = _dumped({**_summary(report, view), "findings": []})
    before = whole.removesuffix("]\n}")
    for finding in findings_of(report, view):
        yield before + "\n    " + _dumped(finding).replace("\n", "\n    ")
        before = ","
    yield (before + "]\n}" if before != "," else "\n  ]\n}") + "\n"


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def document(report: Report, view: View) -> dict[str, Any]:
    """The report as JSON values."""
    return {**_summary(report, view), "findings": list(findings_of(report, view))}


def findings_of(report: Report, view: View) -> Iterator[dict[str, Any]]:
    """Each finding that is shown, as JSON values."""
    return (_finding(found, view.lang) for found in report.findings if not view.leaves_out(found))


def _summary(report: Report, view: View) -> dict[str, Any]:
    """All but the findings. `counts` are of all of them, also of those left out as ok."""
    levels = [finding.level for finding in report.findings]
    return {
        "schema": SCHEMA,
        "generated_at": report.instant,
        "mailwatch": report.version,
        "verdict": report.verdict.value,
        "exit_code": report.exit_code,
        "counts": {level.value: levels.count(level) for level in Level},
        "sources": [_source(state, view.lang) for state in report.sources],
    }


def _source(state: SourceState, lang: Lang) -> dict[str, Any]:
    return {
        "name": state.name,
        "state": state.state.value,
        "error": worded(state.error, lang) if state.error else None,
        "seconds": round(state.seconds, 3),
        "newest_day": _day(state.newest_day),
        "note": worded(state.note, lang) if state.note else None,
        "counts": dict(state.counts),
    }


def _finding(finding: Finding, lang: Lang) -> dict[str, Any]:
    check, measurement, threshold = finding.check, finding.measurement, finding.threshold
    limits = threshold.ideal, threshold.act
    return {
        "check": check.id,
        "title": check.title[lang],
        "subject": dict(measurement.subject.pairs),
        "level": finding.level.value,
        "cause": finding.cause.value if finding.cause else None,
        "value": measurement.value,
        "display": display(measurement.compared, check.unit, *limits),
        "unit": check.unit,
        "numerator": measurement.numerator,
        "denominator": measurement.denominator,
        "denominator_name": measurement.denominator_name,
        "window": _window(measurement.window),
        "interval": list(finding.interval) if finding.interval else None,
        "ideal": limit_text(threshold.ideal, check.unit, readable=False),
        "act": limit_text(threshold.act, check.unit, readable=False),
        "reason": worded(finding.reason, lang),
        "why": check.why[lang],
        "risks": list(check.risks[lang]),
        "actions": [
            action.text[lang]
            for action in check.fitting_actions(measurement.value, measurement.subject)
        ],
        "references": list(check.references),
        "evidence": [worded(phrase, lang) for phrase in measurement.evidence],
        "forecast": _forecast(finding.forecast),
        "since": _day(finding.since),
        "ignored": _ignored(finding.ignored, lang),
    }


def _ignored(ignored: Ignored | None, lang: Lang) -> dict[str, str | None] | None:
    if ignored is None:
        return None
    return {"reason": worded(ignored.reason, lang), "until": _day(ignored.until)}


def _forecast(forecast: Forecast | None) -> dict[str, Any] | None:
    if forecast is None:
        return None
    return {
        "breach_on": _day(forecast.breach_on),
        "earliest": _day(forecast.earliest),
        "latest": _day(forecast.latest),
        "within_7_days": forecast.within_7_days,
        "within_14_days": forecast.within_14_days,
    }


def _day(day: date | None) -> str | None:
    return str(day) if day else None


def _window(window: Window | None) -> dict[str, str] | None:
    return {"from": str(window.first), "to": str(window.last)} if window else None
