"""demo, checks, explain, init, config, doctor."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mailwatch.catalog.catalog import read_catalog
from mailwatch.clock import Clock
from mailwatch.config import load_config
from mailwatch.demo import Faults, HttpReply, Rcode, Rule, build
from tests.cli.conftest import NOON, Command, heed_signals, watched


def test_the_demo_needs_nothing(mailwatch: Command) -> None:
    outcome = mailwatch("demo", "--fail-on", "never")
    assert outcome.status == 0
    assert outcome.out.startswith("mailwatch · example.com")
    for word in ("BREACH", "WARN", "CANNOT", "ok", "shown"):
        assert word in outcome.out
    assert outcome.err == ""


def test_the_demo_takes_the_common_options(mailwatch: Command) -> None:
    outcome = mailwatch("demo", "--scenario", "healthy", "--format", "json")
    assert outcome.json["verdict"] == "ok"
    assert mailwatch("demo", "--scenario", "healthy", "--quiet-ok").out == ""
    elsewhere = mailwatch("demo", "--resolver", "127.0.0.1:1", "--format", "json")
    assert elsewhere.state("dns") == "failed"


def test_the_demo_keeps_serving_and_says_how_to_use_it() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "mailwatch", "demo", "--serve", "--scenario", "creeping"],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        text=True,
        preexec_fn=heed_signals,  # noqa: PLW1509  # it takes no lock
    )
    assert process.stdout is not None
    exports: dict[str, str] = {}
    for line in process.stdout:
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").strip().partition("=")
            exports[name] = value
        if "nameservers" in line:
            break
    assert len(exports) == 3, "as the README says"
    path = Path(exports["MAILWATCH_CONFIG"])
    assert path.is_file()
    check = subprocess.run(
        [sys.executable, "-m", "mailwatch", "check", "--fail-on", "warn"],
        env={**os.environ, **exports, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert (check.returncode, process.returncode) == (1, 130)
    assert check.stdout.startswith("mailwatch · example.com")
    assert not path.exists()


def test_checks_lists_all_with_the_thresholds_in_force(mailwatch: Command) -> None:
    Path("mine.yaml").write_text("sendgrid.bounce_rate: {ideal: 1%, act: 2%}\n")
    outcome = mailwatch("checks", "--thresholds", "mine.yaml")
    for check_id in read_catalog().checks:
        assert check_id in outcome.out
    line = next(line for line in outcome.out.splitlines() if "sendgrid.bounce_rate" in line)
    assert line.split() == ["sendgrid.bounce_rate", "≤", "1", "%", ">", "2", "%", "Bounce", "rate"]
    rows = mailwatch("checks", "--format", "json", "--thresholds", "mine.yaml").json["checks"]
    assert {row["check"] for row in rows} == set(read_catalog().checks)
    assert next(r for r in rows if r["check"] == "sendgrid.bounce_rate")["act"] == "> 2 %"


def test_explain_says_what_a_check_means(mailwatch: Command) -> None:
    Path("mine.yaml").write_text(
        "overrides:\n  - match: {domain: news.example}\n    dns.dmarc_policy: {ideal: reject}\n"
    )
    outcome = mailwatch("explain", "dns.dmarc_policy", "--thresholds", "mine.yaml")
    check = read_catalog().check("dns.dmarc_policy")
    flat = " ".join(outcome.out.split())
    actions = [action.text["en"] for action in check.actions]
    for text in (check.why["en"], *check.risks["en"], *actions, *check.references):
        assert " ".join(text.split()) in flat
    assert "For domain news.example: Ideal reject (mine.yaml, line 3), Act missing (" in flat
    document = mailwatch(
        "explain", "dns.dmarc_policy", "--thresholds", "mine.yaml", "--format", "json"
    ).json
    (override,) = document["overrides"]
    assert override["match"] == {"domain": "news.example"}
    assert (override["ideal"], override["act"]) == ("reject", "missing")
    assert "DMARC ポリシー" in mailwatch("explain", "dns.dmarc_policy", "--lang", "ja").out


def test_init_writes_two_files_that_work(mailwatch: Command, empty_home: Path) -> None:
    outcome = mailwatch("init", "a.example", "b.example", "--selector", "k1")
    assert outcome.status == 0
    assert sorted(p.name for p in empty_home.iterdir()) == ["mailwatch.yaml", "thresholds.yaml"]
    config = load_config(None).config
    assert [(d.name, d.dkim_selectors) for d in config.domains] == [
        ("a.example", ("k1",)),
        ("b.example", ("k1",)),
    ]
    assert read_catalog(Path("thresholds.yaml")).numbers == read_catalog().numbers


def test_init_s_files_work_with_every_comment_taken_away(
    mailwatch: Command, empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.x")
    mailwatch("init")
    text = Path("mailwatch.yaml").read_text()
    assert "\nsendgrid:" in text
    keys = [line.removeprefix("# ") for line in text.splitlines()[3:] if line]
    Path("mailwatch.yaml").write_text("\n".join(keys))
    assert load_config(None).config.postmaster is not None


def test_init_never_overwrites(mailwatch: Command, empty_home: Path) -> None:
    Path("thresholds.yaml").write_text("mine")
    outcome = mailwatch("init")
    assert outcome.status == 2
    assert "thresholds.yaml already exists here" in outcome.err
    assert [p.name for p in empty_home.iterdir()] == ["thresholds.yaml"]
    assert Path("thresholds.yaml").read_text() == "mine"


def test_config_shows_each_value_and_where_it_came_from(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("mailwatch.yaml").write_text(
        "domains:\n  - name: a.example\nsendgrid:\n  timezone: Asia/Tokyo\n  api_key: env:MY_KEY\n"
        "postmaster:\n  credentials: file:token.json\n"
    )
    rows = {
        row["key"]: (row["value"], row["origin"])
        for row in mailwatch("config", "--format", "json").json["config"]
    }
    assert rows["sendgrid.timezone"] == ("Asia/Tokyo", "mailwatch.yaml")
    assert rows["sendgrid.window_days"] == ("7", "default")
    assert rows["sendgrid.api_key"] == ("not set at env:MY_KEY", "mailwatch.yaml")
    assert rows["postmaster.credentials"] == ("not set at file:token.json", "mailwatch.yaml")
    assert rows["thresholds.yaml"][1] == "shipped"
    monkeypatch.setenv("MY_KEY", "SG.hidden")
    Path("thresholds.yaml").write_text("# nothing\n")
    shown = mailwatch("config").out
    assert "••• at env:MY_KEY" in shown
    assert "SG.hidden" not in shown
    assert "next to mailwatch.yaml" in shown


def test_config_without_anything(mailwatch: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "not found: only flags" in mailwatch("config").out
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.x")
    assert "(environment)" in mailwatch("config").out


def test_config_runs_no_command(mailwatch: Command) -> None:
    Path("c.yaml").write_text("sendgrid:\n  api_key: cmd:touch ran\n")
    assert "a command, not run" in mailwatch("config", "--config", "c.yaml").out
    for argv in (("checks",), ("explain", "dns.mx")):
        mailwatch(*argv, "--config", "c.yaml")
    assert not Path("ran").exists()


def test_the_doctor_finds_a_healthy_world_well(mailwatch: Command) -> None:
    with watched() as (_, config):
        outcome = mailwatch("doctor", "--config", config, "--format", "json", clock=Clock())
    assert outcome.status == 0
    assert {d["works"] for d in outcome.json["diagnoses"]} <= {True, None}
    whats = {d["what"]: d["works"] for d in outcome.json["diagnoses"]}
    assert whats["SendGrid API key"] is True
    assert whats["Clock"] is True
    assert whats["Postmaster example.com"] is True


def test_the_doctor_names_the_missing_scope(mailwatch: Command) -> None:
    world = replace(build("healthy", NOON.date()), scopes=frozenset({"stats.read"}))
    with watched(world=world) as (_, config):
        outcome = mailwatch("doctor", "--config", config)
    assert outcome.status == 3
    assert "user.account.read" in outcome.out


def test_the_doctor_advises_a_key_that_can_only_read(mailwatch: Command) -> None:
    world = build("healthy", NOON.date())
    world = replace(world, scopes=world.scopes | {"mail.send"})
    with watched(world=world) as (_, config):
        outcome = mailwatch("doctor", "--config", config)
    assert "FAILS  SendGrid" not in outcome.out
    assert "mail.send" in outcome.out


def test_the_doctor_tells_a_wrong_key_a_dead_token_and_a_deaf_resolver(mailwatch: Command) -> None:
    revoked = HttpReply(400, '{"error": "invalid_grant", "error_description": "Token revoked."}')
    faults = Faults(Rule("token", revoked), Rule("dns", Rcode("SERVFAIL")))
    world = build("healthy", NOON.date())
    with watched(world=world, faults=faults) as (_, config):
        Path(config).with_name("sendgrid-key").write_text("SG.wrong\n")
        outcome = mailwatch("doctor", "--config", config)
    assert outcome.status == 3
    assert outcome.out.count("✗ FAILS") >= 3
    assert "SG.wrong" not in outcome.out


def test_the_doctor_sees_a_clock_that_is_off(mailwatch: Command) -> None:
    fast = Clock(now=lambda: Clock().now() + timedelta(hours=3))
    with watched() as (_, config):
        outcome = mailwatch("doctor", "--config", config, "--format", "json", clock=fast)
    clock = next(d for d in outcome.json["diagnoses"] if d["what"] == "Clock")
    assert clock["works"] is False
    assert outcome.status == 3


def test_the_doctor_with_nothing_configured(mailwatch: Command) -> None:
    outcome = mailwatch("doctor")
    assert outcome.status == 0
    assert "Not compared" in outcome.out
