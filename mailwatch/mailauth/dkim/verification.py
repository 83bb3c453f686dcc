"""Whether a DKIM signature verifies (RFC 6376 §6, RFC 8301, RFC 8463).

Written on `cryptography`, not on dkimpy: that one accepts rsa-sha1 and keys for other services.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from enum import StrEnum

from mailwatch.mailauth.dkim.canonicalization import (
    OTHER,
    Canonicalization,
    canonical_body,
    canonical_field,
)
from mailwatch.mailauth.dkim.record import DkimKey, Revoked, parse_key, select_keys
from mailwatch.mailauth.dkim.signature import Signature, without_value
from mailwatch.mailauth.rawmessage import HeaderField, RawMessage
from mailwatch.model import Phrase, say
from mailwatch.resolver.lookup import Lookup
from mailwatch.text.inert import inert_octets

SMALLEST_RSA_BITS = 1024
"""No verifier may accept a shorter key (RFC 8301 §3.2)."""
MOST_RSA_BITS = 16384
"""OpenSSL verifies with no larger one, which would take very long."""


class DkimResult(StrEnum):
    """What became of a signature (RFC 8601 §2.7.1)."""

    PASS = "pass"  # noqa: S105  # a result, not a password
    FAIL = "fail"
    PERMERROR = "permerror"
    TEMPERROR = "temperror"


@dataclass(frozen=True, slots=True)
class VerifiedSignature:
    """A signature, what became of it, and why. On a pass `why` is what a reader should know."""

    signature: Signature
    result: DkimResult
    why: Phrase | None = None
    body_changed: bool = False
    """True when it is the body that does not match."""

    @property
    def passed(self) -> bool:
        """True when it verifies."""
        return self.result is DkimResult.PASS


@dataclass(slots=True)
class HashedBody:
    """A body and its hashes, each made once, however many signatures ask for it."""

    body: bytes
    _totals: dict[Canonicalization, int] = field(default_factory=dict)
    _hashes: dict[tuple[Canonicalization, int | None], bytes] = field(default_factory=dict)

    def total(self, method: Canonicalization) -> int:
        """Octets of the body as it is hashed."""
        if method not in self._totals:
            self._take(method, None)
        return self._totals[method]

    def matches(self, signature: Signature) -> bool:
        """True when the hash of the body, up to `l=`, is the one in `signature`. A body that is
        shorter than `l=` has none (§3.5)."""
        key = (signature.body_method, signature.length)
        if key not in self._hashes:
            self._take(*key)
        short = (signature.length or 0) > self._totals[signature.body_method]
        return not short and hmac.compare_digest(self._hashes[key], signature.body_hash)

    def _take(self, method: Canonicalization, length: int | None) -> None:
        canonical = canonical_body(self.body, method)
        self._totals[method] = len(canonical)
        signed = memoryview(canonical)[:length]
        self._hashes[method, length] = hashlib.sha256(signed).digest()


async def verify_signature(
    message: RawMessage,
    signature: Signature,
    lookup: Lookup,
    times: tuple[int, int],
    body: HashedBody | None = None,
) -> VerifiedSignature:
    """What becomes of `signature` when the message was received, in seconds since 1970.

    That is the first of `times`; the second is now: a signature that was valid then and has expired
    since is said to have. `body` is that of the message, shared by its signatures.
    """
    moment, now = times
    body = body or HashedBody(message.body)
    if signature.wrong is not None:
        return VerifiedSignature(signature, DkimResult.PERMERROR, signature.wrong)
    key = await find_key(signature, lookup)
    if isinstance(key, VerifiedSignature):
        return key
    if signature.expires is not None and signature.expires < moment:
        why = say("message.dkim_expired", days=_days(moment - signature.expires))
        return VerifiedSignature(signature, DkimResult.FAIL, why)
    if not body.matches(signature):
        return VerifiedSignature(
            signature, DkimResult.FAIL, say("message.dkim_body"), body_changed=True
        )
    fault = header_fault(message, signature, key)
    if fault is not None:
        return VerifiedSignature(signature, DkimResult.FAIL, fault)
    said = _worth_knowing(body, signature, key)
    if signature.expires is not None and signature.expires < now:
        said.append(say("message.dkim_expired_since"))
    return VerifiedSignature(signature, DkimResult.PASS, _joined(said))


async def find_key(signature: Signature, lookup: Lookup) -> DkimKey | VerifiedSignature:
    """The key that `signature` names, or what becomes of the signature without one."""
    name = f"{signature.selector}._domainkey.{signature.domain}"
    if len(name) > 253:
        why = say("message.dkim_bad_tag", tag="s")
        return VerifiedSignature(signature, DkimResult.PERMERROR, why)
    answer = await lookup.get(name, "TXT")
    if answer.failure is not None:
        return VerifiedSignature(signature, DkimResult.TEMPERROR, answer.failure)
    found = _key(answer.values, signature)
    if isinstance(found, Phrase):
        return VerifiedSignature(signature, DkimResult.PERMERROR, found)
    return found


def _key(values: tuple[str, ...], signature: Signature) -> DkimKey | Phrase:
    records = select_keys(values)
    if not records:
        return say("message.dkim_no_key", name=_at(signature))
    if len(records) > 1:  # §3.6.2.2: undefined
        return say("dns.dkim_several", n=len(records))
    key = parse_key(records[0])
    if isinstance(key, Phrase):
        return key
    if isinstance(key, Revoked):
        return say("message.dkim_revoked", name=_at(signature))
    return _unfit(key, signature) or key


def _at(signature: Signature) -> str:
    return inert_octets(f"{signature.selector}._domainkey.{signature.domain}")


def _unfit(key: DkimKey, signature: Signature) -> Phrase | None:
    """Why `signature` cannot be verified with `key`."""
    if key.kind != signature.kind:
        return say("message.dkim_other_kind", kind=key.kind, wanted=signature.kind)
    if key.kind == "rsa" and key.bits < SMALLEST_RSA_BITS:
        return say("message.dkim_short_key", n=key.bits, least=SMALLEST_RSA_BITS)
    if key.bits > MOST_RSA_BITS:
        return say("message.dkim_large_key", n=key.bits, most=MOST_RSA_BITS)
    if key.strict and signature.identity != signature.domain:  # §3.6.1, t=s
        return say("message.dkim_strict")
    return None


def matches(canonical: bytes, signature: Signature) -> bool:
    """True when the hash of `canonical`, up to `l=`, is the one in the signature."""
    if signature.length is not None and signature.length > len(canonical):
        return False
    digest = hashlib.sha256(memoryview(canonical)[: signature.length]).digest()
    return hmac.compare_digest(digest, signature.body_hash)


def header_fault(message: RawMessage, signature: Signature, key: DkimKey) -> Phrase | None:
    """Why the header does not match the signature; None where it does."""
    method = signature.header_method
    data = signed_header(message, signature, method)
    if is_signed(data, signature.value, key):
        return None
    if is_signed(data.replace(b"\r\n", b"\n"), signature.value, key):
        return say("message.dkim_header_line_endings")
    other = OTHER[method]
    if is_signed(signed_header(message, signature, other), signature.value, key):
        return say("message.dkim_header_other", method=method, other=other)
    return say("message.dkim_header")


def signed_header(message: RawMessage, signature: Signature, method: Canonicalization) -> bytes:
    """What the signature was made over: the fields of `h=`, the last first, and its own (§3.7)."""
    own = without_value(signature.field.raw)
    parts = [canonical_field(field.raw, method) for field in _chosen(message, signature.signed)]
    return b"".join([*parts, canonical_field(own, method).removesuffix(b"\r\n")])


def _chosen(message: RawMessage, names: tuple[str, ...]) -> list[HeaderField]:
    """The fields that `names` mean: of several the last, then the one above it (§5.4.2)."""
    left: dict[str, list[HeaderField]] = {}
    for found in message.fields:
        left.setdefault(found.name, []).append(found)
    return [left[name].pop() for name in names if left.get(name)]


def is_signed(data: bytes, value: bytes, key: DkimKey) -> bool:
    """True when `value` is a signature of `data` with `key`."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        if key.kind == "ed25519":  # RFC 8463 §3: the hash is what is signed
            public = Ed25519PublicKey.from_public_bytes(key.data)
            public.verify(value, hashlib.sha256(data).digest())
            return True
        loaded = load_der_public_key(key.data)
        if not isinstance(loaded, RSAPublicKey):
            return False
        loaded.verify(value, data, PKCS1v15(), SHA256())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _worth_knowing(body: HashedBody, signature: Signature, key: DkimKey) -> list[Phrase]:
    """What a signature that verifies leaves open."""
    said = [say("message.dkim_testing")] if key.testing else []
    if signature.length is not None:
        total = body.total(signature.body_method)
        said.insert(0, say("message.dkim_length", length=signature.length, total=total))
    return said


def _joined(phrases: list[Phrase]) -> Phrase | None:
    if not phrases:
        return None
    first, *rest = phrases
    for phrase in rest:
        first = say("message.and", first=first, second=phrase)
    return first


def _days(seconds: int) -> int:
    return max(1, round(seconds / 86400))
