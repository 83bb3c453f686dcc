"""The whole audit: what the key may see is asked, measured, and compared with DNS.

What the key's scopes do not cover is not asked, and one note names it: a key for statistics alone
is a good key. What a scope covers and SendGrid refuses all the same is `unknown`, without making
the source partial: the account's plan does not have it. What was not answered makes it partial.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from mailwatch.config import Config, SendGridConfig
from mailwatch.model import ACCOUNT, Cause, Fault, Measurement, Phrase, Subject, say
from mailwatch.resolver.lookup import CachedLookup
from mailwatch.resolver.servers import find_servers
from mailwatch.resolver.transport import Transport
from mailwatch.sources.http import ExchangeError, Session
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid.audit import endpoints, replies, single_settings
from mailwatch.sources.sendgrid.audit.allow_list import measure_allow_list
from mailwatch.sources.sendgrid.audit.authentication import (
    SenderDomains,
    measure_validity,
    tell_senders,
)
from mailwatch.sources.sendgrid.audit.dedicated_ips import measure_ips, measure_reverse_dns
from mailwatch.sources.sendgrid.audit.endpoints import (
    ENDPOINTS,
    KEY_SCOPES,
    PER_DOMAIN,
    SEPARATION,
    SettingEndpoint,
)
from mailwatch.sources.sendgrid.audit.event_webhook import measure_webhooks
from mailwatch.sources.sendgrid.audit.expected_dns import measure_records
from mailwatch.sources.sendgrid.audit.key_scopes import measure_key_scopes
from mailwatch.sources.sendgrid.audit.replies import ListedIp, SenderDomain
from mailwatch.sources.sendgrid.audit.separation import measure_separation
from mailwatch.sources.sendgrid.audit.settings_client import SettingsClient
from mailwatch.sources.workers import ask_all

MOST_VALIDATED = 100
"""Domains that one run has SendGrid validate."""

_READERS: Mapping[SettingEndpoint, Callable[[Any], Any]] = {
    endpoints.ACCESS: replies.read_access,
    endpoints.PURGE: replies.read_purge,
    endpoints.ALLOWED: replies.read_allow_list,
    endpoints.WEBHOOKS: replies.read_webhooks,
    endpoints.SPAM: replies.read_forward_spam,
    endpoints.TLS: replies.read_tls,
    endpoints.DOMAINS: replies.listed(replies.read_sender_domain),
    endpoints.LINKS: replies.listed(replies.read_sender_domain),
    endpoints.IPS: replies.listed(replies.read_ip),
    endpoints.REVERSE: replies.listed(replies.read_reverse),
    endpoints.SUBUSERS: replies.listed(replies.read_subuser),
    endpoints.CATEGORIES: replies.listed(replies.read_category),
}


def read_endpoint(client: SettingsClient, endpoint: SettingEndpoint) -> Any:
    """The answer of `endpoint`, all pages of it as one tuple. Raises ExchangeError.

    A page that is shorter than asked for is the last; more than `endpoint.pages` are not asked for.
    """
    read = _READERS[endpoint]
    if endpoint.page is None:
        return client.fetch(endpoint.path, endpoint.scope, read)
    rows: list[Any] = []
    for number in range(endpoint.pages):
        query = {"limit": str(endpoint.page)}
        if endpoint.offsets:
            query["offset"] = str(number * endpoint.page)
        page = client.fetch(endpoint.path, endpoint.scope, read, query)
        rows += page
        if len(page) < endpoint.page:
            break
    return tuple(rows)


def audit_settings(config: Config, job: Job, key: str, session: Session) -> None:
    """Hands over the figures of the account's settings, and those of each configured domain.

    Nothing where the audit is switched off, for a past day (settings are of this moment), and where
    the account could not be asked for anything: one fault of the whole source says so already.
    """
    settings = config.sendgrid or SendGridConfig()
    lost = any(not fault.metrics and not fault.subject.pairs for fault in job.so_far()[1])
    if lost or not (settings.audit or settings.revalidate):
        return
    if job.as_of is not None:
        add_note(job, say("sendgrid.settings_no_past"))
        return
    _ask_scopes(config, job, lambda: SettingsClient(key, settings.base_url, session))


def _ask_scopes(config: Config, job: Job, make_client: Callable[[], SettingsClient]) -> None:
    """What the key may do, and then everything that it may see."""
    job.expect(KEY_SCOPES, ACCOUNT)
    try:
        scopes = make_client().scopes()
    except ExchangeError as error:
        job.take(Fault(error.cause, error.what, metrics=(KEY_SCOPES,)))
        if not error.unreachable:
            _Audit(config, job, None).work(make_client)
        return
    # The same key may be there to mail the notices.
    mails = config.notify is not None and config.notify.via == "sendgrid"
    job.take(measure_key_scopes(scopes, ("mail.send",) if mails else ()))
    _Audit(config, job, frozenset(scopes)).work(make_client)


class _Audit:
    """One audit with what was answered so far."""

    def __init__(self, config: Config, job: Job, granted: frozenset[str] | None) -> None:
        self._job = job
        self._domains = tuple(domain.name for domain in config.domains)
        self._servers = config.dns.nameservers
        self._revalidate = config.sendgrid is not None and config.sendgrid.revalidate
        self._granted = granted
        """The key's scopes; None where SendGrid did not say."""
        self._found: dict[SettingEndpoint, Any] = {}
        self._lacking: list[SettingEndpoint] = []

    def work(self, make_client: Callable[[], SettingsClient]) -> None:
        asked = tuple(filter(self._may_ask, ENDPOINTS))
        for endpoint in asked:
            for metric, subject in self._figures(endpoint):
                self._job.expect(metric, subject)
        ask_all(self._job, asked, make_client, self._read, self._take)
        self._measure_addresses()
        self._measure_allow_list()
        self._measure_separation()
        self._compare_with_dns()
        if self._lacking:
            names = dict.fromkeys(endpoint.scope for endpoint in self._lacking)
            note = say("sendgrid.settings_not_asked", names=", ".join(names))
            add_note(self._job, note)

    def _read(self, client: SettingsClient, endpoint: SettingEndpoint) -> Any:
        found = read_endpoint(client, endpoint)
        if endpoint != endpoints.DOMAINS or not self._revalidate:
            return found
        rows = SenderDomains(found)
        chosen = [row for name in self._domains for row in rows.in_force(name)]
        try:
            for number in list(dict.fromkeys(row.id for row in chosen))[:MOST_VALIDATED]:
                client.validate_domain(number)
        except ExchangeError as error:  # what SendGrid found at its last validation still counts
            what = say("sendgrid.not_revalidated", why=error.what)
            self._job.take(Fault(error.cause, what, metrics=endpoint.metrics))
            return found
        return read_endpoint(client, endpoint)

    def _may_ask(self, endpoint: SettingEndpoint) -> bool:
        if endpoint == endpoints.LINKS and not self._domains:
            return False
        if self._granted is None or endpoint.scope in self._granted:
            return True
        self._lacking.append(endpoint)
        return False

    def _figures(self, endpoint: SettingEndpoint) -> Iterator[tuple[str, Subject]]:
        for metric in endpoint.metrics:
            if metric in PER_DOMAIN:
                yield from ((metric, Subject.of(domain=name)) for name in self._domains)
            else:
                yield metric, ACCOUNT

    def _take(self, endpoint: SettingEndpoint, reply: Any) -> None:
        if not isinstance(reply, ExchangeError):
            self._found[endpoint] = reply
            if endpoint == endpoints.DOMAINS:
                tell_senders(self._domains, SenderDomains(reply), self._job.sightings)
            for measurement in self._measure_alone(endpoint, reply):
                self._job.take(measurement)
        elif reply.cause is not Cause.NOT_ALLOWED or reply.unreachable:
            self._job.take(Fault(reply.cause, reply.what, metrics=endpoint.metrics))
        elif self._granted is None:
            self._lacking.append(endpoint)
            self._withdraw(endpoint)
        elif SEPARATION in endpoint.metrics:  # both answers are needed to tell
            self._withdraw(endpoint)
        else:
            why = reply.what
            if why.code == "sendgrid.scope":  # which the key has
                why = say("sendgrid.not_on_plan", scope=endpoint.scope)
            for metric, subject in self._figures(endpoint):
                self._job.take(Measurement(metric, subject, cause=reply.cause, note=why))

    def _measure_alone(self, endpoint: SettingEndpoint, found: Any) -> Iterable[Measurement]:
        """The figures that this answer gives by itself."""
        measure: Mapping[SettingEndpoint, Callable[[Any], Iterable[Measurement]]] = {
            endpoints.ACCESS: single_settings.measure_access,
            endpoints.PURGE: single_settings.measure_purge,
            endpoints.SPAM: single_settings.measure_forward_spam,
            endpoints.TLS: single_settings.measure_tls,
            endpoints.WEBHOOKS: measure_webhooks,
            endpoints.IPS: partial(measure_ips, now=self._job.now),
            endpoints.DOMAINS: partial(self._measure_validity, endpoints.DOMAINS),
            endpoints.LINKS: partial(self._measure_validity, endpoints.LINKS),
        }
        if endpoint == endpoints.PURGE and found.enabled and found.hard_days:
            self._withdraw(endpoint)  # the number of days is a figure of its own
        return measure[endpoint](found) if endpoint in measure else ()

    def _measure_validity(
        self, endpoint: SettingEndpoint, rows: tuple[SenderDomain, ...]
    ) -> Iterator[Measurement]:
        found = SenderDomains(rows)
        for name in self._domains:
            for metric in endpoint.metrics:
                yield measure_validity(metric, name, found, complete=not endpoint.is_cut(rows))

    def _measure_addresses(self) -> None:
        """The reverse DNS of the dedicated addresses, once both answers are in."""
        ips: tuple[ListedIp, ...] | None = self._found.get(endpoints.IPS)
        reverse = self._found.get(endpoints.REVERSE)
        if ips is None or reverse is None:
            if ips is None or not ips:  # there may be none that needs it
                self._withdraw(endpoints.REVERSE)
            return
        valid = {row.address: row.valid for row in reverse}
        if endpoints.REVERSE.is_cut(reverse):  # the others cannot be said to have none
            ips = tuple(ip for ip in ips if ip.address in valid)
        measured = list(measure_reverse_dns(ips, valid))
        if not measured:
            self._withdraw(endpoints.REVERSE)
        for measurement in measured:
            self._job.take(measurement)

    def _measure_allow_list(self) -> None:
        allow_list = self._found.get(endpoints.ALLOWED)
        if allow_list is None:
            return
        rows: tuple[SenderDomain, ...] | None = self._found.get(endpoints.DOMAINS)
        own = (*self._domains, *(row.domain for row in rows or ()))
        complete = rows is not None and not endpoints.DOMAINS.is_cut(rows)
        self._job.take(measure_allow_list(allow_list, own, complete=complete))

    def _measure_separation(self) -> None:
        subusers = self._found.get(endpoints.SUBUSERS)
        categories = self._found.get(endpoints.CATEGORIES)
        if subusers is None or categories is None:
            if endpoints.SUBUSERS in self._lacking or endpoints.CATEGORIES in self._lacking:
                self._withdraw(endpoints.SUBUSERS)
            return
        measurement = measure_separation(categories, len(subusers))
        if measurement is None:
            self._withdraw(endpoints.SUBUSERS)
        else:
            self._job.take(measurement)

    def _withdraw(self, endpoint: SettingEndpoint) -> None:
        for metric, subject in self._figures(endpoint):
            self._job.withdraw(metric, subject)

    def _compare_with_dns(self) -> None:
        """Asks DNS for every record that SendGrid expects of a monitored domain."""
        rows = self._found.get(endpoints.DOMAINS)
        if rows is None:
            return
        domains = SenderDomains(rows)
        links = SenderDomains(self._found.get(endpoints.LINKS, ()))
        wanted = {}
        for name in self._domains:
            records = tuple(dict.fromkeys((*domains.records(name), *links.records(name))))
            if records:
                wanted[name] = records
                self._job.expect(endpoints.RECORDS, Subject.of(domain=name))
        if wanted:
            asyncio.run(self._ask_dns(wanted))

    async def _ask_dns(self, wanted: Mapping[str, tuple[replies.DnsExpectation, ...]]) -> None:
        # A job of its own, so that `calls` counts what SendGrid was asked.
        job = self._job
        asking = Job(job.now, None, job.deadline, job.clock, job.log)
        lookup = CachedLookup(Transport(find_servers(self._servers), asking).ask)
        comparing = [measure_records(name, records, lookup) for name, records in wanted.items()]
        for comparison in asyncio.as_completed(comparing):
            measured = await comparison
            if measured.value is None and measured.cause and measured.note:
                metrics = (endpoints.RECORDS,)
                job.take(Fault(measured.cause, measured.note, measured.subject, metrics))
            else:
                job.take(measured)
        job.count("dns_questions", asking.counts["calls"])


def add_note(job: Job, note: Phrase) -> None:
    """Adds a note to those of the source, behind what it says already."""
    job.note = note if job.note is None else say("sendgrid.notes", first=job.note, second=note)
