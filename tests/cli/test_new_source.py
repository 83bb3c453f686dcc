"""A source that is listed has its command, its part of the doctor, of init and of config."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mailwatch.config import file
from mailwatch.config.sections import SECTIONS
from mailwatch.sources import SOURCES
from tests.cli import sample_source
from tests.cli.conftest import Command


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists the source; nothing else of the program knows it."""
    monkeypatch.setitem(SOURCES, "mailbox", sample_source)
    monkeypatch.setitem(SECTIONS, "mailbox", sample_source)
    monkeypatch.setattr(file, "Config", sample_source.WiderConfig)
    importlib.import_module("mailwatch.cli.app")  # what is there now comes back afterwards
    monkeypatch.delitem(sys.modules, "mailwatch.cli.app")  # and is built anew for the test


def test_the_help_lists_the_commands_by_what_they_are_for(mailwatch: Command) -> None:
    blocks = mailwatch("--help").out.partition("\nMeasure:\n")[2].split("\n\n")
    rows = [re.findall(r"^ ? ?(\S+)", block, re.MULTILINE) for block in blocks]
    assert rows[0] == ["check", *SOURCES]
    assert rows[1] == ["Look", "spf", "policy"]
    assert rows[2] == ["Understand:", "demo", "explain", "checks"]
    assert rows[3] == ["Remember:", "backtest", "diff", "what-if", "history", "warmup"]
    assert rows[4] == ["Set", "init", "config", "doctor", "login", "serve", "notify", "baseline"]


@pytest.mark.usefixtures("mailbox")
def test_it_has_a_command(mailwatch: Command) -> None:
    """Given a source listed, its command accepts what it says, and measures it alone."""
    assert "mailbox     A mailbox, counted." in mailwatch("--help").out
    text = mailwatch("mailbox", "--help").out
    assert "DOMAIN" in text
    assert "--resolver" in text
    assert "--selector" not in text
    outcome = mailwatch("mailbox", "a.example", "--format", "json")
    (state,) = outcome.json["sources"]
    assert (state["name"], state["state"]) == ("mailbox", "failed")
    assert state["error"] == "no messages in INBOX of a.example"
    assert outcome.status == 3


@pytest.mark.usefixtures("mailbox")
def test_it_needs_a_domain_where_it_says_so(mailwatch: Command) -> None:
    assert "mailwatch mailbox example.com" in mailwatch("mailbox").err
    Path("mailwatch.yaml").write_text("mailbox: {}\n")
    outcome = mailwatch("check")
    assert outcome.status == 2
    assert "mailbox needs a domain" in outcome.err


@pytest.mark.usefixtures("mailbox")
def test_it_alone_is_enough_to_check(mailwatch: Command) -> None:
    Path("mailwatch.yaml").write_text("mailbox: {name: Sent}\n")
    outcome = mailwatch("check", "a.example", "--resolver", "127.0.0.1:1", "--timeout", "2",
                        "--format", "json")  # fmt: skip
    assert outcome.state("mailbox") == "failed"
    assert outcome.state("sendgrid") == "skipped"


@pytest.mark.usefixtures("mailbox")
def test_it_is_in_the_doctor_in_init_and_in_config(mailwatch: Command) -> None:
    rows = mailwatch("config").out
    assert "mailbox" in rows
    assert "not configured" in rows
    assert mailwatch("init", "a.example").status == 0
    text = Path("mailwatch.yaml").read_text()
    assert "# mailbox:\n#   name: INBOX\n" in text
    Path("mailwatch.yaml").write_text(text.replace("# mailbox:\n#   name: INBOX", "mailbox:"))
    outcome = mailwatch("doctor", "--resolver", "127.0.0.1:1")
    assert "Mailbox\n    INBOX can be opened." in outcome.out
    shown = mailwatch("config", "--format", "json").json["config"]
    assert {"key": "mailbox.name", "value": "INBOX", "origin": "default"} in shown


def test_help_imports_no_library_and_no_part_of_a_source() -> None:
    """`--help` has to be quick: of a source it needs only what it says of its command."""
    script = (
        "import sys; from mailwatch.cli import main; main(['--help']); "
        "print(*sorted(m for m in sys.modules), sep='\\n', file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    loaded = set(run.stderr.split())
    heavy = {"yaml", "rich.console", "sendgrid", "googleapiclient", "dns", "mailwatch.model"}
    assert not heavy & loaded
    assert "mailwatch.config" not in loaded
    parts = {name for name in loaded if name.startswith("mailwatch.sources.")}
    assert parts == {"mailwatch.sources.about", *(f"mailwatch.sources.{name}" for name in SOURCES)}
