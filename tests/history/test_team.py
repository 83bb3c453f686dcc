"""A history on PostgreSQL, from the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Command, empty_home, mailwatch, watched

__all__ = ["empty_home", "mailwatch"]


def test_a_team_shares_a_history(
    mailwatch: Command, postgres: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a configuration that says where the URL with its password is
    url = postgres()
    with watched("creeping") as (_, config):
        path = Path(config)
        path.write_text(path.read_text() + "history: env:HISTORY_URL\n")
        unset = mailwatch("dns", "--config", config)
        assert unset.err == "mailwatch: history: The variable HISTORY_URL is not set\n"
        monkeypatch.setenv("HISTORY_URL", url)
        # When two runs end, and one series is imported
        argv = ("check", "--config", config)
        runs = [mailwatch(*argv, "--format", "json") for _ in range(2)]
        Path("f.csv").write_text(
            "check,subject,day,numerator,denominator,value\n"
            'sendgrid.bounce_rate,"{""subuser"":""a""}",2025-01-01,1,2,\n'
        )
        imported = mailwatch("history", "import", "f.csv", "--config", config)
        # Then they are there, and the second one knew the first
        assert [(run.status, run.err) for run in runs] == [(0, ""), (0, "")]
        assert (imported.status, imported.err) == (0, "")
        assert {finding["since"] for finding in runs[1].json["findings"]} == {"2026-11-24"}
        stored = mailwatch("history", "--config", config, "--format", "json").json
        assert len(stored["runs"]) == 2
        drawn = mailwatch("history", "sendgrid.bounce_rate", "--config", config)
        assert "act > 5 %" in drawn.out
        assert "s3cret" not in mailwatch("config", "--config", config).out
    # And a server whose password is wrong costs one line, without it
    wrong = mailwatch("history", "--history", url.replace("s3cret", "wr0ng"))
    assert (wrong.status, wrong.out) == (3, "")
    assert wrong.err.startswith("mailwatch: history: postgresql://postgres:•••@/")
    assert "wr0ng" not in wrong.err
