"""What the sources of a run tell each other of DKIM selectors."""

from mailwatch.model import say
from mailwatch.sources.sightings import Seen, Sighting, Sightings

FIRST, SECOND = (
    Sighting("example.com", "example.com", name, say("sendgrid.selector"), True)
    for name in ("s1", "s2")
)


def test_a_listener_hears_what_came_before_and_after_and_the_end() -> None:
    sightings, heard = Sightings(("sendgrid", "dmarc")), list[Seen | None]()
    sightings.tell([FIRST])
    sightings.listen(heard.append)
    assert heard == [FIRST]
    sightings.end("sendgrid")
    sightings.tell([SECOND])
    assert heard == [FIRST, SECOND]
    sightings.end("dns")  # one that tells nothing
    sightings.end("sendgrid")
    assert heard == [FIRST, SECOND]
    sightings.end("dmarc")
    assert heard == [FIRST, SECOND, None]


def test_without_a_source_that_tells_the_end_is_at_once() -> None:
    heard = list[Seen | None]()
    Sightings().listen(heard.append)
    assert heard == [None]
