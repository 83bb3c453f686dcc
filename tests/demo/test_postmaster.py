"""The Postmaster Tools server, through googleapiclient."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from mailwatch.demo import Running, serve
from mailwatch.demo.story.world import GmailDomain

from .conftest import postmaster, world_of

PARENT = "domains/example.com"
SPAM = {"name": "spam", "baseMetric": {"standardMetric": "SPAM_RATE"}}


def day(text: str) -> dict[str, int]:
    year, month, number = map(int, text.split("-"))
    return {"year": year, "month": month, "day": number}


def span(first: str, last: str) -> dict[str, Any]:
    return {"dateRanges": {"dateRanges": [{"start": day(first), "end": day(last)}]}}


def metric(name: str, expression: str | None = None, label: str = "x") -> dict[str, Any]:
    definition: dict[str, Any] = {"name": label, "baseMetric": {"standardMetric": name}}
    return definition if expression is None else {**definition, "filter": expression}


def body(**changes: Any) -> dict[str, Any]:
    whole = {
        "parent": PARENT,
        "timeQuery": span("2026-11-15", "2026-11-24"),
        "metricDefinitions": [SPAM],
        **changes,
    }
    return {key: value for key, value in whole.items() if value is not None}


def query(running: Running, **changes: Any) -> Any:
    stats = postmaster(running).domains().domainStats()
    return stats.query(parent=PARENT, body=body(**changes)).execute()


def refusal(running: Running, **changes: Any) -> dict[str, Any]:
    with pytest.raises(HttpError) as refused:
        query(running, **changes)
    error: dict[str, Any] = json.loads(refused.value.content)["error"]
    assert error["code"] == refused.value.status_code
    return error


def test_rows_run_from_old_to_new_and_the_newest_days_have_none(running: Running) -> None:
    rows = query(running)["domainStats"]
    assert [row["date"]["day"] for row in rows] == [15, 16, 17, 18, 19, 20, 21]
    assert rows[0]["metric"] == "spam"
    assert set(rows[0]) == {"name", "metric", "date", "value"}
    assert 0 < rows[0]["value"]["floatValue"] < 0.001


def test_days_may_be_listed(running: Running) -> None:
    days = {"dateList": {"dates": [day("2026-11-20"), day("2026-11-10"), day("2026-11-24")]}}
    rows = query(running, timeQuery=days)["domainStats"]
    assert [row["date"]["day"] for row in rows] == [10, 20]


def test_without_rows_the_answer_is_empty(running: Running) -> None:
    assert query(running, timeQuery=span("2026-11-22", "2026-11-24")) == {}


@pytest.mark.parametrize(
    ("name", "expression", "key"),
    [
        ("AUTH_SUCCESS_RATE", 'auth_type = "dkim"', "floatValue"),
        ("TLS_ENCRYPTION_RATE", 'traffic_direction = "inbound"', "floatValue"),
        ("TLS_ENCRYPTION_MESSAGE_COUNT", 'traffic_direction = "inbound"', "intValue"),
        ("DELIVERY_ERROR_RATE", None, "floatValue"),
        ("DELIVERY_ERROR_COUNT", "", "intValue"),
        ("DELIVERY_ERROR_RATE", 'error_type = "temp_fail"', "floatValue"),
        (
            "DELIVERY_ERROR_RATE",
            'error_type = "reject" AND error_reason = "low_ip_reputation"',
            "floatValue",
        ),
        ("FEEDBACK_LOOP_ID", None, "stringList"),
        ("FEEDBACK_LOOP_ID", 'aggregation_key_type = "ALL_DKIM"', "stringList"),
        ("FEEDBACK_LOOP_SPAM_RATE", 'feedback_loop_id = "1234567_SG"', "floatValue"),
    ],
)
def test_each_metric_has_its_kind_of_value(
    running: Running, name: str, expression: str | None, key: str
) -> None:
    rows = query(running, metricDefinitions=[metric(name, expression)])["domainStats"]
    assert {tuple(row["value"]) for row in rows} == {(key,)}
    value = rows[-1]["value"][key]
    expected = {"floatValue": (int, float), "intValue": str, "stringList": dict}[key]
    assert isinstance(value, expected)  # type: ignore[arg-type]


def test_zero_is_explicit(running: Running) -> None:
    expression = 'error_type = "reject" AND error_reason = "ip_in_rbls"'
    rows = query(running, metricDefinitions=[metric("DELIVERY_ERROR_RATE", expression)])
    assert rows["domainStats"][0]["value"] == {"floatValue": 0}


def test_rates_have_thirty_two_bits() -> None:
    world = world_of("healthy")
    days = {date(2026, 11, 21): {"SPAM_RATE": 0.1 / 3}}
    with serve(replace(world, gmail={"example.com": GmailDomain(days)})) as running:
        assert query(running)["domainStats"][0]["value"] == {"floatValue": 0.033333335}


def test_a_page_has_ten_rows_unless_more_are_asked_for(running: Running) -> None:
    month = {"timeQuery": span("2026-10-01", "2026-10-31")}
    first = query(running, **month)
    assert len(first["domainStats"]) == 10
    second = query(running, **month, pageToken=first["nextPageToken"])
    assert second["domainStats"][0]["date"]["day"] == 11
    assert len(query(running, **month, pageSize=25)["domainStats"]) == 25


def test_a_page_has_two_hundred_rows_at_most(running: Running) -> None:
    auth = [metric("AUTH_SUCCESS_RATE", f'auth_type = "{x}"', x) for x in ("spf", "dkim", "dmarc")]
    stats = postmaster(running).domains().domainStats()
    asked = body(metricDefinitions=auth, timeQuery=span("2026-09-01", "2026-11-24"), pageSize=1000)
    request = stats.query(parent=PARENT, body=asked)
    sizes, rows = [], []
    while request is not None:
        answer = request.execute()
        sizes.append(len(answer["domainStats"]))
        rows += [(row["date"]["month"], row["date"]["day"]) for row in answer["domainStats"]]
        request = stats.query_next(request, answer)
    assert sizes == [200, 46]
    assert rows == sorted(rows)


def test_overall_is_one_row_a_metric_without_a_date(running: Running) -> None:
    definitions = [SPAM, metric("DELIVERY_ERROR_COUNT"), metric("FEEDBACK_LOOP_ID", label="ids")]
    rows = query(running, metricDefinitions=definitions, aggregationGranularity="OVERALL")
    assert [(row["metric"], *row["value"], "date" in row) for row in rows["domainStats"]] == [
        ("ids", "stringList", False),
        ("spam", "floatValue", False),
        ("x", "intValue", False),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"parent": None},
        {"parent": "domains/other.example"},
        {"metricDefinitions": None},
        {"metricDefinitions": []},
        {"metricDefinitions": SPAM},
        {"metricDefinitions": [SPAM, SPAM]},
        {"metricDefinitions": [{"baseMetric": {"standardMetric": "SPAM_RATE"}}]},
        {"metricDefinitions": [{"name": "x"}]},
        {"metricDefinitions": [{**SPAM, "metric": "SPAM_RATE"}]},
        {"metricDefinitions": [metric("SPF_SUCCESS_RATE")]},
        {"metricDefinitions": [metric("STANDARD_METRIC_UNSPECIFIED")]},
        {"metricDefinitions": [metric("SPAM_RATE", 'auth_type = "spf"')]},
        {"metricDefinitions": [SPAM, metric("AUTH_SUCCESS_RATE")]},
        {"metricDefinitions": [metric("AUTH_SUCCESS_RATE", 'auth_type = "SPF"')]},
        {"metricDefinitions": [metric("AUTH_SUCCESS_RATE", "auth_type = spf")]},
        {"metricDefinitions": [metric("AUTH_SUCCESS_RATE", 5)]},  # type: ignore[arg-type]
        {"metricDefinitions": [metric("TLS_ENCRYPTION_RATE")]},
        {"metricDefinitions": [metric("FEEDBACK_LOOP_SPAM_RATE")]},
        {"metricDefinitions": [metric("DELIVERY_ERROR_RATE", 'error_reason = "other"')]},
        {
            "metricDefinitions": [
                metric(
                    "DELIVERY_ERROR_RATE",
                    'error_type = "temp_fail" AND error_reason = "ip_in_rbls"',
                )
            ]
        },
        {"timeQuery": None},
        {"timeQuery": {}},
        {"timeQuery": {"dateRanges": [{"start": day("2026-11-1"), "end": day("2026-11-2")}]}},
        {"timeQuery": {"dateRanges": {"dateRanges": []}}},
        {"timeQuery": {"dateRanges": {"dateRanges": [{"startDate": day("2026-11-1")}]}}},
        {"timeQuery": {"dateRanges": {"dateRanges": [{"start": day("2026-11-1")}]}}},
        {"timeQuery": span("2026-11-31", "2026-11-31")},
        {"timeQuery": span("2026-11-20", "2026-11-19")},
        {"timeQuery": {"dateList": {"dates": [{"year": "2026", "month": 11, "day": 1}]}}},
        {"aggregationGranularity": "WEEKLY"},
        {"pageSize": -1},
        {"pageSize": "10"},
        {"pageToken": "!"},
        {"pageToken": "bm93aGVyZQ=="},
        {"metrics": []},
    ],
)
def test_what_the_schema_does_not_have_is_an_invalid_argument(
    running: Running, changes: dict[str, Any]
) -> None:
    assert refusal(running, **changes)["status"] == "INVALID_ARGUMENT"


def test_a_domain_that_is_not_shared_is_refused_without_a_reason(running: Running) -> None:
    other = "domains/other.example"
    stats = postmaster(running).domains().domainStats()
    with pytest.raises(HttpError) as refused:
        stats.query(parent=other, body=body(parent=other)).execute()
    error = json.loads(refused.value.content)["error"]
    assert (error["code"], error["status"]) == (403, "PERMISSION_DENIED")
    assert "details" not in error


def batch(running: Running, *requests: Any) -> Any:
    return postmaster(running).domainStats().batchQuery(body={"requests": requests}).execute()


def test_a_batch_answers_each_request_in_order(running: Running) -> None:
    good, bad = body(), body(metricDefinitions=[metric("AUTH_SUCCESS_RATE")])
    first, second = batch(running, good, bad)["results"]
    assert len(first["response"]["domainStats"]) == 7
    assert second["error"]["code"] == 3


@pytest.mark.parametrize(
    ("requests", "status"),
    [
        ([], 400),
        ([body()] * 101, 400),
        ([body(parent=None)], 400),
        ([body(parent="example.com")], 400),
        ([body(), body(parent="domains/other.example")], 403),
    ],
)
def test_a_batch_is_refused_as_a_whole(running: Running, requests: list[Any], status: int) -> None:
    with pytest.raises(HttpError) as refused:
        batch(running, *requests)
    assert refused.value.status_code == status


def test_an_unverified_domain_has_no_data() -> None:
    world = world_of("healthy")
    unverified = replace(world.gmail["example.com"], verified=False, permission="NONE")
    with serve(replace(world, gmail={"example.com": unverified})) as running:
        assert query(running) == {}


def test_a_path_or_parameter_that_is_not_there_is_refused(running: Running) -> None:
    http = postmaster(running)._http
    for path, status in (
        ("v1/domains", 429),
        ("v2/domains/example.com:getComplianceStatus", 404),
        ("v2/domains/example.com/complianceStatus?view=FULL", 400),
    ):
        response, _ = http.request(running.postmaster_url + path)
        assert response.status == status


@pytest.mark.parametrize(
    ("kind", "content", "query_string"),
    [
        ("text/plain", "{}", ""),
        ("application/json", "{", ""),
        ("application/json", "[]", ""),
        ("application/json", "[" * 100_000, ""),
        ("application/json", "{}", "?alt=proto"),
    ],
)
def test_a_body_that_cannot_be_read_is_an_invalid_argument(
    running: Running, kind: str, content: str, query_string: str
) -> None:
    url = f"{running.postmaster_url}v2/{PARENT}/domainStats:query{query_string}"
    response, answer = postmaster(running)._http.request(
        url, "POST", body=content, headers={"content-type": kind}
    )
    assert response.status == 400
    assert json.loads(answer)["error"]["status"] == "INVALID_ARGUMENT"


def test_a_client_without_a_token_is_unauthenticated(running: Running) -> None:
    http = postmaster(running)._http.http
    response, answer = http.request(f"{running.postmaster_url}v2/{PARENT}/complianceStatus")
    assert response.status == 401
    assert json.loads(answer)["error"]["status"] == "UNAUTHENTICATED"
