"""Postfix: what became of each recipient, from the log of a server.

    logfiles    the logs, in order        packed_log     gz and xz
    log_lines   what is said of a recipient, and what counts
    queue       who waits for an attempt  stamps, days   the days, also without a year
    daycounts   the sums of a day         rates          the figures
    collection  all of it                 doctor         for `mailwatch doctor`

Days are those of the log's own time stamps; the journal's are days of the configured zone.
"""

from dataclasses import replace
from datetime import timedelta
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
    "Postfix logs: delivered, deferred, bounced and expired mail, and its delay.",
    own_command=True,
)


def assume(config: "Config", environment: "Mapping[str, str]") -> "Config":
    """Configured, if without any log; a server has no domains."""
    from mailwatch.config import PostfixConfig

    return replace(config, postfix=config.postfix or PostfixConfig(), domains=())


def validate(config: "Config") -> None:
    """Raises ConfigError where the section names no log."""
    from mailwatch.errors import ConfigError

    if config.postfix is not None and not config.postfix.logs:
        raise ConfigError(
            "postfix: no log is named",
            "Write mailwatch postfix /var/log/mail.log, or set logs under postfix: in "
            "mailwatch.yaml.",
        )


def skipped(config: "Config", as_of: "date | None") -> "Phrase | None":
    """Skipped where it is not configured."""
    from mailwatch.model import say

    return say("run.not_configured") if config.postfix is None else None


def expected(config: "Config") -> "Iterable[tuple[str, Subject]]":
    """Every metric, of all mail in the logs."""
    from mailwatch.model import ACCOUNT
    from mailwatch.sources.postfix import rates

    return ((metric, ACCOUNT) for metric in rates.METRICS)


def newest_day(config: "Config", now: "datetime") -> "date | None":
    """The last day that is over in the logs' zone."""
    from mailwatch.sources.postfix.stamps import zone_of

    zone = zone_of(now, config.postfix.timezone if config.postfix else None)
    return now.astimezone(zone).date() - timedelta(days=1)


def collect(config: "Config", job: "Job") -> None:
    """Reads the logs, and measures them."""
    from mailwatch.config import PostfixConfig
    from mailwatch.sources.postfix.collection import collect_logs

    collect_logs(config.postfix or PostfixConfig(), job)


def diagnose(config: "Config", job: "Job") -> "Iterable[Diagnosis]":
    """Whether the logs can be read."""
    from mailwatch.sources.postfix.doctor import examine_logs

    return examine_logs(config, job)
