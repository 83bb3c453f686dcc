"""A DMARC policy record: selected among TXT records, and parsed (RFC 9989 §4.7, §4.8).

What a receiver makes of a record and what is wrong with it are two things: a tag with a bad value
is discarded, and the rest of the record still counts.
"""

import re
from collections.abc import Callable, Iterable
from typing import Literal

from mailwatch.frozen import dataclass
from mailwatch.mailauth.tags import TagList, parse_tags
from mailwatch.model import Phrase, say
from mailwatch.text.inert import inert_octets

Policy = Literal["none", "quarantine", "reject"]

_POLICIES: dict[str, Policy] = {"none": "none", "quarantine": "quarantine", "reject": "reject"}
_PSD: dict[str, Literal["y", "n"]] = {"y": "y", "n": "n"}
_MODES: dict[str, Literal["r", "s"]] = {"r": "r", "s": "s"}
HISTORIC = frozenset({"pct", "rf", "ri"})
"""Registered, and without effect since RFC 9989 (§9.3)."""
# The ABNF has `v` in either case and DMARC1 in this case only, and no space before it.
_VERSION = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)")
_MEANT_AS_RECORD = re.compile(r"[\s\"']*v\s*=?\s*DMARC", re.IGNORECASE)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[A-Za-z0-9\-._~:/?#\[\]@$&'()*+=%]+")
_OBSOLETE_SIZE = re.compile(r"![0-9]+[kmgt]?$", re.IGNORECASE)
_HOST = r"(?:[A-Za-z0-9_\-]+\.)*[A-Za-z0-9_\-]+"
_MAILTO = re.compile(rf"mailto:[^@?\s]+@{_HOST}(?:\?.*)?", re.IGNORECASE)
_HTTPS = re.compile(rf"https://{_HOST}(?:[:/?#].*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DmarcRecord:
    """A record that receivers process, each tag with its default where it has no sound value."""

    text: str
    p: Policy | None
    sp: Policy | None
    np: Policy | None
    psd: Literal["y", "n", "u"]
    testing: bool
    adkim: Literal["r", "s"]
    """How near the d= of a signature has to be to the From: domain: relaxed or strict."""
    aspf: Literal["r", "s"]
    """The same of the envelope sender's domain."""
    addresses: tuple[str, ...]
    """The `rua` URIs that reports can be sent to: mailto and https."""
    reachable: bool
    """True when `rua` has a URI of any scheme: without one, a bad policy means no DMARC."""
    discarded: tuple[str, ...]
    """Tags, addresses and other parts that are not valid, as they were written."""
    ignored: tuple[str, ...]
    """Tags that have no effect: historic and unknown ones."""

    @property
    def sound(self) -> bool:
        """True when its policies can be used as they are (§4.10.1)."""
        broken = any(part.partition("=")[0] in ("sp", "np") for part in self.discarded)
        return self.p is not None and not broken


def select_records(values: Iterable[str]) -> tuple[str, ...]:
    """Those of a name's TXT records that are DMARC records, whatever follows the version."""
    return tuple(text for text in values if _VERSION.match(text))


def select_attempts(values: Iterable[str]) -> tuple[str, ...]:
    """Those that were meant as DMARC records and are none to any receiver."""
    return tuple(
        text for text in values if _MEANT_AS_RECORD.match(text) and not _VERSION.match(text)
    )


def parse_record(text: str) -> DmarcRecord | Phrase:
    """The record, or why receivers ignore all of it. Never raises."""
    listed = parse_tags(text)
    # Names in either case, as the ABNF of §4.8 writes them.
    listed = TagList(tuple((name.lower(), value) for name, value in listed.tags[1:]), listed.wrong)
    if listed.twice is not None or any(name == "v" for name, _ in listed.tags):
        return say("dns.tag_twice", tag=inert_octets(listed.twice or "v"))
    tags = dict(listed.tags)
    bad = {name for name, value in tags.items() if name in _SOUND and not _SOUND[name](value)}
    good = {name: value for name, value in tags.items() if name not in bad}
    uris = _split(good.get("rua", ""))
    discarded = [f"{name}={tags[name]}" for name, _ in listed.tags if name in bad]
    discarded += [uri for name in ("rua", "ruf") for uri in _split(good.get(name, ""), bad=True)]
    return DmarcRecord(
        text,
        p=_POLICIES.get(good.get("p", "").lower()),
        sp=_POLICIES.get(good.get("sp", "").lower()),
        np=_POLICIES.get(good.get("np", "").lower()),
        psd=_PSD.get(good.get("psd", "u").lower(), "u"),
        testing=good.get("t", "n").lower() == "y",
        adkim=_MODES.get(good.get("adkim", "r").lower(), "r"),
        aspf=_MODES.get(good.get("aspf", "r").lower(), "r"),
        addresses=tuple(uri for uri in uris if _MAILTO.fullmatch(uri) or _HTTPS.fullmatch(uri)),
        reachable=bool(uris),
        discarded=(*discarded, *filter(None, map(str.strip, listed.wrong))),
        ignored=tuple(name for name in tags if name not in _SOUND),
    )


def _split(value: str, *, bad: bool = False) -> tuple[str, ...]:
    """The sound URIs of a list, without the obsolete size; or the ones that are not URIs."""
    parts = filter(None, (part.strip(" \t") for part in value.split(",")))
    bare = [(part, _OBSOLETE_SIZE.sub("", part)) for part in parts]
    if bad:
        return tuple(part for part, uri in bare if not _is_uri(uri))
    return tuple(uri for _, uri in bare if _is_uri(uri))


def _is_uri(text: str) -> bool:
    if not _URI.fullmatch(text):
        return False
    scheme = text.partition(":")[0].lower()
    form = {"mailto": _MAILTO, "https": _HTTPS}.get(scheme)
    return form is None or form.fullmatch(text) is not None


def _one_of(*accepted: str) -> Callable[[str], bool]:
    return lambda value: value.lower() in accepted


def _is_fo(value: str) -> bool:
    options = [option.strip().lower() for option in value.split(":")]
    once = len(set(options)) == len(options) and set(options) <= {"0", "1", "d", "s"}
    return once and not {"0", "1"} <= set(options)


def _has_uri(value: str) -> bool:
    return bool(_split(value))


_SOUND: dict[str, Callable[[str], bool]] = {
    "p": _one_of(*_POLICIES),
    "sp": _one_of(*_POLICIES),
    "np": _one_of(*_POLICIES),
    "psd": _one_of("y", "n", "u"),
    "t": _one_of("y", "n"),
    "adkim": _one_of("r", "s"),
    "aspf": _one_of("r", "s"),
    "fo": _is_fo,
    "rua": _has_uri,
    "ruf": _has_uri,
}
"""Whether a value follows the rule of its tag (§4.8, table 2)."""
