"""The DNS source: SPF, DKIM, DMARC and MX of each domain, as the whole world can look them up.

    lookup ← transport ← message     names asked for: found, no data, no such name, could not ask
    spf_record, dkim_record, dmarc_record, tags     records parsed, pure
    spf_tree, dmarc_walk             what a record leads to, through any `Lookup`
    spf, dkim, dmarc, mx             figures
    collection                        all of it, for every domain at once
    doctor                           whether the name servers answer

dnspython and asyncio are imported when `collect` runs, so that `mailwatch --help` stays quick.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from mailwatch.config import Config
from mailwatch.model import Phrase, Subject, say
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.dns import metrics
from mailwatch.sources.job import Job


def skipped(config: Config, as_of: date | None) -> Phrase | None:
    """Why DNS is not asked: no domain, or a day in the past; None when it is to be asked."""
    if not config.domains:
        return say("dns.skipped_no_domain")
    return say("dns.skipped_no_past") if as_of is not None else None


def expected(config: Config) -> Iterator[tuple[str, Subject]]:
    """Each metric of each domain, and of each of its selectors."""
    for domain in config.domains:
        subject = Subject.of(domain=domain.name)
        yield from _each((*metrics.SPF, *metrics.DMARC, metrics.MX), subject)
        if not domain.dkim_selectors:
            yield metrics.DKIM_KEY, subject
        for selector in domain.dkim_selectors:
            yield from _each(metrics.DKIM, Subject.of(domain=domain.name, selector=selector))


def newest_day(config: Config, now: datetime) -> date | None:
    """None: DNS has no past."""
    return None


def collect(config: Config, job: Job) -> None:
    """Hands the figures of every domain to `job`, each as soon as its answers are in."""
    import asyncio

    from mailwatch.sources.dns.collection import survey

    asyncio.run(survey(config, job))


def diagnose(config: Config, job: Job) -> list[Diagnosis]:
    """Whether each name server answers, and which domains name no selector."""
    import asyncio

    from mailwatch.sources.dns.doctor import examine

    return asyncio.run(examine(config, job))


def _each(names: Iterable[str], subject: Subject) -> Iterator[tuple[str, Subject]]:
    return ((name, subject) for name in names)
