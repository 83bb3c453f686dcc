"""The DNS records that SendGrid expects for the monitored domains, without the other settings."""

from collections.abc import Iterable, Iterator
from typing import Any

from mailwatch.config import Config, SendGridConfig
from mailwatch.errors import SecretError
from mailwatch.model import Cause, Phrase, say
from mailwatch.sources.http import ExchangeError, Session
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid.audit.audited import read_endpoint
from mailwatch.sources.sendgrid.audit.authentication import SenderDomains, SenderRecords
from mailwatch.sources.sendgrid.audit.endpoints import DOMAINS, LINKS, REVERSE, SettingEndpoint
from mailwatch.sources.sendgrid.audit.replies import DnsExpectation, ReverseName
from mailwatch.sources.sendgrid.audit.settings_client import SettingsClient
from mailwatch.sources.workers import ask_all


def read_sender_records(config: Config, job: Job) -> SenderRecords:
    """The records of domain authentication, link branding and reverse DNS for each domain of
    `config`, each once."""
    settings = config.sendgrid or SendGridConfig()
    try:
        key = settings.api_key.line()
    except SecretError as error:
        return SenderRecords((), say("sendgrid.no_key", what=error.why))
    found: dict[SettingEndpoint, Any] = {}
    errors: dict[SettingEndpoint, ExchangeError] = {}

    def take(endpoint: SettingEndpoint, reply: Any) -> None:
        (errors if isinstance(reply, ExchangeError) else found)[endpoint] = reply

    with Session(job) as session:
        asked = (DOMAINS, LINKS, REVERSE)
        ask_all(
            job,
            asked,
            lambda: SettingsClient(key, settings.base_url, session),
            read_endpoint,
            take,
            workers=len(asked),
        )
    domains, links = SenderDomains(found.get(DOMAINS, ())), SenderDomains(found.get(LINKS, ()))
    reverse = found.get(REVERSE, ())
    names = [domain.name for domain in config.domains]
    records = tuple(dict.fromkeys(_records(names, domains, links, reverse)))
    return SenderRecords(records, _why_not_all(errors))


def _records(
    names: Iterable[str],
    domains: SenderDomains,
    links: SenderDomains,
    reverse: Iterable[ReverseName],
) -> Iterator[DnsExpectation]:
    for name in names:
        yield from domains.records(name)
        yield from links.records(name)
        for row in reverse:
            if row.record is not None and f".{row.record.name}".endswith(f".{name}"):
                yield row.record


def _why_not_all(errors: dict[SettingEndpoint, ExchangeError]) -> Phrase | None:
    """Of the three, domain authentication alone is on every plan: the others may be refused."""
    for endpoint, error in errors.items():
        if endpoint == DOMAINS or error.unreachable or error.cause is not Cause.NOT_ALLOWED:
            return error.what
    return None
