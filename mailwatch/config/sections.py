"""The sections of mailwatch.yaml, and the configuration that they make together.

A new section is a module of this package, a field of `Config` and a line in SECTIONS.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

from mailwatch.accepted import IgnoreRule
from mailwatch.config import checks, dns, domains, ignore, notify, postmaster, sendgrid
from mailwatch.config.addresses import parse_domain, parse_selector
from mailwatch.config.dns import DnsConfig
from mailwatch.config.domains import Domain
from mailwatch.config.notify import NotifyConfig
from mailwatch.config.postmaster import PostmasterConfig
from mailwatch.config.section import Section
from mailwatch.config.sendgrid import SendGridConfig
from mailwatch.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that a run needs to know. A source's part is None where it is not configured."""

    domains: tuple[Domain, ...] = ()
    sendgrid: SendGridConfig | None = None
    postmaster: PostmasterConfig | None = None
    dns: DnsConfig = field(default_factory=DnsConfig)
    checks: Path | None = None
    """A folder with the user's own checks."""
    ignore: tuple[IgnoreRule, ...] = ()
    """Findings that do not count."""
    notify: NotifyConfig | None = None
    """Where notices and mails are sent."""


SECTIONS: dict[str, Section] = {
    "domains": domains,
    "sendgrid": sendgrid,
    "postmaster": postmaster,
    "dns": dns,
    "checks": checks,
    "ignore": ignore,
    "notify": notify,
}


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
