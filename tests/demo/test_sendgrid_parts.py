"""The SendGrid server's segments, lists and plan: as strict, and as odd, as the real ones."""

import json
from dataclasses import replace
from typing import Any

import pytest
from python_http_client.exceptions import HTTPError

from mailwatch.demo import SCENARIOS, Running, serve
from mailwatch.demo.sendgrid.daily import PROVIDER_METRICS
from mailwatch.demo.story.mail import METRICS
from mailwatch.demo.story.parts import SubuserStory

from .conftest import sendgrid_client, world_of

DAYS = {"start_date": "2026-11-22", "end_date": "2026-11-23"}


def get(running: Running, path: str, **query: Any) -> Any:
    client = sendgrid_client(running)
    for segment in path.split("/"):
        client = client._(segment)
    response = client.get(query_params=query)
    return json.loads(response.body) if response.body else response.status_code


def refused(running: Running, path: str, **query: Any) -> tuple[int, str | None]:
    with pytest.raises(HTTPError) as refusal:
        get(running, path, **query)
    return refusal.value.status_code, json.loads(refusal.value.body)["errors"][0]["field"]


@pytest.mark.parametrize(
    ("path", "names", "kind", "metrics"),
    [
        ("subusers/stats", {"subusers": ["newsletter", "receipts"]}, "subuser", METRICS),
        ("categories/stats", {"categories": ["order"]}, "category", METRICS),
        ("mailbox_providers/stats", {}, "mailbox_provider", PROVIDER_METRICS),
        ("mailbox_providers/stats", {"mailbox_providers": ["Gmail"]}, "mailbox_provider",
         PROVIDER_METRICS),
    ],
)  # fmt: skip
def test_segments_are_rows_by_day_with_a_type_and_a_name(
    running: Running, path: str, names: dict[str, Any], kind: str, metrics: tuple[str, ...]
) -> None:
    rows = get(running, path, **DAYS, **names)
    assert [row["date"] for row in rows] == ["2026-11-22", "2026-11-23"]
    for one in rows[0]["stats"]:
        assert one["type"] == kind
        assert set(one["metrics"]) == set(metrics)
    asked = next(iter(names.values()), ["Yahoo", "Gmail", "Microsoft"])
    assert {one["name"] for one in rows[0]["stats"]} == set(asked)


@pytest.mark.parametrize(
    ("path", "query", "answer"),
    [
        ("subusers/stats", {**DAYS, "subusers": [f"u{n}" for n in range(11)]}, (400, "subusers")),
        ("subusers/stats", DAYS, (400, "subusers")),
        ("subusers/stats", {"subusers": "a"}, (400, "start_date")),
        ("categories/stats", DAYS, (400, "categories")),
        ("categories/stats/sums", {**DAYS, "limit": 100_000_000}, (500, None)),
        ("categories/stats/sums", {**DAYS, "sort_by_metric": "luck"}, (400, "sort_by_metric")),
        ("subusers", {"region": "mars"}, (400, "region")),
        ("subusers/reputations", {"usernames": [f"u{n}" for n in range(11)]}, (400, "usernames")),
        ("suppression/bounces", {"limit": 501}, (400, "limit")),
        ("suppression/bounces", {"limit": 0}, (400, "limit")),
        ("suppression/blocks", {"offset": -1}, (400, "offset")),
        ("engagementquality/scores", {"from": "2026-11-20"}, (400, "to")),
        ("engagementquality/subusers/scores", {}, (400, "date")),
    ],
)
def test_what_the_real_ones_refuse_is_refused(
    running: Running, path: str, query: dict[str, Any], answer: tuple[int, str | None]
) -> None:
    assert refused(running, path, **query) == answer


def test_pages_and_defaults_are_the_real_ones(running: Running) -> None:
    first = get(running, "suppression/bounces", limit=500)
    assert len(first) == 500
    created = [row["created"] for row in first]
    assert created == sorted(created, reverse=True)
    second = get(running, "suppression/bounces", limit=500, offset=500)
    assert not {row["email"] for row in first} & {row["email"] for row in second}
    assert set(second[0]) == {"created", "email", "reason", "status"}
    assert set(get(running, "suppression/spam_reports", limit=1)[0]) == {"created", "email", "ip"}
    inside = get(running, "suppression/bounces", start_time=created[3], end_time=created[0])
    assert [row["created"] for row in inside] == created[:4]
    assert get(running, "categories", limit=1) == [{"category": "weekly-offer"}]
    sums = get(running, "categories/stats/sums", **DAYS)
    assert [one["name"] for one in sums["stats"]] == ["weekly-offer", "order", "password-reset"]
    assert [row["ip"] for row in get(running, "ips")] == ["192.0.2.10"]


def test_the_documented_path_of_classifications_is_empty_and_the_other_is_not(
    running: Running,
) -> None:
    assert get(running, "suppression/bounces/classifications", **DAYS) == {"result": []}
    result = get(running, "suppressions/bounces/classifications", **DAYS)["result"]
    assert [row["date"] for row in result] == ["2026-11-22", "2026-11-23"]


def test_a_plan_may_lack_credits_and_scores_may_not_be_computed_yet() -> None:
    healthy = world_of("healthy")
    users = {
        "here": SubuserStory(score=None),
        "there": SubuserStory(region="eu"),
        "gone": SubuserStory(disabled=True),
    }
    sending = replace(healthy.sending, credits=None, score=None, subusers=users)
    with serve(replace(healthy, sending=sending)) as running:
        assert refused(running, "user/credits")[0] == 403
        days = {"from": "2026-11-20", "to": "2026-11-23"}
        assert get(running, "engagementquality/scores", **days) == 202
        rows = get(running, "subusers", include_region="true")
        assert [(row["username"], row["region"], row["disabled"]) for row in rows] == [
            ("here", "global", False),
            ("there", "eu", False),
            ("gone", "global", True),
        ]
        assert "region" not in get(running, "subusers")[0]
        # The parent cannot read the statistics of a subuser in the EU.
        rows = get(running, "subusers/stats", subusers=["here", "there"], **DAYS)
        assert {one["name"] for row in rows for one in row["stats"]} == {"here"}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_segments_of_a_story_are_the_account_s_mail(scenario: str) -> None:
    world = world_of(scenario)
    parts = world.sending
    subusers = {name: one.stats for name, one in parts.subusers.items()}
    for kind in (subusers, parts.providers, parts.categories):
        for day, counts in world.stats.items():
            for metric, count in counts.items():
                assert sum(stats[day][metric] for stats in kind.values()) == count
            for stats in kind.values():
                assert stats[day]["processed"] >= stats[day]["delivered"] >= 0


def test_in_a_breach_the_newsletter_goes_wrong_and_the_receipts_are_fine() -> None:
    subusers = world_of("breach").sending.subusers

    def rate(name: str) -> float:
        days = sorted(subusers[name].stats)[-8:-1]
        rows = [subusers[name].stats[day] for day in days]
        return sum(row["bounces"] for row in rows) / sum(row["processed"] for row in rows)

    assert rate("newsletter") > 0.09
    assert rate("receipts") < 0.01
