"""What a run asks of SendGrid: the account, then its segments, then what was left behind."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import partial
from zoneinfo import ZoneInfo

from mailwatch.config import SendGridConfig
from mailwatch.config.secret import SecretRef
from mailwatch.errors import SecretError
from mailwatch.model import ACCOUNT, Cause, Fault, Measurement, Phrase, Subject, say
from mailwatch.sources.http import ExchangeError, Session
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid import recipients, segments, statistics
from mailwatch.sources.sendgrid.client import SendGrid
from mailwatch.sources.sendgrid.counts import Days, Statistics
from mailwatch.sources.sendgrid.questions import Asking, Question
from mailwatch.sources.sendgrid.volume import CHANGE

LAST_ZONE = timezone(timedelta(hours=-12))
HISTORY_DAYS = 31
"""The newest day and the 30 before it, which its volume is compared with."""


@dataclass(slots=True)
class Found:
    """What the answers have shown so far; later questions and figures rest on it."""

    statistics: Statistics = field(default_factory=dict)
    subusers: tuple[segments.Subuser, ...] = ()
    categories: tuple[str, ...] = ()
    volumes: dict[str, Mapping[date, int]] = field(default_factory=dict)
    """Messages processed by day, of each subuser."""
    tallies: dict[str, recipients.Tally] = field(default_factory=dict)
    classified: Phrase | None = None


def collect_account(settings: SendGridConfig, job: Job) -> None:
    """Hands over the account's figures, then those of its segments."""
    try:
        key = settings.api_key.line()
    except SecretError as error:
        job.take(Fault(Cause.NOT_ALLOWED, say("sendgrid.no_key", what=error.why)))
        return
    if settings.timezone is None:
        job.note = say("sendgrid.zone_unknown")
    days = days_asked(settings, job)
    found = Found()
    with Session(job) as session:
        asking = Asking(job, lambda: SendGrid(key, settings.base_url, session))
        asking.ask(_account(settings, job, days, found))
        asking.ask(_segments(settings, session, days, found))
        if settings.recipient_domains:
            asking.ask(_lists(settings, job, days, found))
            _add_evidence(job, found)


def newest_complete_day(settings: SendGridConfig, job: Job) -> date:
    """The last day that is over in the account's zone, or `as_of`."""
    return job.as_of or last_day_over(settings, job.now)


def last_day_over(settings: SendGridConfig, now: datetime) -> date:
    """The last day that is over in the account's zone; where that is not known, everywhere."""
    zone = ZoneInfo(settings.timezone) if settings.timezone else LAST_ZONE
    return now.astimezone(zone).date() - timedelta(days=1)


def days_asked(settings: SendGridConfig, job: Job) -> Days:
    """The days that a run asks for."""
    history = max(HISTORY_DAYS, settings.window_days)
    newest = newest_complete_day(settings, job)
    return Days(newest, settings.window_days, history, bool(settings.timezone))


def _account(settings: SendGridConfig, job: Job, days: Days, found: Found) -> Iterator[Question]:
    yield Question(statistics.STATISTICS, partial(_statistics, days, job, found))
    if job.as_of is None:
        yield Question(
            (statistics.REPUTATION,),
            lambda client: [statistics.measure_reputation(client.reputation())],
        )
    else:  # the reputation is of this moment: the API keeps no past
        job.take(statistics.reputation_has_no_past())
    if "subuser" in settings.segments:
        yield Question(segments.RATES_OF["subuser"], partial(_list_subusers, settings, found))
    if "category" in settings.segments:
        yield Question(segments.RATES_OF["category"], partial(_list_categories, days, found))
    if "provider" in settings.segments:
        yield Question(segments.RATES_OF["provider"], partial(_providers, days))


def _statistics(
    days: Days, job: Job, found: Found, client: SendGrid
) -> Iterable[Measurement | Fault]:
    found.statistics = client.statistics(days.first, days.newest)
    figures = tuple(statistics.measure_statistics(found.statistics, days))
    if not any(isinstance(f, Measurement) and f.metric == CHANGE for f in figures):
        job.withdraw(CHANGE, ACCOUNT)
    return figures


def _list_subusers(
    settings: SendGridConfig, found: Found, client: SendGrid
) -> Iterator[Measurement]:
    wanted = settings.subusers
    listed = segments.list_subusers(client)
    found.subusers = tuple(one for one in listed if wanted == "all" or one.name in wanted)
    missing = set(() if wanted == "all" else wanted) - {one.name for one in listed}
    for name in sorted(missing):
        yield segments.unknown_subuser(name)


def _list_categories(days: Days, found: Found, client: SendGrid) -> Iterator[Measurement]:
    found.categories = segments.top_categories(client, days)
    return iter(())


def _providers(days: Days, client: SendGrid) -> Iterator[Measurement]:
    return _measure("provider", segments.provider_statistics(client, days), days)


def _measure(kind: str, named: Mapping[str, Statistics], days: Days) -> Iterator[Measurement]:
    for name, rows in named.items():
        yield from segments.measure_segment(kind, name, rows, days)


def _lists(settings: SendGridConfig, job: Job, days: Days, found: Found) -> Iterator[Question]:
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


def _add_evidence(job: Job, found: Found) -> None:
    """What the lists say of the account's rates, always in the same order."""
    for name, (metric, code) in recipients.EVIDENCE_OF.items():
        if name in found.tallies:
            job.add_evidence(metric, ACCOUNT, *found.tallies[name].phrases(code))
    if found.classified is not None:
        job.add_evidence("sendgrid.bounce_rate", ACCOUNT, found.classified)


Fetch = Callable[[SendGrid, tuple[str, ...], Days], Mapping[str, Statistics]]


def _segments(
    settings: SendGridConfig, session: Session, days: Days, found: Found
) -> Iterator[Question]:
    """The statistics of subusers and categories, ten to a call; of the EU's, one to a call."""
    names = [one.name for one in found.subusers if not one.eu]
    yield from _batches("subuser", names, days, segments.subuser_statistics)
    yield from _batches("category", found.categories, days, segments.category_statistics)
    keys = {one.name: one.api_key for one in settings.eu_subusers}
    for one in found.subusers:
        if not one.eu:
            continue
        if one.name not in keys:
            session.job.take(segments.eu_without_key(one.name))
            continue
        subject = Subject.of(subuser=one.name)
        ask = partial(_ask_eu, settings.eu_base_url, keys[one.name], session, one.name, days)
        yield Question(segments.RATES_OF["subuser"], ask, subjects=(subject,))


def _batches(kind: str, names: Iterable[str], days: Days, fetch: Fetch) -> Iterator[Question]:
    """A refusal holds for every name: after the first, nothing more is asked."""
    refused: list[ExchangeError] = []

    def measure(batch: tuple[str, ...], client: SendGrid) -> Iterable[Measurement]:
        if refused:
            raise refused[0]
        try:
            return _measure(kind, fetch(client, batch, days), days)
        except ExchangeError as error:
            if error.cause is Cause.NOT_ALLOWED:
                refused.append(error)
            raise

    for batch in segments.in_tens(names):
        subjects = tuple(Subject.of(**{kind: name}) for name in batch)
        yield Question(segments.RATES_OF[kind], partial(measure, batch), subjects=subjects)


def _ask_eu(
    host: str, key: SecretRef, session: Session, name: str, days: Days, client: SendGrid
) -> Iterable[Measurement]:
    """A subuser of the EU region: with its own key, on the EU's own host, by its own client."""
    try:
        own = SendGrid(key.line(), host, session)
        return tuple(_measure("subuser", {name: own.statistics(days.first, days.newest)}, days))
    except SecretError as error:
        what = say("sendgrid.no_key", what=error.why)
        raise ExchangeError(Cause.NOT_ALLOWED, what) from None
    except ExchangeError as error:  # the host of the others may well answer
        raise ExchangeError(error.cause, error.what) from None
