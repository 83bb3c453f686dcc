"""docs/message.md: its commands run on the demo's message, and print what the page shows."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from mailwatch.config import load_config
from mailwatch.sources.message import metrics
from tests.cli.conftest import ROOT, Command, watched
from tests.test_docs import blocks, commands, run_as_shown, write_named_files

PAGE = (ROOT / "docs" / "message.md").read_text(encoding="utf-8")


def test_every_command_of_the_page_runs(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_named_files(PAGE)
    with watched() as (_, config):
        monkeypatch.setenv("MAILWATCH_CONFIG", config)
        for name in ("message.eml", "forwarded.eml"):
            shutil.copy(Path(config).with_name(name), name)
        lines = [line for line in commands(PAGE) if "FILE" not in line]
        assert len(lines) >= 4
        for line in lines:
            if line != "mailwatch check":
                run_as_shown(mailwatch, line)
        (reason,) = re.findall(r'"(a footer was added[^"]*)"', PAGE)
        forwarded = mailwatch("message", "forwarded.eml", "--format", "json").json
        assert " ".join(reason.split()) == forwarded["dkim"][0]["reason"]
        (block,) = blocks(PAGE, "console")
        line, _, shown = block.partition("\n")
        outcome = mailwatch(*shlex.split(line.removeprefix("$ mailwatch ")))
        ended = "✓ OK · message ok · "
        assert outcome.out.partition(ended)[0] == shown.partition(ended)[0]


def test_the_page_names_every_check_and_its_section_is_taken(empty_home: Path) -> None:
    for name in metrics.ALL:
        assert f"`{name}`" in PAGE
    Path("mine.yaml").write_text(blocks(PAGE, "yaml")[1])
    settings = load_config(Path("mine.yaml")).config.message
    assert settings is not None
    assert settings.file.name == "newest.eml"
