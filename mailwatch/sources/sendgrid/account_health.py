"""The questions about the account's standing: plan, scores, IP addresses, and what follows."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from mailwatch.config import SendGridConfig
from mailwatch.model import ACCOUNT, Cause, Measurement, Subject, say
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid import health, ips, segments, volume, warming
from mailwatch.sources.sendgrid.client import SendGrid
from mailwatch.sources.sendgrid.daily_counts import Days
from mailwatch.sources.sendgrid.found import Found
from mailwatch.sources.sendgrid.questions import Question
from mailwatch.sources.sendgrid.statistics import REPUTATION


def health_questions(
    settings: SendGridConfig, job: Job, days: Days, found: Found
) -> Iterator[Question]:
    """The plan, the reputations of subusers, the engagement quality scores, the IP addresses.

    Plan, reputations and addresses are of this moment: a report of a past day goes without.
    """
    names = tuple(one.name for one in found.subusers if not one.eu)  # theirs are wrong, says Twilio
    yield Question((health.ENGAGEMENT,), partial(_engagement, job, days))
    if names:
        known = frozenset(one.shown for one in found.subusers if not one.eu)
        yield Question(
            (health.ENGAGEMENT,),
            lambda client: health.measure_subuser_engagement(client, known, days),
        )
    if job.as_of is not None:
        job.take(health.plan_has_no_past())
        return
    yield Question((health.PLAN,), partial(_plan, settings, job, found), optional=True)
    yield Question((), partial(_addresses, found), optional=True)
    for batch in segments.in_tens(names):
        yield Question(
            (REPUTATION,),
            lambda client, batch=batch: health.measure_reputations(client, batch),  # type: ignore[misc]  # the batch of this turn
            subjects=tuple(segments.subject_of("subuser", name) for name in batch),
        )


def _engagement(job: Job, days: Days, client: SendGrid) -> Iterable[Measurement]:
    figures = tuple(health.measure_engagement(client, days))
    if not figures:
        job.withdraw(health.ENGAGEMENT, ACCOUNT)
    return figures


def _plan(
    settings: SendGridConfig, job: Job, found: Found, client: SendGrid
) -> Iterable[Measurement]:
    today = _local(job.now, settings).date()
    figures = tuple(health.measure_plan(client, found.statistics, today))
    if not figures:
        job.withdraw(health.PLAN, ACCOUNT)
    return figures


def _local(now: datetime, settings: SendGridConfig) -> datetime:
    return now.astimezone(ZoneInfo(settings.timezone)) if settings.timezone else now


def _addresses(found: Found, client: SendGrid) -> Iterable[Measurement]:
    found.addresses = ips.list_ips(client)
    return ()


def measure_addresses(settings: SendGridConfig, days: Days, found: Found) -> Iterator[Measurement]:
    """The volume of each group of IP addresses, and the warm-ups that are going on."""
    groups = ips.group_addresses(found.addresses)
    start = settings.warmup_start
    if start is None and "subuser" not in settings.segments and len(groups) == 1:
        start = groups[0].warming_since
    target = settings.warmup_target
    if start is not None:
        account = warming.sent_by_day(found.statistics)
        warmup = warming.Warmup(start, target)
        yield from warming.measure_warmup(account, warmup, days, ACCOUNT)
        sending = any(one.processed for day, one in account.items() if day >= start)
        if settings.warmup_start is not None and not sending:
            note = say("sendgrid.warmup_no_mail", start=start)
            yield Measurement(warming.WARMUP, ACCOUNT, cause=Cause.NO_DATA, note=note)
    if "subuser" in settings.segments:
        for group in groups:
            yield from _measure_group(group, target, days, found)


def _measure_group(
    group: ips.AddressGroup, target: int | None, days: Days, found: Found
) -> Iterator[Measurement]:
    """A group of one subuser has that one's volume; while some subuser is not known, none."""
    if not group.subusers or not all(name in found.sent for name in group.subusers):
        return
    subject = Subject.of(ip_group=group.name)
    by_day = warming.together([found.sent[name] for name in group.subusers])
    if len(group.subusers) > 1:
        volumes = {day: one.processed for day, one in by_day.items()}
        yield from volume.measure_sum(volumes, days, subject)
    if group.warming_since is not None:
        warmup = warming.Warmup(group.warming_since, target)
        yield from warming.measure_warmup(by_day, warmup, days, subject)
