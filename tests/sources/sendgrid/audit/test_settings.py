"""Each setting of the account, with the level it gets under the shipped thresholds."""

from typing import Any

import pytest

from mailwatch.demo import build
from mailwatch.demo.story.account import authenticated, dedicated, reversed_address, webhook
from mailwatch.sources.sendgrid.audit.endpoints import METRICS
from tests.sources.sendgrid.audit.account_peer import HEALTHY, account, audit
from tests.sources.sendgrid.sendgrid_peer import TODAY

DAY = 86_400
NOON = 1_795_489_200
"""2026-11-24 03:00 UTC, when the tests' runs begin."""


def hook(**changed: Any) -> dict[str, Any]:
    return {**webhook(), **changed}


def test_an_account_without_fault_is_ok_and_says_so_in_few_words() -> None:
    audited = audit()
    levels = {finding.check.id: str(finding.level) for finding in audited.report.findings}
    assert set(levels.values()) == {"ok"}
    assert len(levels) == 26
    assert (audited.state.error, audited.note) == (None, "")
    # One answer each: two of the statistics, the scopes, and twelve endpoints of settings
    assert audited.state.counts == {"calls": 15, "dns_questions": 6}
    assert {method for method, _ in audited.asked} == {"GET"}


CASES: list[tuple[dict[str, Any], str, object, str | None]] = [
    ({"allowed_ips": ()}, "ip_access", "open", "warn"),
    ({"purge_days": 5}, "bounce_purge_days", 5, "breach"),
    ({"purge_days": 5}, "bounce_purge", None, None),
    ({"purge_days": 90}, "bounce_purge_days", 90, "warn"),
    ({"purge_days": 3650}, "bounce_purge_days", 3650, "ok"),
    ({"forward_spam": ""}, "forward_spam", "disabled", "warn"),
    ({"require_tls": True}, "enforced_tls", "required", "ok"),
    ({"require_valid_cert": True}, "enforced_tls", "valid_certificate", "warn"),
    ({"webhooks": ()}, "event_webhook", "missing", "warn"),
    ({"webhooks": ()}, "event_webhook_events", None, None),
    ({"webhooks": (hook(enabled=False),)}, "event_webhook", "missing", "warn"),
    ({"webhooks": (webhook(signed=False),)}, "event_webhook", "unsigned", "warn"),
    (
        {"webhooks": (hook(public_key="", oauth_token_url="https://id.example.com"),)},
        "event_webhook",
        "protected",
        "ok",
    ),
    ({"webhooks": (webhook("http://h.example.com"),)}, "event_webhook", "plain_http", "breach"),
    (
        {"webhooks": (webhook(), webhook("http://h.example.com"))},
        "event_webhook",
        "plain_http",
        "breach",
    ),
    ({"webhooks": (hook(dropped=False, bounce=False),)}, "event_webhook_events", 2, "warn"),
    # What one webhook lacks, another delivers.
    (
        {"webhooks": (hook(dropped=False), hook(id="2", bounce=False))},
        "event_webhook_events",
        0,
        "ok",
    ),
    ({"ips": ()}, "sending_ips", "shared", "ok"),
    ({"ips": ()}, "reverse_dns", None, None),
    ({"ips": ()}, "warmup_ips", None, None),
    ({"reverse_dns": ()}, "reverse_dns", 1, "breach"),
    ({"reverse_dns": (reversed_address(4, valid=False),)}, "reverse_dns", 1, "breach"),
    ({"ips": (dedicated(warmup=True),)}, "warmup_alone", 1, "warn"),
    ({"ips": (dedicated(warmup=True), dedicated("192.0.2.11"))}, "warmup_alone", 0, "ok"),
    ({"ips": (dedicated(warmup=True), dedicated("192.0.2.11"))}, "warmup_ips", 1, "ok"),
    (
        {"ips": (dedicated(warmup=True), {**dedicated("192.0.2.11"), "pools": ["other"]})},
        "warmup_alone",
        1,
        "warn",
    ),
    ({"categories": ("newsletter", "receipts")}, "stream_separation", "mixed", "warn"),
    (
        {"categories": ("newsletter", "receipts"), "subusers": ("marketing",)},
        "stream_separation",
        "separate",
        "ok",
    ),
    ({"categories": ("newsletter", "weekly")}, "stream_separation", None, None),
    ({"allow_list": ("example.com", "sub.example.com")}, "address_allow_list", "own", "ok"),
    ({"allow_list": ("boss@example.com",)}, "address_allow_list", "own", "ok"),
    ({"allow_list": ("other.example.net",)}, "address_allow_list", "foreign", "warn"),
    ({"allow_list": ("Old.Example",)}, "address_allow_list", "own", "ok"),
    ({"allow_list": ("example.com", "gmail.com")}, "address_allow_list", "free_mail", "breach"),
    ({"allow_list": ("me@gmail.com",)}, "address_allow_list", "foreign", "warn"),
    ({"allow_list": ("com",)}, "address_allow_list", "foreign", "warn"),
    (
        {"allow_list": ("shop.example",), "domains": (authenticated(2, "em.shop.example"),)},
        "address_allow_list",
        "own",
        "ok",
    ),
    (
        {"allow_list": ("co.jp",), "domains": (authenticated(2, "shop.co.jp"),)},
        "address_allow_list",
        "foreign",
        "warn",
    ),
]


@pytest.mark.parametrize(
    ("settings", "name", "value", "level"),
    CASES,
    ids=[f"{name}-{value}-{number}" for number, (_, name, value, _) in enumerate(CASES)],
)
def test_a_setting_and_its_level(
    settings: dict[str, Any], name: str, value: object, level: str | None
) -> None:
    audited = audit(account(**settings))
    finding = audited.finding(name)
    assert (audited.value(name), finding and str(finding.level)) == (value, level)
    assert audited.state.error is None


def test_what_is_wrong_is_named() -> None:
    # Given several settings that are wrong
    world = account(
        webhooks=(webhook("http://user:secret@hooks.example.com/in?token=hidden"),),
        allow_list=("gmail.com", "a@icloud.com", "b@icloud.com", "x\x1b[31m.example.net"),
        ips=(dedicated(warmup=True, start_date=NOON - 9 * DAY - 60),),
        reverse_dns=(),
    )
    # When they are looked at
    words = audit(world).words()
    # Then the evidence names them, without addresses, passwords or escape sequences
    assert "The webhook to http://hooks.example.com." in words
    assert "The whole domain gmail.com is on the list." in words
    assert "2 single addresses at icloud.com on the list." in words
    assert "192.0.2.10 is in warm-up since 15 Nov, day 10." in words
    assert "192.0.2.10 has no reverse DNS at SendGrid." in words
    assert "\\x1b[31m.example.net" in words
    for hidden in ("secret", "hidden", "a@icloud", "\x1b"):
        assert hidden not in words


def test_a_key_that_may_do_more_than_read_is_named() -> None:
    from dataclasses import replace

    more = {"mail.send", "templates.update", "api_keys.create", "2fa_required"}
    audited = audit(replace(HEALTHY, scopes=HEALTHY.scopes | more | {"alerts.read"}))
    assert audited.value("api_key_scopes") == 3
    assert "mail.send, api_keys.create, templates.update" in audited.words()


@pytest.mark.parametrize(
    ("scenario", "wrong"),
    [
        ("healthy", {}),
        ("creeping", {}),
        ("migration", {"event_webhook": "unsigned", "warmup_alone": 1}),
        ("breach", {"bounce_purge_days": 5, "address_allow_list": "free_mail"}),
    ],
)
def test_the_stories_have_settings_to_act_on(scenario: str, wrong: dict[str, object]) -> None:
    audited = audit(build(scenario, TODAY))
    found = {
        finding.check.id.removeprefix("sendgrid."): finding.measurement.value
        for finding in audited.report.findings
        if finding.check.metric in METRICS and str(finding.level) != "ok"
    }
    assert found == wrong
