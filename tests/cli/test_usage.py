"""Bad input: the user gets one clear screen, the right status, and nothing was measured."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mailwatch.demo import Faults, Hang, Rule
from tests.cli.conftest import ROOT, Command, start, watched


@pytest.mark.parametrize(
    ("argv", "shown"),
    [
        (("chekc",), "'check'"),
        (("check", "--fromat", "json"), "--format"),
        (("check", "--format", "jsn"), "did you mean json?"),
        (("check", "--fail-on", "waring"), "did you mean warn?"),
        (("check", "--color", "sometimes"), "auto, always, never"),
        (("check", "--lang", "jp"), "en, ja"),
        (("check", "--as-of", "yesterday"), "2026-11-23"),
        (("check", "a.example", "--as-of", "2030-01-01"), "not over yet"),
        (("check", "a.example", "--as-of", "0001-01-15"), "too long ago"),
        (("check", "--timeout", "0"), "--timeout"),
        (("check", "a.example", "--timeout", "nan"), "--timeout"),
        (("check", "--width", "3"), "--width"),
        (("check", "a.example", "--output", "report.json"), "FORMAT=PATH"),
        (("check", "a.example", "--output", "jso=report.json"), "did you mean json?"),
        (("check", "https://example.com/"), "not a valid domain name"),
        (("check", "a.example", "--selector", "s 1"), "not a valid DKIM selector"),
        (("check", "a.example", "--resolver", "127.0.0.1:99999"), "not a valid name server"),
        (("check", "a.example", "--checks", "nowhere"), "nowhere"),
        (("check", "a.example", "--thresholds", "nowhere.yaml"), "nowhere.yaml"),
        (("check", "--config", "nowhere.yaml"), "nowhere.yaml"),
        (("check",), "mailwatch init"),
        (("dns",), "mailwatch dns example.com"),
        (("postmaster",), "mailwatch postmaster example.com"),
        (("explain", "sendgrid.bounce_rat"), "did you mean sendgrid.bounce_rate?"),
        (("demo", "--scenario", "migraton"), "did you mean migration?"),
        (("demo", "--day", "99"), "--day"),
    ],
)
def test_a_slip_on_the_command_line(mailwatch: Command, argv: tuple[str, ...], shown: str) -> None:
    outcome = mailwatch(*argv)
    assert outcome.status == 2
    assert outcome.out == ""
    assert shown in outcome.err
    assert "Traceback" not in outcome.err
    assert outcome.err.count("\n") < 12


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("domains: [", "line 1"),
        ("domains:\n  - name: a.example\n    dkim_selector: [s1]\n", "dkim_selectors"),
        ("sendgird:\n  window_days: 7\n", "did you mean sendgrid?"),
        ("dns: {}\ndns: {}\n", "defined twice"),
        ("sendgrid:\n  window_days: seven\n", "line 2, sendgrid.window_days"),
        ("sendgrid:\n  base_url: http://api.sendgrid.com\n", "https"),
        ("sendgrid:\n  base_url: https://sendgrid.com.evil.example\n", "outside sendgrid.com"),
        ("sendgrid:\n  api_key: cmd:pass sendgrid\n", "--config"),
        ("postmaster:\n  endpoint: https://evil.example/\n", "outside googleapis.com"),
        ("sendgrid:\n  timezone: Asia/Tokio\n", "Asia/Tokyo"),
        ("postmaster: {credentials: env:TOKEN}\n", "postmaster needs a domain"),
    ],
)
def test_a_slip_in_mailwatch_yaml(mailwatch: Command, text: str, shown: str) -> None:
    Path("mailwatch.yaml").write_text(text)
    outcome = mailwatch("check")
    assert outcome.status == 2
    assert shown in outcome.err
    assert outcome.out == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sendgrid.bounce_rate: {ideal: 3, act: 5%}\n", "3% or 300%"),
        ("sendgrid.bounce_rate: {ideal: 6%}\n", "wrong way round"),
        ("sendgrid.bounce_rat: {ideal: 3%}\n", "did you mean sendgrid.bounce_rate?"),
        ("dns.mx: {ideal: fond}\n", "found, missing, null"),
        ('postmaster.spam_rate: {act: "< 0.3%"}\n', "wrong way"),
    ],
)
def test_a_slip_in_thresholds_yaml_is_reported_before_any_call(
    mailwatch: Command, text: str, shown: str
) -> None:
    with watched() as (running, config):
        Path(config).with_name("thresholds.yaml").write_text(text)
        outcome = mailwatch("check", "--config", config)
        assert running.requests == []
    assert outcome.status == 2
    assert shown in outcome.err
    assert "line 1" in outcome.err


def test_a_literal_key_is_refused_and_not_repeated(mailwatch: Command) -> None:
    Path("mailwatch.yaml").write_text("sendgrid:\n  api_key: SG.literal-secret\n")
    outcome = mailwatch("check")
    assert outcome.status == 2
    assert "env:NAME" in outcome.err
    assert "literal-secret" not in outcome.err


def test_a_key_with_a_newline_is_refused_and_not_repeated(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("SG.secret\n", "SG.sec\nret"):
        monkeypatch.setenv("SENDGRID_API_KEY", key)
        for command in ("check", "sendgrid", "doctor"):
            outcome = mailwatch(command)
            assert outcome.status == 2
            assert "line break" in outcome.err
            assert "SG." not in outcome.err + outcome.out


def test_no_credentials_is_a_failed_source_and_a_way_to_mend_it(mailwatch: Command) -> None:
    sendgrid = mailwatch("sendgrid", "--format", "json")
    postmaster = mailwatch("postmaster", "a.example", "--format", "json")
    for outcome, shown in ((sendgrid, "SENDGRID_API_KEY"), (postmaster, "GOOGLE_APPLICATION")):
        assert outcome.status == 3
        assert outcome.json["sources"][0]["state"] == "failed"
        assert shown in outcome.json["sources"][0]["error"]
        assert {f["cause"] for f in outcome.json["findings"]} == {"not_allowed"}


def test_a_defect_is_one_line_and_status_four(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = "-".join(("very", "hidden"))

    def break_down(*_: object) -> None:
        raise KeyError(value)

    monkeypatch.setattr("mailwatch.cli.check.read_catalog", break_down)
    outcome = mailwatch("checks")
    assert outcome.status == 4
    assert "defect of mailwatch" in outcome.err
    assert outcome.err.count("\n") == 1
    assert value not in outcome.err
    monkeypatch.setattr("mailwatch.cli.check.read_catalog", break_down)
    verbose = mailwatch("check", "a.example", "-vv")
    assert "File" in verbose.err
    assert value not in verbose.err


def test_without_a_command_there_is_help(mailwatch: Command) -> None:
    outcome = mailwatch()
    assert outcome.status == 2
    assert "Measure:" in outcome.err


def test_version(mailwatch: Command) -> None:
    assert mailwatch("--version").out.startswith("mailwatch 0.")


def test_a_run_out_of_time_leaves_its_threads_behind() -> None:
    with watched(faults=Faults(Rule("sendgrid", Hang()))) as (_, config):
        process = start("check", "--config", config, "--timeout", "2")
        out, err = process.communicate(timeout=20)
    assert process.returncode == 3
    assert b"example.com" in out
    assert err == b""


def test_a_pipe_as_configuration_is_read_or_given_up(
    mailwatch: Command,
) -> None:
    # Given named pipes that nobody writes to, where the files of a user may be
    Path("own").mkdir()
    for name in ("pipe", "own/check.yaml"):
        os.mkfifo(name)
    for option, path in (("--config", "pipe"), ("--thresholds", "pipe"), ("--checks", "own")):
        # When one is named, and the run may take a tenth of a second
        outcome = mailwatch("check", "a.example", option, path, "--timeout", "0.1")
        # Then it ends with the reason, before anything is measured
        assert outcome.status == 2
        assert "cannot be read: it did not end in time" in outcome.err


@pytest.mark.parametrize("error", [BrokenPipeError(32, "hidden"), OSError(5, "hidden")])
def test_a_broken_pipe_that_is_not_stdout_is_a_defect(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    # Given an error of the system that nobody expected, and stdout in order
    def break_down(*_: object) -> None:
        raise error

    monkeypatch.setattr("mailwatch.cli.check.read_catalog", break_down)
    outcome = mailwatch("checks")
    # Then it is not taken for a reader that has gone
    assert outcome.status == 4
    assert outcome.err.count("\n") == 1
    assert "hidden" not in outcome.err


def test_the_last_resort_is_status_four_too() -> None:
    # Given a defect in the very function that turns defects into a status
    script = (
        "import mailwatch.cli as cli\n"
        "def main(argv): raise RecursionError('hidden')\n"
        "cli.main = main; cli.run()"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )
    # Then it ends with 4 and one line, and not with Python's own 1 and a traceback
    assert outcome.returncode == 4
    assert outcome.stderr == "mailwatch: a defect of mailwatch itself: RecursionError\n"


def test_help_imports_no_client_library() -> None:
    script = (
        "import sys; from mailwatch.cli import main; main(['--help']); main(['check', '--help']); "
        "print({'sendgrid', 'googleapiclient', 'google', 'dns', 'yaml', 'sqlite3', 'sqlalchemy'}"
        " & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert run.stderr == ""
    assert "--quiet-ok" in run.stdout
    assert run.stdout.endswith("set()\n")
