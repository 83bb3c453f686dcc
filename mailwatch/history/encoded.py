"""What is stored of a run, as JSON text and numbers, and back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from mailwatch.history.store import DamagedError
from mailwatch.history.stored import StoredDay, StoredFinding, StoredRun
from mailwatch.model import (
    Cause,
    Finding,
    KnownRecords,
    Level,
    Measurement,
    Phrase,
    RecordSet,
    SourceState,
    Standing,
    Subject,
)
from mailwatch.model.codec import (
    measurement_from_json,
    measurement_to_json,
    phrase_from_json,
    phrase_to_json,
)
from mailwatch.text.units import limit_text


def dumps(value: Any) -> str:
    """`value` as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def loads(text: str) -> Any:
    """The value that was stored. Raises DamagedError."""
    try:
        return json.loads(text)
    except ValueError:
        raise DamagedError("what is stored is not JSON") from None


@lru_cache(maxsize=8192)
def subject_text(subject: Subject) -> str:
    """`subject` as it is stored: one spelling for each subject."""
    return dumps(dict(subject.pairs))


@lru_cache(maxsize=8192)
def read_subject(text: str) -> Subject:
    """The subject that was stored. Raises DamagedError."""
    try:
        return Subject.of(**json.loads(text))
    except (ValueError, TypeError):
        raise DamagedError("what is stored is not a subject") from None


def days_of(measurement: Measurement, today: date) -> list[StoredDay]:
    """The days that `measurement` speaks of: its series, else its one figure.

    A figure that has no day of its own was taken today. What was not measured has no day.
    """
    days = {
        day.day: StoredDay(day.day, day.value, day.numerator, day.denominator)
        for day in measurement.daily
    }
    if not days and measurement.value is not None:
        day = measurement.window.last if measurement.window else today
        value, k, n = measurement.value, measurement.numerator, measurement.denominator
        days[day] = StoredDay(day, value, k, n)
    return list(days.values())


def day_to_row(series: int, day: StoredDay) -> dict[str, Any]:
    """`day` as the table of days has it; a value that follows from its counts is left out."""
    value, k, n = day.value, day.numerator, day.denominator
    follows = k is not None and n and value == k / n
    return {
        "series": series,
        "day": day.day.toordinal(),
        "value": None if follows or isinstance(value, str) else value,
        "word": value if isinstance(value, str) else None,
        "numerator": k,
        "denominator": n,
    }


def day_from_row(row: Any) -> StoredDay:
    """The day in a row of day, value, word, numerator, denominator."""
    day, value, word, k, n = row
    try:
        if word is not None:
            return StoredDay(date.fromordinal(day), word, k, n)
        if value is None and k is not None and n:
            value = k / n
        return StoredDay(date.fromordinal(day), value, k, n)
    except (TypeError, ValueError, OverflowError):
        raise DamagedError("what is stored is not a day") from None


def finding_body(finding: Finding) -> str:
    """The finding without its daily series, as JSON."""
    measurement, threshold = finding.measurement, finding.threshold
    unit = finding.check.unit
    body = {
        "measurement": measurement_to_json(replace(measurement, daily=())),
        "reason": phrase_to_json(finding.reason),
        "cause": finding.cause.value if finding.cause else None,
        "ideal": limit_text(threshold.ideal, unit, readable=False),
        "act": limit_text(threshold.act, unit, readable=False),
    }
    return dumps({name: value for name, value in body.items() if value is not None})


def read_finding(check: str, level: str, body: str) -> StoredFinding:
    """The finding that was stored. Raises DamagedError."""
    stored = loads(body)
    try:
        return StoredFinding(
            check=check,
            level=Level(level),
            cause=Cause(stored["cause"]) if "cause" in stored else None,
            measurement=measurement_from_json(stored["measurement"]),
            reason=phrase_from_json(stored["reason"]),
            ideal=stored.get("ideal"),
            act=stored.get("act"),
        )
    except (KeyError, TypeError, ValueError):
        raise DamagedError("what is stored is not a finding") from None


def states_text(states: tuple[SourceState, ...]) -> str:
    """The state of each source, as JSON."""
    return dumps({state.name: _state(state) for state in states})


def _state(state: SourceState) -> Mapping[str, Any]:
    stored: dict[str, Any] = {
        "state": state.state.value,
        "error": _phrase(state.error),
        "note": _phrase(state.note),
        "newest_day": str(state.newest_day) if state.newest_day else None,
        "seconds": round(state.seconds, 3),
        "counts": dict(state.counts),
    }
    return {name: value for name, value in stored.items() if value is not None}


def _phrase(phrase: Phrase | None) -> Any:
    return None if phrase is None else phrase_to_json(phrase)


def standing_to_row(series: int, standing: Standing) -> dict[str, Any]:
    """`standing` as the table of standings has it."""
    opened, unknown = standing.opened, standing.unknown_since
    return {
        "series": series,
        "level": standing.level.value,
        "since": str(standing.since),
        "opened": str(opened) if opened else None,
        "unknown_since": str(unknown) if unknown else None,
    }


def read_standing(row: Sequence[Any]) -> Standing:
    """The standing in a row of level, since, opened, unknown_since. Raises DamagedError."""
    level, since, opened, unknown = row
    try:
        return Standing(
            Level(level),
            date.fromisoformat(since),
            date.fromisoformat(opened) if opened else None,
            date.fromisoformat(unknown) if unknown else None,
        )
    except (TypeError, ValueError):
        raise DamagedError("what is stored is not a standing") from None


def read_run(row: Sequence[Any]) -> StoredRun:
    """The run in a row of id, generated_at, as_of, verdict, exit_code, sources, settings.

    Raises DamagedError.
    """
    number, generated_at, as_of, verdict, exit_code, sources, settings = row
    try:
        return StoredRun(
            number,
            generated_at,
            Level(verdict),
            exit_code,
            date.fromisoformat(as_of) if as_of else None,
            {name: state["state"] for name, state in loads(sources).items()},
            loads(settings),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise DamagedError("what is stored is not a run") from None


def read_records(row: Sequence[Any]) -> KnownRecords:
    """The records in a row of name, rdtype, first_seen, last_seen, body. Raises DamagedError."""
    name, rdtype, first, last, body = row
    try:
        found = RecordSet(name, rdtype, tuple(map(str, loads(body))))
        return KnownRecords(found, date.fromisoformat(first), date.fromisoformat(last))
    except (TypeError, ValueError):
        raise DamagedError("what is stored is not a record set") from None
