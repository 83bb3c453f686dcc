"""mailwatch message: files and standard input, formats, exit codes, and its place in check."""

import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rich.cells import cell_len

from mailwatch.demo import Faults, Rcode, Rule
from mailwatch.demo.story.sample_message import sample_message
from mailwatch.reports import FORMATS
from tests.cli.conftest import NOON, Command, Outcome, watched
from tests.cli.look_up import SCHEMAS

SAMPLE = sample_message(NOON.astimezone(UTC))
BROKEN = SAMPLE.replace(b"what is new", b"what was new").replace(b"[192.0.2.10]", b"[203.0.113.9]")


@pytest.fixture
def server() -> Iterator[str]:
    """A name server of the demo's zone."""
    with watched() as (running, _):
        yield running.nameserver


@pytest.fixture
def saved(empty_home: Path) -> str:
    """The sample in a file."""
    (empty_home / "message.eml").write_bytes(SAMPLE)
    return "message.eml"


def whole(outcome: Outcome) -> dict[str, Any]:
    """The document, which is as both schemas say."""
    document: dict[str, Any] = outcome.json
    for name, part in (("message", document), ("report", document["report"])):
        schema = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).validate(part)
    return document


def test_a_message_with_nothing_wrong(mailwatch: Command, server: str, saved: str) -> None:
    outcome = mailwatch("message", saved, "--resolver", server, "--format", "json")
    assert (outcome.status, outcome.err) == (0, "")
    document = whole(outcome)
    assert list(document) == ["schema", "dkim", "spf", "dmarc", "arc", "one_click", "report"]
    assert document["one_click"] is True
    report = document["report"]
    assert (report["verdict"], report["exit_code"]) == ("ok", 0)
    (source,) = report["sources"]
    assert (source["name"], source["state"], source["error"]) == ("message", "ok", None)
    quiet = mailwatch("message", saved, "--resolver", server, "--quiet-ok")
    assert (quiet.status, quiet.out) == (0, "")


def test_a_message_that_fails(mailwatch: Command, server: str, empty_home: Path) -> None:
    Path("broken.eml").write_bytes(BROKEN)
    outcome = mailwatch("message", "broken.eml", "--resolver", server, "--format", "json")
    assert outcome.status == 1
    document = whole(outcome)
    assert document["dkim"][0]["result"] == "fail"
    assert document["spf"]["result"] == "fail"
    assert document["dmarc"]["result"] == "fail"
    assert document["one_click"] is False
    levels = {f["check"]: f["level"] for f in document["report"]["findings"]}
    assert levels["message.dkim"] == levels["message.dmarc"] == levels["message.spf"] == "breach"
    assert levels["message.receiver"] == levels["message.dkim_signature"] == "warn"
    never = mailwatch("message", "broken.eml", "--resolver", server, "--fail-on", "never")
    assert never.status == 0
    assert "the body was changed after it was signed" in never.out
    japanese = mailwatch("message", "broken.eml", "--resolver", server, "--lang", "ja")
    assert (japanese.status, "本文が変更されています" in japanese.out) == (1, True)


def test_standard_input(mailwatch: Command, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = io.TextIOWrapper(io.BytesIO(SAMPLE.replace(b"\r\n", b"\n")))
    monkeypatch.setattr(sys, "stdin", given)
    outcome = mailwatch("message", "-", "--resolver", server, "--format", "json")
    assert whole(outcome)["dkim"][0]["result"] == "pass"


def test_the_envelope_from_the_command_line(mailwatch: Command, server: str, saved: str) -> None:
    outcome = mailwatch(
        *("message", saved, "--resolver", server, "--format", "json", "--ip", "203.0.113.9"),
        *("--mail-from", "x@example.com", "--helo", "mail.example.com"),
    )
    assert outcome.status == 1 - 1  # softfail is a warning
    assert whole(outcome)["spf"] == {"result": "pass", "domain": "example.com"}
    zoned = mailwatch("message", saved, "--ip", "fe80::1%eth0")
    assert (zoned.status, "--ip" in zoned.err) == (2, True)


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "json"])
def test_every_format(mailwatch: Command, server: str, saved: str, name: str) -> None:
    outcome = mailwatch("message", saved, "--resolver", server, "--format", name)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out or name == "github"


def test_a_file_of_json_is_the_same_document(mailwatch: Command, server: str, saved: str) -> None:
    outcome = mailwatch("message", saved, "--resolver", server, "--output", "json=out.json")
    assert outcome.status == 0
    written = json.loads(Path("out.json").read_text("utf-8"))
    assert written["schema"] == "mailwatch.message/1"
    assert "DKIM pass" in outcome.out


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it is empty"),
        (b"Hello\n", "no header"),
        (b"<html></html>", "HTML"),
        (None, "cannot be read: No such file"),
    ],
)
def test_what_is_no_message_exits_2(
    mailwatch: Command, empty_home: Path, data: bytes | None, said: str
) -> None:
    if data is not None:
        Path("file").write_bytes(data)
    outcome = mailwatch("message", "file")
    assert (outcome.status, outcome.out) == (2, "")
    assert said in outcome.err
    assert len(outcome.err.splitlines()) <= 3


def test_a_folder_or_nothing_exits_2(mailwatch: Command, empty_home: Path) -> None:
    assert mailwatch("message", ".").status == 2
    assert mailwatch("message").status == 2
    assert mailwatch("message", "a\0b").status == 2


def test_without_dns_it_cannot_tell(mailwatch: Command, saved: str) -> None:
    with watched(faults=Faults(Rule("dns", Rcode("SERVFAIL")))) as (running, _):
        outcome = mailwatch(
            "message", saved, "--resolver", running.nameserver, "--format", "json", "--strict"
        )
    document = whole(outcome)
    assert document["dkim"][0]["result"] == "temperror"
    assert document["spf"]["result"] == document["dmarc"]["result"] == "temperror"
    assert document["report"]["sources"][0]["state"] == "partial"
    assert (document["report"]["verdict"], outcome.status) == ("unknown", 3)


def test_of_a_past_day_there_is_nothing(mailwatch: Command, saved: str) -> None:
    outcome = mailwatch("message", saved, "--as-of", "2026-11-20", "--format", "json")
    assert outcome.status == 3
    document = whole(outcome)
    assert document["report"]["sources"][0]["state"] == "skipped"
    assert document["dkim"][0]["result"] == "temperror"


def test_check_judges_a_message_where_one_is_configured(mailwatch: Command, saved: str) -> None:
    with watched() as (_, config):
        text = Path(config).read_text("utf-8")
        section = "message:\n  file: message.eml\n"
        assert section in text
        path = Path(config).with_name("another.yaml")
        path.write_text(text.replace(section, ""))
        plain = mailwatch("check", "--config", str(path), "--format", "json")
        assert "message" not in [source["name"] for source in plain.json["sources"]]
        outcome = mailwatch("check", "--config", config, "--format", "json")
        assert outcome.state("message") == "ok"
        assert outcome.levels()["message.dmarc"] == {"ok"}
        assert mailwatch("doctor", "--config", config).out.count("message.eml") >= 1
        path.write_text(text.replace("message.eml", "nowhere.eml"))
        missing = mailwatch("check", "--config", str(path), "--format", "json")
        assert missing.state("message") == "failed"
        assert missing.status == 3
        assert missing.levels()["message.dmarc"] == {"unknown"}
        assert "FAILS" in mailwatch("doctor", "--config", str(path)).out
        path.with_name("nowhere.eml").write_bytes(b"Hello")
        assert "no header" in mailwatch("doctor", "--config", str(path)).out
        shown = mailwatch("config", "--config", str(path)).out
        assert "message.file" in shown


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("message:\n  ip: 192.0.2.1\n", "file is missing"),
        ("message:\n  file: a.eml\n  ip: nowhere\n", "not a valid IP"),
        ("message:\n  path: a.eml\n", "unknown key"),
        ('message:\n  file: ""\n', "not a valid path"),
    ],
)
def test_the_section_is_checked(
    mailwatch: Command, empty_home: Path, section: str, said: str
) -> None:
    Path("mailwatch.yaml").write_text(section)
    outcome = mailwatch("check")
    assert outcome.status == 2
    assert said in outcome.err


def test_an_mbox_of_several_says_so(mailwatch: Command, server: str, empty_home: Path) -> None:
    line = b"From x@example.com Tue Nov 24 03:00:00 2026\n"
    text = line + SAMPLE.replace(b"\r\n", b"\n") + b"\n" + line + b"From: x@example.com\n\nB\n"
    Path("box").write_bytes(text)
    outcome = mailwatch("message", "box", "--resolver", server, "--format", "json")
    (source,) = whole(outcome)["report"]["sources"]
    assert "1 more" in source["note"]


def test_with_all_each_result_has_its_evidence(mailwatch: Command, server: str, saved: str) -> None:
    for lang in ("en", "ja"):
        outcome = mailwatch("message", saved, "--resolver", server, "--all", "--lang", lang)
        lines = outcome.out.splitlines()
        assert outcome.status == 0
        assert max(map(cell_len, lines)) <= 80
        assert any("mx.google.com" in line and "dkim=pass" in line for line in lines)
        assert any("1. o1.em1234.example.com" in line for line in lines)
        assert lines[-1].startswith("✓")
    quiet = mailwatch("message", saved, "--resolver", server, "--all", "--quiet-ok")
    assert quiet.out == ""
