"""Credential files: which are taken, and what is said of those that are not."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from mailwatch.config import PostmasterConfig
from mailwatch.config.secret import SecretRef
from mailwatch.demo import serve
from mailwatch.model import Cause
from mailwatch.sources.http import ExchangeError
from mailwatch.sources.postmaster.credentials import read_credentials
from mailwatch.words import worded

from .postmaster_peer import HEALTHY, PATIENT, collect_from

CONSENT = {"client_id": "id", "client_secret": "hidden-s", "refresh_token": "hidden-r"}
SERVICE = {"type": "service_account", "client_email": "a@b.example", "private_key": "hidden-k"}


def settings(folder: Path, content: Any, subject: str | None = None) -> PostmasterConfig:
    """Settings that name a file with `content`."""
    path = folder / "token.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return PostmasterConfig(SecretRef("file", str(path)), subject)


def refusal(given_settings: PostmasterConfig) -> ExchangeError:
    """How these settings are refused."""
    with pytest.raises(ExchangeError) as refused:
        read_credentials(given_settings)
    assert refused.value.cause is Cause.NOT_ALLOWED
    return refused.value


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "not_json"),
        ("[1]", "not_json"),
        ("{", "not_json"),
        ("[" * 60_000, "not_json"),
        ({}, "other_file"),
        ({"type": "external_account"}, "other_file"),
        ({"type": ["authorized_user"], **CONSENT}, "other_file"),
        ({"installed": {"client_secret": "hidden-s"}}, "client_file"),
        ({"web": {"client_secret": "hidden-s"}}, "client_file"),
        ({"refresh_token": "hidden-r"}, "fields_missing"),
        ({**CONSENT, "refresh_token": ""}, "fields_missing"),
        ({**CONSENT, "client_secret": 5}, "fields_missing"),
        ({"type": "service_account"}, "fields_missing"),
        (SERVICE, "bad_key"),
        ({**SERVICE, "private_key": "\ud800"}, "bad_key"),
    ],
)
def test_a_file_that_is_none_is_refused_without_its_content(
    tmp_path: Path, content: Any, code: str
) -> None:
    what = refusal(settings(tmp_path, content, "me@b.example")).what
    assert what.code == f"postmaster.{code}"
    assert "hidden" not in worded(what, "en") + worded(what, "ja")


def test_no_reference_and_an_unreadable_one_are_refused(tmp_path: Path) -> None:
    assert refusal(PostmasterConfig()).what.code == "postmaster.not_named"
    missing = PostmasterConfig(SecretRef("file", str(tmp_path / "none.json")))
    assert refusal(missing).what.code == "postmaster.unreadable"


def test_a_service_account_needs_a_person_and_an_rsa_key(tmp_path: Path) -> None:
    assert refusal(settings(tmp_path, SERVICE)).what.code == "postmaster.no_subject"
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    other = {**SERVICE, "private_key": key.decode()}
    assert refusal(settings(tmp_path, other, "me@b.example")).what.code == "postmaster.bad_key"


@pytest.mark.parametrize(
    ("uri", "host"),
    [
        ("https://evil.example/token", "evil.example"),
        ("https://googleapis.com.evil.example/", "googleapis.com.evil.example"),
        ("http://oauth2.googleapis.com/token", "oauth2.googleapis.com"),
        ("https://me@oauth2.googleapis.com/", "oauth2.googleapis.com"),
        ("https://oauth2.googleapis.com:99999/", "oauth2.googleapis.com"),
        ("https://a\u2100b/", "?"),
        ("https://[x", "?"),
        (5, "?"),
        (["https://oauth2.googleapis.com/token"], "?"),
    ],
)
def test_a_token_is_asked_for_at_google_or_on_loopback_only(
    tmp_path: Path, uri: Any, host: str
) -> None:
    what = refusal(settings(tmp_path, {**CONSENT, "token_uri": uri})).what
    assert what.code == "postmaster.token_uri"
    assert dict(what.values) == {"host": host}


@pytest.mark.parametrize("uri", [None, "https://oauth2.googleapis.com/token"])
def test_googles_token_uri_is_the_default(tmp_path: Path, uri: str | None) -> None:
    credentials = read_credentials(settings(tmp_path, {**CONSENT, "token_uri": uri}))
    assert getattr(credentials, "token_uri", None) == "https://oauth2.googleapis.com/token"


def test_a_credential_that_is_not_taken_is_not_sent() -> None:
    with serve(HEALTHY) as running:
        evil = {**running.credentials(), "token_uri": "http://evil.example/token"}
        got = collect_from(running, info=evil)
        assert [fault.what.code for fault in got.faults] == ["postmaster.token_uri"]
        assert running.requests == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KEYS = ("type", "client_id", "client_secret", "refresh_token", "token_uri", "private_key")
WORD = st.sampled_from(["authorized_user", "service_account", "https://x.googleapis.com/"])


@PATIENT
@given(st.dictionaries(st.sampled_from((*KEYS, "client_email", "web")), JSON | WORD))
def test_whatever_the_file_holds_it_is_taken_or_refused(
    tmp_path_factory: pytest.TempPathFactory, info: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    try:
        read_credentials(settings(folder, info, "me@b.example"))
    except ExchangeError as refused:
        worded(refused.what, "ja")
