"""The main job on the strict world, through the command line."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from mailwatch.catalog.shipped import SCHEMAS
from mailwatch.demo import Faults, Hang, HttpReply, Rcode, Rule, build
from tests.cli.conftest import NOON, Command, watched

SCHEMA = json.loads((SCHEMAS / "report.json").read_text())


@pytest.mark.parametrize(
    ("scenario", "status", "verdict"),
    [
        ("healthy", 0, "ok"),
        ("migration", 1, "breach"),
        ("creeping", 0, "warn"),
        ("breach", 1, "breach"),
        ("outage", 3, "unknown"),
    ],
)
def test_each_story_ends_with_its_status(
    mailwatch: Command, scenario: str, status: int, verdict: str
) -> None:
    with watched(scenario) as (_, config):
        outcome = mailwatch("check", "--config", config, "--format", "json")
    jsonschema.validate(outcome.json, SCHEMA)
    assert (outcome.status, outcome.json["verdict"]) == (status, verdict)
    assert outcome.json["exit_code"] == status
    assert outcome.err == ""


def test_healthy_is_every_source_ok_and_no_finding_worse(mailwatch: Command) -> None:
    with watched("healthy") as (_, config):
        outcome = mailwatch("check", "--config", config, "--format", "json")
    states = {state["name"]: state["state"] for state in outcome.json["sources"]}
    assert [name for name, state in states.items() if state == "ok"] == [
        "sendgrid", "postmaster", "dns", "dmarc", "message", "postfix"
    ]  # fmt: skip
    assert set(states.values()) <= {"ok", "skipped"}
    assert outcome.json["counts"] | {"ok": 0} == {"ok": 0, "warn": 0, "breach": 0, "unknown": 0}


def test_the_migration_shows_every_level(mailwatch: Command) -> None:
    with watched("migration") as (_, config):
        outcome = mailwatch("check", "--config", config, "--format", "json")
    assert all(outcome.json["counts"].values())
    levels = outcome.levels()
    assert levels["sendgrid.bounce_rate"] == {"ok"}
    assert levels["sendgrid.volume_growth"] == {"warn"}
    assert levels["sendgrid.spam_report_rate"] == {"unknown"}
    assert "breach" in levels["postmaster.compliance"]
    assert levels["dmarc.pass_rate"] == {"ok", "breach"}, "a source of its own is broken"
    assert levels["dmarc.new_sources"] == {"warn"}, "and there is a wave of spoofing"


def test_the_migration_ends_compliant(mailwatch: Command) -> None:
    world = build("migration", NOON.date(), 24)
    with watched(world=world) as (_, config):
        outcome = mailwatch("check", "--config", config, "--format", "json")
    assert outcome.levels()["postmaster.compliance"] == {"ok"}
    assert outcome.status == 0


def test_outage_leaves_the_third_source_well(mailwatch: Command) -> None:
    with watched("outage") as (_, config):
        outcome = mailwatch("check", "--config", config, "--format", "json")
    states = {state["name"]: state["state"] for state in outcome.json["sources"]}
    configured = {name: state for name, state in states.items() if state != "skipped"}
    assert configured == {
        "sendgrid": "failed", "postmaster": "ok", "dns": "failed", "dmarc": "ok",
        "message": "partial", "postfix": "ok",
    }  # fmt: skip
    unknown = [f for f in outcome.json["findings"] if f["level"] == "unknown"]
    assert {f["cause"] for f in unknown} == {"could_not_ask"}
    assert {f["check"].split(".")[0] for f in unknown} == {"sendgrid", "dns", "message"}


def test_a_breach_outweighs_a_failed_source(mailwatch: Command) -> None:
    down = Faults(Rule("dns", Rcode("SERVFAIL")))
    with watched("breach", faults=down) as (_, config):
        outcome = mailwatch("check", "--config", config, "--format", "json")
    assert outcome.state("dns") == "failed"
    assert (outcome.status, outcome.json["verdict"]) == (1, "breach")


def test_never_rules_out_one_and_three(mailwatch: Command) -> None:
    for scenario in ("breach", "outage"):
        with watched(scenario) as (_, config):
            assert mailwatch("check", "--config", config, "--fail-on", "never").status == 0


def test_fail_on_warn_and_unknown(mailwatch: Command) -> None:
    with watched("creeping") as (_, config):
        assert mailwatch("check", "--config", config, "--fail-on", "warn").status == 1
    with watched("healthy") as (_, config):
        assert mailwatch("check", "--config", config, "--fail-on", "unknown").status == 0


def test_a_source_with_a_part_missing_is_partial_and_strict_counts_it(mailwatch: Command) -> None:
    refused = HttpReply(403, b'{"errors":[{"message":"access forbidden","field":null}]}')
    no_account = Faults(Rule("sendgrid", refused, "/v3/user/account"))
    with watched("healthy", faults=no_account) as (_, config):
        lenient = mailwatch("check", "--config", config, "--format", "json")
        strict = mailwatch("check", "--config", config, "--format", "json", "--strict")
    assert lenient.state("sendgrid") == "partial"
    assert lenient.levels()["sendgrid.reputation"] == {"unknown"}
    assert lenient.levels()["sendgrid.bounce_rate"] == {"ok"}
    assert (lenient.status, lenient.json["verdict"]) == (0, "unknown")
    assert (strict.status, strict.json["verdict"]) == (3, "unknown")


def test_a_server_that_never_answers_costs_no_more_than_the_budget(mailwatch: Command) -> None:
    silent = Faults(Rule("sendgrid", Hang()))
    with watched("healthy", faults=silent) as (_, config):
        outcome = mailwatch("check", "--config", config, "--format", "json", "--timeout", "4")
    assert outcome.state("sendgrid") == "failed"
    assert outcome.state("postmaster") == "ok"
    assert outcome.status == 3


def test_each_source_has_a_command_of_its_own(mailwatch: Command) -> None:
    with watched("healthy") as (_, config):
        for source in ("sendgrid", "postmaster", "dns"):
            outcome = mailwatch(source, "--config", config, "--format", "json")
            assert [state["name"] for state in outcome.json["sources"]] == [source]
            assert {f["check"].split(".")[0] for f in outcome.json["findings"]} == {source}
            assert outcome.status == 0


def test_domains_named_on_the_command_line_replace_the_file_s(mailwatch: Command) -> None:
    with watched("healthy") as (running, _):
        outcome = mailwatch(
            "dns", "other.example", "--resolver", running.nameserver, "--format", "json"
        )
    assert {f["subject"]["domain"] for f in outcome.json["findings"]} == {"other.example"}
    assert outcome.levels() == {"dns.domain": {"breach"}}
    assert outcome.status == 1


def test_a_past_day_is_asked_for_as_of_it(mailwatch: Command) -> None:
    with watched("migration") as (_, config):
        outcome = mailwatch(
            "check", "--config", config, "--format", "json", "--as-of", "2026-11-21"
        )
    assert outcome.state("dns") == "skipped"
    newest = {state["name"]: state["newest_day"] for state in outcome.json["sources"]}
    assert newest["sendgrid"] == "2026-11-21"
    growth = next(f for f in outcome.json["findings"] if f["check"] == "sendgrid.volume_growth")
    assert growth["numerator"] == 2027
    assert growth["level"] == "breach"


def test_every_source_skipped_is_status_three(mailwatch: Command) -> None:
    outcome = mailwatch("check", "example.com", "--as-of", "2026-11-20", "--format", "json")
    assert {state["state"] for state in outcome.json["sources"]} == {"skipped"}
    assert outcome.status == 3
    assert all(state["error"] for state in outcome.json["sources"])


def test_outputs_are_written_beside_the_report(mailwatch: Command, empty_home: Path) -> None:
    with watched("migration") as (_, config):
        outcome = mailwatch(
            "check", "--config", config, "--output", "json=a.json", "--output", "console=b.txt"
        )
    jsonschema.validate(json.loads((empty_home / "a.json").read_text()), SCHEMA)
    assert (empty_home / "b.txt").read_text() == outcome.out


def test_an_output_that_cannot_be_written_is_reported_and_gives_status_three(
    mailwatch: Command,
) -> None:
    with watched("healthy") as (_, config):
        outcome = mailwatch("check", "--config", config, "--output", "json=no/such/folder.json")
    assert outcome.status == 3
    assert "no/such/folder.json" in outcome.err
    assert "cannot be written" in outcome.err
    assert "example.com" in outcome.out
    with watched("breach") as (_, config):
        assert mailwatch("check", "--config", config, "--output", "json=no/x.json").status == 1


def test_quiet_says_nothing_when_all_is_well(mailwatch: Command) -> None:
    with watched("healthy") as (_, config):
        assert mailwatch("check", "--config", config, "--quiet-ok").out == ""
        assert mailwatch("check", "--config", config, "--quiet-ok", "--format", "json").out == ""


def test_quiet_is_not_silent_when_most_was_not_measured(mailwatch: Command) -> None:
    # Given an account whose statistics are refused, and whose reputation is answered
    refused = HttpReply(403, b'{"errors":[{"message":"access forbidden","field":null}]}')
    no_statistics = Faults(Rule("sendgrid", refused, "/v3/stats"))
    # When it is measured with --quiet-ok
    with watched("healthy", faults=no_statistics) as (_, config):
        outcome = mailwatch("sendgrid", "--config", config, "--quiet-ok")
        strict = mailwatch("sendgrid", "--config", config, "--quiet-ok", "--strict")
    # Then the report says that it cannot tell, first of all, and only --strict fails
    assert "CANNOT TELL" in outcome.out.splitlines()[1]
    assert "Bounce rate" in outcome.out
    assert (outcome.status, strict.status) == (0, 3)


def test_quiet_leaves_out_what_is_ok(mailwatch: Command) -> None:
    with watched("creeping") as (_, config):
        outcome = mailwatch("check", "--config", config, "--quiet-ok", "--format", "json")
    assert {f["level"] for f in outcome.json["findings"]} == {"warn"}
    assert outcome.json["counts"]["ok"] > 10


def test_thresholds_beside_the_configuration_are_laid_over(mailwatch: Command) -> None:
    with watched("healthy") as (_, config):
        beside = Path(config).with_name("thresholds.yaml")
        beside.write_text("sendgrid.bounce_rate: {ideal: 0.1%, act: 0.5%}\n")
        outcome = mailwatch("check", "--config", config, "--format", "json")
        assert outcome.levels()["sendgrid.bounce_rate"] == {"breach"}
        other = Path("mine.yaml")
        other.write_text("sendgrid.bounce_rate: {ideal: 0.1%, act: 50%}\n")
        outcome = mailwatch(
            "check", "--config", config, "--format", "json", "--thresholds", str(other)
        )
    assert outcome.levels()["sendgrid.bounce_rate"] == {"warn"}


def test_a_check_of_one_s_own_judges_a_metric_a_second_time(mailwatch: Command) -> None:
    folder = Path("mine")
    folder.mkdir()
    (folder / "goal.yaml").write_text(
        "id: sendgrid.bounce_goal\n"
        "metric: sendgrid.bounce_rate\n"
        "title: {en: Bounce goal, ja: バウンス率の目標}\n"
        "unit: percent\n"
        "worse: higher\n"
        "why: {en: Our goal., ja: 目標です。}\n"
        "risks: {en: [We miss it.], ja: [未達になります。]}\n"
        "actions: {en: [Clean the list.], ja: [リストを整理してください。]}\n"
    )
    Path("numbers.yaml").write_text("sendgrid.bounce_goal: {ideal: 0.5%, act: none}\n")
    with watched("healthy") as (_, config):
        outcome = mailwatch(
            "check", "--config", config, "--format", "json",
            "--checks", "mine", "--thresholds", "numbers.yaml",
        )  # fmt: skip
    assert outcome.levels()["sendgrid.bounce_goal"] == {"warn"}
    assert outcome.levels()["sendgrid.bounce_rate"] == {"ok"}


def test_japanese_throughout(mailwatch: Command) -> None:
    with watched("migration") as (_, config):
        person = mailwatch("check", "--config", config, "--lang", "ja")
        machine = mailwatch("check", "--config", config, "--lang", "ja", "--format", "json")
    assert "バウンス " in person.out
    assert "Risk" not in person.out
    assert any("バウンス" in finding["title"] for finding in machine.json["findings"])


def test_the_locale_chooses_the_language_for_people_only(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    with watched("healthy") as (_, config):
        assert "バウンス " in mailwatch("check", "--config", config).out
        machine = mailwatch("check", "--config", config, "--format", "json")
    assert "Bounce rate" in {finding["title"] for finding in machine.json["findings"]}


def test_secrets_are_in_no_output(mailwatch: Command) -> None:
    world = build("healthy", NOON.date())
    echo = HttpReply(
        400, json.dumps({"errors": [{"message": f"bad key {world.api_key}"}]}).encode()
    )
    with watched(world=replace(world), faults=Faults(Rule("sendgrid", echo))) as (_, config):
        outcomes = [
            mailwatch("check", "--config", config, "-v", "-v"),
            mailwatch("check", "--config", config, "--format", "json", "-vv"),
            mailwatch("config", "--config", config),
            mailwatch("doctor", "--config", config, "-vv"),
        ]
    for outcome in outcomes:
        for secret in (world.api_key, world.google.refresh_token, world.google.client_secret):
            assert secret not in outcome.out + outcome.err


def test_an_account_without_a_time_zone_is_said_in_the_report(mailwatch: Command) -> None:
    with watched("healthy") as (_, config):
        path = Path(config)
        zoned = mailwatch("check", "--config", config)
        lines = [line for line in path.read_text().splitlines() if "timezone" not in line]
        path.write_text("\n".join(lines) + "\n")
        unzoned = mailwatch("check", "--config", config)
    assert "time zone" not in zoned.out
    assert "sendgrid.timezone" in unzoned.out
