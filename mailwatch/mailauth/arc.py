"""The Authenticated Received Chain of a message (RFC 8617).

Each who passes a message on adds three fields of one instance `i=`: what it found, a signature of
the message, and a seal over all earlier instances. A fault in the chain is a result.
"""

from dataclasses import dataclass, replace
from typing import Literal

from mailwatch.mailauth.dkim.canonicalization import canonical_field
from mailwatch.mailauth.dkim.signature import parse_signature, without_value
from mailwatch.mailauth.dkim.verification import (
    DkimResult,
    HashedBody,
    VerifiedSignature,
    find_key,
    header_fault,
    is_signed,
)
from mailwatch.mailauth.rawmessage import HeaderField, RawMessage
from mailwatch.mailauth.tags import parse_tags
from mailwatch.model import Phrase, say
from mailwatch.resolver.lookup import Lookup

MOST_INSTANCES = 50
"""A chain may have no more (§4.2.1)."""
_RESULTS, _SIGNATURE, _SEAL = "arc-authentication-results", "arc-message-signature", "arc-seal"
_OF_SIGNATURE = ("a", "b", "bh", "d", "h", "s")
_OF_SEAL = ("a", "b", "cv", "d", "s")


@dataclass(frozen=True, slots=True)
class ArcChain:
    """What became of the chain. `why` is given where it fails."""

    result: Literal["none", "pass", "fail"]
    instances: int = 0
    why: Phrase | None = None
    sealer: str | None = None
    """The domain of the newest seal."""
    could_not_ask: bool = False
    """True when it fails only since a key could not be asked for."""


@dataclass(frozen=True, slots=True)
class _Set:
    """The three fields of one instance."""

    results: HeaderField
    signature: HeaderField
    seal: HeaderField
    verdict: str
    """`cv=` of the seal, in lower case."""


async def verify_chain(message: RawMessage, lookup: Lookup) -> ArcChain:
    """The result of the chain, as §5.2 says."""
    fields = {name: message.named(name) for name in (_RESULTS, _SIGNATURE, _SEAL)}
    if not any(fields.values()):
        return ArcChain("none")
    sets = _sets(fields)
    if isinstance(sets, Phrase):
        return ArcChain("fail", why=sets)
    newest = parse_signature(sets[-1].seal, _OF_SEAL).domain
    chain = ArcChain("fail", len(sets), sealer=newest)
    wrong = _wrong_verdicts(sets)
    if wrong is not None:
        return replace(chain, why=wrong)
    for check in (_signature_fault, _seal_fault):
        fault = await check(message, sets, lookup)
        if fault is not None:
            asked = fault.result is not DkimResult.TEMPERROR
            return replace(chain, why=fault.why, could_not_ask=not asked)
    return replace(chain, result="pass")


def _sets(fields: dict[str, tuple[HeaderField, ...]]) -> tuple[_Set, ...] | Phrase:
    """The sets in the order of their instances, or why they are no chain."""
    size = len(fields[_SEAL])
    if any(len(found) != size for found in fields.values()):
        return say("message.arc_incomplete")
    if size > MOST_INSTANCES:
        return say("message.arc_long", most=MOST_INSTANCES)
    by_instance = {
        name: {_instance(field): field for field in found} for name, found in fields.items()
    }
    wanted = range(1, size + 1)
    if any(set(found) != set(wanted) for found in by_instance.values()):
        return say("message.arc_incomplete")
    return tuple(
        _Set(
            by_instance[_RESULTS][n],
            by_instance[_SIGNATURE][n],
            by_instance[_SEAL][n],
            dict(parse_tags(by_instance[_SEAL][n].value).tags).get("cv", "").lower(),
        )
        for n in wanted
    )


def _instance(field: HeaderField) -> int:
    """The number in `i=`; 0 where there is none. Results are no tag list, but begin with it."""
    first = field.value.partition(";")[0] if field.name == _RESULTS else field.value
    text = dict(parse_tags(first).tags).get("i", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _wrong_verdicts(sets: tuple[_Set, ...]) -> Phrase | None:
    """§5.2, steps 2 and 3.F: what the seals say of the chain before them."""
    if sets[-1].verdict == "fail":
        return say("message.arc_failed_before", n=len(sets))
    for n, one in enumerate(sets, 1):
        if one.verdict != ("none" if n == 1 else "pass"):
            return say("message.arc_verdict", n=n)
        if "h" in dict(parse_tags(one.seal.value).tags):  # §4.1.3
            return say("message.arc_seal", n=n)
    return None


async def _signature_fault(
    message: RawMessage, sets: tuple[_Set, ...], lookup: Lookup
) -> VerifiedSignature | None:
    """What is wrong with the newest signature: the older ones are broken by later changes."""
    signature = parse_signature(sets[-1].signature, _OF_SIGNATURE)
    if "arc-seal" in signature.signed:
        signature = replace(signature, wrong=say("message.arc_signs_seal"))
    if signature.wrong is not None:
        return VerifiedSignature(signature, DkimResult.PERMERROR, signature.wrong)
    key = await find_key(signature, lookup)
    if isinstance(key, VerifiedSignature):
        return key
    if not HashedBody(message.body).matches(signature):
        return VerifiedSignature(signature, DkimResult.FAIL, say("message.arc_body"))
    if header_fault(message, signature, key) is not None:
        return VerifiedSignature(signature, DkimResult.FAIL, say("message.arc_header"))
    return None


async def _seal_fault(
    message: RawMessage, sets: tuple[_Set, ...], lookup: Lookup
) -> VerifiedSignature | None:
    """What is wrong with the newest seal that does not verify; all of them have to."""
    for n in range(len(sets), 0, -1):
        seal = parse_signature(sets[n - 1].seal, _OF_SEAL)
        if seal.wrong is not None:
            return VerifiedSignature(seal, DkimResult.PERMERROR, seal.wrong)
        key = await find_key(seal, lookup)
        if isinstance(key, VerifiedSignature):
            return key
        if not is_signed(_sealed(sets[:n]), seal.value, key):
            return VerifiedSignature(seal, DkimResult.FAIL, say("message.arc_seal", n=n))
    return None


def _sealed(sets: tuple[_Set, ...]) -> bytes:
    """What the seal of the last of `sets` was made over (§5.1.1)."""
    raws: list[bytes] = []
    for one in sets:
        raws += [one.results.raw, one.signature.raw, one.seal.raw]
    raws[-1] = without_value(raws[-1])
    return b"".join(canonical_field(raw, "relaxed") for raw in raws).removesuffix(b"\r\n")
