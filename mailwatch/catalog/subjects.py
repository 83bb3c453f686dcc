"""Which subject keys the figures of a source can have.

The files of the catalog are checked against it: an override for the domain of a SendGrid figure, or
an action for the reason of a DNS record, would never apply. A source that is not listed here may
have any key of the model.
"""

from mailwatch.model import CASE_KEYS, SUBJECT_KEYS, Check

_KEYS_OF = {
    "sendgrid": ("subuser", "provider", "category", "ip", "ip_group"),
    "postmaster": ("domain", "reason", "requirement"),
    "blocklist": ("domain", "ip", "blocklist"),
    "dmarc": ("domain", "source"),
    "dns": ("domain", "selector", "ip"),
    "message": ("domain", "selector"),
}

_KEYS_OF_METRIC = {
    "sendgrid.domain_authentication": ("domain",),
    "sendgrid.link_branding": ("domain",),
    "sendgrid.dns_records": ("domain",),
}
"""Metrics that are about something else than the others of their source."""


def subject_keys(check: Check) -> tuple[str, ...]:
    """The subject keys that a finding of `check` can have."""
    keys = _KEYS_OF.get(check.source, SUBJECT_KEYS)
    return _KEYS_OF_METRIC.get(check.metric, keys)


def has_cases(check: Check) -> bool:
    """True when the subjects of `check` can name a reason or a requirement."""
    return any(key in CASE_KEYS for key in subject_keys(check))
