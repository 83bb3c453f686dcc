"""The addresses that mail leaves from: dedicated or shared, their reverse DNS, their warm-up."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from mailwatch.model import ACCOUNT, Measurement, Phrase, say
from mailwatch.sources.sendgrid.audit import endpoints
from mailwatch.sources.sendgrid.audit.replies import ListedIp
from mailwatch.text.inert import inert

MOST_EVIDENCE = 5


def measure_ips(ips: Sequence[ListedIp], now: datetime) -> Iterator[Measurement]:
    """Whether there are `dedicated` addresses or only `shared` ones, how many are in warm-up, and
    how many of these have no warm address beside them that takes what is over their limit."""
    if not ips:
        yield Measurement(endpoints.SENDING_IPS, ACCOUNT, "shared")
        return
    evidence = (say("sendgrid.dedicated_ips", count=len(ips)),)
    yield Measurement(endpoints.SENDING_IPS, ACCOUNT, "dedicated", evidence=evidence)
    warming = [ip for ip in ips if ip.warming]
    described = tuple(_describe(ip, now) for ip in warming[:MOST_EVIDENCE])
    yield Measurement(endpoints.WARMUP_IPS, ACCOUNT, len(warming), evidence=described)
    if warming:
        alone = [ip for ip in warming if not _has_warm_neighbour(ip, ips)]
        names = tuple(_describe(ip, now) for ip in alone[:MOST_EVIDENCE])
        yield Measurement(endpoints.WARMUP_ALONE, ACCOUNT, len(alone), evidence=names)


def measure_reverse_dns(
    ips: Sequence[ListedIp], valid: Mapping[str, bool]
) -> Iterator[Measurement]:
    """How many dedicated addresses have no valid reverse DNS; `valid` has those that were set up.

    Nothing where there is no dedicated address: SendGrid looks after its shared ones.
    """
    lacking = [ip for ip in ips if not valid.get(ip.address, False)]
    evidence = tuple(
        say(
            "sendgrid.reverse_invalid" if ip.address in valid else "sendgrid.reverse_missing",
            ip=inert(ip.address, 50),
        )
        for ip in lacking[:MOST_EVIDENCE]
    )
    if len(lacking) > MOST_EVIDENCE:
        evidence += (say("sendgrid.and_others", count=len(lacking) - MOST_EVIDENCE),)
    if ips:
        yield Measurement(endpoints.REVERSE_DNS, ACCOUNT, len(lacking), evidence=evidence)


def _has_warm_neighbour(ip: ListedIp, ips: Sequence[ListedIp]) -> bool:
    """True when a warm address serves the same pool, or without pools the same subuser."""
    warm = [other for other in ips if not other.warming]
    if ip.pools:
        return any(ip.pools & other.pools for other in warm)
    if ip.subusers:
        return any(ip.subusers & other.subusers for other in warm)
    return bool(warm)


def _describe(ip: ListedIp, now: datetime) -> Phrase:
    """The address, and which day of its warm-up it is, counted from 1."""
    name = inert(ip.address, 50)
    age = None if ip.started is None else now.timestamp() - ip.started
    if ip.started is None or age is None or not 0 <= age < 10**10:
        return say("sendgrid.warming", ip=name)
    began = datetime.fromtimestamp(ip.started, UTC).date()
    return say("sendgrid.warming_since", ip=name, began=began, day=int(age // 86400) + 1)
