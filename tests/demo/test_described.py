"""Requests of a full run, and the demo world's answers, held against SendGrid's description."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from mailwatch.catalog.catalog import read_catalog
from mailwatch.config import load_config
from mailwatch.demo import World, build, serve
from mailwatch.demo.sendgrid.api import ROUTES, SendGridApi
from mailwatch.demo.sendgrid.parameters import PARAMETERS
from mailwatch.demo.story.account import AccountSettings
from mailwatch.demo.story.configuration import configured
from mailwatch.demo.wire.exchange import Request
from mailwatch.run import Options, run
from tests.demo.described import (
    EXCEPTIONS,
    OPERATIONS,
    described,
    faults_of_answer,
    faults_of_request,
    operation_of,
)

TODAY = date(2026, 11, 24)
EVERY_SCOPE = frozenset({scope for route in ROUTES.values() for scope in route.scopes})


def full_world(scenario: str) -> World:
    """A story with a key that may do everything, and something in every list."""
    world = build(scenario, TODAY)
    more = {"subusers": ("newsletter",), "categories": ("newsletter", "receipt")}
    settings: Any = {name: getattr(world.settings, name) or value for name, value in more.items()}
    return replace(
        world,
        scopes=world.scopes | EVERY_SCOPE | {"whitelabel.update"},
        settings=replace(world.settings, **settings),
    )


def asked(world: World) -> list[Request]:
    """What a run of `check` with everything switched on asks of SendGrid."""
    with serve(world) as running, configured(world, running) as path:
        config = load_config(path, {}).config
        assert config.sendgrid is not None
        everything: Any = {"revalidate": True, "segments": ("subuser", "provider", "category")}
        names = {field.name for field in fields(config.sendgrid)}
        switched = {name: value for name, value in everything.items() if name in names}
        config = replace(config, sendgrid=replace(config.sendgrid, **switched))
        run(config, read_catalog(), Options())
        return [request for request in running.requests if request.service == "sendgrid"]


@pytest.mark.parametrize("scenario", ["healthy", "migration", "breach"])
def test_a_full_run_asks_and_is_answered_as_described(scenario: str) -> None:
    # Given an account with everything that the description knows
    world = full_world(scenario)
    # When everything is measured, the domains are validated again included
    requests = asked(world)
    # Then each request is one that the API knows, with parameters that it takes
    assert [fault for request in requests for fault in faults_of_request(request)] == []
    operations = {operation_of(request) for request in requests}
    assert "POST /v3/whitelabel/domains/{id}/validate" in operations
    assert len(operations) >= 15
    # And each answer has the described fields and types
    api = SendGridApi(world)
    faults: list[str] = []
    for request in requests:
        response, name = api(request), operation_of(request)
        assert response.status in (200, 202), (request.path, response.body)
        if response.status == 200 and name:
            faults += faults_of_answer(name, response.body)
    assert faults == []


def test_an_account_without_anything_is_answered_as_described() -> None:
    # Given an account without webhook, address, domain, subuser, category
    nothing = AccountSettings((), (), None, "", webhooks=(), domains=(), links=(), ips=())
    world = replace(full_world("healthy"), settings=replace(nothing, reverse_dns=()))
    api = SendGridApi(world)
    # When each of the settings is asked for
    for request in asked(world):
        name = operation_of(request)
        assert name is not None
        # Then the answers are as described, and no webhook is an empty object
        body = api(request).body
        assert list(faults_of_answer(name, body)) == []
        if name.endswith("settings/all"):
            assert body["webhooks"] == [{}]


def wrong_requests() -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """For each endpoint of the demo world: the path, good parameters, and one that is wrong."""
    for path in ROUTES:
        name = operation_of(Request("sendgrid", "GET", path))
        if name is None or EXCEPTIONS["other_paths"].get(name):
            continue
        parameters = [p for p in described(name)["parameters"] if p["in"] == "query"]
        good = {p["name"]: "2026-11-20" for p in parameters if p.get("required")}
        yield path, good, {"no_such_parameter": "1"}
        for parameter in parameters:
            schema, key = parameter["schema"], parameter["name"]
            if schema.get("type") == "integer":
                yield path, good, {key: "many"}
            if "minimum" in schema:
                yield path, good, {key: str(schema["minimum"] - 1)}
            if "maximum" in schema:
                yield path, good, {key: str(schema["maximum"] + 1)}
            if "enum" in schema or schema.get("type") == "boolean":
                yield path, good, {key: "neither"}


WRONG = list(wrong_requests())


@pytest.mark.parametrize(
    ("path", "good", "wrong"), WRONG, ids=[f"{path}-{wrong}" for path, _, wrong in WRONG]
)
def test_the_demo_world_refuses_what_is_not_described(
    path: str, good: dict[str, str], wrong: dict[str, str]
) -> None:
    world = full_world("healthy")
    headers = {"authorization": f"Bearer {world.api_key}", "accept": "application/json"}
    query = tuple({**good, **wrong}.items())
    response = SendGridApi(world)(Request("sendgrid", "GET", path, query, headers))
    assert response.status == 400
    (error,) = response.body["errors"]
    assert error["field"] == next(iter(wrong))


def test_the_description_is_a_judge() -> None:
    good = Request("sendgrid", "GET", "/v3/ips", (("limit", "500"),))
    assert list(faults_of_request(good)) == []
    wrong = (
        Request("sendgrid", "GET", "/v3/no/such/path"),
        Request("sendgrid", "POST", "/v3/ips"),
        Request("sendgrid", "GET", "/v3/ips", (("limit", "0"),)),
        Request("sendgrid", "GET", "/v3/ips", (("limits", "5"),)),
        Request("sendgrid", "GET", "/v3/ips", (("limit", "5"), ("limit", "6"))),
        Request("sendgrid", "GET", "/v3/ips", (), {"on-behalf-of": "newsletter"}),
        Request("sendgrid", "GET", "/v3/stats"),
        Request("sendgrid", "GET", "/v3/suppression/bounces", (("limit", "501"),)),
    )
    assert all(list(faults_of_request(request)) for request in wrong)
    ten = tuple(("subusers", f"s{n}") for n in range(11))
    for names, fine in ((ten[:10], True), (ten, False)):
        query = (*names, ("start_date", "2026-11-20"))
        request = Request("sendgrid", "GET", "/v3/subusers/stats", query)
        assert (list(faults_of_request(request)) == []) is fine
    assert list(faults_of_answer("GET /v3/scopes", {"scopes": ["stats.read"]})) == []
    bodies: tuple[Any, ...] = ({"scopes": [1]}, {}, {"scopes": [], "more": 1}, [])
    for body in bodies:
        assert list(faults_of_answer("GET /v3/scopes", body))


def test_every_exception_has_a_reason_and_is_of_a_described_operation() -> None:
    for name, exception in EXCEPTIONS["other_paths"].items():
        assert name not in OPERATIONS
        assert exception["like"] in OPERATIONS
        assert exception["why"]
    for name, exception in EXCEPTIONS["fields_that_may_differ"].items():
        assert name in OPERATIONS
        assert exception["why"]
    assert EXCEPTIONS["repeated_parameters"]["why"]


@pytest.mark.parametrize("path", PARAMETERS)
def test_the_demo_world_knows_the_described_parameters(path: str) -> None:
    name = operation_of(Request("sendgrid", "GET", path))
    assert name is not None
    parameters = {
        p["name"]: p["schema"] for p in described(name)["parameters"] if p["in"] == "query"
    }
    known = PARAMETERS[path]
    assert set(known) == set(parameters)
    for key, schema in parameters.items():
        assert known[key].whole == (schema["type"] == "integer"), key
        assert known[key].most == schema.get("maximum"), key
        assert (known[key].most_times > 1) == (key in EXCEPTIONS["repeated_parameters"]["names"])
        words = ("true", "false") if schema["type"] == "boolean" else tuple(schema.get("enum", ()))
        if key != "sort_by_metric":
            assert known[key].words == words, key
