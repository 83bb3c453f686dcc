"""What the API answers, of whatever shape, and what it is asked."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailwatch.demo import HttpReply, Rule
from mailwatch.demo.wire.faults import Wire
from mailwatch.model import Cause
from mailwatch.sources.http import ExchangeError, Session
from mailwatch.sources.sendgrid.bodies import MOST_MESSAGES
from mailwatch.sources.sendgrid.client import SendGrid
from mailwatch.sources.sendgrid.statistics import COUNTED, Statistics
from tests.sources.sendgrid.sendgrid_peer import (
    KEY,
    NEWEST,
    Waits,
    client_of,
    on,
    serve_account,
)

T = TypeVar("T")
FIRST = NEWEST - timedelta(days=30)


class Body:
    """A fault whose body can be changed between requests."""

    body: bytes = b""

    def play(self, wire: Wire) -> bool:
        """Answers with the body of the moment."""
        return HttpReply(200, self.body).play(wire)


class ClientOf200:
    """A client of a server that answers whatever it is given."""

    def __init__(self, reply: Body, client: SendGrid) -> None:
        self._reply = reply
        self._client = client

    def statistics(self, body: Any) -> Statistics:
        """What the client makes of `body` as statistics."""
        self._reply.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._client.statistics(FIRST, NEWEST)

    def reputation(self, body: Any) -> float:
        """What the client makes of `body` as the account."""
        self._reply.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._client.reputation()


@pytest.fixture(scope="module")
def api() -> Iterator[ClientOf200]:
    """One server for all examples."""
    found = Body()
    with client_of(on("", found), seconds=3600) as (client, _, _):
        yield ClientOf200(found, client)


def row(day: object = "2026-11-23", **metrics: Any) -> dict[str, Any]:
    return {"date": day, "stats": [{"metrics": metrics}]}


def refusal_of(call: Any, body: Any) -> str:
    with pytest.raises(ExchangeError) as raised:
        call(body)
    assert raised.value.cause is Cause.COULD_NOT_ASK
    return raised.value.what.code


# --- shapes --------------------------------------------------------------------------------------


def test_days_become_counts_and_what_is_missing_is_not_0(api: ClientOf200) -> None:
    body = [row("2026-11-22", processed=7, opens="many", new_metric=[]), row(requests=10**12)]
    assert api.statistics(body) == {
        date(2026, 11, 22): {"processed": 7},
        date(2026, 11, 23): {"requests": MOST_MESSAGES},
    }


def test_a_day_listed_without_an_entry_is_a_gap_and_one_without_counts_is_not(
    api: ClientOf200,
) -> None:
    body = [{"date": "2026-11-22", "stats": []}, row()]
    assert api.statistics(body) == {NEWEST: {}}
    assert api.statistics([]) == {}


def test_days_outside_of_what_was_asked_are_left_out(api: ClientOf200) -> None:
    days = [FIRST - timedelta(1), FIRST, NEWEST, NEWEST + timedelta(1)]
    assert list(api.statistics([row(str(day)) for day in days])) == [FIRST, NEWEST]


def test_a_day_given_twice_alike_is_one_day_and_otherwise_no_answer(api: ClientOf200) -> None:
    assert len(api.statistics([row(processed=5), row(processed=5)])) == 1
    assert refusal_of(api.statistics, [row(processed=5), row(processed=6)]) == (
        "sendgrid.day_twice"
    )
    assert refusal_of(api.statistics, [row(), {"date": str(NEWEST), "stats": []}]) == (
        "sendgrid.day_twice"
    )


@pytest.mark.parametrize(
    "body",
    [
        *({}, "", None, 0, False, "text", {"errors": []}, {"2026-11-23": {}}),
        *([None], [[]], ["2026-11-23"], [{}], [{"date": "2026-11-23"}]),
        *([row(None)], [row(20261123)], [row("20261123")], [row("2026-11-31")], [row("today")]),
        *([row("2026-11-23T00:00:00")], [row(" 2026-11-23")], [row("２０２６-１１-２３")]),
        *([row(processed=1.0)], [row(processed="1")], [row(processed=None)], [row(processed=-1)]),
        *([row(processed=True)], [row(processed=MOST_MESSAGES + 1)], [row(processed=10**400)]),
        *([row(processed=[])], [row(processed=float("nan"))], [row(processed=float("inf"))]),
        [{"date": "2026-11-23", "stats": {"metrics": {}}}],
        [{"date": "2026-11-23", "stats": "metrics"}],
        [{"date": "2026-11-23", "stats": [{}]}],
        [{"date": "2026-11-23", "stats": [{"metrics": []}]}],
        [{"date": "2026-11-23", "stats": [{"metrics": None}]}],
        [{"date": "2026-11-23", "stats": [{"metrics": {}}, {"metrics": {}}]}],
        [row(), None],
        b"",
        b"[",
        b"\xff\xfe",
        b"[" * 100_000,
        b'[{"date":' + b"[" * 50_000 + b"]" * 50_000 + b"}]",
        b"9" * 5000,
    ],
)
def test_statistics_of_another_shape_are_no_figures(api: ClientOf200, body: Any) -> None:
    assert refusal_of(api.statistics, body) == "http.not_json"


@pytest.mark.parametrize("reputation", [0, 100, 98.5, 0.0])
def test_a_reputation_is_a_number_up_to_100(api: ClientOf200, reputation: float) -> None:
    found = api.reputation({"type": "paid", "reputation": reputation})
    assert (found, type(found)) == (reputation, float)


@pytest.mark.parametrize(
    "body",
    [
        *([], {}, None, "98", 98, {"reputation": None}, {"reputation": "98"}),
        *({"reputation": True}, {"reputation": -0.1}, {"reputation": 100.1}, {"reputation": []}),
        *({"reputation": float("nan")}, {"reputation": float("inf")}, {"reputation": 10**4000}),
    ],
)
def test_a_reputation_of_another_shape_is_no_figure(api: ClientOf200, body: Any) -> None:
    assert refusal_of(api.reputation, body) == "http.not_json"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["date", "stats", "metrics", "reputation", ""]), inner)
    ),
    max_leaves=12,
)
COUNT = st.integers(-1, 10**12) | JSON
DATE = st.dates(FIRST - timedelta(2), NEWEST + timedelta(2)).map(str)
ROW = st.fixed_dictionaries(
    {"date": DATE | JSON},
    optional={
        "stats": JSON
        | st.lists(
            st.fixed_dictionaries(
                {}, optional={"metrics": JSON | st.dictionaries(st.sampled_from(COUNTED), COUNT)}
            ),
            max_size=2,
        )
    },
)
ACCOUNT = st.fixed_dictionaries({"reputation": st.floats(-1, 101) | JSON})
MANY = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


def parsed_or_refused(call: Callable[[Any], T], body: Any) -> T | None:
    """What `call` makes of `body`; None where it says that it is no answer."""
    try:
        return call(body)
    except ExchangeError as error:
        code = error.what.code
    assert code == "http.not_json"
    return None


@MANY
@given(body=JSON | st.lists(ROW | JSON, max_size=4))
def test_any_statistics_are_well_typed_or_no_answer(api: ClientOf200, body: Any) -> None:
    for day, counts in (parsed_or_refused(api.statistics, body) or {}).items():
        assert type(day) is date
        assert FIRST <= day <= NEWEST
        assert tuple(counts) == tuple(name for name in COUNTED if name in counts)
        assert all(type(count) is int and 0 <= count <= MOST_MESSAGES for count in counts.values())


@MANY
@given(body=JSON | ACCOUNT)
def test_any_reputation_is_a_score_or_no_answer(api: ClientOf200, body: Any) -> None:
    found = parsed_or_refused(api.reputation, body)
    assert found is None or (type(found) is float and 0 <= found <= 100)


# --- what is asked, and with which headers --------------------------------------------------------


def test_statistics_are_asked_for_by_day() -> None:
    with client_of() as (client, served, _):
        client.statistics(date(2026, 10, 24), date(2026, 11, 23))
        (request,) = served.requests
    assert (request.method, request.path) == ("GET", "/v3/stats")
    assert dict(request.query) == {
        "start_date": "2026-10-24",
        "end_date": "2026-11-23",
        "aggregated_by": "day",
    }


def test_every_call_has_the_same_headers() -> None:
    with client_of() as (client, served, _):
        client.statistics(FIRST, NEWEST)
        client.reputation()
        client.scopes()
        seen = [request.headers for request in served.requests]
    assert seen[0] == seen[1] == seen[2]
    assert seen[0].keys() == {*("accept", "accept-encoding", "authorization", "host", "user-agent")}
    assert seen[0]["authorization"] == f"Bearer {KEY}"


def test_the_clients_of_a_session_share_its_connection() -> None:
    with serve_account() as served, Session(Waits().job()) as session:
        for _ in range(3):
            client = SendGrid(KEY, served.url, session)
            client.reputation()
            client.scopes()
        assert len(served.requests) == 6
        assert len(served.connections) == 1


def test_two_accounts_at_once_keep_their_keys_apart() -> None:
    keys = [f"SG.account-{n}" for n in range(4)]
    with serve_account() as served:

        def work(key: str) -> None:
            with Session(Waits().job()) as session:
                client = SendGrid(key, served.url, session)
                for _ in range(5):
                    with pytest.raises(ExchangeError):
                        client.reputation()

        threads = [threading.Thread(target=work, args=(key,)) for key in keys]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sent = sorted(request.headers["authorization"] for request in served.requests)
    assert sent == sorted(f"Bearer {key}" for key in keys * 5)


def test_a_slash_at_the_end_of_the_address_is_no_other_path() -> None:
    with serve_account() as served, Session(Waits().job()) as session:
        SendGrid(KEY, f"{served.url}/", session).reputation()
        assert served.requests[0].path == "/v3/user/account"


def test_an_address_may_have_a_path_of_its_own() -> None:
    rule: Rule = on("/proxy/v3/user/account", HttpReply(200, '{"reputation": 5}'))
    with client_of(rule) as (_, served, waits), Session(waits.job()) as session:
        assert SendGrid(KEY, f"{served.url}/proxy/", session).reputation() == 5.0


@pytest.mark.parametrize("body", [[], {}, {"scopes": {}}, {"scopes": "stats.read"}, None])
def test_scopes_of_another_shape_are_no_scopes(body: Any) -> None:
    with (
        client_of(on("/v3/scopes", HttpReply(200, json.dumps(body)))) as (client, _, _),
        pytest.raises(ExchangeError) as raised,
    ):
        client.scopes()
    assert raised.value.what.code == "http.not_json"


def test_odd_scopes_are_harmless() -> None:
    odd = [*["a"] * 999, "\x1b[31m" + "x" * 200, "beyond"]
    with client_of(on("/v3/scopes", HttpReply(200, json.dumps({"scopes": odd})))) as (client, _, _):
        scopes = client.scopes()
    assert len(scopes) == 1000
    assert scopes[-1].startswith("\\x1b[31mxxx")
    assert len(scopes[-1]) == 80
