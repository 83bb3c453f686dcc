"""The questions about the suppression lists, and what their answers add to the figures."""

from collections.abc import Iterable, Iterator
from functools import partial

from mailwatch.config import SendGridConfig
from mailwatch.model import ACCOUNT, Measurement
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid import recipients
from mailwatch.sources.sendgrid.client import SendGrid
from mailwatch.sources.sendgrid.daily_counts import Days
from mailwatch.sources.sendgrid.found import Found
from mailwatch.sources.sendgrid.questions import Question


def list_questions(
    settings: SendGridConfig, job: Job, days: Days, found: Found
) -> Iterator[Question]:
    """The suppression lists, last: they may be long."""
    for name in recipients.LISTS:
        metrics = (recipients.WITHOUT_GROUPS,) if name == "bounces" else ()
        read = partial(_read_list, name, settings, job, days, found)
        yield Question(metrics, read, optional=True)
    yield Question((), partial(_read_classes, days, found), optional=True)


def _read_list(
    name: str,
    settings: SendGridConfig,
    job: Job,
    days: Days,
    found: Found,
    client: SendGrid,
) -> Iterable[Measurement]:
    tally = recipients.count_list(client, name, days, settings.timezone)
    found.tallies[name] = tally
    if name != "bounces":
        return ()
    measured = recipients.measure_without_groups(tally, found.statistics, days, settings)
    if measured is None:
        job.withdraw(recipients.WITHOUT_GROUPS, ACCOUNT)
        return ()
    return (measured,)


def _read_classes(days: Days, found: Found, client: SendGrid) -> Iterable[Measurement]:
    found.classified = recipients.classifications(client, days)
    return ()


def add_evidence(job: Job, found: Found) -> None:
    """What the lists say of the account's rates, always in the same order."""
    for name, (metric, code) in recipients.EVIDENCE_OF.items():
        if name in found.tallies:
            tally = found.tallies[name]
            job.add_evidence(metric, ACCOUNT, *tally.phrases(code))
            job.add_recipients(metric, ACCOUNT, tally.largest(recipients.COMPARED))
    if found.classified is not None:
        job.add_evidence("sendgrid.bounce_rate", ACCOUNT, found.classified)
