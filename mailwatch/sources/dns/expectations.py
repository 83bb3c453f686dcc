"""What a domain has a finding for in every run, whatever its records say."""

from collections.abc import Iterator

from mailwatch.config import Domain
from mailwatch.model import Subject
from mailwatch.sources.dns import metrics


def expected_of(domain: Domain) -> Iterator[tuple[str, Subject]]:
    """Each metric and subject of `domain` that is measured, or `unknown`, where it exists."""
    subject = Subject.of(domain=domain.name)
    for metric in (*metrics.ALWAYS, *metrics.OPTIONAL):
        yield metric, subject
    if not domain.dkim_selectors:
        yield metrics.DKIM_KEY, subject
    for selector in domain.dkim_selectors:
        yield metrics.DKIM_KEY, Subject.of(domain=domain.name, selector=selector)
    for ip in domain.sending_ips:
        for metric in metrics.OF_SENDING_IPS:
            yield metric, Subject.of(domain=domain.name, ip=ip)
