"""The demo's consent page and its codes are as strict as Google's."""

import base64
import hashlib
import json
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest

from mailwatch.demo import Running
from mailwatch.demo.story.world import TRAFFIC

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
REDIRECT = "http://127.0.0.1:9/"


class Staying(HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *args: Any) -> None:
        """None: the redirect is the answer."""


def send(url: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Status, body and where a redirect leads."""
    data = None if form is None else urlencode(form).encode()
    try:
        with build_opener(Staying()).open(url, data, timeout=10) as answer:
            return answer.status, answer.read().decode(), ""
    except HTTPError as error:
        return error.code, error.read().decode(), error.headers.get("Location") or ""


def consent(running: Running, **changed: str) -> tuple[int, str, dict[str, list[str]]]:
    """The page's answer to a request with these changes."""
    asked = {
        "response_type": "code",
        "client_id": running.world.google.client_id,
        "redirect_uri": REDIRECT,
        "scope": TRAFFIC,
        "state": "s",
        "code_challenge": CHALLENGE.decode(),
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "consent",
        **changed,
    }
    uri = running.client_file()["installed"]["auth_uri"]
    status, page, location = send(f"{uri}?{urlencode(asked)}")
    return status, page, parse_qs(urlsplit(location).query)


def redeem(running: Running, code: str, **changed: str) -> tuple[int, Any]:
    """The token endpoint's answer to the code."""
    account = running.world.google
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": account.client_id,
        "client_secret": account.client_secret,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
        **changed,
    }
    status, body, _ = send(running.token_uri, form)
    return status, json.loads(body)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"client_id": "another"}, "invalid_client"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"redirect_uri": "http://evil.example/"}, "redirect_uri_mismatch"),
        ({"scope": "mail"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "code_challenge"),
    ],
)
def test_what_google_refuses_is_refused(
    running: Running, changed: dict[str, str], problem: str
) -> None:
    status, page, _ = consent(running, **changed)
    assert status == 400
    assert problem in page


def test_a_code_is_good_once_for_who_asked(running: Running) -> None:
    def code() -> str:
        return consent(running)[2]["code"][0]

    first = code()
    status, token = redeem(running, first)
    assert (status, token["scope"]) == (200, TRAFFIC)
    assert token["refresh_token"] == running.world.google.refresh_token
    for changed, error in (
        ({"code": first}, "invalid_grant"),
        ({"code_verifier": "another"}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:10/"}, "redirect_uri_mismatch"),
        ({"client_secret": "another"}, "invalid_client"),
        ({"client_id": "another"}, "invalid_client"),
    ):
        status, refused = redeem(running, **{"code": code(), **changed})
        assert status in (400, 401)
        assert refused["error"] == error
