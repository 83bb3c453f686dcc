"""history events: what the webhook received, for people and for programs; and the page on it."""

import json
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import jsonschema
import pytest
from rich.cells import cell_len

from mailwatch.catalog.shipped import SCHEMAS
from mailwatch.config import load_config
from mailwatch.history.events import MailEvent, event_number
from tests.cli.conftest import NOON, ROOT, Command
from tests.serve.conftest import open_at

HOUR = int(NOON.timestamp()) // 3600
PAGE = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")


def store_events(path: Path) -> None:
    """An hour with a surge, and a calm one before it."""
    events = []
    for hour, bounces in ((HOUR, 60), (HOUR - 1, 1)):
        for n in range(300):
            kind = "bounce" if n < bounces else "delivered"
            subuser = "news" if n % 2 else ""
            domain = "yahoo.example" if n < bounces else "gmail.example"
            events.append(MailEvent(hour, subuser, domain, kind, event_number(f"{hour}-{n}")))
    open_at(path).add_events(events, HOUR)


def test_events_are_listed_by_hour_and_judged(mailwatch: Command) -> None:
    store_events(Path("h.sqlite"))
    outcome = mailwatch("history", "events", "--history", "h.sqlite")
    head, calm, surge = outcome.out.splitlines()
    assert (outcome.status, outcome.err) == (0, "")
    assert head.split()[0] == "Hour"
    assert calm.split() == ["11-24", "02:00", "0.33", "%", "299", "1", "0", "0", "✓", "OK"]
    assert surge.split() == ["11-24", "03:00", "20", "%", "240", "60", "0", "0", "✗", "BREACH"]
    assert max(map(len, outcome.out.splitlines())) <= 80
    one = mailwatch("history", "events", "--history", "h.sqlite", "--hours", "1", "--lang", "ja")
    head, row = one.out.splitlines()
    assert cell_len(head.removesuffix("判定")) == cell_len(row.removesuffix("✗ 要対応"))
    assert "要対応" in one.out


def test_events_as_json_keep_to_their_schema(mailwatch: Command) -> None:
    store_events(Path("h.sqlite"))
    options = ("--history", "h.sqlite", "--format", "json")
    everything = mailwatch("history", "events", *options).json
    news = mailwatch("history", "events", "--subject", "subuser=news", *options).json
    schema = json.loads((SCHEMAS / "events.json").read_text(encoding="utf-8"))
    for document in (everything, news):
        jsonschema.validate(document, schema, format_checker=jsonschema.FormatChecker())
    assert sum(event["n"] for event in everything["events"]) == 600
    assert {event["subuser"] for event in news["events"]} == {"news"}


def test_without_events_it_says_so_and_a_wrong_subject_is_a_mistake(mailwatch: Command) -> None:
    assert "No events" in mailwatch("history", "events", "--history", "h.sqlite").out
    outcome = mailwatch("history", "events", "--subject", "ip=192.0.2.1", "--history", "h.sqlite")
    assert outcome.status == 2
    assert "subuser and a domain" in outcome.err


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_configuration_and_the_query_of_the_page_work(tmp_path: Path) -> None:
    for text in blocks("yaml"):
        Path("mine.yaml").write_text(text)
        assert load_config(Path("mine.yaml")).config.serve is not None
    store_events(tmp_path / "h.sqlite")
    (query,) = blocks("sql")
    with sqlite3.connect(tmp_path / "h.sqlite") as connection:
        found = connection.execute(query.replace("'now'", "'2026-11-24'")).fetchall()
    connection.close()
    assert found == [("yahoo.example", 61)]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed here")
def test_the_alert_of_the_page_is_valid(tmp_path: Path) -> None:
    (expression,) = blocks("promql")
    rules = {"groups": [{"name": "mail", "rules": [{"alert": "Surge", "expr": expression}]}]}
    (tmp_path / "rules.yml").write_text(json.dumps(rules))
    done = subprocess.run(
        ["promtool", "check", "rules", str(tmp_path / "rules.yml")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
