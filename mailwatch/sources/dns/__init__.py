"""The DNS source: SPF, DKIM, DMARC and MX of each domain, as the whole world can look them up.

    existence                 whether the domain is there at all
    spf, dkim, dmarc, mx      figures, from what `mailwatch.mailauth` reads
    beyond                    what a long list of domains may leave out: dmarc_reach (subdomains,
                              reports, alignment), mta_sts with its policy_file, tls_rpt, bimi
    expectations              what every run has a finding for
    collection                all of it, for every domain at once
    doctor                    whether the name servers answer

dnspython and asyncio are imported when `collect` runs, so that `mailwatch --help` stays quick.
"""

from typing import TYPE_CHECKING

from mailwatch.sources.about import About

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from mailwatch.config import Config
    from mailwatch.model import Phrase, Subject
    from mailwatch.sources.diagnosis import Diagnosis
    from mailwatch.sources.job import Job

ABOUT = About(
    "SPF, DKIM, DMARC and MX records; needs no account.",
    domains=True,
    selectors=True,
    resolver=True,
    fix=True,
    lists=True,
)


def assume(config: "Config", environment: "Mapping[str, str]") -> "Config":
    """As it is: DNS needs no account."""
    return config


def validate(config: "Config") -> None:
    """Nothing can be wrong: the name servers were read with the file."""


def skipped(config: "Config", as_of: "date | None") -> "Phrase | None":
    """Why DNS is not asked: no domain, or a day in the past; None when it is to be asked."""
    from mailwatch.model import say

    if not config.domains:
        return say("dns.skipped_no_domain")
    return say("dns.skipped_no_past") if as_of is not None else None


def expected(config: "Config") -> "Iterator[tuple[str, Subject]]":
    """What every domain and each of its selectors has a finding for.

    Figures of a record, such as its look-ups or the size of a key, are not in it: there are none
    where the record is missing, and its own finding says so.
    """
    from mailwatch.sources.dns.expectations import expected_of

    for domain in config.domains:
        yield from expected_of(domain)


def newest_day(config: "Config", now: "datetime") -> "date | None":
    """None: DNS has no past."""
    return None


def collect(config: "Config", job: "Job") -> None:
    """Hands the figures of every domain to `job`, each as soon as its answers are in."""
    import asyncio

    from mailwatch.sources.dns.collection import measure_domains

    asyncio.run(measure_domains(config, job))


def diagnose(config: "Config", job: "Job") -> "list[Diagnosis]":
    """Whether each name server answers, and which domains name no selector."""
    import asyncio

    from mailwatch.sources.dns.doctor import examine

    return asyncio.run(examine(config, job))
