"""The questions about the suppression lists, and what their answers add to the figures."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from mailwatch.config import SendGridConfig
from mailwatch.model import ACCOUNT, Cause, Measurement
from mailwatch.sources.http import ExchangeError
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid import recipients
from mailwatch.sources.sendgrid.client import SendGrid
from mailwatch.sources.sendgrid.daily_counts import Days
from mailwatch.sources.sendgrid.found import Found
from mailwatch.sources.sendgrid.questions import Question

RESERVE = 0.1
"""The share of the time left in which what was read of the lists is handed over."""


def list_questions(settings: SendGridConfig, days: Days, found: Found) -> Iterator[Question]:
    """The suppression lists, last: they may be long."""
    for name in recipients.LISTS:
        metrics = (recipients.WITHOUT_GROUPS,) if name == "bounces" else ()
        read = partial(_read_list, name, settings, days, found)
        yield Question(metrics, read, optional=True)
    yield Question((), partial(_read_classes, days, found), optional=True)


def _read_list(
    name: str, settings: SendGridConfig, days: Days, found: Found, client: SendGrid
) -> Iterable[Measurement]:
    """Counts the list where it is found whatever becomes of the rest of it."""
    tally = found.tallies[name] = recipients.Tally()
    try:
        recipients.count_list(client, name, days, settings.timezone, tally)
    except ExchangeError as error:
        if not tally.rows or error.cause is not Cause.NOT_ALLOWED:
            raise
        # Its first pages were allowed: this is no plan without the list.
        raise ExchangeError(Cause.COULD_NOT_ASK, error.what) from None
    return ()


def _read_classes(days: Days, found: Found, client: SendGrid) -> Iterable[Measurement]:
    found.classified = recipients.classifications(client, days)
    return ()


def ask_in_time(job: Job) -> Job:
    """`job` with a little less time, so that what the lists have given by then is handed over."""
    return replace(job, deadline=job.deadline - RESERVE * job.remaining())


def hand_over(settings: SendGridConfig, job: Job, days: Days, found: Found) -> None:
    """The figure that the lists give, and what they say of the account's rates, always in the same
    order. Of a list that was not read to its end, what was read of it."""
    tallies = {name: tally.so_far() for name, tally in found.tallies.items()}
    bounces = tallies.get("bounces")
    if bounces is not None:
        measured = recipients.measure_without_groups(bounces, found.statistics, days, settings)
        if measured is not None:
            job.take(measured)
        elif bounces.whole:
            job.withdraw(recipients.WITHOUT_GROUPS, ACCOUNT)
    for name, (metric, code) in recipients.EVIDENCE_OF.items():
        if name in tallies:
            job.add_evidence(metric, ACCOUNT, *tallies[name].phrases(code))
    if found.classified is not None:
        job.add_evidence("sendgrid.bounce_rate", ACCOUNT, found.classified)
