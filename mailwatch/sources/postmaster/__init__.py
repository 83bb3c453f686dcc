"""Gmail Postmaster Tools, API v2: statistics of the last days and the compliance status.

    credentials   a token file made into Google's credentials
    client        google-api-python-client over our own bounded HTTP
    refusals      what Google's refusals mean
    query         which rates are asked for, and the rows that come back
    details       counts and feedback loops, the same
    batches       many domains in one call
    statistics    series → figures
    early_signs   two signs that come before a reputation is lost
    feedback_loops  the spam rate of each identifier
    compliance    Google's verdict on each sender requirement → figures
    legacy        what API v1 says of reputation, where it is still answered
    reputation    the level that the API does not publish any more, from what it does
    questions     what is asked for one domain or a batch
    collection    every domain, several at a time
    doctor        for `mailwatch doctor`
    consent       for `mailwatch login google`: what is asked, and the code made into a token
    redirect      where the browser comes back to

Days are UTC and come one to three days late; a day without data has no row, and is not 0.
"""

from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from mailwatch.sources.about import About

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from mailwatch.config import Config
    from mailwatch.model import Phrase, Subject
    from mailwatch.sources.diagnosis import Diagnosis
    from mailwatch.sources.job import Job

ABOUT = About("Gmail Postmaster Tools: spam rate, pass rates, compliance.", domains=True)


def assume(config: "Config", environment: "Mapping[str, str]") -> "Config":
    """Without a section, with the credentials that GOOGLE_APPLICATION_CREDENTIALS names."""
    from mailwatch.config import PostmasterConfig, google_default

    account = config.postmaster or PostmasterConfig(google_default(environment))
    return replace(config, postmaster=account)


def validate(config: "Config") -> None:
    """Nothing can be wrong before the credentials are read."""


def skipped(config: "Config", as_of: "date | None") -> "Phrase | None":
    """Skipped where it is not configured."""
    from mailwatch.model import say

    return say("run.not_configured") if config.postmaster is None else None


def expected(config: "Config") -> "Iterable[tuple[str, Subject]]":
    """Every metric that each domain has."""
    from mailwatch.model import Subject
    from mailwatch.sources.postmaster import metrics

    for domain in config.domains:
        for metric in metrics.EXPECTED:
            yield metric, Subject.of(domain=domain.name)


def newest_day(config: "Config", now: "datetime") -> "date | None":
    """The last day that is over in UTC."""
    return now.astimezone(UTC).date() - timedelta(days=1)


def collect(config: "Config", job: "Job") -> None:
    """Asks for every domain's statistics and compliance status, and measures them."""
    from mailwatch.sources.postmaster.collection import collect_domains

    collect_domains(config, job)


def diagnose(config: "Config", job: "Job") -> "Iterable[Diagnosis]":
    """Tries the credentials, and whether each domain is shared."""
    from mailwatch.sources.postmaster.doctor import examine

    return examine(config, job)
