"""serve at the command line: what it refuses before it listens."""

import socket
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.serve.peer import Sender


def test_an_address_that_others_can_reach_needs_a_token(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "mail.example.com"):
        outcome = mailwatch("serve", "--host", host)
        assert (outcome.status, outcome.out) == (2, "")
        assert "no token is set" in outcome.err
    for token, said in (
        ("s3cret-and-literal", "--token"),
        ("env:NOT_SET", "NOT_SET"),
        ("env:SHORT", "fewer than 16"),
    ):
        monkeypatch.setenv("SHORT", "s3cret")
        outcome = mailwatch("serve", "--host", "192.0.2.1", "--token", token)
        assert outcome.status == 2
        assert said in outcome.err
        assert "s3cret" not in outcome.err


def test_without_the_extra_it_names_the_extra(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "starlette", None)
    outcome = mailwatch("serve")
    assert outcome.status == 2
    assert "pip install '.[serve]'" in outcome.err
    assert "mailwatch[serve]" in outcome.err


def test_what_cannot_be_served_is_an_error_before_it_listens(
    mailwatch: Command, tmp_path: Path
) -> None:
    strange = tmp_path / "strange"
    strange.write_text("not a database, but longer than nothing at all\n" * 100)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        cases = (
            (("--port", port), 2, "cannot listen there"),
            (("--host", "127.0.0.1", "--allow-host", "a b"), 2, "not a host name"),
            (("--webhook-key", "MFkw"), 2, "--webhook-key is not a public key"),
            (("--webhook-key", "env:NOT_SET"), 2, "NOT_SET"),
            (("--webhook-key", "A" * 120), 2, "not an ECDSA key"),
            (("--history", "none"), 2, "Name a place"),
            (("--history", str(tmp_path)), 2, "is not a file"),
            (("--history", str(strange)), 3, "damaged"),
            (("--port", "99999"), 2, "65535"),
        )
        for options, status, said in cases:
            outcome = mailwatch("serve", *options)
            assert outcome.status == status, options
            assert said in outcome.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("webhook_public_key: MFkwEw", "not a public key"),
        (f"webhook_public_key: {'A' * 120}", "not an ECDSA key on P-256"),
        ("webhook_public_key: env:NOT_SET", "NOT_SET"),
        ("webhook_subusers: [{name: news}]", "public_key is missing"),
        ("webhook_max_age_minutes: 0", "not a valid number"),
        ("hosts: [a/b]", "not a host name"),
        ("token: s3cret", "token"),
    ],
)
def test_a_mistake_in_the_file_is_named(mailwatch: Command, text: str, said: str) -> None:
    Path("mailwatch.yaml").write_text(f"history: h.sqlite\nserve:\n  {text}\n")
    outcome = mailwatch("serve")
    assert outcome.status == 2
    assert said in outcome.err
    assert "s3cret" not in outcome.err


def test_config_shows_the_section(mailwatch: Command) -> None:
    key = Sender().public
    Path("mailwatch.yaml").write_text(
        "serve:\n  token: env:MAILWATCH_TOKEN\n  hosts: [mail.example.com]\n"
        f"  webhook_subusers:\n    - {{name: news, public_key: {key}}}\n"
    )
    outcome = mailwatch("config")
    assert outcome.status == 0
    assert "serve.hosts" in outcome.out
    assert "news" in outcome.out
