"""Measurements and phrases as JSON values, and back: what is stored is what was measured.

Lists of pairs rather than objects wherever the order counts: a database may reorder the keys of an
object. Fields that have their default are left out. A field that is added later needs a default,
so that what was stored before can still be read.
"""

from datetime import date
from typing import Any

from mailwatch.model.measurement import Cause, Day, Measurement, Window
from mailwatch.model.phrase import Phrase, Value
from mailwatch.model.subject import Subject

Json = dict[str, Any]
_PLAIN = ("value", "numerator", "denominator", "denominator_name", "proportion", "newest_volume")
_DAY = ("value", "numerator", "denominator")


def phrase_to_json(phrase: Phrase) -> Json:
    """`phrase` as JSON values: its code, and its values in their order."""
    return {
        "code": phrase.code,
        "values": [[name, _value_to_json(value)] for name, value in phrase.values],
    }


def phrase_from_json(stored: Json) -> Phrase:
    """The phrase that was stored. Raises ValueError for anything else."""
    try:
        return _phrase(stored)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("not a stored phrase") from error


def measurement_to_json(measurement: Measurement) -> Json:
    """`measurement` as JSON values."""
    stored: Json = {"metric": measurement.metric, "subject": dict(measurement.subject.pairs)}
    stored |= _given(measurement, _PLAIN)
    if measurement.window:
        stored["window"] = [str(measurement.window.first), str(measurement.window.last)]
    if measurement.daily:
        stored["daily"] = [{"day": str(day.day), **_given(day, _DAY)} for day in measurement.daily]
    if measurement.evidence:
        stored["evidence"] = [phrase_to_json(phrase) for phrase in measurement.evidence]
    if measurement.recipients:
        stored["recipients"] = [list(pair) for pair in measurement.recipients]
    if measurement.cause:
        stored["cause"] = measurement.cause.value
    if measurement.note:
        stored["note"] = phrase_to_json(measurement.note)
    if measurement.complete_until:
        stored["complete_until"] = str(measurement.complete_until)
    return stored


def measurement_from_json(stored: Json) -> Measurement:
    """The measurement that was stored. Raises ValueError for anything else."""
    try:
        return _measurement(stored)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("not a stored measurement") from error


def _given(of: Measurement | Day, names: tuple[str, ...]) -> Json:
    """The fields of `names` that are not None or False."""
    values = {name: getattr(of, name) for name in names}
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    }


def _measurement(stored: Json) -> Measurement:
    window, note = stored.get("window"), stored.get("note")
    cause, until = stored.get("cause"), stored.get("complete_until")
    return Measurement(
        metric=stored["metric"],
        subject=Subject.of(**stored["subject"]),
        **{name: stored[name] for name in _PLAIN if name in stored},
        window=Window(*map(date.fromisoformat, window)) if window else None,
        daily=tuple(
            Day(date.fromisoformat(day["day"]), **{name: day[name] for name in _DAY if name in day})
            for day in stored.get("daily", ())
        ),
        evidence=tuple(_phrase(phrase) for phrase in stored.get("evidence", ())),
        recipients=tuple((str(name), int(count)) for name, count in stored.get("recipients", ())),
        cause=Cause(cause) if cause else None,
        note=_phrase(note) if note else None,
        complete_until=date.fromisoformat(until) if until else None,
    )


def _phrase(stored: Json) -> Phrase:
    values = tuple((str(name), _value(value)) for name, value in stored["values"])
    return Phrase(str(stored["code"]), values)


def _value_to_json(value: Value) -> Any:
    if isinstance(value, Phrase):
        return phrase_to_json(value)
    return {"date": str(value)} if isinstance(value, date) else value


def _value(stored: Any) -> Value:
    if isinstance(stored, dict):
        return date.fromisoformat(stored["date"]) if "date" in stored else _phrase(stored)
    if isinstance(stored, str | int | float):
        return stored
    raise ValueError("not a value of a phrase")
