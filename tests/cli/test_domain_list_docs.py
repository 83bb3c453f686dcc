"""Every command of the page on long lists runs."""

import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Command, watched
from tests.test_docs import ROOT, blocks

PAGE = (ROOT / "docs" / "dns-bulk.md").read_text(encoding="utf-8")
COMMANDS = [line for block in blocks(PAGE, "sh") for line in block.splitlines()]


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_page_runs(mailwatch: Command, line: str) -> None:
    # Given the demo world, and a list
    Path("domains.txt").write_text("example.com\n", encoding="utf-8")
    with watched() as (_, config):
        # When / Then the command measures it
        outcome = mailwatch(*shlex.split(line)[1:], "--config", config)
    assert outcome.status == 0, outcome.err
    assert "mailwatch: 1 domain:" in outcome.err
