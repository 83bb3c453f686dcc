"""The sections of mailwatch.yaml, and the configuration that they make together.

A new section is a module of this package, a field of `Config` and a line in SECTIONS.
"""

from dataclasses import field, replace
from pathlib import Path

from mailwatch.accepted import IgnoreRule
from mailwatch.config import (
    blocklist,
    checks,
    dmarc,
    dns,
    domains,
    history,
    ignore,
    message,
    notify,
    postfix,
    postmaster,
    sendgrid,
    serve,
)
from mailwatch.config.addresses import parse_domain, parse_selector
from mailwatch.config.blocklist import BlocklistConfig
from mailwatch.config.dmarc import DmarcConfig
from mailwatch.config.dns import DnsConfig
from mailwatch.config.domains import Domain
from mailwatch.config.history import HistoryConfig
from mailwatch.config.message import MessageConfig
from mailwatch.config.notify import NotifyConfig
from mailwatch.config.postfix import PostfixConfig
from mailwatch.config.postmaster import PostmasterConfig
from mailwatch.config.section import Section
from mailwatch.config.sendgrid import SendGridConfig
from mailwatch.config.serve import ServeConfig
from mailwatch.errors import ConfigError
from mailwatch.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that a run needs to know. A source's part is None where it is not configured."""

    domains: tuple[Domain, ...] = ()
    sendgrid: SendGridConfig | None = None
    postmaster: PostmasterConfig | None = None
    dns: DnsConfig = field(default_factory=DnsConfig)
    blocklist: BlocklistConfig | None = None
    dmarc: DmarcConfig | None = None
    message: MessageConfig | None = None
    postfix: PostfixConfig | None = None
    checks: Path | None = None
    """A folder with the user's own checks."""
    ignore: tuple[IgnoreRule, ...] = ()
    """Findings that do not count."""
    history: HistoryConfig = field(default_factory=HistoryConfig)
    serve: ServeConfig = field(default_factory=ServeConfig)
    notify: NotifyConfig | None = None
    """Where notices and mails are sent."""


SECTIONS: dict[str, Section] = {
    "domains": domains,
    "sendgrid": sendgrid,
    "postmaster": postmaster,
    "dns": dns,
    "blocklist": blocklist,
    "dmarc": dmarc,
    "message": message,
    "postfix": postfix,
    "checks": checks,
    "ignore": ignore,
    "history": history,
    "serve": serve,
    "notify": notify,
}


def with_segments(config: Config, segments: tuple[str, ...]) -> Config:
    """`config` with these kinds of segments instead of its own. Raises ConfigError without a
    SendGrid account."""
    if config.sendgrid is None:
        raise ConfigError(
            "--by needs a SendGrid account, and none is configured",
            "Set SENDGRID_API_KEY, or write a mailwatch.yaml with mailwatch init.",
        )
    chosen = tuple(dict.fromkeys(segments))
    return replace(config, sendgrid=replace(config.sendgrid, segments=chosen))


def with_domains(config: Config, names: tuple[str, ...], selectors: tuple[str, ...]) -> Config:
    """`config` with these domains instead of its own (none: its own), and these selectors.

    A domain that the configuration knows keeps its other keys, and its selectors where none are
    given.
    Raises ConfigError for what is not a valid domain or selector.
    """
    known = {domain.name: domain for domain in config.domains}
    try:
        chosen = dict.fromkeys(parse_domain(name) for name in names) or known
        given = tuple(dict.fromkeys(parse_selector(selector) for selector in selectors))
    except ValueError as error:
        raise ConfigError(str(error)) from None
    return replace(
        config,
        domains=tuple(
            replace(domain, dkim_selectors=given or domain.dkim_selectors)
            for domain in (known.get(name, Domain(name)) for name in chosen)
        ),
    )
