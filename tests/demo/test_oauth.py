"""Who gets a token, and what a token opens, through google-auth."""

import time
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from google.auth import crypt, jwt
from google.auth.exceptions import RefreshError
from google.oauth2 import service_account
from google.oauth2.credentials import Credentials
from googleapiclient.errors import HttpError

from mailwatch.demo import Running, serve
from mailwatch.demo.story.world import DOMAINS, EVERYTHING, TRAFFIC

from .conftest import postmaster, user_credentials, world_of

NAME = "domains/example.com/complianceStatus"

account_of: Any = service_account.Credentials.from_service_account_info


def ask(running: Running, credentials: Any = None) -> Any:
    domains = postmaster(running, credentials).domains()
    return domains.getComplianceStatus(name=NAME).execute()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"refresh_token": "old"}, "invalid_grant"),
        ({"client_id": "other"}, "invalid_client"),
        ({"client_secret": "other"}, "invalid_client"),
        ({"scopes": [TRAFFIC, DOMAINS]}, "invalid_scope"),
    ],
)
def test_a_consent_that_is_none_gets_no_token(
    running: Running, changes: dict[str, Any], error: str
) -> None:
    with pytest.raises(RefreshError) as refused:
        ask(running, user_credentials(running, **changes))
    assert refused.value.args[1]["error"] == error


def test_scopes_that_were_granted_may_be_asked_for(running: Running) -> None:
    assert ask(running, user_credentials(running, scopes=[TRAFFIC]))["name"] == NAME


def test_a_token_that_is_over_is_refreshed(running: Running) -> None:
    credentials = user_credentials(running)
    ask(running, credentials)
    first = credentials.token
    running.tokens.expire()
    ask(running, credentials)
    assert credentials.token != first


class _Fixed(Credentials):
    """A token that cannot be refreshed into a better one."""

    def refresh(self, request: Any) -> None:
        """Leaves it as it is."""


fixed: Any = _Fixed  # google-auth has no types
STRANGER = fixed("ya29.stranger")


def test_a_strangers_token_is_unauthenticated(running: Running) -> None:
    with pytest.raises(HttpError) as refused:
        ask(running, STRANGER)
    assert refused.value.status_code == 401
    assert b'"UNAUTHENTICATED"' in refused.value.content


@pytest.mark.parametrize(("scope", "opens"), [(EVERYTHING, True), (DOMAINS, False)])
def test_a_token_opens_what_its_scope_says(scope: str, opens: bool) -> None:
    world = world_of("healthy")
    account = replace(world.google, scopes=frozenset({scope}))
    with serve(replace(world, google=account)) as running:
        if opens:
            assert ask(running)["name"] == NAME
            return
        with pytest.raises(HttpError) as refused:
            ask(running)
        assert refused.value.status_code == 403
        assert refused.value.error_details[0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


def test_a_service_account_acts_for_its_subject_only(running: Running) -> None:
    info = running.service_account()

    def credentials(**wanted: Any) -> Any:
        return account_of(info, **wanted)

    user = running.world.google.email
    assert ask(running, credentials(scopes=[TRAFFIC], subject=user))["name"] == NAME
    for wanted in (
        {"scopes": [TRAFFIC]},
        {"scopes": [TRAFFIC], "subject": "other@example.com"},
        {"scopes": [DOMAINS], "subject": user},
    ):
        with pytest.raises(RefreshError):
            ask(running, credentials(**wanted))
    other = {**info, "client_email": "other@demo.iam.gserviceaccount.com"}
    stranger = account_of(other, scopes=[TRAFFIC])
    with pytest.raises(RefreshError, match="account not found"):
        ask(running, stranger)


def test_another_key_than_the_trusted_one_is_refused(running: Running) -> None:
    old = running.service_account()
    running.service_account()
    stale = account_of(old, scopes=[TRAFFIC], subject=running.world.google.email)
    with pytest.raises(RefreshError, match="Invalid JWT Signature"):
        ask(running, stale)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://example.com/token"},
        {"iat": None},
        {"exp": 1},
        {"iat": 1},
        {"sub": None},
    ],
)
def test_an_assertion_is_read_claim_by_claim(running: Running, claims: dict[str, Any]) -> None:
    info, now = running.service_account(), int(time.time())
    sign: Any = crypt.RSASigner.from_service_account_info
    whole = {
        "iss": info["client_email"],
        "sub": running.world.google.email,
        "scope": TRAFFIC,
        "aud": "https://oauth2.googleapis.com/token",
        "iat": now,
        "exp": now + 3600,
    }

    def status(payload: dict[str, Any]) -> int:
        encode: Any = jwt.encode
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": encode(sign(info), payload).decode(),
        }
        response, _ = postmaster(running)._http.http.request(
            running.token_uri,
            "POST",
            body=urlencode(form),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        return int(response.status)

    assert status(whole) == 200
    assert status({**whole, **claims}) == 400


@pytest.mark.parametrize(
    ("method", "kind", "form", "status"),
    [
        ("GET", "application/x-www-form-urlencoded", "", 405),
        ("POST", "application/json", "{}", 400),
        ("POST", "application/x-www-form-urlencoded", "grant_type=password", 400),
        (
            "POST",
            "application/x-www-form-urlencoded",
            "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=a.b.c",
            400,
        ),
    ],
)
def test_what_is_no_request_for_a_token_is_refused(
    running: Running, method: str, kind: str, form: str, status: int
) -> None:
    http = postmaster(running)._http.http
    response, _ = http.request(running.token_uri, method, body=form, headers={"content-type": kind})
    assert response.status == status
