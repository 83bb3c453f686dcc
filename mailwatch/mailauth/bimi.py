"""BIMI: the logo that receivers may show beside a domain's mail.

By draft-brand-indicators-for-message-identification; there is no RFC yet. Receivers correct neither
syntax nor case.
"""

import re
from collections.abc import Iterable

from mailwatch.mailauth.tags import parse_tags
from mailwatch.model import Phrase, say
from mailwatch.text.inert import inert_octets

_VERSION = re.compile(r"v[ \t]*=[ \t]*BIMI1[ \t]*(?:;|$)")
_HTTPS = re.compile(r"https://[A-Za-z0-9._\-]+(?::[0-9]{1,5})?/[!-~]*", re.IGNORECASE)


def select_records(values: Iterable[str]) -> tuple[str, ...]:
    """Those of a name's TXT records that are BIMI records; exactly one counts."""
    return tuple(text for text in values if _VERSION.match(text))


def is_declined(text: str) -> bool:
    """True for a record whose `l` is there and empty, and whose `a` is empty or not there."""
    tags = dict(parse_tags(text).tags)
    return tags.get("l") == "" and not tags.get("a")


def find_faults(text: str) -> tuple[Phrase, ...]:
    """Why receivers cannot use the record; nothing where they can. Never raises."""
    listed = parse_tags(text)
    if listed.twice is not None:
        return (say("dns.tag_twice", tag=inert_octets(listed.twice)),)
    tags = dict(listed.tags)
    faults = [
        say("dns.tag_malformed", tag=inert_octets(part, 80))
        for part in listed.wrong
        if part.strip()
    ]
    logo, evidence = tags.get("l"), tags.get("a", "")
    if logo is None:
        faults.append(say("dns.bimi_no_logo"))
    elif not _HTTPS.fullmatch(logo) or not _path(logo).endswith((".svg", ".svgz")):
        faults.append(say("dns.bimi_logo", url=inert_octets(logo, 200)))
    if evidence and not (_HTTPS.fullmatch(evidence) and _path(evidence).endswith(".pem")):
        faults.append(say("dns.bimi_evidence", url=inert_octets(evidence, 200)))
    return tuple(faults[:10])


def has_evidence(text: str) -> bool:
    """True when the record names a certificate."""
    return bool(dict(parse_tags(text).tags).get("a"))


def _path(url: str) -> str:
    return url.partition("?")[0].partition("#")[0].lower()
