"""docs/dns-more.md and docs/dns-fix.md: what they show runs, and prints what is shown."""

import re
import shlex
from pathlib import Path

from mailwatch.catalog.catalog import read_catalog
from mailwatch.config import load_config
from mailwatch.sources.blocklist.lists import LISTS
from tests.cli.conftest import Command, empty_home, mailwatch, watched
from tests.test_docs import ROOT, blocks

__all__ = ["empty_home", "mailwatch"]

MORE = (ROOT / "docs" / "dns-more.md").read_text(encoding="utf-8")
FIX = (ROOT / "docs" / "dns-fix.md").read_text(encoding="utf-8")


def test_what_the_commands_print_is_as_shown(mailwatch: Command) -> None:
    with watched() as (_, config):
        for block in blocks(FIX, "console"):
            line, _, shown = block.partition("\n")
            outcome = mailwatch(*shlex.split(line.removeprefix("$ mailwatch ")), "--config", config)
            assert outcome.out == shown


def test_the_configuration_is_taken(empty_home: Path) -> None:
    sections = [text for text in blocks(MORE, "yaml") if not text.startswith("dns.")]
    Path("mine.yaml").write_text("".join(sections))
    config = load_config(Path("mine.yaml")).config
    assert config.domains[0].return_path == "em1234.example.com"
    assert config.domains[0].sending_ips == ("192.0.2.10",)
    assert config.blocklist is not None
    Path("numbers.yaml").write_text(next(t for t in blocks(MORE, "yaml") if t.startswith("dns.")))
    assert read_catalog(Path("numbers.yaml")).numbers["dns.mta_sts"]["ideal"].value == "testing"


def test_the_tables_are_true() -> None:
    checks = read_catalog().checks
    assert set(re.findall(r"^\| `(dns\.\w+)` \|", MORE, re.MULTILINE)) <= checks.keys()
    rows = re.findall(r"^\| `(\S+\.\w+)` \| .* \| <(\S+)> \|", MORE, re.MULTILINE)
    assert dict(rows) == {zone: each.delist for zone, each in LISTS.items()}
