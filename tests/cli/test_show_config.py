"""config: every value in force and where it came from, in the reader's language and width."""

from pathlib import Path

import pytest

from tests.cli.conftest import Command

CHECK = """\
id: sendgrid.bounce_goal
metric: sendgrid.bounce_rate
title: {en: Bounce goal, ja: バウンス目標}
unit: percent
worse: higher
why: {en: Our own goal., ja: 自社の目標です。}
risks: {en: [none], ja: [なし]}
actions: {en: [clean the list], ja: [リストを整理する]}
references: [https://example.com/]
examples:
  - {numerator: 20, denominator: 100000, is: ok}
"""


def own_checks(folder: Path, name: str) -> None:
    path = folder / name / "sendgrid" / "bounce_goal.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(CHECK)
    (folder / "thresholds.yaml").write_text("sendgrid.bounce_goal: {ideal: 1%, act: 2%}\n")


def row(mailwatch: Command, key: str, *argv: str) -> tuple[str | None, str]:
    rows = mailwatch("config", "--format", "json", *argv).json["config"]
    return next((row["value"], row["origin"]) for row in rows if row["key"] == key)


def test_own_checks_of_the_file(mailwatch: Command, tmp_path: Path) -> None:
    """Given a file that names a folder of checks beside it, then every command uses them, and
    --checks beats it."""
    folder = tmp_path / "away"
    own_checks(folder, "mine")
    (folder / "mailwatch.yaml").write_text("domains: [{name: a.example}]\nchecks: mine\n")
    config = ("--config", str(folder / "mailwatch.yaml"))
    assert mailwatch("explain", "sendgrid.bounce_goal", *config).status == 0
    assert "sendgrid.bounce_goal" in mailwatch("checks", *config).out
    assert row(mailwatch, "checks", *config) == (str(folder / "mine"), "mailwatch.yaml")
    report = mailwatch("sendgrid", *config, "--format", "json", "--fail-on", "never").json
    assert "sendgrid.bounce_goal" in {finding["check"] for finding in report["findings"]}

    other = tmp_path / "other"
    own_checks(other, "theirs")
    checks = ("--checks", str(other / "theirs"))
    assert row(mailwatch, "checks", *config, *checks) == (str(other / "theirs"), "--checks")


def test_own_checks_of_a_file_that_was_only_found(mailwatch: Command, empty_home: Path) -> None:
    own_checks(empty_home, "mine")
    Path("mailwatch.yaml").write_text("checks: mine\n")
    assert mailwatch("explain", "sendgrid.bounce_goal").status == 0
    assert row(mailwatch, "checks") == ("mine", "mailwatch.yaml")


def test_a_folder_of_checks_that_is_not_there(mailwatch: Command) -> None:
    Path("mailwatch.yaml").write_text("checks: nowhere\n")
    assert row(mailwatch, "checks") == ("nowhere", "mailwatch.yaml")
    outcome = mailwatch("checks")
    assert outcome.status == 2
    assert "nowhere" in outcome.err


def test_without_own_checks(mailwatch: Command) -> None:
    assert row(mailwatch, "checks") == (None, "default")


@pytest.mark.parametrize("width", [20, 40, 80])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_no_line_is_wider_than_asked(mailwatch: Command, lang: str, width: int) -> None:
    from rich.cells import cell_len

    Path("mailwatch.yaml").write_text(
        "domains: [{name: a-rather-long-name-of-a-domain.example, dkim_selectors: [s1, s2]}]\n"
        "sendgrid: {api_key: 'file:some/folder/with/a/long/path/sendgrid-key'}\n"
    )
    out = mailwatch("config", "--lang", lang, "--width", str(width)).out
    assert max(map(cell_len, out.splitlines())) <= width
    assert ("既定値" if lang == "ja" else "default") in out.replace("\n", "")


def test_machines_get_english_unless_asked(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    assert row(mailwatch, "sendgrid") == (None, "not configured")
    assert row(mailwatch, "sendgrid", "--lang", "ja") == (None, "設定なし")
    assert "未設定" in mailwatch("config").out


def test_each_limit_of_the_users_own_is_shown_with_its_line(mailwatch: Command) -> None:
    # Given a file that sets some limits, one of them for one subuser only, and one to none
    Path("mine.yaml").write_text(
        "sendgrid.bounce_rate: {act: 2%, ideal: 1%}\n"
        "sendgrid.block_rate:\n"
        "  ideal: none\n"
        "overrides:\n"
        "  - match: {subuser: news}\n"
        "    sendgrid.bounce_rate:\n"
        "      ideal: 0.5%\n"
    )
    # When the configuration is shown
    rows = mailwatch("config", "--format", "json", "--thresholds", "mine.yaml").json["config"]
    # Then these limits are listed with file and line, and mailwatch's own are not
    assert [tuple(row.values()) for row in rows if row["key"].startswith("sendgrid.b")] == [
        ("sendgrid.block_rate.ideal", "none", "mine.yaml, line 3"),
        ("sendgrid.bounce_rate.ideal", "≤ 1 %", "mine.yaml, line 1"),
        ("sendgrid.bounce_rate.act", "> 2 %", "mine.yaml, line 1"),
        ("sendgrid.bounce_rate.ideal subuser=news", "≤ 0.5 %", "mine.yaml, line 7"),
    ]
    assert not [row for row in rows if row["key"].startswith("dns.spf")]


def test_thresholds_that_cannot_be_used_do_not_hide_the_rest(mailwatch: Command) -> None:
    Path("mine.yaml").write_text("sendgrid.bounce_rate: {act: 2}\n")
    outcome = mailwatch("config", "--thresholds", "mine.yaml")
    assert outcome.status == 0
    assert "mine.yaml  (--thresholds)" in outcome.out
