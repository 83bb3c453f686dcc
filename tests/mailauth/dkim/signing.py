"""Messages signed by dkimpy, with keys that a zone in memory publishes."""

import asyncio
import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import dkim
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from mailwatch.mailauth.dkim.canonicalization import canonical_body, canonical_field
from mailwatch.mailauth.dkim.signature import parse_signature
from mailwatch.mailauth.dkim.verification import VerifiedSignature, verify_signature
from mailwatch.mailauth.rawmessage import split_message
from tests.sources.dns.dns_peer import MemoryLookup, Zone

DOMAIN = "example.com"
NOON = 1_795_489_200
"""24 November 2026, 12:00 in Tokyo."""
MESSAGE = (
    b"From: News <news@example.com>\r\n"
    b"To: reader@example.org\r\n"
    b"Subject:  What is\r\n  new\r\n"
    b"Date: Tue, 24 Nov 2026 02:59:00 +0000\r\n"
    b"Message-ID: <1@example.com>\r\n"
    b"\r\n"
    b"Hello reader,\r\n"
    b"this is new.\r\n"
)
ED25519 = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@cache
def rsa_key(bits: int = 2048) -> RSAPrivateKey:
    """A new key; small ones are for tests of what is refused."""
    return generate_private_key(65537, bits)


def pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def record(key: Any, more: str = "") -> str:
    """The TXT record of a key."""
    if isinstance(key, Ed25519PrivateKey):
        return (
            f"k=ed25519; {more}p={base64.b64encode(key.public_key().public_bytes_raw()).decode()}"
        )
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"{more}p={base64.b64encode(der).decode()}"


def zone_of(records: Mapping[str, str]) -> Zone:
    """A zone of keys by selector."""
    return {
        (f"{selector}._domainkey.{DOMAIN}", "TXT"): (text,) for selector, text in records.items()
    }


def zone() -> Zone:
    """The keys s1 (RSA) and ed (Ed25519)."""
    return zone_of({"s1": record(rsa_key()), "ed": record(ED25519)})


def signed(
    message: bytes = MESSAGE,
    methods: tuple[str, str] = ("relaxed", "relaxed"),
    key: RSAPrivateKey | None = None,
    **more: Any,
) -> bytes:
    """`message` below a signature by dkimpy with the selector s1."""
    return bytes(
        dkim.sign(
            message,
            b"s1",
            DOMAIN.encode(),
            pem(key or rsa_key()),
            canonicalize=tuple(method.encode() for method in methods),
            **more,
        )
        + message
    )


def tagged(
    tags: str, message: bytes = MESSAGE, names: str = "from", said: str = "relaxed", end: str = ""
) -> bytes:
    """`message` below a signature of ours, whose tags `tags` begins with; h=, bh= and b= follow.

    It is made over the relaxed header, whatever it says, and with `end` for each CRLF of it.
    """
    parts = split_message(message)
    body = canonical_body(parts.body, "relaxed")
    hashed = base64.b64encode(hashlib.sha256(body).digest()).decode()
    field = f"DKIM-Signature: {tags}; c={said}/relaxed; h={names}; bh={hashed}; b=".encode()
    covered = [canonical_field(f.raw, "relaxed") for f in parts.fields if f.name == "from"]
    data = b"".join([*covered, canonical_field(field, "relaxed").removesuffix(b"\r\n")])
    data = data.replace(b"\r\n", end.encode()) if end else data
    value = ED25519.sign(hashlib.sha256(data).digest())
    return field + base64.b64encode(value) + b"\r\n" + message


def verified(
    message: bytes,
    keys: Zone | None = None,
    *,
    lost: Sequence[str] = (),
    moment: int = NOON,
    now: int | None = None,
) -> list[VerifiedSignature]:
    """What becomes of each signature of `message`."""
    parts = split_message(message)
    lookup = MemoryLookup(zone() if keys is None else keys, lost)
    return [
        asyncio.run(
            verify_signature(parts, parse_signature(field), lookup, (moment, now or moment))
        )
        for field in parts.named("dkim-signature")
    ]


def dkimpy_passes(message: bytes, keys: Zone | None = None) -> bool:
    """What dkimpy says of the first signature."""
    published = zone() if keys is None else keys

    def ask(name: bytes, timeout: int = 5) -> bytes | None:
        found = published.get((name.decode().rstrip("."), "TXT"))
        return found[0].encode() if found else None

    return bool(dkim.verify(message, dnsfunc=ask))
