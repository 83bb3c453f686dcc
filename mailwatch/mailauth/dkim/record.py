"""A DKIM key record, parsed (RFC 6376 §3.6.1, RFC 8301, RFC 8463)."""

import base64
import binascii
import re
from dataclasses import field
from typing import Literal

from mailwatch.frozen import dataclass
from mailwatch.mailauth.tags import TagList, parse_tags
from mailwatch.model import Phrase, say
from mailwatch.text.inert import inert_octets

_WHITESPACE = re.compile(r"[ \t\r\n]+")
ED25519_BITS = 256
LARGEST_RSA_BITS = 4096
"""What receivers have to be able to verify (RFC 8301 §3.2)."""


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A key that receivers can use."""

    kind: Literal["rsa", "ed25519"]
    bits: int
    testing: bool
    strict: bool = False
    """The signer's identity must not be in a subdomain (`t=s`)."""
    data: bytes = field(default=b"", repr=False)
    """The key itself: DER, or 32 octets of Ed25519."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """A key that was withdrawn: `p=` is there and empty."""


def select_keys(values: tuple[str, ...]) -> tuple[str, ...]:
    """Those of a selector's TXT records that are meant as keys; all of them when none looks so.

    Where a name is answered by a wildcard, there are records of other kinds beside the key.
    """
    return tuple(filter(_is_meant_as_key, values)) or values[:1]


def _is_meant_as_key(text: str) -> bool:
    tags = dict(parse_tags(text).tags)
    return tags["v"].upper().startswith("DKIM") if "v" in tags else "p" in tags


def parse_key(text: str) -> DkimKey | Revoked | Phrase:
    """The key, or what is wrong with it. Never raises."""
    listed = parse_tags(text)
    tags = dict(listed.tags)
    why = _wrong_list(listed) or _wrong_use(tags)
    if why is not None:
        return why
    encoded = _WHITESPACE.sub("", tags["p"])
    if not encoded:
        return Revoked()
    try:
        data = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return say("dns.dkim_not_base64")
    flags = _listed(tags.get("t", ""))
    testing, strict = "y" in flags, "s" in flags
    if tags.get("k", "rsa").lower() == "ed25519":
        if len(data) != 32:
            return say("dns.dkim_ed25519_size", n=len(data))
        return DkimKey("ed25519", ED25519_BITS, testing, strict, data)
    bits = rsa_bits(data)
    return bits if isinstance(bits, Phrase) else DkimKey("rsa", bits, testing, strict, data)


def _wrong_list(listed: TagList) -> Phrase | None:
    if listed.wrong:
        return say("dns.tag_malformed", tag=inert_octets(listed.wrong[0].strip()))
    if listed.twice is not None:
        return say("dns.tag_twice", tag=inert_octets(listed.twice))
    names = [name for name, _ in listed.tags]
    if "v" in names and listed.tags[0] != ("v", "DKIM1"):
        return say("dns.dkim_version")
    return None if "p" in names else say("dns.dkim_no_key")


def _wrong_use(tags: dict[str, str]) -> Phrase | None:
    """Why no signature on mail can be verified with a key of these tags."""
    kind = tags.get("k", "rsa")
    if kind.lower() not in ("rsa", "ed25519"):
        return say("dns.dkim_kind", kind=inert_octets(kind))
    if not {"*", "email"} & _listed(tags.get("s", "*")):
        return say("dns.dkim_service", service=inert_octets(tags["s"]))
    if "sha256" not in _listed(tags.get("h", "sha256")):  # RFC 8301: SHA-1 is not accepted
        return say("dns.dkim_hash", hash=inert_octets(tags["h"]))
    return None


def _listed(value: str) -> set[str]:
    return {item.strip().lower() for item in value.split(":")}


def rsa_bits(der: bytes) -> int | Phrase:
    """The size of an RSA key, as SubjectPublicKeyInfo or as the bare RSAPublicKey of RFC 6376."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm):
        return say("dns.dkim_broken")
    return key.key_size if isinstance(key, RSAPublicKey) else say("dns.dkim_not_rsa")
