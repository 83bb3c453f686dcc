"""mailwatch login google: from the address that it prints to the token that doctor accepts."""

import io
import json
import os
import re
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from mailwatch.clock import Clock
from mailwatch.demo import HttpReply, Rule, Running, build, serve
from mailwatch.demo.wire.faults import Faults
from mailwatch.sources.postmaster.credentials import SCOPE

from .conftest import NOON, Command, start

WORLD = build("healthy", NOON.date())


@contextmanager
def google(*rules: Rule, scopes: frozenset[str] | None = None) -> Iterator[Running]:
    """A demo Google, whose client's file is client.json here."""
    account = WORLD.google if scopes is None else replace(WORLD.google, scopes=scopes)
    with serve(replace(WORLD, google=account), faults=Faults(*rules)) as running:
        Path("client.json").write_text(json.dumps(running.client_file()))
        yield running


def visit(url: str) -> tuple[int, str]:
    """What a browser gets there in the end."""
    try:
        with urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, ""


class Person(io.TextIOBase):
    """Reads what is printed, and opens each address in it in a browser of their own.

    They are as fast as can be: back at our address before the command does anything else.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, change: Any = lambda url: url) -> None:
        self.urls: list[str] = []
        self._change = change
        self._screen = sys.stdout
        monkeypatch.setattr(sys, "stdout", self)

    def write(self, text: str) -> int:
        for url in re.findall(r"^http\S+", text, re.MULTILINE):
            self.urls.append(url)
            thread = threading.Thread(target=visit, args=(self._change(url),))
            thread.start()
            thread.join(10)
        return self._screen.write(text)


def test_a_consent_becomes_a_token_file_that_doctor_accepts(empty_home: Path) -> None:
    # Given the command as a process, and a person who opens what it prints
    with google() as running:
        process = start("login", "google", "--client", "client.json", PATH=os.environ["PATH"])
        assert process.stdout is not None
        url = next(line.decode().strip() for line in process.stdout if line.startswith(b"http://"))
        # A request that does not have our state is refused and waited past
        redirect = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        assert visit(f"{redirect}?code=stolen&state=guessed")[0] == 404
        status, page = visit(url)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, status) == (0, 200), err
        assert "You can close this window" in page
        assert b"Next: mailwatch doctor" in out
        # Then the file is the person's alone, and opens one scope
        path = Path("postmaster-token.json")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        info = json.loads(path.read_text())
        assert info["scopes"] == [SCOPE]
        assert list(Path().glob(".mailwatch-*")) == []
        # And the command asked for it as RFC 7636 wants, with a state
        asked = parse_qs(urlsplit(url).query)
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["scope"] == [SCOPE]
        assert len(asked["state"][0]) > 40
        for secret in (info["client_secret"], info["refresh_token"]):
            assert secret.encode() not in out + err
        # And doctor accepts it
        Path("mailwatch.yaml").write_text(
            "domains: [{name: example.com}]\n"
            "postmaster:\n  credentials: file:postmaster-token.json\n"
            f"  endpoint: {running.postmaster_url}\n"
            f"dns: {{nameservers: ['{running.nameserver}']}}\n"
        )
        checked = start("doctor", PATH=os.environ["PATH"])
        out, err = checked.communicate(timeout=30)
        assert re.search(rb"works  Postmaster example.com", out), (out, err)
        assert checked.returncode == 0, out


def test_the_configured_place_and_the_scope_of_v1_are_used(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    v1 = "https://www.googleapis.com/auth/postmaster.readonly"
    Path("mailwatch.yaml").write_text(
        "postmaster: {credentials: 'file:secret/token.json', legacy_v1: true}\n"
    )
    Path("secret").mkdir()
    with google(scopes=frozenset({SCOPE, v1})):
        Person(monkeypatch)
        outcome = mailwatch("login", "google", "--client", "client.json", clock=Clock())
    assert outcome.status == 0, outcome.err
    (path,) = Path("secret").glob("*")
    assert json.loads(path.read_text())["scopes"] == [SCOPE, v1]
    assert "Set in mailwatch.yaml" not in outcome.out


def test_a_token_file_that_exists_is_kept_unless_forced(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path("postmaster-token.json")
    path.write_text("old")
    path.chmod(0o644)
    with google():
        person = Person(monkeypatch)
        argv = ("login", "google", "--client", "client.json")
        kept = mailwatch(*argv, clock=Clock())
        assert (kept.status, path.read_text(), person.urls) == (2, "old", [])
        assert "exists already, and was not changed" in kept.err
        assert mailwatch(*argv, "--force", clock=Clock()).status == 0
    assert json.loads(path.read_text())["type"] == "authorized_user"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_comes_while_the_person_decides_is_not_lost(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_meanwhile(url: str) -> str:
        Path("postmaster-token.json").write_text("meanwhile")
        return url

    with google():
        Person(monkeypatch, write_meanwhile)
        outcome = mailwatch("login", "google", "--client", "client.json", clock=Clock())
    assert outcome.status == 2
    assert Path("postmaster-token.json").read_text() == "meanwhile"
    assert list(Path().glob(".mailwatch-*")) == []


CLIENT = (
    '{"installed": {"client_id": "x", "client_secret": "y", "token_uri": "https://evil.example/t"}}'
)
ONLY_V1 = frozenset({"https://www.googleapis.com/auth/postmaster.readonly"})


@pytest.mark.parametrize(
    ("rules", "scopes", "change", "said"),
    [
        ((), ONLY_V1, None, "gave no consent (access_denied)"),
        ((), None, ("access_type=offline", "access_type=online"), "gave no refresh token"),
        ((), None, ("code_challenge=", "code_challenge=x"), "no answer within"),
        ((Rule("token", HttpReply(400, '{"error": "invalid_grant"}'), "/token"),), None, None,
         "did not take the code (invalid_grant)"),
        ((Rule("token", HttpReply(400, '{"error": "\\u001b[31m"}'), "/token"),), None, None,
         "did not take the code (400)"),
        ((Rule("token", HttpReply(200, "<html>"), "/token"),), None, None, "is not JSON"),
        ((Rule("token", HttpReply(200, "{}"), "/token"),), None, None, "Google granted no https"),
        ((Rule("token", HttpReply(503), "/token"),), None, None, "no token: "),
    ],
)  # fmt: skip
def test_without_a_token_nothing_is_written_and_the_way_out_is_said(
    mailwatch: Command,
    monkeypatch: pytest.MonkeyPatch,
    rules: tuple[Rule, ...],
    scopes: frozenset[str] | None,
    change: tuple[str, str] | None,
    said: str,
) -> None:
    with google(*rules, scopes=scopes) as running:
        Person(monkeypatch, lambda url: url.replace(*change) if change else url)
        clock = Clock(pause=lambda seconds: None)
        # A second is waited only where nobody comes: a busy machine may need more for an answer
        seconds = "1" if said == "no answer within" else "60"
        outcome = mailwatch("login", "google", "--client", "client.json", "--timeout", seconds,
                            clock=clock)  # fmt: skip
        secret = running.world.google.client_secret
    assert outcome.status == 3
    assert said in outcome.err
    assert secret not in outcome.err + outcome.out
    assert not Path("postmaster-token.json").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "not a JSON object"),
        ('{"web": {}}', "of a web application"),
        ('{"type": "service_account"}', "without a desktop client"),
        ('{"installed": {"client_id": "x"}}', "no client_id and client_secret"),
        (CLIENT.replace("token_uri", "tokens_uri"), "no answer within"),
        (CLIENT, "token_uri https://evil.example/t is not at"),
        (CLIENT.replace("token_uri", "auth_uri"), "auth_uri https://evil.example/t is not at"),
    ],
)  # fmt: skip
def test_another_file_than_a_desktop_client_is_refused(
    mailwatch: Command, text: str, said: str
) -> None:
    Path("client.json").write_text(text)
    outcome = mailwatch("login", "google", "--client", "client.json", "--timeout", "1")
    assert outcome.status == 3
    assert said in outcome.err


def test_what_cannot_be_read_or_written_is_said_before_anybody_is_asked(
    mailwatch: Command,
) -> None:
    assert mailwatch("login", "google", "--client", "none.json").status == 2
    Path("binary.json").write_bytes(b"\xff\xfe")
    assert "not UTF-8" in mailwatch("login", "google", "--client", "binary.json").err
    nowhere = mailwatch("login", "google", "--client", "binary.json", "--output", "no/t.json")
    assert "cannot be written there" in nowhere.err
    assert mailwatch("login", "sendgrid", "--client", "x").status == 2
