"""What a run asks of SendGrid: the account, then its segments, then what was left behind."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from functools import partial
from itertools import chain
from zoneinfo import ZoneInfo

from mailwatch.config import SendGridConfig
from mailwatch.config.secret import SecretRef
from mailwatch.errors import SecretError
from mailwatch.model import ACCOUNT, Cause, Fault, Measurement, say
from mailwatch.sources.http import ExchangeError, Session
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid import segments, statistics, warming
from mailwatch.sources.sendgrid.account_health import health_questions, measure_addresses
from mailwatch.sources.sendgrid.audit.audited import add_note
from mailwatch.sources.sendgrid.client import SendGrid
from mailwatch.sources.sendgrid.daily_counts import Days, Statistics
from mailwatch.sources.sendgrid.found import Found
from mailwatch.sources.sendgrid.questions import Question, QuestionRound
from mailwatch.sources.sendgrid.suppressed import ask_in_time, hand_over, list_questions
from mailwatch.sources.sendgrid.volume import CHANGE

MOST_DAYS = 400
"""Days that are asked for to count the steps of a warm-up."""
LAST_ZONE = timezone(timedelta(hours=-12))
HISTORY_DAYS = 31
"""The newest day and the 30 before it, which its volume is compared with."""


def collect_account(
    settings: SendGridConfig, job: Job, audit: Callable[[str, Session], None] | None = None
) -> None:
    """Hands over the account's figures, then those of its segments, then what `audit` finds with
    the same key (it may come from a pipe, and is read once) and the same connections."""
    for metric in warming.METRICS:  # unless one is found to be going on
        job.withdraw(metric, ACCOUNT)
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
        asking = QuestionRound(job, lambda: SendGrid(key, settings.base_url, session))
        asking.ask(_account(settings, job, days, found))
        health = health_questions(settings, job, days, found) if settings.account_health else ()
        asking.ask(chain(_segments(settings, session, days, found), health))
        for measured in measure_addresses(settings, days, found):
            job.take(measured)
        if audit is not None:
            audit(key, session)
        if settings.recipient_domains:
            act_for = partial(SendGrid, key, settings.base_url, session)
            asking.ask(list_questions(settings, days, found, act_for), ask_in_time(job))
            hand_over(settings, job, days, found)


def newest_complete_day(settings: SendGridConfig, job: Job) -> date:
    """The last day that is over in the account's zone, or `as_of`."""
    return job.as_of or last_day_over(settings, job.now)


def last_day_over(settings: SendGridConfig, now: datetime) -> date:
    """The last day that is over in the account's zone; where that is not known, everywhere."""
    zone = ZoneInfo(settings.timezone) if settings.timezone else LAST_ZONE
    return now.astimezone(zone).date() - timedelta(days=1)


def days_asked(settings: SendGridConfig, job: Job) -> Days:
    """The days that a run asks for."""
    newest = newest_complete_day(settings, job)
    history = max(HISTORY_DAYS, settings.window_days)
    if settings.warmup_start is not None:
        history = max(history, min(MOST_DAYS, (newest - settings.warmup_start).days + 1))
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
        yield Question(segments.RATES_OF["subuser"], partial(_list_subusers, settings, job, found))
    if "category" in settings.segments:
        yield Question(segments.RATES_OF["category"], partial(_list_categories, days, found))
    if "provider" in settings.segments:
        yield Question(segments.RATES_OF["provider"], partial(_providers, days, found))


def _statistics(
    days: Days, job: Job, found: Found, client: SendGrid
) -> Iterable[Measurement | Fault]:
    found.statistics = client.statistics(days.first, days.newest)
    figures = tuple(statistics.measure_statistics(found.statistics, days))
    if not any(isinstance(f, Measurement) and f.metric == CHANGE for f in figures):
        job.withdraw(CHANGE, ACCOUNT)
    return figures


def _list_subusers(
    settings: SendGridConfig, job: Job, found: Found, client: SendGrid
) -> Iterator[Measurement]:
    wanted = settings.subusers
    listed, cut = segments.list_subusers(client)
    if wanted == "all":
        found.subusers = listed
        if cut:
            add_note(job, say("sendgrid.subusers_cut", most=segments.MOST_SUBUSERS))
        return
    found.subusers = tuple(one for one in listed if one.shown in wanted)
    missing = sorted(set(wanted) - {one.shown for one in listed})
    if cut:  # they may be further down the list
        found.subusers += tuple(segments.Subuser(name, eu=False) for name in missing)
        return
    for name in missing:
        yield segments.unknown_subuser(name)


def _list_categories(days: Days, found: Found, client: SendGrid) -> Iterator[Measurement]:
    found.categories = segments.top_categories(client, days)
    return iter(())


def _providers(days: Days, found: Found, client: SendGrid) -> Iterator[Measurement]:
    return _measure("provider", segments.provider_statistics(client, days), days, found)


def _measure(
    kind: str, named: Mapping[str, Statistics], days: Days, found: Found
) -> Iterator[Measurement]:
    for name, rows in named.items():
        if kind == "subuser":
            found.sent[name] = warming.sent_by_day(rows)
        yield from segments.measure_segment(kind, name, rows, days)


FETCH: Mapping[str, Callable[[SendGrid, tuple[str, ...], Days], Mapping[str, Statistics]]] = {
    "subuser": segments.subuser_statistics,
    "category": segments.category_statistics,
}


def _segments(
    settings: SendGridConfig, session: Session, days: Days, found: Found
) -> Iterator[Question]:
    """The statistics of subusers and categories, ten to a call; of the EU's, one to a call."""
    names = [one.name for one in found.subusers if not one.eu]
    yield from _batches("subuser", names, session.job, days, found)
    yield from _batches("category", found.categories, session.job, days, found)
    keys = {one.name: one.api_key for one in settings.eu_subusers}
    for one in found.subusers:
        if not one.eu:
            continue
        if one.shown not in keys:
            session.job.take(segments.eu_without_key(one.name))
            continue
        subject = segments.subject_of("subuser", one.name)
        ask = partial(_ask_eu, settings.eu_base_url, keys[one.shown], session)
        yield Question(
            segments.RATES_OF["subuser"],
            lambda client, name=one.shown, ask=ask: _measure(  # type: ignore[misc]  # of this turn
                "subuser", {name: ask(days)}, days, found
            ),
            subjects=(subject,),
        )


def _batches(
    kind: str, names: Iterable[str], job: Job, days: Days, found: Found
) -> Iterator[Question]:
    """A refusal holds for every name, and so does a wait that the run has no time for: after the
    first, nothing more is asked."""
    refused: list[ExchangeError] = []

    def measure(batch: tuple[str, ...], client: SendGrid) -> Iterable[Measurement]:
        if refused:
            raise refused[0]
        try:
            return _measure(kind, FETCH[kind](client, batch, days), days, found)
        except ExchangeError as error:
            if error.cause is Cause.NOT_ALLOWED or (error.wait or 0) > job.remaining():
                refused.append(error)
            raise

    for batch in segments.in_tens(names):
        subjects = tuple(segments.subject_of(kind, name) for name in batch)
        yield Question(segments.RATES_OF[kind], partial(measure, batch), subjects=subjects)


def _ask_eu(host: str, key: SecretRef, session: Session, days: Days) -> Statistics:
    """A subuser of the EU region: with its own key, on the EU's own host, by its own client."""
    try:
        return SendGrid(key.line(), host, session).statistics(days.first, days.newest)
    except SecretError as error:
        what = say("sendgrid.no_key", what=error.why)
        raise ExchangeError(Cause.NOT_ALLOWED, what) from None
    except ExchangeError as error:  # the host of the others may well answer
        raise ExchangeError(error.cause, error.what) from None
