"""The settings of a SendGrid account in a story, as pure data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mailwatch.demo.story.zone import DOMAIN, RETURN_PATH, SELECTORS

Row = Mapping[str, Any]
"""An object of the API, with the keys that it has there."""

USER = {"user_id": 1234567, "username": "demo"}
BRAND = "sendgrid.net"
STARTED = 1_700_000_000
"""When the account's oldest parts were made, in seconds since 1970."""

EVENTS = (
    *("bounce", "click", "deferred", "delivered", "dropped", "group_resubscribe"),
    *("group_unsubscribe", "open", "processed", "spam_report", "unsubscribe"),
)
SETTINGS_SCOPES = frozenset(
    {
        "access_settings.whitelist.read",
        "categories.read",
        "ips.read",
        "mail_settings.address_whitelist.read",
        "mail_settings.bounce_purge.read",
        "mail_settings.forward_spam.read",
        "subusers.read",
        "user.settings.enforced_tls.read",
        "user.webhooks.event.settings.read",
        "whitelabel.read",
    }
)


def _record(host: str, data: str, valid: bool) -> Row:
    return {"valid": valid, "type": "cname", "host": host, "data": data}


def authenticated(number: int, domain: str = DOMAIN, *, valid: bool = True) -> Row:
    """A row of `/v3/whitelabel/domains` with automatic security: three CNAMEs."""
    subdomain = "em1234" if domain == DOMAIN else f"em{number}"
    records = {"mail_cname": _record(f"{subdomain}.{domain}", RETURN_PATH, valid)}
    for place, selector in enumerate(SELECTORS, 1):
        host, data = f"{selector}._domainkey.{domain}", f"{selector}.domainkey.{RETURN_PATH}"
        records[f"dkim{place}"] = _record(host, data, valid)
    return {
        "id": number,
        **USER,
        "subdomain": subdomain,
        "domain": domain,
        "ips": [],
        "custom_spf": False,
        "default": domain == DOMAIN,
        "legacy": False,
        "automatic_security": True,
        "valid": valid,
        "dns": records,
    }


def branded(number: int, domain: str = DOMAIN, *, valid: bool = True) -> Row:
    """A row of `/v3/whitelabel/links`."""
    return {
        "id": number,
        "domain": domain,
        "subdomain": "url1234",
        **USER,
        "default": domain == DOMAIN,
        "valid": valid,
        "legacy": False,
        "dns": {
            "domain_cname": _record(f"url1234.{domain}", BRAND, valid),
            "owner_cname": _record(f"1234567.{domain}", BRAND, valid),
        },
    }


def dedicated(
    address: str = "192.0.2.10", *, warmup: bool = False, start_date: int | None = None
) -> Row:
    """A row of `/v3/ips`."""
    return {
        "ip": address,
        "subusers": ["demo"],
        "rdns": f"o1.em1234.{DOMAIN}",
        "pools": ["mail"],
        "warmup": warmup,
        "start_date": start_date,
        "whitelabeled": True,
        "assigned_at": start_date or STARTED,
    }


def reversed_address(number: int, address: str = "192.0.2.10", *, valid: bool = True) -> Row:
    """A row of `/v3/whitelabel/ips`."""
    host = f"o1.em1234.{DOMAIN}"
    return {
        "id": number,
        "ip": address,
        "rdns": host,
        "users": [USER],
        "subdomain": "o1.em1234",
        "domain": DOMAIN,
        "valid": valid,
        "legacy": False,
        "a_record": {"valid": valid, "type": "a", "host": host, "data": address},
    }


def webhook(url: str = f"https://hooks.{DOMAIN}/sendgrid", *, signed: bool = True) -> Row:
    """A row of `/v3/user/webhooks/event/settings/all` that delivers every event.

    It has `public_key` only where it is signed.
    """
    return {
        "enabled": True,
        "url": url,
        **dict.fromkeys(EVENTS, True),
        "friendly_name": None,
        "id": "77d4a5da-7015-11ed-a1eb-0242ac120002",
        "created_date": "2024-01-01T12:30:00Z",
        "updated_date": "2024-02-15T09:30:00Z",
        "oauth_client_id": None,
        **({"public_key": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE"} if signed else {}),
    }


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """The settings of an account, without a fault by default. Lists hold the API's own objects."""

    allowed_ips: tuple[str, ...] = ("192.0.2.200/32",)
    """Who may use the account; empty: everybody."""
    allow_list: tuple[str, ...] = ()
    """Domains and addresses that are never suppressed; empty: the setting is off."""
    purge_days: int | None = None
    """Hard bounces are forgotten after so many days; None: never."""
    forward_spam: str = "abuse@example.com"
    """Where spam reports are forwarded; empty: nowhere."""
    require_tls: bool = False
    require_valid_cert: bool = False
    webhooks: tuple[Row, ...] = field(default_factory=lambda: (webhook(),))
    domains: tuple[Row, ...] = field(
        # A row that nobody removed when the domain moved elsewhere: these are normal.
        default_factory=lambda: (authenticated(2), authenticated(1, "old.example", valid=False))
    )
    links: tuple[Row, ...] = field(default_factory=lambda: (branded(3),))
    ips: tuple[Row, ...] = field(default_factory=lambda: (dedicated(),))
    reverse_dns: tuple[Row, ...] = field(default_factory=lambda: (reversed_address(4),))
    subusers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    not_on_plan: frozenset[str] = frozenset()
    """Paths that are refused with 403 whatever the key may do."""
