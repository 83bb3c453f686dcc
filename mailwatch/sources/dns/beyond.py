"""What is measured of a configured domain beyond SPF, DKIM, DMARC and MX."""

from collections.abc import Coroutine, Iterator
from typing import Any

from mailwatch.config import Domain
from mailwatch.resolver.lookup import Lookup
from mailwatch.sources.dns.bimi import measure_bimi
from mailwatch.sources.dns.dmarc_reach import (
    SendingIdentity,
    measure_alignment,
    measure_report_authorization,
    measure_subdomain_policies,
)
from mailwatch.sources.dns.measured import Taken
from mailwatch.sources.dns.mta_sts import measure_mta_sts
from mailwatch.sources.dns.tls_rpt import measure_tls_rpt
from mailwatch.sources.job import Job


def measure_beyond(
    domain: Domain, lookup: Lookup, job: Job
) -> Iterator[Coroutine[Any, Any, list[Taken]]]:
    """Each part by itself, waiting for nothing but its own answers."""
    yield measure_subdomain_policies(domain.name, lookup)
    yield measure_report_authorization(domain.name, lookup)
    yield measure_alignment(domain.name, identity_of(domain), lookup)
    yield measure_mta_sts(domain.name, lookup, job)
    yield measure_tls_rpt(domain.name, lookup)
    yield measure_bimi(domain.name, lookup)


def identity_of(domain: Domain) -> SendingIdentity:
    """What the configuration says that mail from `domain` is sent with.

    Selectors are looked up below the domain, so that their keys sign with its name. Where nothing
    else is given there is nothing to compare.
    """
    if domain.return_path is None and domain.dkim_domain is None:
        return SendingIdentity()
    signs = domain.dkim_domain or (domain.name if domain.dkim_selectors else None)
    return SendingIdentity(domain.return_path, signs)
