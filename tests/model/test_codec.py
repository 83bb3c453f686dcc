"""What is stored and read again is equal, whatever it is; anything else is refused."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwatch.model import (
    ACCOUNT,
    SUBJECT_KEYS,
    Cause,
    Day,
    Measurement,
    Phrase,
    Subject,
    Window,
    say,
)
from mailwatch.model.codec import (
    measurement_from_json,
    measurement_to_json,
    phrase_from_json,
    phrase_to_json,
)

TEXT = st.text(max_size=12)
NUMBERS = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False)
COUNTS = st.none() | st.integers(0, 10**15)
PHRASES = st.recursive(
    st.builds(Phrase, TEXT),
    lambda inner: st.builds(
        lambda code, values: Phrase(code, tuple(values)),
        TEXT,
        st.lists(st.tuples(TEXT, TEXT | NUMBERS | st.dates() | inner), max_size=4),
    ),
    max_leaves=4,
)
SUBJECTS = st.dictionaries(st.sampled_from(SUBJECT_KEYS), TEXT, max_size=4).map(
    lambda pairs: Subject.of(**pairs)
)
DAYS = st.builds(Day, st.dates(), st.none() | st.floats(0, 1), COUNTS, COUNTS)
MEASUREMENTS = st.builds(
    Measurement,
    metric=TEXT,
    subject=SUBJECTS,
    value=st.none() | NUMBERS | TEXT,
    numerator=COUNTS,
    denominator=COUNTS,
    denominator_name=st.none() | TEXT,
    window=st.none() | st.builds(Window, st.dates(), st.dates()),
    daily=st.lists(DAYS, max_size=4).map(tuple),
    evidence=st.lists(PHRASES, max_size=3).map(tuple),
    recipients=st.lists(st.tuples(TEXT, st.integers(0, 10**15)), max_size=3).map(tuple),
    cause=st.none() | st.sampled_from(Cause),
    note=st.none() | PHRASES,
    proportion=st.booleans(),
    newest_volume=COUNTS,
    complete_until=st.none() | st.dates(),
)


def stored(value: Any) -> Any:
    """As a database gives it back that reorders the keys of objects."""
    return json.loads(json.dumps(value, sort_keys=True, allow_nan=False))


def types_of(value: Any) -> Any:
    """1, 1.0 and True are equal, but not the same figure."""
    return repr(value)


@given(PHRASES)
def test_a_phrase_is_read_as_it_was_written(phrase: Phrase) -> None:
    again = phrase_from_json(json.loads(json.dumps(phrase_to_json(phrase), sort_keys=True)))
    assert again == phrase
    assert types_of(again) == types_of(phrase)


@given(MEASUREMENTS)
def test_a_measurement_is_read_as_it_was_written(measurement: Measurement) -> None:
    written = json.dumps(measurement_to_json(measurement), sort_keys=True)
    again = measurement_from_json(json.loads(written))
    assert again == measurement
    assert types_of(again) == types_of(measurement)


def test_what_is_stored_is_small_and_stays_as_it_is() -> None:
    # Given what databases hold already: this text changes only together with a way to read both
    day = date(2026, 11, 23)
    measurement = Measurement(
        "sendgrid.bounce_rate",
        Subject.of(subuser="news"),
        value=0.03,
        numerator=3,
        denominator=100,
        denominator_name="processed",
        window=Window(day, day),
        daily=(Day(day, 0.03, 3, 100),),
        evidence=(say("a.b", day=day, why=say("c.d", n=1)),),
        proportion=True,
        complete_until=day,
    )
    assert stored(measurement_to_json(measurement)) == {
        "metric": "sendgrid.bounce_rate",
        "subject": {"subuser": "news"},
        "value": 0.03,
        "numerator": 3,
        "denominator": 100,
        "denominator_name": "processed",
        "proportion": True,
        "window": ["2026-11-23", "2026-11-23"],
        "daily": [{"day": "2026-11-23", "value": 0.03, "numerator": 3, "denominator": 100}],
        "evidence": [
            {
                "code": "a.b",
                "values": [
                    ["day", {"date": "2026-11-23"}],
                    ["why", {"code": "c.d", "values": [["n", 1]]}],
                ],
            }
        ],
        "complete_until": "2026-11-23",
    }
    assert measurement_to_json(Measurement("m", ACCOUNT)) == {"metric": "m", "subject": {}}


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        {"code": "a"},
        {"code": "a", "values": {"n": 1}},
        {"code": "a", "values": [["n"]]},
        {"code": "a", "values": [["n", None]]},
        {"code": "a", "values": [["n", {"date": "yesterday"}]]},
        {"code": "a", "values": [["n", {}]]},
    ],
)
def test_what_is_not_a_stored_phrase_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        phrase_from_json(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        {},
        {"metric": "m"},
        {"metric": "m", "subject": []},
        {"metric": "m", "subject": {"domian": "a"}},
        {"metric": "m", "subject": {}, "window": ["2026-11-23"]},
        {"metric": "m", "subject": {}, "cause": "bad luck"},
        {"metric": "m", "subject": {}, "daily": [{}]},
        {"metric": "m", "subject": {}, "evidence": ["x"]},
    ],
)
def test_what_is_not_a_stored_measurement_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        measurement_from_json(wrong)
