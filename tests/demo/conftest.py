"""The worlds of the stories, served to the real clients."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import google_auth_httplib2
import httplib2
import pytest
import sendgrid
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build as google_build

from mailwatch.demo import Faults, Running, World, build, serve
from tests.leaks import (
    _nothing_left_open,  # noqa: F401  # pytest finds fixtures by name
    _old_objects_set_apart,  # noqa: F401
)

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """The healthy world, truly answering."""
    with serve(build("healthy", TODAY)) as servers:
        yield servers


@pytest.fixture
def faults() -> Faults:
    """Rules that a test adds to."""
    return Faults()


@pytest.fixture
def bent(faults: Faults) -> Iterator[Running]:
    """The healthy world, bent by `faults`."""
    with serve(build("healthy", TODAY), faults=faults) as servers:
        yield servers


_opened: list[httplib2.Http] = []


@pytest.fixture(autouse=True)
def _closed(_nothing_left_open: None) -> Iterator[None]:  # noqa: F811  # a fixture's name
    """Closes the connections that httplib2 keeps, which nobody else does."""
    yield
    while _opened:
        _opened.pop().close()


def sendgrid_client(running: Running, key: str | None = None) -> Any:
    """The SDK's client of this world's SendGrid."""
    client = sendgrid.SendGridAPIClient(key or running.world.api_key, host=running.sendgrid_url)
    client.client.timeout = 5
    return client.client


def user_credentials(running: Running, **changes: Any) -> Any:
    """The account's stored consent, as google-auth holds it."""
    stored = {**running.credentials(), **changes}
    stored.pop("type")
    kind: Any = Credentials  # google-auth has no types
    return kind(token=None, **stored)


def postmaster(running: Running, credentials: Any = None) -> Any:
    """googleapiclient's service of this world's Postmaster Tools."""
    plain = httplib2.Http(timeout=5)
    _opened.append(plain)
    http = google_auth_httplib2.AuthorizedHttp(credentials or user_credentials(running), http=plain)
    return google_build(
        "gmailpostmastertools",
        "v2",
        http=http,
        client_options={"api_endpoint": running.postmaster_url},
        static_discovery=True,
    )


def world_of(scenario: str, story_day: int | None = None) -> World:
    """A story that ends on the day before TODAY."""
    return build(scenario, TODAY, story_day)
