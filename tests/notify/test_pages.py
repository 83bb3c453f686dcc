"""docs/notify.md and docs/cron.md: what they show is accepted, runs, and is valid."""

import re
import shlex
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from mailwatch.demo import build
from mailwatch.notify.json_webhook import signature
from mailwatch.schemas import generate
from tests.cli.conftest import NOON, Command, empty_home, mailwatch, watched
from tests.notify.notify_peer import receiver, smtp_server
from tests.test_docs import blocks, commands

__all__ = ["empty_home", "mailwatch"]

DOCS = Path(__file__).parents[2] / "docs"
NOTIFY = (DOCS / "notify.md").read_text(encoding="utf-8")
CRON = (DOCS / "cron.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def named(text: str, name: str) -> str:
    """The block that is the file of this name."""
    (body,) = (b for b in blocks(text, "yaml", "ini", "cron") if b.startswith(f"# {name}\n"))
    return body


def test_every_command_of_the_page_on_notices_runs(
    mailwatch: Command, empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given the page's configuration, with servers of ours behind its addresses
    world = build("healthy", NOON.date())
    world = replace(world, scopes=world.scopes | {"mail.send"})
    with receiver() as heard, smtp_server() as mailbox, watched(world=world) as (running, path):
        section = named(NOTIFY, "watch.yaml")
        for there, here in (
            ("https://hooks.example.com", heard.url),
            ("smtp.example.com", f"127.0.0.1\n    port: {mailbox.port}\n    security: none"),
            ("    username: mailwatch\n    password: env:SMTP_PASSWORD\n", ""),
            ("kind: pagerduty\n", f"kind: pagerduty\n      url: {heard.url}\n"),
        ):
            assert there in section
            section = section.replace(there, here)
        text = Path(path).read_text() + "notify:" + section.partition("notify:")[2]
        Path(path).write_text(text)
        Path("watch.yaml").write_text(section)
        Path("teams-url").write_text(heard.url)
        Path(path).with_name("teams-url").write_text(heard.url)
        monkeypatch.setenv("MAILWATCH_CONFIG", path)
        for name in ("SLACK_WEBHOOK_URL", "PING_URL"):
            monkeypatch.setenv(name, heard.url)
        monkeypatch.setenv("APPRISE_URL", heard.url.replace("http:", "json:"))
        for name in ("HOOK_SECRET", "PAGERDUTY_KEY"):
            monkeypatch.setenv(name, "s3cret")
        # When its commands are run, then each works and sends what the page says
        shown = [line for line in commands(NOTIFY) if "FILE" not in line]
        for line in shown:
            program, *argv = shlex.split(line)
            assert program == "mailwatch"
            outcome = mailwatch(*argv)
            assert (outcome.status, outcome.err) == (0, ""), line
        assert {"/", "/mailwatch", "/v2/enqueue"} <= {request.path for request in heard.requests}
        assert any(mail["Subject"].startswith("[mailwatch] ") for mail in mailbox.mails)
        assert any(request.path == "/v3/mail/send" for request in running.requests)


def test_a_receiver_written_from_the_page_accepts_the_signature() -> None:
    code = next(block for block in blocks(NOTIFY, "python"))
    body = b'{"schema": "mailwatch.notice/1"}'
    known: dict[str, Any] = {"secret": b"s3cret", "timestamp": b"1795536000", "body": body}
    known["signature"] = f"v1={signature('s3cret', 1795536000, body)}"

    class Then:
        time = staticmethod(lambda: 1795536010)

    exec(f"import hashlib, hmac\n{code}", known | {"time": Then}, known)
    assert known["genuine"] is True


def test_the_page_names_every_kind_and_event() -> None:
    schema = generate()["mailwatch.json"]
    for word in ("mail", "webhook", "slack", "teams", "pagerduty", "apprise"):
        assert f"kind: {word}" in NOTIFY
        assert f'"{word}"' in schema
    for word in ("new", "worse", "reminder", "end"):
        assert f"| `{word}` |" in NOTIFY


def command_lines() -> list[str]:
    """Every command line of mailwatch on the page on cron."""
    lines = re.findall(r"/opt/mailwatch/\.venv/bin/(mailwatch .+)$", CRON, re.MULTILINE)
    job = yaml.safe_load(named(CRON, "mailwatch-cronjob.yaml"))
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    return [*lines, shlex.join(["mailwatch", *container["args"]])]


def test_every_command_line_of_the_page_on_cron_runs(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    with smtp_server() as mailbox, watched("healthy") as (_, path):
        monkeypatch.setenv("MAILWATCH_CONFIG", path)
        assert len(command_lines()) == 4
        for line in command_lines():
            argv = [path if word.startswith("/etc/") else word for word in shlex.split(line)[1:]]
            if "--mail-to" in argv:
                argv += ["--mail-via", f"127.0.0.1:{mailbox.port}"]
            outcome = mailwatch(*argv)
            assert (outcome.status, outcome.err) == (0, ""), line
            assert (outcome.out == "") == ("--quiet-ok" in argv)
    # The weekly summary came, although all is ok
    assert [mail["To"] for mail in mailbox.mails] == ["lead@example.com"]


def test_the_lines_for_cron_are_lines_of_a_system_crontab() -> None:
    fields = r"[\d*/,-]+"
    for line in named(CRON, "/etc/cron.d/mailwatch").splitlines():
        job = rf"({fields}\s+){{5}}mailwatch\s+/opt/\S+ [^%\n]+"
        assert re.fullmatch(rf"#.*|[A-Z_]+=\S+|{job}", line), line


def test_a_report_from_cron_is_one_that_a_mail_program_shows(mailwatch: Command) -> None:
    with watched("breach") as (_, path):
        outcome = mailwatch("check", "--quiet-ok", "--strict", "--config", path)
    assert outcome.err == ""
    assert max(map(len, outcome.out.splitlines())) <= 80
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", outcome.out)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    # Given the page's units, with a program that is there
    for name in ("mailwatch.service", "mailwatch.timer"):
        text = named(CRON, name).replace("/opt/mailwatch/.venv/bin/mailwatch", "/bin/true")
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True, text=True, check=False,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "mailwatch" in line]
    assert ours == []
    calendar = re.search(r"OnCalendar=(.+)", CRON)
    assert calendar is not None
    subprocess.run(["systemd-analyze", "calendar", calendar[1]], check=True, capture_output=True)


def test_the_cron_job_runs_as_nobody_special_and_keeps_its_state() -> None:
    job = yaml.safe_load(named(CRON, "mailwatch-cronjob.yaml"))
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "CronJob")
    spec = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert mounts.keys() == {volume["name"] for volume in spec["volumes"]}
    assert {"name": "XDG_STATE_HOME", "value": mounts["state"]} in container["env"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert spec["restartPolicy"] == "Never"
