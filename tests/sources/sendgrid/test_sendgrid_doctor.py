"""What doctor says of the SendGrid key."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mailwatch.config import Config, NotifyConfig, SendGridConfig
from mailwatch.config.secret import SecretRef
from mailwatch.demo import HttpReply, Rule, World
from mailwatch.sources import sendgrid
from tests.sources.sendgrid.sendgrid_peer import (
    Waits,
    healthy,
    in_words,
    key_file,
    on,
    serve_account,
)


def examined(
    folder: Path, *rules: Rule, world: World | None = None, **settings: Any
) -> dict[str, tuple[bool | None, str]]:
    """What was found, by the code of what was tried."""
    with serve_account(*rules, world=world) as served:
        notify = NotifyConfig(via=settings.pop("via", "smtp"))
        given = {"api_key": key_file(folder), "base_url": served.url, **settings}
        config = Config(sendgrid=SendGridConfig(**given), notify=notify)
        found = list(sendgrid.diagnose(config, Waits().job()))
    return {
        one.what.code.removeprefix("doctor.sendgrid_"): (one.works, in_words(one.detail))
        for one in found
    }


def with_scopes(*scopes: str) -> World:
    return replace(healthy(), scopes=frozenset(scopes))


def test_a_key_that_works_is_named_by_its_place(tmp_path: Path) -> None:
    found = examined(tmp_path, timezone="Asia/Tokyo")
    assert {name: works for name, (works, _) in found.items()} == {
        "key": True,
        "scopes": True,
        "settings": True,
        "zone": True,
    }
    assert found["key"][1] == "file:key\nfile:key"
    assert "Asia/Tokyo" in found["zone"][1]


def test_a_zone_that_is_not_set_is_worth_a_word(tmp_path: Path) -> None:
    works, detail = examined(tmp_path)["zone"]
    assert works is None
    assert "sendgrid.timezone" in detail


@pytest.mark.parametrize(
    ("scopes", "missing"),
    [
        ((), "stats.read, user.account.read"),
        (("user.account.read",), "stats.read"),
        (("stats.global.read",), "user.account.read"),
        (("stats.read",), "user.account.read"),
    ],
)
def test_missing_scopes_are_named(tmp_path: Path, scopes: tuple[str, ...], missing: str) -> None:
    works, detail = examined(tmp_path, world=with_scopes(*scopes))["scopes"]
    assert works is False
    assert f"Missing: {missing}." in detail


@pytest.mark.parametrize("extra", ["mail.send", "stats.update", "alerts.create", "alerts.delete"])
def test_a_key_that_can_change_things_is_worth_a_word(tmp_path: Path, extra: str) -> None:
    world = with_scopes("stats.global.read", "user.account.read", extra)
    works, detail = examined(tmp_path, world=world)["scopes"]
    assert works is None
    assert f"{extra} and others, 1 scope)" in detail


def test_more_reading_is_no_matter(tmp_path: Path) -> None:
    world = with_scopes("stats.read", "user.account.read", "alerts.read", "ips.pools.read")
    assert examined(tmp_path, world=world)["scopes"][0] is True


def test_scopes_of_the_settings_are_named_without_a_fault(tmp_path: Path) -> None:
    world = with_scopes("stats.read", "user.account.read", "ips.read")
    found = examined(tmp_path, world=world)
    assert found["scopes"][0] is True
    works, detail = found["settings"]
    assert works is None
    assert "whitelabel.read" in detail
    assert "ips.read" not in detail
    assert "settings" not in examined(tmp_path, world=world, audit=False)


def test_no_key_is_found_without_a_call(tmp_path: Path) -> None:
    found = examined(tmp_path, api_key=SecretRef("file", "nowhere", tmp_path))
    assert list(found) == ["key"]
    assert found["key"][0] is False
    assert "file:nowhere cannot be read" in found["key"][1]


def test_a_wrong_key_ends_it(tmp_path: Path) -> None:
    found = examined(tmp_path, world=replace(healthy(), api_key="SG.another"))
    assert list(found) == ["key"]
    assert found["key"][0] is False
    assert "(401)" in found["key"][1]


def test_odd_scopes_end_it(tmp_path: Path) -> None:
    found = examined(tmp_path, on("/v3/scopes", HttpReply(200, '{"scopes": 5}')))
    assert list(found) == ["key"]
    assert found["key"][0] is False


def test_a_refusal_without_a_scope_names_none(tmp_path: Path) -> None:
    # Given a key that may not even read its own scopes, for which no scope is needed
    found = examined(tmp_path, on("/v3/scopes", HttpReply(403, "{}")))
    # Then no scope is named, least of all an empty one
    assert list(found) == ["key"]
    works, detail = found["key"]
    assert works is False
    assert "(403)" in detail
    assert "scope" not in detail


def test_a_key_that_mails_the_notices_may_send_mail(tmp_path: Path) -> None:
    world = with_scopes("stats.read", "user.account.read", "mail.send")
    assert examined(tmp_path, world=world)["scopes"][0] is None
    assert examined(tmp_path, world=world, via="sendgrid")["scopes"][0] is True
    works, detail = examined(tmp_path, via="sendgrid")["scopes"]
    assert works is False
    assert "mail.send" in detail
