"""Whether another organization accepts the aggregate reports about a domain (RFC 9990 §4).

A receiver that honours the standard leaves out every address that has not been confirmed, in
silence: nobody learns that the reports go nowhere.
"""

from urllib.parse import urlsplit

from mailwatch.frozen import dataclass
from mailwatch.mailauth.dmarc.alignment import find_organization
from mailwatch.mailauth.dmarc.record import DmarcRecord, select_records
from mailwatch.model import Phrase
from mailwatch.resolver.lookup import Lookup

MOST_HOSTS = 5
"""Hosts that are asked about: each may cost nine questions."""


@dataclass(frozen=True, slots=True)
class ReportHost:
    """A host that reports are sent to, of another organization than the domain's."""

    host: str
    name: str
    """Where it has to accept them."""
    accepted: bool | None
    """None where that could not be asked for."""
    failure: Phrase | None = None


def report_hosts(record: DmarcRecord) -> tuple[str, ...]:
    """The hosts of the addresses in `rua`, each once, in their order."""
    hosts = dict.fromkeys(filter(None, map(_host_of, record.addresses)))
    return tuple(hosts)


def authorization_name(policy_domain: str, host: str) -> str:
    """Where `host` has to have a DMARC record to accept reports about `policy_domain`."""
    return f"{policy_domain}._report._dmarc.{host}"


async def find_report_hosts(
    policy_domain: str, record: DmarcRecord, lookup: Lookup
) -> list[ReportHost]:
    """Those of other organizations, and whether each accepts reports about `policy_domain`."""
    found = []
    for host in report_hosts(record)[:MOST_HOSTS]:
        if host == policy_domain:
            continue
        name = authorization_name(policy_domain, host)
        ours = await find_organization(policy_domain, lookup)
        theirs = await find_organization(host, lookup)
        if isinstance(ours, str) and ours == theirs:
            continue
        # Whether it is another organization is not known: one that accepts is fine either way.
        answer = await lookup.get(name, "TXT")
        unknown = next((one for one in (ours, theirs) if isinstance(one, Phrase)), None)
        if answer.failure is None and select_records(answer.values):
            found.append(ReportHost(host, name, True))
        elif answer.failure is not None or unknown is not None:
            found.append(ReportHost(host, name, None, answer.failure or unknown))
        else:
            found.append(ReportHost(host, name, False))
    return found


def _host_of(address: str) -> str | None:
    """The domain of a mailto: address, or the host of an https: one."""
    scheme, _, rest = address.partition(":")
    if scheme.lower() == "mailto":
        return rest.partition("?")[0].rpartition("@")[2].lower().rstrip(".") or None
    try:
        return (urlsplit(address).hostname or "").rstrip(".") or None
    except ValueError:
        return None
