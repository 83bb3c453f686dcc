"""The DKIM keys of a domain that reports show, for the DNS source to look up."""

from collections.abc import Iterable, Iterator
from datetime import date

from mailwatch.config.addresses import parse_domain, parse_selector
from mailwatch.model import say
from mailwatch.sources.dmarc.summary import Summary
from mailwatch.sources.sightings import Sighting


def seen_keys(domains: Iterable[str], summary: Summary) -> Iterator[Sighting]:
    """Of each domain the keys that its mail passed with, the newest first: at the domain itself or
    below it. What cannot be a name in DNS is left out."""
    for domain in domains:
        days = summary.keys.get(domain, {})
        for signature in sorted(days, key=lambda one: (-days[one], one)):
            try:
                signer, selector = (
                    parse_domain(signature.domain),
                    parse_selector(signature.selector),
                )
            except ValueError:
                continue
            if f".{signer}".endswith(f".{domain}"):
                origin = say("dmarc.selector_seen", day=date.fromordinal(days[signature]))
                yield Sighting(domain, signer, selector, origin, in_use=False)
