"""The SendGrid server, through SendGrid's own SDK."""

import json
from dataclasses import replace
from typing import Any

import pytest
from python_http_client.exceptions import HTTPError

from mailwatch.demo import Running, serve
from mailwatch.demo.story.mail import METRICS

from .conftest import sendgrid_client, world_of


def stats(running: Running, **query: Any) -> Any:
    return json.loads(sendgrid_client(running).stats.get(query_params=query).body)


def refusal(running: Running, *path: str, key: str | None = None, **query: Any) -> tuple[int, Any]:
    client = sendgrid_client(running, key)
    for segment in path:
        client = client._(segment)
    with pytest.raises(HTTPError) as refused:
        client.get(query_params=query)
    return refused.value.status_code, json.loads(refused.value.body)["errors"][0]


def test_a_day_is_a_row_of_sixteen_whole_numbers(running: Running) -> None:
    (row,) = stats(running, start_date="2026-11-23", end_date="2026-11-23")
    assert row["date"] == "2026-11-23"
    (only,) = row["stats"]
    assert set(only) == {"metrics"}
    assert set(only["metrics"]) == set(METRICS)
    assert all(type(count) is int for count in only["metrics"].values())


def test_the_range_ends_today_and_days_to_come_are_absent(running: Running) -> None:
    for query in ({}, {"end_date": "2026-12-24"}):
        rows = stats(running, start_date="2026-11-22", **query)
        assert [row["date"] for row in rows] == ["2026-11-22", "2026-11-23", "2026-11-24"]
    assert rows[2]["stats"][0]["metrics"]["processed"] < 5000


def test_a_day_without_mail_is_a_row_of_zeros(running: Running) -> None:
    (row,) = stats(running, start_date="2025-01-01", end_date="2025-01-01")
    assert set(row["stats"][0]["metrics"].values()) == {0}


def test_limit_and_offset_cut_the_rows(running: Running) -> None:
    rows = stats(running, start_date="2026-11-20", limit=2, offset=1)
    assert [row["date"] for row in rows] == ["2026-11-21", "2026-11-22"]


@pytest.mark.parametrize(
    ("by", "dates"),
    [("week", ["2026-11-09", "2026-11-16"]), ("month", ["2026-11-01"])],
)
def test_weeks_and_months_are_sums_of_their_days(
    running: Running, by: str, dates: list[str]
) -> None:
    span = {"start_date": "2026-11-10", "end_date": "2026-11-22"}
    rows = stats(running, **span, aggregated_by=by)
    assert [row["date"] for row in rows] == dates
    for name in METRICS:
        days = sum(row["stats"][0]["metrics"][name] for row in stats(running, **span))
        assert sum(row["stats"][0]["metrics"][name] for row in rows) == days


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "start_date"),
        ({"start_date": "23-11-2026"}, "start_date"),
        ({"start_date": "20261123"}, "start_date"),
        ({"start_date": "2026-02-30"}, "start_date"),
        ({"start_date": "2026-11-20", "end_date": "yesterday"}, "end_date"),
        ({"start_date": "2026-11-20", "end_date": "2026-11-19"}, "end_date"),
        ({"start_date": "2026-11-20", "aggregated_by": "hour"}, "aggregated_by"),
        ({"start_date": "2026-11-20", "limit": "0"}, "limit"),
        ({"start_date": "2026-11-20", "offset": "-1"}, "offset"),
    ],
)
def test_a_wrong_query_is_refused_with_its_field(
    running: Running, query: dict[str, str], field: str
) -> None:
    status, error = refusal(running, "stats", **query)
    assert (status, error["field"]) == (400, field)


def test_a_wrong_key_is_refused(running: Running) -> None:
    status, error = refusal(running, "scopes", key="SG.wrong")
    assert status == 401
    assert error["message"].startswith("The provided authorization grant is invalid")
    assert error["field"] is None


def test_without_a_key_authorization_is_required(running: Running) -> None:
    client = sendgrid_client(running)
    client.request_headers.pop("Authorization")
    with pytest.raises(HTTPError) as refused:
        client.scopes.get()
    assert refused.value.to_dict["errors"][0]["message"] == "authorization required"


def test_what_is_not_there_is_404_and_what_is_no_get_is_405(running: Running) -> None:
    assert refusal(running, "mailbox_providers")[0] == 404
    with pytest.raises(HTTPError) as refused:
        sendgrid_client(running).stats.post(request_body={})
    assert refused.value.status_code == 405


def test_a_key_does_what_its_scopes_say() -> None:
    with serve(replace(world_of("healthy"), scopes=frozenset({"stats.read"}))) as running:
        client = sendgrid_client(running)
        assert json.loads(client.scopes.get().body) == {"scopes": ["stats.read"]}
        assert len(stats(running, start_date="2026-11-24")) == 1
        status, error = refusal(running, "user", "account")
        assert (status, error["message"]) == (403, "access forbidden")


def test_the_account_has_a_reputation(running: Running) -> None:
    answer = json.loads(sendgrid_client(running).user.account.get().body)
    assert answer == {"type": "paid", "reputation": 98.0}


def test_every_answer_counts_against_the_rate_limit() -> None:
    with serve(world_of("healthy")) as running:
        first = sendgrid_client(running).scopes.get().headers
        with pytest.raises(HTTPError) as refused:
            sendgrid_client(running, "SG.wrong").scopes.get()
        assert first["X-RateLimit-Limit"] == "600"
        assert int(first["X-RateLimit-Reset"]) > 10**9
        used = int(first["X-RateLimit-Remaining"]) - int(
            refused.value.headers["X-RateLimit-Remaining"]
        )
        assert used in (1, 0)  # 0: a minute began in between


def test_requests_are_recorded(running: Running) -> None:
    stats(running, start_date="2026-11-24")
    seen = running.requests[-1]
    assert (seen.service, seen.method, seen.path) == ("sendgrid", "GET", "/v3/stats")
    assert seen.first("start_date") == "2026-11-24"
    assert seen.headers["authorization"] == f"Bearer {running.world.api_key}"
