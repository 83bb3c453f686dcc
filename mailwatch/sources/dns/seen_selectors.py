"""The keys of selectors that nobody configured, but that other sources of the run have seen.

What is in use is looked up as soon as it is heard of, and judged like what is configured. What was
only seen is looked up when nobody can tell more of it; then a key that is gone is no error.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from mailwatch.config import Domain
from mailwatch.model import Measurement, Phrase, Subject, say
from mailwatch.resolver.lookup import Lookup
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.beyond import identity_of
from mailwatch.sources.dns.dkim import measure_dkim, measure_no_selector
from mailwatch.sources.dns.dmarc_reach import SendingIdentity, measure_alignment
from mailwatch.sources.dns.existence import is_missing
from mailwatch.sources.dns.measured import Taken
from mailwatch.sources.job import Job
from mailwatch.sources.sightings import Seen, SenderSeen, Sighting

MOST_KEYS = 20
"""Keys of one domain that are looked up beside those of its configured selectors."""
_MARGIN = 2.0
"""Seconds before the end of the run in which what was only seen is looked up."""
_GONE = ("missing", "revoked")
_Key = tuple[str, str]
"""The signing domain, and the selector."""


async def measure_seen(domains: Sequence[Domain], lookups: Mapping[str, Lookup], job: Job) -> None:
    """Hands over the keys that other sources tell of, and of each domain that no selector is known
    of that no key was looked for."""
    seen = _Seen(domains, lookups, job)
    async with asyncio.TaskGroup() as group:
        async for sighting in _arriving(job):
            if isinstance(sighting, SenderSeen):
                group.create_task(seen.align(sighting))
            elif sighting.in_use:
                group.create_task(seen.look_up(sighting))
            else:
                seen.keep(sighting)
    await seen.finish()


async def _arriving(job: Job) -> AsyncIterator[Seen]:
    """Each sighting as it comes, until there are no more or the time is nearly up."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[Seen | None] = asyncio.Queue()

    def hear(sighting: Seen | None) -> None:
        with suppress(RuntimeError):  # the loop has ended, and nobody listens any more
            loop.call_soon_threadsafe(arrived.put_nowait, sighting)

    margin = min(_MARGIN, job.remaining() / 4)
    job.sightings.listen(hear)
    while True:
        try:
            async with asyncio.timeout(max(0.0, job.remaining() - margin)):
                sighting = await arrived.get()
        except TimeoutError:
            return
        if sighting is None:
            return
        yield sighting


class _Seen:
    """What was looked up so far, and what is still to be."""

    def __init__(self, domains: Sequence[Domain], lookups: Mapping[str, Lookup], job: Job) -> None:
        self._lookups = lookups
        self._job = job
        self._unsent = {d.name for d in domains if identity_of(d) == SendingIdentity()}
        self._known = {(d.name, selector) for d in domains for selector in d.dkim_selectors}
        self._unnamed = [domain.name for domain in domains if not domain.dkim_selectors]
        self._left = dict.fromkeys(lookups, MOST_KEYS)
        self._kept: list[Sighting] = []

    def keep(self, sighting: Sighting) -> None:
        """Looks `sighting` up at the end."""
        self._kept.append(sighting)

    async def look_up(self, sighting: Sighting) -> None:
        """Hands over the key of `sighting`, unless that is done, or too many are asked for."""
        key, domain = (sighting.signer, sighting.selector), sighting.domain
        lookup = self._lookups.get(domain)
        if key in self._known or lookup is None or not self._left[domain]:
            return
        self._known.add(key)
        self._left[domain] -= 1
        if is_missing(await lookup.get(domain, "TXT")):
            return
        subject = Subject.of(domain=sighting.signer, selector=sighting.selector)
        if sighting.in_use:
            self._job.expect(metrics.DKIM_KEY, subject)
        taken = await measure_dkim(sighting.signer, sighting.selector, lookup)
        items = [_with_origin(item, sighting) for item in taken]
        if domain in self._unnamed and any(map(_tells, items)):
            self._unnamed.remove(domain)
            self._job.withdraw(metrics.DKIM_KEY, Subject.of(domain=domain))
        for item in items:
            self._job.take(item)

    async def align(self, sender: SenderSeen) -> None:
        """Hands over whether what SendGrid sends with is aligned, where the configuration does not
        say what the mail is sent with."""
        lookup = self._lookups.get(sender.domain)
        if lookup is None or sender.domain not in self._unsent:
            return
        self._unsent.remove(sender.domain)
        if is_missing(await lookup.get(sender.domain, "TXT")):
            return
        identity = SendingIdentity(sender.return_path, sender.signer)
        for item in await measure_alignment(sender.domain, identity, lookup):
            self._job.take(_said_by(sender.origin, item))

    async def finish(self) -> None:
        """Hands over what was kept, and says of which domains no key is known."""
        await asyncio.gather(*map(self.look_up, self._kept))
        for domain in self._unnamed:
            lookup = self._lookups[domain]
            if not is_missing(await lookup.get(domain, "TXT")):
                for item in await measure_no_selector(domain, lookup):
                    self._job.take(item)


def _with_origin(item: Taken, sighting: Sighting) -> Taken:
    """`item` with where its selector was seen; not to be judged where a key may be gone."""
    if not isinstance(item, Measurement) or item.metric != metrics.DKIM_KEY:
        return item
    note: Phrase | None = item.note
    if item.value in _GONE and not sighting.in_use:
        note = say("dns.dkim_only_seen")
    return replace(item, evidence=(sighting.origin, *item.evidence), note=note)


def _said_by(origin: Phrase, item: Taken) -> Taken:
    if not isinstance(item, Measurement):
        return item
    return replace(item, evidence=(origin, *item.evidence))


def _tells(item: Taken) -> bool:
    """True for a key that is judged, or could not be asked for."""
    return isinstance(item, Measurement) and (item.value is None or item.note is None)
