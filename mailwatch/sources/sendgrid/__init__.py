"""SendGrid: daily statistics and the account's reputation, through the v3 API.

The API's days are days of the account's own time zone, which no endpoint tells. Without
`timezone` the newest day taken is one that is over everywhere on Earth (UTC-12).
"""

from collections.abc import Iterable
from datetime import date, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mailwatch.config import Config, SendGridConfig
from mailwatch.errors import SecretError
from mailwatch.model import ACCOUNT, Cause, Fault, Phrase, Subject, say, verbatim
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.http import ExchangeError
from mailwatch.sources.sendgrid import measure
from mailwatch.sources.task import Task

if TYPE_CHECKING:
    from mailwatch.sources.sendgrid.client import SendGrid

LAST_ZONE = timezone(timedelta(hours=-12))
HISTORY_DAYS = 31
"""The newest day and the 30 before it, which its volume is held against."""


def skipped(config: Config, as_of: date | None) -> Phrase | None:
    """Skipped where neither the configuration nor the environment names a key."""
    return say("run.not_configured") if config.sendgrid is None else None


def expected(config: Config) -> Iterable[tuple[str, Subject]]:
    """Every SendGrid metric of the whole account."""
    return ((metric, ACCOUNT) for metric in measure.METRICS)


def collect(config: Config, task: Task) -> None:
    """Asks for 31 days of statistics and the reputation, and measures them."""
    settings = config.sendgrid or SendGridConfig()
    try:
        key = settings.api_key.line()
    except SecretError as error:
        task.take(Fault(Cause.NOT_ALLOWED, say("sendgrid.no_key", what=verbatim(error.what))))
        return
    from mailwatch.sources.sendgrid.client import SendGrid

    client = SendGrid(key, settings.base_url, task)
    if _take_statistics(client, settings, task):
        _take_reputation(client, task)


def diagnose(config: Config, task: Task) -> Iterable[Diagnosis]:
    """Tries the key and its scopes."""
    from mailwatch.sources.sendgrid.examine import examine

    return examine(config, task)


def newest_complete_day(settings: SendGridConfig, task: Task) -> date:
    """The last day that is over in the account's zone, or `as_of`."""
    zone = ZoneInfo(settings.timezone) if settings.timezone else LAST_ZONE
    return task.as_of or task.now.astimezone(zone).date() - timedelta(days=1)


def _take_statistics(client: "SendGrid", settings: SendGridConfig, task: Task) -> bool:
    """Hands over what the daily statistics tell. False when asking on would be in vain."""
    newest = newest_complete_day(settings, task)
    history = max(HISTORY_DAYS, settings.window_days)
    days = measure.Days(newest, settings.window_days, history, bool(settings.timezone))
    if settings.timezone is None:
        task.note = say("sendgrid.zone_unknown")
    try:
        statistics = client.statistics(days.first, newest)
    except ExchangeError as error:
        metrics = () if error.unreachable else measure.STATISTICS
        task.take(Fault(error.cause, error.what, metrics=metrics))
        return not error.unreachable
    for measurement in measure.measure_statistics(statistics, days):
        task.take(measurement)
    return True


def _take_reputation(client: "SendGrid", task: Task) -> None:
    """Hands over the account's reputation, which is of this moment: the API keeps no past."""
    if task.as_of is not None:
        task.take(measure.reputation_has_no_past())
        return
    try:
        task.take(measure.measure_reputation(client.reputation()))
    except ExchangeError as error:
        task.take(Fault(error.cause, error.what, metrics=(measure.REPUTATION,)))
