"""sendgrid: the keys about segments, recipients and warm-ups."""

from datetime import date
from pathlib import Path

import pytest

from mailwatch.config import load_config
from mailwatch.config.sections import with_segments
from mailwatch.config.sendgrid import EU_URL, SendGridConfig
from mailwatch.errors import ConfigError, FileError


def read(folder: Path, text: str) -> SendGridConfig:
    path = folder / "mailwatch.yaml"
    path.write_text("sendgrid:\n" + "".join(f"  {line}\n" for line in text.split("\n")))
    settings = load_config(path, {}).config.sendgrid
    assert settings is not None
    return settings


def test_what_is_not_written_has_its_default(tmp_path: Path) -> None:
    settings = read(tmp_path, "window_days: 7")
    assert (settings.segments, settings.subusers, settings.eu_base_url) == ((), "all", EU_URL)
    assert settings.group_of()["docomo.ne.jp"] == "docomo"
    assert set(settings.recipient_groups) == {"docomo", "au", "SoftBank", "Y!mobile", "Rakuten"}


def test_every_key_is_read(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        "segments: [subuser, category]\nsubusers: [a, b]\nrecipient_domains: false\n"
        "account_health: false\nwarmup_start: 2026-11-15\nwarmup_target: 50000\n"
        "eu_subusers:\n  - {name: e, api_key: env:EU_KEY}\n"
        "recipient_groups:\n    mine: [Mine.example]\n    au: []",
    )
    assert settings.segments == ("subuser", "category")
    assert settings.subusers == ("a", "b")
    assert (settings.recipient_domains, settings.account_health) == (False, False)
    assert (settings.warmup_start, settings.warmup_target) == (date(2026, 11, 15), 50000)
    assert str(settings.eu_subusers[0].api_key) == "env:EU_KEY"
    assert settings.group_of()["mine.example"] == "mine"
    assert "au.com" not in settings.group_of()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("segments: [subusers]", "sendgrid.segments.1"),
        ("segments: [subuser, subuser]", "sendgrid.segments.2"),
        ("subusers: every", "sendgrid.subusers"),
        ("subusers: []", "sendgrid.subusers"),
        ("recipient_domains: maybe", "sendgrid.recipient_domains"),
        ("recipient_groups: [a.example]", "sendgrid.recipient_groups"),
        ("recipient_groups: {mine: [no domain]}", "sendgrid.recipient_groups.mine.1"),
        ("warmup_start: yesterday", "sendgrid.warmup_start"),
        ("eu_subusers: [{name: e}]", "sendgrid.eu_subusers.1"),
        ("eu_subusers: [{name: e, api_key: SG.secret}]", "sendgrid.eu_subusers.1.api_key"),
        ("eu_base_url: http://api.eu.sendgrid.com", "sendgrid.eu_base_url"),
    ],
)
def test_what_is_refused_names_its_key(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(FileError) as refused:
        read(tmp_path, text)
    assert key in str(refused.value)
    assert "SG.secret" not in str(refused.value)


def test_segments_of_the_command_line_take_the_place_of_the_files(tmp_path: Path) -> None:
    path = tmp_path / "mailwatch.yaml"
    path.write_text("sendgrid:\n  segments: [provider]\n")
    config = with_segments(load_config(path, {}).config, ("subuser", "subuser"))
    assert config.sendgrid is not None
    assert config.sendgrid.segments == ("subuser",)
    path.write_text("dns: {}\n")
    with pytest.raises(ConfigError, match="--by needs a SendGrid account"):
        with_segments(load_config(path, {}).config, ("subuser",))


def test_a_subuser_of_the_eu_is_shown_with_the_place_of_its_key(tmp_path: Path) -> None:
    settings = read(tmp_path, "eu_subusers: [{name: e, api_key: env:EU_KEY}]")
    assert str(settings.eu_subusers[0]) == "e (env:EU_KEY)"
