"""Notices, mails and the heartbeat of real runs, from the command line."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mailwatch.cli.announcing import Notices
from mailwatch.clock import Clock
from mailwatch.config.notify import NotifyChannel
from mailwatch.demo import Drop, HttpReply, build
from mailwatch.notify.notice_state import ChannelMemory, NothingHeard
from tests.cli.conftest import NOON, Command, watched
from tests.leaks import _nothing_left_open, _old_objects_set_apart  # noqa: F401  # fixtures
from tests.notify.notify_peer import Heard, announcer, receiver, smtp_server
from tests.reports.samples import everything

NOBODY = "127.0.0.1:1"


def at(**later: float) -> Clock:
    return Clock(now=lambda: NOON + timedelta(**later), pause=lambda seconds: None)


@contextmanager
def notified(scenario: str, section: str) -> Iterator[str]:
    """The path of a configuration for the scenario, with this `notify:`."""
    with watched(scenario) as (_, path):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"notify:\n{section}")
        yield path


def hook(heard: Heard, more: str = "") -> str:
    return f"  channels:\n    - {{kind: webhook, url: '{heard.url}/hook'{more}}}\n"


def test_a_breach_is_announced_once_by_two_runs(mailwatch: Command) -> None:
    with receiver() as heard, notified("breach", hook(heard)) as path:
        first = mailwatch("check", "--config", path)
        (notice,) = heard.documents()
        second = mailwatch("check", "--config", path, clock=at(hours=1))
        assert len(heard.requests) == 1
        # A report of the past alarms nobody
        past = mailwatch("sendgrid", "--config", path, "--as-of", "2026-11-20", clock=at(days=2))
        assert len(heard.requests) == 1
        listed = mailwatch("notify", "--config", path)
    assert (first.status, first.err, second.status, past.err) == (1, "", 1, "")
    assert notice["verdict"] == "breach"
    assert {problem["event"] for problem in notice["problems"]} == {"new"}
    assert "sendgrid.bounce_rate" in {problem["key"] for problem in notice["problems"]}
    assert (listed.status, listed.err) == (0, "")
    assert "breach  Bounce rate" in listed.out


def test_the_report_is_the_same_with_and_without_notices(mailwatch: Command) -> None:
    with receiver() as heard, notified("breach", hook(heard)) as path:
        noisy = mailwatch("check", "--config", path, "--format", "nagios")
        text = Path(path).read_text().partition("notify:")[0]
        Path(path).write_text(text)
        assert noisy == mailwatch("check", "--config", path, "--format", "nagios")


@pytest.mark.parametrize(
    ("scenario", "more", "status"),
    [("healthy", (), 3), ("breach", (), 1), ("healthy", ("--fail-on", "never"), 0)],
)
def test_what_is_not_delivered_is_said(
    mailwatch: Command, scenario: str, more: tuple[str, ...], status: int
) -> None:
    mail = ("--mail-to", "ops@example.com", "--mail-via", NOBODY)
    with watched(scenario) as (_, path):
        outcome = mailwatch("check", "--config", path, *mail, *more)
    assert outcome.status == status
    assert outcome.err == f"mailwatch: notify: --mail-to: {NOBODY}: nothing listens there\n"
    assert "mailwatch · " in outcome.out


def test_a_report_by_mail(mailwatch: Command) -> None:
    with smtp_server() as mailbox, watched("healthy") as (_, path):
        mail = ("--mail-to", "ops@example.com", "--mail-to", "ops@example.com",
                "--mail-sender", "mailwatch@example.com",
                "--mail-via", f"127.0.0.1:{mailbox.port}")  # fmt: skip
        assert mailwatch("dns", "--config", path, *mail).status == 0
        (first,) = mailbox.mails
        assert re.fullmatch(r"\[mailwatch\] OK \S+: \d+ ok", first["Subject"])
        assert first["To"] == "ops@example.com"
        # With --quiet-ok there is no mail while all is ok
        assert mailwatch("dns", "--config", path, *mail, "--quiet-ok").status == 0
        assert len(mailbox.mails) == 1


def test_mail_through_the_account_that_is_watched(mailwatch: Command) -> None:
    world = build("healthy", NOON.date())
    mail = ("--mail-to", "ops@example.com", "--mail-via", "sendgrid")
    with watched(world=replace(world, scopes=world.scopes | {"mail.send"})) as (running, path):
        refused = mailwatch("check", "--config", path, *mail)
        outcome = mailwatch("check", "--config", path, *mail, "--format", "jsonl",
                            "--mail-sender", "me@example.com")  # fmt: skip
        (sent,) = [r for r in running.requests if r.path == "/v3/mail/send"]
    assert (refused.status, outcome.status, outcome.err) == (2, 0, "")
    assert "--mail-sender" in refused.err
    assert json.loads(sent.body)["from"]["email"] == "me@example.com"
    # And the scope that this takes is not one too many
    findings = map(json.loads, outcome.out.splitlines())
    (scopes,) = [one for one in findings if one["check"] == "sendgrid.api_key_scopes"]
    assert scopes["value"] == 0


def test_a_heartbeat_at_the_start_and_at_the_end(mailwatch: Command) -> None:
    with receiver() as heard, notified("breach", f"  ping_url: {heard.url}/ping/uuid\n") as path:
        assert mailwatch("check", "--config", path).status == 1
        # A breach is found by a run that works: it is no failure of the job
        assert [r.path for r in heard.requests] == ["/ping/uuid/start", "/ping/uuid"]
        assert b"BREACH" in heard.requests[1].body
        del heard.requests[:]
        # What cannot even begin is one
        assert mailwatch("check", "--config", path, "--as-of", "2001-01-01").status == 2
        assert [r.path for r in heard.requests] == []
        broken = Path(path).with_name("broken.yaml")
        broken.write_text("nothing.known: {}\n")
        text = Path(path).read_text() + "ignore: [{check: no.such, reason: x, until: 2027-01-01}]\n"
        Path(path).write_text(text)
        assert mailwatch("check", "--config", path).status == 2
        assert [r.path for r in heard.requests] == ["/ping/uuid/start", "/ping/uuid/fail"]


def test_a_run_that_measured_nothing_is_a_failure_of_the_job(mailwatch: Command) -> None:
    with receiver() as heard, notified("outage", f"  ping_url: {heard.url}/ping\n") as path:
        assert mailwatch("check", "--config", path).status == 3
    assert [r.path for r in heard.requests] == ["/ping/start", "/ping/fail"]


@pytest.mark.parametrize(("fault", "said"), [(HttpReply(404), "404"), (Drop(), "connection")])
def test_a_ping_that_fails_is_said(mailwatch: Command, fault: HttpReply, said: str) -> None:
    with receiver(fault) as heard, notified("healthy", f"  ping_url: {heard.url}/s3cret\n") as path:
        outcome = mailwatch("check", "--config", path)
    assert outcome.status == 3
    assert outcome.err.count("mailwatch: notify: ping_url: ") == 2
    assert said in outcome.err
    assert "s3cret" not in outcome.err
    assert "✓ OK" in outcome.out


def test_a_summary_each_week_even_when_all_is_ok(mailwatch: Command) -> None:
    with receiver() as heard, notified("healthy", hook(heard)) as path:
        for days in (0, 1, 6, 7, 8, 14):
            weekly = mailwatch("dns", "--config", path, "--digest", "weekly", clock=at(days=days))
            assert (weekly.status, weekly.err) == (0, "")
    first, second, third = heard.documents()
    assert {document["verdict"] for document in (first, second, third)} == {"ok"}
    assert first["text"][0] == "The week to 24 Nov"
    assert second["text"][:3] == [
        "The week to 1 Dec",
        "Verdicts: 25 Nov ✓ OK, 30 Nov ✓ OK, 1 Dec ✓ OK",
        "No problem was announced.",
    ]


def test_the_summary_counts_what_happened(mailwatch: Command) -> None:
    with receiver() as heard, notified("breach", hook(heard) + "  digest: weekly\n") as path:
        mailwatch("check", "--config", path)
    news, summary = heard.documents()
    assert summary["text"][2].startswith(f"Problems: {len(news['problems'])} new, 0 over, ")
    assert "Bounce rate" in summary["text"][3]


def test_a_test_notice_to_each_channel(mailwatch: Command) -> None:
    with receiver() as heard, smtp_server() as mailbox:
        section = (
            f"{hook(heard)}    - {{kind: slack, name: gone, url: 'http://{NOBODY}/'}}\n"
            f"    - {{kind: mail, to: [ops@example.com]}}\n"
            f"  smtp: {{host: 127.0.0.1, port: {mailbox.port}}}\n"
            f"  from: mailwatch@example.com\n"
            f"  ping_url: {heard.url}/ping\n"
        )
        with notified("healthy", section) as path:
            outcome = mailwatch("notify", "--test", "--config", path)
            document = mailwatch("notify", "--test", "--config", path, "--format", "json").json
    lines = outcome.out.splitlines()
    assert outcome.status == 3
    assert lines[0] == "✓ webhook: delivered"
    assert lines[1].startswith(f"✗ gone: NOT delivered: {NOBODY}")
    assert "✓ mail: delivered" in lines
    assert lines[-1] == "✓ ping_url: delivered"
    assert [one["delivered"] for one in document["channels"]] == [True, False, True, True]
    assert mailbox.mails[0]["Subject"] == "[mailwatch] test notice"


def test_notify_without_any_channel(mailwatch: Command) -> None:
    outcome = mailwatch("notify", "--test")
    assert outcome.status == 2
    assert "No channel is configured" in outcome.err


def test_a_damaged_state_is_said_and_replaced(mailwatch: Command, tmp_path: Path) -> None:
    with receiver() as heard, notified("breach", hook(heard)) as path:
        mailwatch("check", "--config", path)
        (state,) = tmp_path.rglob("notices-*.json")
        assert state.stat().st_mode & 0o077 == 0
        for damage in (
            "{",
            '{"channels": []}',
            '{"channels": {"webhook": {"open": [1]}}}',
            "[" * 9000,
        ):
            state.write_text(damage)
            outcome = mailwatch("check", "--config", path)
            assert outcome.err.startswith("mailwatch: notify: state: ")
            assert outcome.status == 1
            assert mailwatch("check", "--config", path).err == ""
    assert len(heard.requests) == 5


def test_a_state_that_cannot_be_written_is_said(
    mailwatch: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with receiver() as heard, notified("healthy", hook(heard)) as path:
        outcome = mailwatch("check", "--config", path)
    assert outcome.status == 3
    assert "what was sent could not be stored: " in outcome.err


def test_a_report_of_the_past_by_mail_changes_nothing_that_is_known(
    mailwatch: Command, tmp_path: Path
) -> None:
    with smtp_server() as mailbox, watched("breach") as (_, path):
        mail = ("--mail-to", "a@example.com", "--mail-via", f"127.0.0.1:{mailbox.port}")
        outcome = mailwatch("sendgrid", "--config", path, "--as-of", "2026-11-20", *mail)
    assert outcome.err == ""
    assert len(mailbox.mails) == 1
    assert list(tmp_path.rglob("notices-*")) == []


class _Broken(NothingHeard):
    def recall(self, channel: str) -> ChannelMemory:
        raise RuntimeError(channel)


def test_a_defect_of_ours_does_not_cost_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = announcer(tmp_path, NotifyChannel("mail", "ops", to=("a@example.com",)))
    notices = Notices(replace(broken, state=_Broken()))
    assert notices.send(everything()) is False
    assert capsys.readouterr().err == (
        "mailwatch: notify: notices: a defect of mailwatch itself: RuntimeError\n"
    )
