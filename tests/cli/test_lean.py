"""A run makes and imports no more than it needs: one domain is asked about in a blink."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailwatch.cli.app import app
from mailwatch.cli.lean import COMPLETING, lean_command
from mailwatch.demo import build, serve
from tests.cli.conftest import NOON, ROOT, Command, watched

SLOW = ("dns", "pydantic", "urllib3", "cryptography")
"""What takes long to import, and one domain with ordinary records has no use for."""


def test_one_domain_costs_no_slow_import() -> None:
    script = (
        "import sys; from mailwatch.cli import main; status = main(sys.argv[1:]); "
        f"print(status, [name for name in {SLOW} if name in sys.modules], file=sys.stderr)"
    )
    with serve(build("healthy", NOON.date())) as running:
        command = ("dns", "example.com", "--resolver", running.nameserver, "--history", "none")
        run = subprocess.run(
            [sys.executable, "-c", script, *command],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
    assert "example.com" in run.stdout
    assert run.stderr in ("0 []\n", "1 []\n")


def test_what_is_ignored_may_be_of_a_source_that_is_not_asked(mailwatch: Command) -> None:
    with watched("healthy") as (running, config):
        rule = (
            "ignore:\n  - check: sendgrid.bounce_rate\n    reason: known\n    until: 2027-01-01\n"
        )
        path = Path("own.yaml")
        path.write_text(Path(config).read_text("utf-8") + rule, encoding="utf-8")
        named = ("--config", str(path), "--resolver", running.nameserver)
        assert mailwatch("dns", *named).status in (0, 1)
        # And what is no check at all is refused
        path.write_text(path.read_text("utf-8").replace("bounce_rate", "bounces"), "utf-8")
        assert "not a check" in mailwatch("dns", *named).err


def test_the_help_of_the_program_is_the_same_without_the_commands_in_full(
    mailwatch: Command,
) -> None:
    whole = CliRunner().invoke(app, ["--help"], prog_name="mailwatch")
    assert whole.exit_code == 0
    assert mailwatch("--help").out.split() == whole.stdout.split()


def test_a_command_that_is_named_is_there_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    named = {
        name: len(made.params) for name, made in lean_command(app, ["-v", "spf"]).commands.items()
    }
    assert named.pop("spf") > 5
    assert set(named.values()) == {0}
    # And all of them are where a shell asks for completions: its words are in the environment
    monkeypatch.setenv(COMPLETING, "complete_bash")
    assert len(lean_command(app, []).commands["check"].params) > 5


@pytest.mark.parametrize(
    "words", [("--format", "js\udcff"), ("--resolver", "a\udcff"), ("\udcff",)]
)
def test_octets_that_are_no_text_are_refused(mailwatch: Command, words: tuple[str, ...]) -> None:
    outcome = mailwatch("dns", "a.example", *words)
    assert outcome.status == 2
    assert "\\udcff" in outcome.err or "unicode" in outcome.err
