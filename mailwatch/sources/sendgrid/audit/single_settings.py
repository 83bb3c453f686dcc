"""Figures that one answer gives: who may use the account, and what happens to the mail."""

from collections.abc import Iterator

from mailwatch.model import ACCOUNT, Measurement, say
from mailwatch.sources.sendgrid.audit import endpoints
from mailwatch.sources.sendgrid.audit.replies import BouncePurge, EnforcedTls


def measure_access(allowed: int) -> Iterator[Measurement]:
    """`restricted` to listed addresses, or `open` to every one."""
    evidence = (say("sendgrid.addresses_allowed", count=allowed),) if allowed else ()
    word = "restricted" if allowed else "open"
    yield Measurement(endpoints.IP_ACCESS, ACCOUNT, word, evidence=evidence)


def measure_purge(purge: BouncePurge) -> Iterator[Measurement]:
    """`never` where hard bounces stay suppressed; else after how many days they are forgotten."""
    if purge.enabled and purge.hard_days:
        yield Measurement(endpoints.BOUNCE_PURGE_DAYS, ACCOUNT, purge.hard_days)
    else:
        yield Measurement(endpoints.BOUNCE_PURGE, ACCOUNT, "never")


def measure_forward_spam(forwarded: bool) -> Iterator[Measurement]:
    """Whether complaints that people write to the sending domain reach somebody."""
    word = "enabled" if forwarded else "disabled"
    yield Measurement(endpoints.FORWARD_SPAM, ACCOUNT, word)


def measure_tls(tls: EnforcedTls) -> Iterator[Measurement]:
    """How far TLS is a condition: `opportunistic`, `required`, or with a `valid_certificate`."""
    word = "opportunistic"
    if tls.required or tls.valid_certificate:
        word = "valid_certificate" if tls.valid_certificate else "required"
    yield Measurement(endpoints.ENFORCED_TLS, ACCOUNT, word)
