"""What the audit asks of the API, with which scope, and the figures that each answer gives.

Which scope opens which endpoint is by their names: SendGrid's description of the API does not say.
"""

from collections.abc import Sized
from typing import NamedTuple

IP_ACCESS = "sendgrid.ip_access"
BOUNCE_PURGE = "sendgrid.bounce_purge"
BOUNCE_PURGE_DAYS = "sendgrid.bounce_purge_days"
ALLOW_LIST = "sendgrid.address_allow_list"
WEBHOOK = "sendgrid.event_webhook"
WEBHOOK_EVENTS = "sendgrid.event_webhook_events"
FORWARD_SPAM = "sendgrid.forward_spam"
AUTHENTICATION = "sendgrid.domain_authentication"
LINK_BRANDING = "sendgrid.link_branding"
RECORDS = "sendgrid.dns_records"
SENDING_IPS = "sendgrid.sending_ips"
REVERSE_DNS = "sendgrid.reverse_dns"
WARMUP_IPS = "sendgrid.warmup_ips"
WARMUP_ALONE = "sendgrid.warmup_alone"
ENFORCED_TLS = "sendgrid.enforced_tls"
KEY_SCOPES = "sendgrid.api_key_scopes"
SEPARATION = "sendgrid.stream_separation"

METRICS = (
    IP_ACCESS,
    BOUNCE_PURGE,
    BOUNCE_PURGE_DAYS,
    ALLOW_LIST,
    WEBHOOK,
    WEBHOOK_EVENTS,
    FORWARD_SPAM,
    AUTHENTICATION,
    LINK_BRANDING,
    RECORDS,
    SENDING_IPS,
    REVERSE_DNS,
    WARMUP_IPS,
    WARMUP_ALONE,
    ENFORCED_TLS,
    KEY_SCOPES,
    SEPARATION,
)
"""Every figure of the settings."""
PER_DOMAIN = (AUTHENTICATION, LINK_BRANDING, RECORDS)
"""Figures of each monitored domain; the others are the account's."""


class SettingEndpoint(NamedTuple):
    """One endpoint. `page` is what is asked for at a time, at most `pages` times."""

    path: str
    scope: str
    metrics: tuple[str, ...]
    page: int | None = None
    pages: int = 1
    offsets: bool = True
    """False where the API knows `limit` alone."""

    def is_cut(self, found: Sized) -> bool:
        """True when there may be more than the rows `found`: what is not among them is not known
        to be missing."""
        return self.page is not None and len(found) >= self.page * self.pages


ACCESS = SettingEndpoint(
    "/v3/access_settings/whitelist", "access_settings.whitelist.read", (IP_ACCESS,)
)
PURGE = SettingEndpoint(
    "/v3/mail_settings/bounce_purge", "mail_settings.bounce_purge.read", (BOUNCE_PURGE,)
)
ALLOWED = SettingEndpoint(
    "/v3/mail_settings/address_whitelist", "mail_settings.address_whitelist.read", (ALLOW_LIST,)
)
WEBHOOKS = SettingEndpoint(
    "/v3/user/webhooks/event/settings/all", "user.webhooks.event.settings.read", (WEBHOOK,)
)
SPAM = SettingEndpoint(
    "/v3/mail_settings/forward_spam", "mail_settings.forward_spam.read", (FORWARD_SPAM,)
)
TLS = SettingEndpoint(
    "/v3/user/settings/enforced_tls", "user.settings.enforced_tls.read", (ENFORCED_TLS,)
)
# At most 3,000 authenticated domains and as many links (limits of the API).
DOMAINS = SettingEndpoint("/v3/whitelabel/domains", "whitelabel.read", (AUTHENTICATION,), 500, 7)
LINKS = SettingEndpoint(
    "/v3/whitelabel/links", "whitelabel.read", (LINK_BRANDING,), 3000, offsets=False
)
IPS = SettingEndpoint("/v3/ips", "ips.read", (SENDING_IPS,), 500, 4)
REVERSE = SettingEndpoint("/v3/whitelabel/ips", "whitelabel.read", (REVERSE_DNS,), 500, 4)
SUBUSERS = SettingEndpoint("/v3/subusers", "subusers.read", (SEPARATION,), 1)
CATEGORIES = SettingEndpoint("/v3/categories", "categories.read", (SEPARATION,), 500)

ENDPOINTS = (
    ACCESS,
    PURGE,
    ALLOWED,
    WEBHOOKS,
    SPAM,
    TLS,
    DOMAINS,
    LINKS,
    IPS,
    REVERSE,
    SUBUSERS,
    CATEGORIES,
)
SCOPES = tuple(dict.fromkeys(endpoint.scope for endpoint in ENDPOINTS))
"""What a key needs for the whole audit; `/v3/scopes` itself needs none."""
