"""The questions about the suppression lists, and what their answers add to the figures.

The lists of the account are read, and those of the subusers that the configuration names. SendGrid
has no list of all subusers together, and five calls for each of thousands would cost more than they
tell.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from mailwatch.config import SendGridConfig
from mailwatch.model import ACCOUNT, Cause, Measurement, Subject
from mailwatch.sources.http import ExchangeError
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid import recipients
from mailwatch.sources.sendgrid.client import SendGrid
from mailwatch.sources.sendgrid.daily_counts import Days, Statistics
from mailwatch.sources.sendgrid.found import Found
from mailwatch.sources.sendgrid.questions import Question
from mailwatch.sources.sendgrid.segments import subject_of

RESERVE = 0.1
"""The share of the time left in which what was read of the lists is handed over."""
MOST_LISTED = 20
"""Named subusers whose lists are read."""
MOST_ROWS_EACH = 10_000
"""Rows of a subuser's list that are counted."""


def list_questions(
    settings: SendGridConfig, days: Days, found: Found, act_for: Callable[[str], SendGrid]
) -> Iterator[Question]:
    """The suppression lists, last: they may be long. `act_for` makes a client for a subuser."""
    for name in recipients.LISTS:
        metrics = (recipients.WITHOUT_GROUPS,) if name == "bounces" else ()
        read = partial(_read_list, (ACCOUNT, name), settings, days, found)
        yield Question(metrics, read, optional=True)
    yield Question((), partial(_read_classes, ACCOUNT, days, found), optional=True)
    if settings.subusers == "all":
        return
    # What is no header is no name that SendGrid gives; the EU's have another host and key.
    sendable = [s for s in found.subusers if not s.eu and s.name.isascii() and s.name.isprintable()]
    for subuser in sendable[:MOST_LISTED]:
        subject = subject_of("subuser", subuser.name)
        asked = [
            *(
                partial(_read_list, (subject, name), settings, days, found)
                for name in recipients.LISTS
            ),
            partial(_read_classes, subject, days, found),
        ]
        for ask in asked:
            # A client of its own: the SDK keeps the header that names the subuser.
            measure = partial(_act, act_for, subuser.name, ask)
            yield Question((), measure, optional=True, subjects=(subject,))


def _act(
    act_for: Callable[[str], SendGrid],
    name: str,
    ask: Callable[[SendGrid], Iterable[Measurement]],
    client: SendGrid,
) -> Iterable[Measurement]:
    return ask(act_for(name))


def _read_list(
    key: tuple[Subject, str],
    settings: SendGridConfig,
    days: Days,
    found: Found,
    client: SendGrid,
) -> Iterable[Measurement]:
    """Counts the list where it is found whatever becomes of the rest of it."""
    tally = found.tallies[key] = recipients.Tally()
    most = recipients.MOST_ROWS if key[0] == ACCOUNT else MOST_ROWS_EACH
    try:
        recipients.count_list(client, key[1], days, settings.timezone, tally, most)
    except ExchangeError as error:
        if not tally.rows or error.cause is not Cause.NOT_ALLOWED:
            raise
        # Its first pages were allowed: this is no plan without the list.
        raise ExchangeError(Cause.COULD_NOT_ASK, error.what) from None
    return ()


def _read_classes(
    subject: Subject, days: Days, found: Found, client: SendGrid
) -> Iterable[Measurement]:
    found.classified[subject] = recipients.classifications(client, days)
    return ()


def ask_in_time(job: Job) -> Job:
    """`job` with a little less time, so that what the lists have given by then is handed over."""
    return replace(job, deadline=job.deadline - RESERVE * job.remaining())


def hand_over(settings: SendGridConfig, job: Job, days: Days, found: Found) -> None:
    """The figures that the lists give, and what they say of the rates, always in the same order.
    Of a list that was not read to its end, what was read of it."""
    tallies = {key: tally.so_far() for key, tally in dict(found.tallies).items()}
    subjects = dict.fromkeys((ACCOUNT, *(subject for subject, _ in tallies)))
    for subject in subjects:
        bounces = tallies.get((subject, "bounces"))
        if bounces is not None:
            statistics = _statistics_of(subject, found)
            measured = recipients.measure_without_groups(
                bounces, statistics, days, settings, subject
            )
            if measured is not None:
                job.take(measured)
            elif bounces.whole:
                job.withdraw(recipients.WITHOUT_GROUPS, subject)
        for name, (metric, code) in recipients.EVIDENCE_OF.items():
            tally = tallies.get((subject, name))
            if tally is None:
                continue
            job.add_evidence(metric, subject, *tally.phrases(code))
            if tally.whole:  # what is incomplete is nothing to compare with
                job.add_recipients(metric, subject, tally.largest(recipients.COMPARED))
        if subject in found.classified:
            job.add_evidence("sendgrid.bounce_rate", subject, found.classified[subject])


def _statistics_of(subject: Subject, found: Found) -> Statistics:
    """The counts that the rate needs: the account's, or what is kept of a subuser's."""
    if subject == ACCOUNT:
        return found.statistics
    sent = found.sent.get(subject.get("subuser") or "", {})
    return {day: {"bounces": one.bounces, "processed": one.processed} for day, one in sent.items()}
