"""SendGrid: daily statistics, the account's reputation and settings, through the v3 API.

The API's days are days of the account's own time zone, which no endpoint gives. Without
`timezone` the newest day used is one that has ended everywhere on Earth (UTC-12).
"""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mailwatch.sources.about import About

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from mailwatch.config import Config
    from mailwatch.model import Phrase, Subject
    from mailwatch.sources.diagnosis import Diagnosis
    from mailwatch.sources.job import Job

ABOUT = About(
    "SendGrid: bounces, blocks, spam reports, volume, settings.",
    resolver=True,
    segments=True,
    revalidate=True,
    tells_selectors=True,
)


def assume(config: "Config", environment: "Mapping[str, str]") -> "Config":
    """The account and the domains whose authentication is looked at. Without a section its
    defaults."""
    from mailwatch.config import SendGridConfig

    return replace(config, sendgrid=config.sendgrid or SendGridConfig())


def validate(config: "Config") -> None:
    """Refuses a key that would break the HTTP header it is sent in."""
    if config.sendgrid is not None:
        config.sendgrid.api_key.refuse_broken_variable()


def skipped(config: "Config", as_of: "date | None") -> "Phrase | None":
    """Skipped where neither the configuration nor the environment names a key."""
    from mailwatch.model import say

    return say("run.not_configured") if config.sendgrid is None else None


def expected(config: "Config") -> "Iterable[tuple[str, Subject]]":
    """Every SendGrid metric of the whole account."""
    from mailwatch.model import ACCOUNT
    from mailwatch.sources.sendgrid import health, recipients, statistics, warming

    settings = config.sendgrid
    lists = settings is None or settings.recipient_domains
    plan = settings is None or settings.account_health
    metrics = (
        *statistics.METRICS,
        *((recipients.WITHOUT_GROUPS,) if lists else ()),
        *((health.PLAN, health.ENGAGEMENT) if plan else ()),
        *warming.METRICS,
    )
    return ((metric, ACCOUNT) for metric in metrics)


def newest_day(config: "Config", now: "datetime") -> "date | None":
    """The last day that is over in the account's zone; where that is not known, everywhere."""
    from mailwatch.config import SendGridConfig
    from mailwatch.sources.sendgrid.collection import last_day_over

    return last_day_over(config.sendgrid or SendGridConfig(), now)


def collect(config: "Config", job: "Job") -> None:
    """Asks for 31 days of statistics, the reputation and the settings, and measures them."""
    from mailwatch.config import SendGridConfig
    from mailwatch.sources.sendgrid.audit.audited import audit_settings
    from mailwatch.sources.sendgrid.collection import collect_account

    settings = config.sendgrid or SendGridConfig()
    collect_account(settings, job, partial(audit_settings, config, job))


def diagnose(config: "Config", job: "Job") -> "Iterable[Diagnosis]":
    """Tries the key and its scopes."""
    from mailwatch.sources.sendgrid.doctor import examine

    return examine(config, job)
