"""What is asked of SendGrid in a run, and what is handed over once it is answered."""

from datetime import date, timedelta, timezone
from zoneinfo import ZoneInfo

from mailwatch.config import SendGridConfig
from mailwatch.errors import SecretError
from mailwatch.model import Cause, Fault, say, verbatim
from mailwatch.sources.http import ExchangeError
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid import statistics
from mailwatch.sources.sendgrid.client import SendGrid

LAST_ZONE = timezone(timedelta(hours=-12))
HISTORY_DAYS = 31
"""The newest day and the 30 before it, which its volume is held against."""


def collect_account(settings: SendGridConfig, job: Job) -> None:
    """Hands over the account's statistics and its reputation."""
    try:
        key = settings.api_key.line()
    except SecretError as error:
        job.take(Fault(Cause.NOT_ALLOWED, say("sendgrid.no_key", what=verbatim(error.what))))
        return
    client = SendGrid(key, settings.base_url, job)
    if _take_statistics(client, settings, job):
        _take_reputation(client, job)


def newest_complete_day(settings: SendGridConfig, job: Job) -> date:
    """The last day that is over in the account's zone, or `as_of`."""
    zone = ZoneInfo(settings.timezone) if settings.timezone else LAST_ZONE
    return job.as_of or job.now.astimezone(zone).date() - timedelta(days=1)


def _take_statistics(client: SendGrid, settings: SendGridConfig, job: Job) -> bool:
    """Hands over what the daily statistics tell. False when asking on would be in vain."""
    newest = newest_complete_day(settings, job)
    history = max(HISTORY_DAYS, settings.window_days)
    days = statistics.Days(newest, settings.window_days, history, bool(settings.timezone))
    if settings.timezone is None:
        job.note = say("sendgrid.zone_unknown")
    try:
        counts = client.statistics(days.first, newest)
    except ExchangeError as error:
        metrics = () if error.unreachable else statistics.STATISTICS
        job.take(Fault(error.cause, error.what, metrics=metrics))
        return not error.unreachable
    for measurement in statistics.measure_statistics(counts, days):
        job.take(measurement)
    return True


def _take_reputation(client: SendGrid, job: Job) -> None:
    """Hands over the account's reputation, which is of this moment: the API keeps no past."""
    if job.as_of is not None:
        job.take(statistics.reputation_has_no_past())
        return
    try:
        job.take(statistics.measure_reputation(client.reputation()))
    except ExchangeError as error:
        job.take(Fault(error.cause, error.what, metrics=(statistics.REPUTATION,)))
