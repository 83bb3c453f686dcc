"""The JSON Schemas of the YAML files: what is shipped is valid, what the readers refuse is not."""

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from mailwatch.catalog import shipped
from mailwatch.cli.init import config_text
from mailwatch.config import Domain
from mailwatch.config.sections import SECTIONS
from mailwatch.schemas import DRAFT, generate

SCHEMAS = {path.name: json.loads(path.read_text("utf-8")) for path in shipped.SCHEMAS.iterdir()
           if path.suffix == ".json"}  # fmt: skip
CHECKS = sorted(shipped.CHECKS.rglob("*.yaml"))


def faults(name: str, document: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMAS[name]).iter_errors(document)]


@pytest.mark.parametrize("name", sorted(generate()))
def test_a_schema_is_one_and_up_to_date(name: str) -> None:
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    assert list(schema)[:3] == ["$schema", "title", "type"]
    assert schema["$schema"] == DRAFT
    text = (shipped.SCHEMAS / name).read_text("utf-8")
    assert text == generate()[name], "make schemas writes it again"
    assert text.endswith("}\n")


def test_the_command_writes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "SCHEMAS", tmp_path)
    runpy.run_module("mailwatch.schemas", run_name="__main__")
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == generate()


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: str(path.stem))
def test_the_shipped_checks_are_valid(path: Any) -> None:
    assert faults("check.json", yaml.safe_load(path.read_text("utf-8"))) == []


def test_the_shipped_thresholds_are_valid() -> None:
    assert faults("thresholds.json", yaml.safe_load(shipped.THRESHOLDS.read_text("utf-8"))) == []


@pytest.mark.parametrize("key", ["", "SG.x"])
def test_the_configuration_that_init_writes_is_valid(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", key)
    text = config_text((Domain("a.example", ("s1", "s2")),))
    assert faults("mailwatch.json", yaml.safe_load(text)) == []
    everything = re.sub(r"^# (?=[a-z]+:|  \w+:)", "", text, flags=re.MULTILINE)
    document = yaml.safe_load(everything)
    assert document.keys() == set(SECTIONS)
    assert faults("mailwatch.json", document) == []


def changed(text: str, old: str, new: str) -> Any:
    assert old in text
    return yaml.safe_load(text.replace(old, new, 1))


CHECK = CHECKS[0].read_text("utf-8")
SPAM = (shipped.CHECKS / "postmaster" / "spam_rate.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    "document",
    [
        [],
        {},
        changed(SPAM, "unit: percent", "unit: percents"),
        changed(SPAM, "worse: higher", "worse: up"),
        changed(SPAM, "worse: higher", "worse: {order: [a]}"),
        changed(SPAM, "worse: higher", "wrose: higher"),
        changed(SPAM, "id: postmaster.spam_rate", "metric: postmaster.spam_rate"),
        changed(SPAM, "is: ok", "is: fine"),
        changed(SPAM, "  ja:", "  de:"),
    ],
)
def test_broken_checks_are_not(document: Any) -> None:
    assert faults("check.json", document)


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"sendgrid.bounce_rat": {"ideal": "3%"}},
        {"sendgrid.bounce_rate": "3%"},
        {"sendgrid.bounce_rate": {"ideal": ["3%"]}},
        {"sendgrid.bounce_rate": {"idael": "3%"}},
        {"sendgrid.bounce_rate": {"min_messages": -1}},
        {"sendgrid.bounce_rate": {"min_messages": "100"}},
        {"overrides": {}},
        {"overrides": [{"sendgrid.bounce_rate": {"ideal": "3%"}}]},
        {"overrides": [{"match": {"domian": "a.example"}}]},
        {"overrides": [{"match": {"domain": "a.example"}, "sendgrid.bounce_rat": {}}]},
    ],
)
def test_broken_thresholds_are_not(document: Any) -> None:
    assert faults("thresholds.json", document)


def test_overrides_are_valid() -> None:
    override = {"match": {"domain": "a.example"}, "sendgrid.bounce_rate": {"ideal": "1%"}}
    assert faults("thresholds.json", {"overrides": [override]}) == []
    assert faults("thresholds.json", {"overrides": None}) == []


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"domain": []},
        {"domains": ["a.example"]},
        {"domains": [{"dkim_selectors": ["s1"]}]},
        {"domains": [{"name": "a.example", "selectors": ["s1"]}]},
        {"sendgrid": {"window_days": 0}},
        {"sendgrid": {"window_days": 91}},
        {"sendgrid": {"window_days": "7"}},
        {"sendgrid": {"key": "env:X"}},
        {"sendgrid": {"api_key": None}},
        {"postmaster": {"credentials": ["file:x"]}},
        {"dns": {"nameservers": "127.0.0.1"}},
    ],
)
def test_broken_configurations_are_not(document: Any) -> None:
    assert faults("mailwatch.json", document)
