"""Which subject keys the figures of a source can have.

The files of the catalog are checked against it: an override for the domain of a SendGrid figure, or
an action for the reason of a DNS record, would never apply. A source that is not listed here may
have any key of the model.
"""

from mailwatch.model import CASE_KEYS, SUBJECT_KEYS, Check

_KEYS_OF = {
    "sendgrid": ("subuser", "provider", "category", "ip"),
    "postmaster": ("domain", "reason", "requirement"),
    "dns": ("domain", "selector", "ip"),
    "message": ("domain", "selector"),
}


def subject_keys(check: Check) -> tuple[str, ...]:
    """The subject keys that a finding of `check` can have."""
    return _KEYS_OF.get(check.source, SUBJECT_KEYS)


def has_cases(check: Check) -> bool:
    """True when the subjects of `check` can name a reason or a requirement."""
    return any(key in CASE_KEYS for key in subject_keys(check))
