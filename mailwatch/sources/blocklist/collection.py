"""Each list tested, then asked about the user's own addresses and domains, and nothing else."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailwatch.config import Config
from mailwatch.model import Cause, Fault, Measurement, Phrase, Subject, say, verbatim
from mailwatch.resolver.lookup import CachedLookup, Lookup
from mailwatch.resolver.servers import find_servers
from mailwatch.resolver.transport import TRIES, Transport
from mailwatch.sources.blocklist.listing import (
    Listing,
    NoVerdict,
    find_refusal,
    kind_of,
    question,
    read_listing,
)
from mailwatch.sources.blocklist.lists import LISTS, Blocklist, Kind
from mailwatch.sources.job import Job

METRIC = "blocklist.listing"

# RFC 5782 §5: what every list has to have, and must not have.
_LISTED: dict[Kind, str] = {"ipv4": "127.0.0.2", "ipv6": "::ffff:7f00:2", "domain": "test"}
_UNLISTED: dict[Kind, str] = {"ipv4": "127.0.0.1", "ipv6": "::ffff:7f00:1", "domain": "invalid"}


@dataclass(frozen=True, slots=True)
class ListedName:
    """Something of the user's that may be on a list."""

    name: str
    """An address or a domain."""
    blocklist: Blocklist

    @property
    def kind(self) -> Kind:
        """What it is."""
        return kind_of(self.name)

    @property
    def subject(self) -> Subject:
        """The address or the domain, and the list."""
        key = "domain" if self.kind == "domain" else "ip"
        return Subject.of(**{key: self.name, "blocklist": self.blocklist.zone})


def lists_of(config: Config) -> tuple[Blocklist, ...]:
    """The lists to ask: none unless they are configured."""
    if config.blocklist is None:
        return ()
    return tuple(LISTS[zone] for zone in config.blocklist.zones or LISTS)


def entries_of(config: Config) -> Iterator[ListedName]:
    """Each domain and dedicated address once, with each list that takes such."""
    names = dict.fromkeys(
        name for domain in config.domains for name in (domain.name, *domain.sending_ips)
    )
    for name in names:
        for blocklist in lists_of(config):
            if kind_of(name) in blocklist.kinds:
                yield ListedName(name, blocklist)


async def measure_listings(config: Config, job: Job, tries: Sequence[float] = TRIES) -> None:
    """Hands over what each list says, as soon as it is known."""
    transport = Transport(find_servers(config.dns.nameservers), job, tries)
    lookup = CachedLookup(transport.ask)  # each test is asked once, whoever waits for it
    async with asyncio.TaskGroup() as group:
        for entry in entries_of(config):
            group.create_task(_measure(entry, lookup, job))


async def _measure(entry: ListedName, lookup: Lookup, job: Job) -> None:
    why = await find_fault(entry.blocklist, entry.kind, lookup)
    if why is None:
        answer = await lookup.get(question(entry.name, entry.blocklist.zone), "A")
        if answer.failure is not None:
            why = NoVerdict(answer.failure, refused=False)
        elif answer.absent:
            job.take(Measurement(METRIC, entry.subject, value="not_listed"))
            return
        else:
            found = read_listing(entry.blocklist, answer.values)
            if isinstance(found, Listing):
                job.take(_listed(entry, found))
                return
            why = found
    cause = Cause.NOT_ALLOWED if why.refused else Cause.COULD_NOT_ASK
    job.take(Measurement(METRIC, entry.subject, cause=cause, note=why.why))
    job.take(Fault(cause, why.why, entry.subject, (METRIC,)))


def _listed(entry: ListedName, found: Listing) -> Measurement:
    delist = say("blocklist.delist", url=entry.blocklist.delist)
    evidence = (*found.meanings, verbatim(question(entry.name, entry.blocklist.zone)), delist)
    return Measurement(METRIC, entry.subject, value="listed", evidence=evidence)


async def find_fault(blocklist: Blocklist, kind: Kind, lookup: Lookup) -> NoVerdict | None:
    """Why the list cannot be believed: it does not pass RFC 5782's own test. None where it does."""
    listed, unlisted = await asyncio.gather(
        lookup.get(question(_LISTED[kind], blocklist.zone), "A"),
        lookup.get(question(_UNLISTED[kind], blocklist.zone), "A"),
    )
    for answer in (listed, unlisted):
        if answer.failure is not None:
            return NoVerdict(answer.failure, refused=False)
        for value in answer.values:
            refusal = find_refusal(blocklist, value)
            if refusal is not None:
                return refusal
    if listed.absent:
        return NoVerdict(_failed("blocklist.test_not_listed", blocklist, kind), refused=False)
    if not unlisted.absent:
        return NoVerdict(_failed("blocklist.test_listed", blocklist, kind), refused=False)
    return None


def _failed(code: str, blocklist: Blocklist, kind: Kind) -> Phrase:
    tests = _LISTED if code == "blocklist.test_not_listed" else _UNLISTED
    return say(code, zone=blocklist.zone, entry=tests[kind].upper())
