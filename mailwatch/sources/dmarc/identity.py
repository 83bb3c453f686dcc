"""Which service a message came from, by what authenticated: the return path and the DKIM domain.

A name that merely stands in a message proves nothing, so only results that passed are looked at.
"""

from collections.abc import Sequence
from typing import NamedTuple

SENDGRID = "SendGrid"
_SENDGRID_DOMAINS = ("sendgrid.net", "sendgrid.info", "sendgrid.me")
_SERVICES = {
    "amazonses.com": "Amazon SES",
    "google.com": "Google",
    "gappssmtp.com": "Google Workspace",
    "onmicrosoft.com": "Microsoft 365",
    "outlook.com": "Microsoft 365",
    "mcsv.net": "Mailchimp",
    "mcdlv.net": "Mailchimp",
    "mailchimpapp.net": "Mailchimp",
    "mandrillapp.com": "Mailchimp Transactional",
    "mailgun.org": "Mailgun",
    "mtasv.net": "Postmark",
    "sparkpostmail.com": "SparkPost",
    "salesforce.com": "Salesforce",
    "exacttarget.com": "Salesforce Marketing Cloud",
    "zendesk.com": "Zendesk",
    "hubspotemail.net": "HubSpot",
}
_MOST_KEYS = 3
_LONGEST_NAME = 253


class Identity(NamedTuple):
    """A domain for which SPF or DKIM passed."""

    domain: str
    selector: str = ""


def identify(signatures: Sequence[Identity], spf: str, header_from: str) -> str:
    """The name of the service; empty where nothing passed, or only SPF for the user's own domain.

    `signatures` are those that passed, `spf` is the domain of the return path where SPF passed. A
    signature of the user's own domain survives forwarding, so its selector names the service that
    signed, whoever handed the message on. Without a name it is the address that counts.
    """
    if _is_sendgrid(signatures, spf):
        return SENDGRID
    for domain in (*(signature.domain for signature in signatures), spf):
        service = _service(domain)
        if service:
            return service
    for one in signatures:
        if _related(one.domain, header_from) and one.selector:
            return f"{one.selector}._domainkey.{one.domain}"
    for domain in (*(signature.domain for signature in signatures), spf):
        if domain and not _related(domain, header_from):
            return domain
    return ""


def own_keys(signatures: Sequence[Identity], header_from: str) -> tuple[Identity, ...]:
    """The first few of `signatures` that are of the domain in From: or of one above or below it,
    and that name a selector, as long as both can be names in DNS."""
    return tuple(
        one
        for one in signatures
        if one.selector
        and max(len(one.selector), len(one.domain)) <= _LONGEST_NAME
        and _related(one.domain, header_from)
    )[:_MOST_KEYS]


def _is_sendgrid(signatures: Sequence[Identity], spf: str) -> bool:
    """By SendGrid's own domains, or by what its domain authentication sets up: the selectors s1
    and s2 and a return path such as em1234.example.com."""
    if any(_below(name, _SENDGRID_DOMAINS) for name in (*(s.domain for s in signatures), spf)):
        return True
    label = spf.partition(".")[0]
    return label.startswith("em") and label[2:].isdigit()


def _service(domain: str) -> str:
    while domain:
        if domain in _SERVICES:
            return _SERVICES[domain]
        domain = domain.partition(".")[2]
    return ""


def _below(domain: str, tops: Sequence[str]) -> bool:
    return any(domain == top or domain.endswith(f".{top}") for top in tops)


def _related(one: str, other: str) -> bool:
    """True when one of the two is the other, or above it."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
