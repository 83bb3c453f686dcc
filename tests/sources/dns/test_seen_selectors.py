"""Selectors that other sources of a run tell of, by when they do."""

import asyncio

from mailwatch.config import Domain
from mailwatch.model import Cause, Subject, say
from mailwatch.sources.dns.seen_selectors import MOST_KEYS, measure_seen
from mailwatch.sources.job import Job
from mailwatch.sources.sightings import Sighting, Sightings
from tests.sources.dns.dns_peer import MemoryLookup, Zone, job

ZONE: Zone = {("example.com", "TXT"): ["v=spf1 -all"], ("s1._domainkey.example.com", "TXT"): ["p="]}


def sighting(selector: str, *, in_use: bool = True) -> Sighting:
    return Sighting("example.com", "example.com", selector, say("sendgrid.selector"), in_use)


def seen(telling: Sightings, lookup: MemoryLookup, seconds: float = 30) -> Job:
    """A job in which the sources tell of these."""
    working = job(seconds)
    working.sightings = telling
    domains = [Domain("example.com")]
    asyncio.run(measure_seen(domains, {"example.com": lookup}, working))
    return working


def test_a_source_that_never_ends_does_not_hold_dns_up() -> None:
    # Given a source that tells of nothing, until the time is nearly up
    working = seen(Sightings(("sendgrid",)), MemoryLookup(ZONE), 0.2)
    # Then no selector is known, which is nobody's fault
    assert [(m.subject, m.cause) for m in working.taken] == [
        (Subject.of(domain="example.com"), Cause.NO_DATA)
    ]
    # But what it has told of until then is looked up
    telling = Sightings(("sendgrid",))
    telling.tell([sighting("s1")])
    (measurement,) = seen(telling, MemoryLookup(ZONE), 0.2).taken
    assert measurement.value == "revoked"


def test_what_is_in_use_is_judged_whoever_else_has_only_seen_it() -> None:
    telling = Sightings()
    telling.tell([sighting("s1", in_use=False), sighting("s1")])
    (measurement,) = seen(telling, MemoryLookup(ZONE)).taken
    assert (measurement.value, measurement.note) == ("revoked", None)
    telling = Sightings()
    telling.tell([sighting("s1", in_use=False)])
    shown, unknown = seen(telling, MemoryLookup(ZONE)).taken
    assert (shown.value, shown.note) == ("revoked", say("dns.dkim_only_seen"))
    assert unknown.cause is Cause.NO_DATA  # that it was withdrawn says nothing of the mail now


def test_a_key_that_could_not_be_asked_for_is_unknown() -> None:
    telling = Sightings()
    telling.tell([sighting("s1")])
    working = seen(telling, MemoryLookup(ZONE, ("s1._domainkey.example.com",)))
    assert {(m.value, m.cause) for m in working.taken} == {(None, Cause.COULD_NOT_ASK)}
    assert working.expected["dns.dkim_key", Subject.of(domain="example.com", selector="s1")]


def test_no_list_of_selectors_costs_without_end() -> None:
    telling, lookup = Sightings(), MemoryLookup(ZONE)
    telling.tell([sighting(f"k{n}", in_use=n < 50) for n in range(100)])
    working = seen(telling, lookup)
    assert len(working.taken) == MOST_KEYS
    assert len(lookup.asked) < 2 * 100
    # Nor are keys looked for of a domain that is not there
    assert seen(telling, MemoryLookup({})).taken == []
