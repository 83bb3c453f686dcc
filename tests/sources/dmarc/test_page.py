"""docs/dmarc-reports.md does not rot: its commands run, its configurations are accepted."""

import io
import re
import shlex
import sys
from pathlib import Path

import pytest

from mailwatch.catalog.catalog import read_catalog
from mailwatch.config import load_config
from mailwatch.sources.dmarc import bounds, metrics
from tests.cli.conftest import Command
from tests.sources.dmarc.samples import Row, gz, mail, mbox, report, zipped

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "dmarc-reports.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = [line for language, body in BLOCKS if language == "sh" for line in body.splitlines()]
YAML = [body for language, body in BLOCKS if language == "yaml"]


@pytest.fixture
def folder(empty_home: Path) -> Path:
    """The files that the page names."""
    content = report(Row(count=1000))
    (empty_home / "reports").mkdir()
    (empty_home / "archive").mkdir()
    (empty_home / "reports/google.zip").write_bytes(zipped([("a.xml", content)]))
    (empty_home / "reports/inbox.mbox").write_bytes(mbox(mail(gz(content))))
    (empty_home / "reports/one.xml.gz").write_bytes(gz(content))
    for name in ("cur", "new"):
        (empty_home / "Maildir" / name).mkdir(parents=True)
    (empty_home / "Maildir/new/1").write_bytes(mail(gz(content)))
    return empty_home


@pytest.mark.parametrize("line", COMMANDS)
@pytest.mark.usefixtures("folder")
def test_every_command_runs(mailwatch: Command, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those for IMAP, too, to a port where nobody answers; a cluster of Dask has its own test."""
    before, pipe, line = line.rpartition(" | ")
    if pipe:
        content = Path(before.split()[1]).read_bytes()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    argv = [word.replace("imap.example.com", "127.0.0.1:1") for word in shlex.split(line)[1:]]
    if "dask" in argv:
        argv = [re.sub("^tcp:.*", "nonsense://x", word) for word in argv]
        assert mailwatch(*argv).status == 2
        return
    outcome = mailwatch(*argv)
    assert outcome.err == ""
    imap = "--imap" in argv
    assert outcome.status == (3 if imap else 0)
    Path("ca.pem").unlink(missing_ok=True)


@pytest.mark.parametrize("text", YAML)
def test_every_configuration_is_accepted(folder: Path, text: str) -> None:
    (folder / "mine.yaml").write_text(text)
    assert load_config(folder / "mine.yaml", {}).config.dmarc is not None


def test_every_check_is_on_the_page() -> None:
    named = set(re.findall(r"`(dmarc\.\w+)`", PAGE))
    assert named == set(metrics.ALL)
    assert named == {name for name in read_catalog().checks if name.startswith("dmarc.")}


def test_the_bounds_are_as_said() -> None:
    said = " ".join(PAGE.split())
    for number in (
        f"{bounds.INFLATED >> 20} MB for one input",
        f"{bounds.MEMBERS:,} members",
        f"{bounds.NESTING} archives",
        f"{bounds.MESSAGE >> 20} MB for a message",
        f"{bounds.RECORDS:,} records",
        f"{bounds.ELEMENT >> 10} kB for a record",
    ):
        assert number in said
