"""SendGrid: daily statistics and the account's reputation, through the v3 API.

The API's days are days of the account's own time zone, which no endpoint gives. Without
`timezone` the newest day used is one that has ended everywhere on Earth (UTC-12).
"""

from collections.abc import Iterable
from datetime import date, datetime

from mailwatch.config import Config, SendGridConfig
from mailwatch.model import ACCOUNT, Phrase, Subject, say
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid import statistics


def skipped(config: Config, as_of: date | None) -> Phrase | None:
    """Skipped where neither the configuration nor the environment names a key."""
    return say("run.not_configured") if config.sendgrid is None else None


def expected(config: Config) -> Iterable[tuple[str, Subject]]:
    """Every SendGrid metric of the whole account."""
    return ((metric, ACCOUNT) for metric in statistics.METRICS)


def newest_day(config: Config, now: datetime) -> date | None:
    """The last day that is over in the account's zone; where that is not known, everywhere."""
    from mailwatch.sources.sendgrid.collection import last_day_over

    return last_day_over(config.sendgrid or SendGridConfig(), now)


def collect(config: Config, job: Job) -> None:
    """Asks for 31 days of statistics and the reputation, and measures them."""
    from mailwatch.sources.sendgrid.collection import collect_account

    collect_account(config.sendgrid or SendGridConfig(), job)


def diagnose(config: Config, job: Job) -> Iterable[Diagnosis]:
    """Tries the key and its scopes."""
    from mailwatch.sources.sendgrid.doctor import examine

    return examine(config, job)
