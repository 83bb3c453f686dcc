"""Whatever strangers send, it is read, or refused as what it is."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwatch.demo import Answer, Faults, Rule, serve
from mailwatch.model import Fault, Window
from mailwatch.sources.http import ExchangeError, Session
from mailwatch.sources.postmaster.client import Postmaster
from mailwatch.sources.postmaster.compliance import (
    measure_compliance,
    read_compliance,
)
from mailwatch.sources.postmaster.credentials import Access
from mailwatch.sources.postmaster.query import DEFINITIONS, make_body, read_rows
from mailwatch.sources.postmaster.reputation import measure_reputation
from mailwatch.sources.postmaster.statistics import measure_statistics
from mailwatch.words import worded

from .postmaster_peer import HEALTHY, PATIENT, make_job

DAYS = Window(date(2026, 11, 10), date(2026, 11, 23))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["metric", "date", "value", "floatValue", "status", "state", "reason", "rowData"]
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
DATE = st.fixed_dictionaries({"year": JSON, "month": st.just(11) | JSON, "day": JSON})
ROWS = st.fixed_dictionaries(
    {"metric": st.sampled_from(list(DEFINITIONS)) | JSON, "date": DATE, "value": JSON}
)


@PATIENT
@given(st.lists(ROWS | JSON, max_size=4))
def test_any_rows_are_read_or_refused(rows: list[Any]) -> None:
    try:
        series = read_rows(rows, DAYS)
    except ValueError:
        return
    for found in measure_statistics("example.com", series, DAYS):
        if isinstance(found, Fault):
            assert worded(found.what, "en").isprintable()
        else:
            assert found.value is None or 0 <= float(found.value) <= 1
    assert all((one.broken == 0) == (one.reason is None) for one in series.values())
    measure_reputation("example.com", series, (), DAYS)


@PATIENT
@given(
    st.dictionaries(st.sampled_from(["complianceData", "subdomainComplianceData"]), JSON),
)
def test_any_compliance_is_read_or_refused(answer: dict[str, Any]) -> None:
    try:
        found = read_compliance(answer, "a.example.com")
    except ValueError:
        return
    for measured in measure_compliance("a.example.com", found, frozenset()):
        assert measured.value in (None, "COMPLIANT", "NEEDS_WORK")
    measure_reputation("a.example.com", {}, found, DAYS)


@pytest.fixture(scope="module")
def credentials() -> Any:
    """Credentials with a token, of nobody."""
    from google.oauth2.credentials import Credentials

    return Credentials("ya29.any")  # type: ignore[no-untyped-call]


class Bodies:
    """A server that answers with whatever it was given last."""

    def __init__(self) -> None:
        self.status, self.body = 200, b""

    def play(self, wire: Any) -> bool:
        """Answers."""
        return Answer(self.status, self.body).play(wire)


def test_any_answer_is_taken_or_an_exchange_error(credentials: Any) -> None:
    bodies = Bodies()
    with (
        serve(HEALTHY, faults=Faults(Rule("postmaster", bodies))) as running,
        Session(make_job()) as session,
    ):
        service = Postmaster(Access(credentials), running.postmaster_url, session)

        def errors(inner: Any) -> Any:
            return st.fixed_dictionaries({"error": inner, "domainStats": inner})

        page = st.fixed_dictionaries({"nextPageToken": JSON}, optional={"domainStats": JSON})

        @PATIENT
        @given(
            st.sampled_from([200, 204, 400, 401, 403, 404, 418, 429, 500]),
            st.binary(max_size=20) | (page | JSON | errors(JSON)).map(json.dumps),
        )
        def ask(status: int, body: str | bytes) -> None:
            bodies.status = status
            bodies.body = body.encode() if isinstance(body, str) else body
            for call in (
                lambda: list(service.statistics("example.com", make_body("example.com", DAYS))),
                lambda: service.compliance("example.com"),
            ):
                try:
                    call()
                except ExchangeError as error:
                    worded(error.what, "en")

        ask()
