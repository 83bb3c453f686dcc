"""No secret is in anything that is said or logged."""

import json
import logging
import pprint
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mailwatch.demo import (
    Faults,
    HttpReply,
    Rule,
    serve,
)
from mailwatch.model import Phrase
from mailwatch.sources.http import ExchangeError, Session
from mailwatch.sources.postmaster.client import Postmaster
from mailwatch.sources.postmaster.credentials import Access, read_credentials
from mailwatch.words import worded

from .postmaster_peer import (
    HEALTHY,
    Collected,
    collect,
    collect_from,
    configure,
    make_job,
)

SECRET = "1//very-secret-refresh-token"
WORDS = ("demo-client-secret", "1//demo-refresh-token", "ya29.", SECRET)


class Echo:
    """A server that repeats the credential it was sent, in its error and its reason phrase."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.seen: list[str] = []

    def play(self, wire: Any) -> bool:
        """Repeats it."""
        sent = wire.headers.get("authorization", "")
        self.seen.append(sent)
        text = f"no: {sent} demo-client-secret 1//demo-refresh-token"
        body = {"error": {"code": self.status, "message": text, "details": [text]}}
        text = json.dumps(body)
        head = f"HTTP/1.1 {self.status} {sent}\r\nContent-Length: {len(text)}\r\n\r\n"
        wire.close()
        wire.send((head + text).encode())
        return True


def phrases(got: Collected) -> Iterator[Phrase]:
    """Every phrase that was handed over."""
    yield from (fault.what for fault in got.faults)
    for measurement in got.measured:
        yield from measurement.evidence
        if measurement.note:
            yield measurement.note


@pytest.mark.parametrize("status", [400, 401, 403, 404, 418, 429, 500, 503])
def test_no_secret_is_said_or_logged(status: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = Echo(status)
    got = collect(Rule("postmaster", echo))
    assert echo.seen[0].startswith("Bearer ya29.")
    assert got.faults
    said = [worded(phrase, lang) for phrase in phrases(got) for lang in ("en", "ja")]
    traces = [
        "".join(traceback.format_exception(*r.exc_info)) for r in caplog.records if r.exc_info
    ]
    for text in (*said, caplog.text, *traces):
        assert not any(word in text for word in WORDS)


def test_a_token_server_that_echoes_is_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echoed = json.dumps({"error": SECRET, "error_description": SECRET})
    faults = Faults(Rule("token", HttpReply(400, echoed)))
    with serve(HEALTHY, faults=faults) as running:
        got = collect_from(running, info={**running.credentials(), "refresh_token": SECRET})
    assert [fault.what.code for fault in got.faults] == ["postmaster.token_refused"]
    assert SECRET not in caplog.text + "".join(got.said())


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """All that any logger was given, also what no handler would have shown."""
    return caplog.text + pprint.pformat([(r.msg, r.args, vars(r)) for r in caplog.records])


def everything_said(got: Collected) -> str:
    """Every phrase in both languages, and as it is held."""
    said = [worded(phrase, lang) for phrase in phrases(got) for lang in ("en", "ja")]
    return "\n".join((*said, repr(got.faults), repr(got.measured)))


@pytest.mark.parametrize("kind", ["person", "service_account"])
@pytest.mark.parametrize(
    "rule",
    [
        (),
        (Rule("token", HttpReply(400, '{"error": "invalid_grant"}')),),
        (Rule("token", HttpReply(200, '{"access_token": 5}')),),
        (Rule("postmaster", HttpReply(401, "{}")),),
        (Rule("postmaster", HttpReply(200, "<html>")),),
    ],
)
def test_given_any_outcome_then_no_secret_is_said_or_logged(
    kind: str, rule: tuple[Rule, ...], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        if name.startswith(("google", "httplib2", "mailwatch")):
            caplog.set_level(logging.DEBUG, logger=name)
    with serve(HEALTHY, faults=Faults(*rule)) as running:
        person = running.credentials()
        info = person if kind == "person" else running.service_account()
        got = collect_from(running, info=info, subject=HEALTHY.google.email)
        tokens = {
            sent.headers["authorization"].removeprefix("Bearer ")
            for sent in running.requests
            if "authorization" in sent.headers
        }
        forms = [sent.body.decode() for sent in running.requests if sent.service == "token"]
    secrets = {person["client_secret"], person["refresh_token"], *tokens}
    secrets |= {form.rpartition("assertion=")[2][:400] for form in forms if "assertion=" in form}
    if kind == "service_account":
        secrets |= {line for line in info["private_key"].splitlines()[1:-1] if len(line) > 20}
    assert forms
    assert "POST " in logged(caplog)
    for text in (everything_said(got), logged(caplog)):
        assert [secret[:8] for secret in secrets if secret in text] == []


def test_given_credentials_when_shown_then_no_secret_is_in_them(tmp_path: Path) -> None:
    with serve(HEALTHY) as running:
        for info in (running.credentials(), running.service_account()):
            settings = configure(running, tmp_path, info, HEALTHY.google.email)
            credentials = read_credentials(settings)
            access = Access(credentials)
            with Session(make_job()) as session:
                service = Postmaster(access, settings.endpoint, session)
                service.refresh()
                assert service.compliance("example.com")
                token = str(credentials.token)
                assert token.startswith("ya29.")
                with pytest.raises(ExchangeError) as refused:
                    service.compliance("other.example")
            things = (settings, credentials, access, service, session, refused.value, refused)
            shown = "".join(map(repr, things))
            secrets = [
                info[n] for n in ("client_secret", "refresh_token", "private_key") if n in info
            ]
            trace = "".join(traceback.format_exception(refused.value))
            for secret in (token, *secrets, *secrets[0].splitlines()[1:3]):
                assert secret not in shown + trace
