"""What `notify:` and the options for mail do not accept, and what is not shown."""

from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.cli.test_notify import hook, notified
from tests.leaks import _nothing_left_open, _old_objects_set_apart  # noqa: F401  # fixtures
from tests.notify.notify_peer import receiver


@pytest.mark.parametrize(
    "address", ["ops", "ops@example.com\r\nBcc: x@example.com", "a@b@c", "<a@example.com>"]
)
def test_an_address_with_more_in_it_is_refused(mailwatch: Command, address: str) -> None:
    outcome = mailwatch("dns", "example.com", "--mail-to", address)
    assert outcome.status == 2
    assert "is not a valid mail address" in outcome.err
    assert "\r" not in outcome.err


def test_a_server_elsewhere_needs_the_file(mailwatch: Command) -> None:
    outcome = mailwatch("dns", "example.com", "--mail-to", "a@example.com", "--mail-via", "x:25")
    assert outcome.status == 2
    assert "notify: smtp:" in outcome.err


def test_config_shows_no_secret(mailwatch: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK", "https://hooks.example/T0ken")
    section = (
        "  channels:\n    - {kind: slack, url: env:HOOK}\n"
        "    - {kind: slack, url: 'cmd:printf T0ken'}\n"
        "  smtp: {host: smtp.example.com, username: me, password: 'cmd:printf T0ken'}\n"
        "  ping_url: https://ping.example/T0ken\n"
    )
    with notified("healthy", section) as path:
        outcome = mailwatch("config", "--config", path)
    assert outcome.status == 0
    assert "slack (slack, warn), slack-2 (slack, warn)" in outcome.out
    assert "smtp.example.com:587 (starttls)" in outcome.out
    assert "T0ken" not in outcome.out


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("  channels: [{kind: slack, url: https://hooks.slack.com/x}]\n", "is a secret"),
        ("  channels: [{kind: webhook, url: http://hooks.example/x}]\n", "is not https"),
        ("  channels: [{kind: webhook}]\n", "needs the key url"),
        ("  channels: [{kind: sms, url: env:X}]\n", "is not one of"),
        ("  channels: [{kind: mail, to: [a@example.com], secret: env:X}]\n", "secret is only for"),
        ("  channels: [{kind: pagerduty, routing_key: R0uting}]\n", "never written here"),
        ("  channels: [{kind: mail, to: [\"a@example.com\\r\\nBcc: b@example.com\"]}]\n",
         "not a valid mail address"),
        ("  smtp: {host: smtp.example.com, security: none}\n", "only accepted for a loopback"),
        ("  smtp: {host: localhost, username: me}\n", "belong together"),
        ("  from: me\n", "not a valid mail address"),
        ("  digest: daily\n", "is not one of"),
        ("  remind: 3\n", "unknown key"),
    ],
)  # fmt: skip
def test_what_is_refused(mailwatch: Command, section: str, said: str) -> None:
    with notified("healthy", section) as path:
        outcome = mailwatch("check", "--config", path)
    assert outcome.status == 2
    assert said in outcome.err
    assert "R0uting" not in outcome.err


def test_a_file_that_was_only_found_notifies_nobody(mailwatch: Command) -> None:
    with receiver() as heard, notified("breach", hook(heard)) as path:
        Path("mailwatch.yaml").write_text(Path(path).read_text())
        for name in ("sendgrid-key", "postmaster-token.json"):
            Path(name).write_text(Path(path).with_name(name).read_text())
        outcome = mailwatch("check")
        listed = mailwatch("notify", "--test")
    assert heard.requests == []
    assert outcome.status == 1
    assert outcome.err.startswith("mailwatch: notify: nothing is sent: ")
    assert "--config" in outcome.err
    assert listed.status == 2
