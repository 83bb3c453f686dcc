"""What the shells offer when the user presses the tab key."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT


def completions(line: str, **variables: str) -> list[str]:
    """What bash offers for the last word of `line`; an empty one after a space."""
    words = line.split(" ")
    environment = {
        "PYTHONPATH": str(ROOT),
        "HOME": str(Path.cwd()),
        "_MAILWATCH_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
        **variables,
    }
    code = "from mailwatch.cli.app import app; app(prog_name='mailwatch')"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_check_ids_formats_levels_and_domains_are_offered() -> None:
    Path("mailwatch.yaml").write_text("domains: [{name: a.example}, {name: b.example}]\n")
    assert "dns.spf_record" in completions("mailwatch explain dns.s")
    assert completions("mailwatch check --format ma") == ["markdown"]
    assert completions("mailwatch check --output sa") == ["sarif="]
    assert completions("mailwatch dns b") == ["b.example"]


@pytest.mark.parametrize(
    ("shell", "offered"), [("zsh", "_arguments '*: :((\"sarif\"))'"), ("fish", "sarif")]
)
def test_zsh_and_fish_are_served(shell: str, offered: str) -> None:
    shown = completions(
        "mailwatch check --format s",
        _MAILWATCH_COMPLETE=f"complete_{shell}",
        _TYPER_COMPLETE_ARGS="mailwatch check --format s",
        _TYPER_COMPLETE_FISH_ACTION="get-args",
    )
    assert shown == offered.split()


def test_a_broken_configuration_offers_nothing_and_says_nothing() -> None:
    Path("mailwatch.yaml").write_text("domains: [\n")
    assert completions("mailwatch dns b") == []
