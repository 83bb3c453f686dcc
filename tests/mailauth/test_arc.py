"""The ARC chain: what dkimpy seals verifies, and each fault is a result."""

import asyncio
import re
from collections.abc import Callable
from functools import cache

import dkim
import pytest

from mailwatch.mailauth.arc import MOST_INSTANCES, ArcChain, verify_chain
from mailwatch.mailauth.rawmessage import split_message
from mailwatch.words import worded
from tests.mailauth.dkim.signing import DOMAIN, pem, record, rsa_key, signed, zone, zone_of
from tests.sources.dns.dns_peer import MemoryLookup, Zone

KEY = f"s1._domainkey.{DOMAIN}"


@cache
def sealed(times: int) -> bytes:
    """A signed message that was passed on so many times."""
    message = signed()
    for n in range(times):
        chain = "" if n == 0 else " arc=pass;"
        mx = f"mx{n + 1}.example.org"
        results = f"Authentication-Results: {mx};{chain} dkim=pass header.d={DOMAIN}\r\n"
        message = results.encode() + message
        new = dkim.arc_sign(message, b"s1", DOMAIN.encode(), pem(rsa_key()), mx.encode())
        message = b"".join(new) + message
    return message


def chain_of(message: bytes, keys: Zone | None = None, lost: tuple[str, ...] = ()) -> ArcChain:
    lookup = MemoryLookup(zone() if keys is None else keys, lost)
    return asyncio.run(verify_chain(split_message(message), lookup))


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_chain_that_dkimpy_sealed_passes(times: int) -> None:
    found = chain_of(sealed(times))
    assert (found.result, found.instances, found.sealer, found.why) == (
        "pass",
        times,
        DOMAIN,
        None,
    )


def test_no_chain_is_none() -> None:
    assert chain_of(signed()) == ArcChain("none")


def without(name: bytes, instance: int) -> Callable[[bytes], bytes]:
    pattern = rb"%s: i=%d;.*?\r\n(?![ \t])" % (name, instance)
    return lambda text: re.sub(pattern, b"", text, count=1, flags=re.DOTALL)


FAULTS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "the body": (lambda text: text.replace(b"this is new", b"this was new"), "body was changed"),
    "a signed field": (lambda text: text.replace(b"What is", b"What was"), "match the header"),
    "no seal": (without(b"ARC-Seal", 2), "not whole"),
    "no results": (without(b"ARC-Authentication-Results", 1), "not whole"),
    "an instance of 0": (lambda text: text.replace(b"ARC-Seal: i=2", b"ARC-Seal: i=0"), "whole"),
    "no instance": (lambda text: text.replace(b"ARC-Seal: i=2;", b"ARC-Seal:"), "whole"),
    "an instance twice": (lambda text: text.replace(b"ARC-Seal: i=2", b"ARC-Seal: i=1"), "whole"),
    "cv=fail": (lambda text: text.replace(b"cv=pass", b"cv=fail"), "cv=fail"),
    "cv=none again": (lambda text: text.replace(b"cv=pass", b"cv=none"), "cv="),
    "no cv": (lambda text: text.replace(b"cv=pass; ", b""), "cv="),
    "old results": (lambda text: text.replace(b"i=1; mx1", b"i=1; mx7"), "seal of instance 2"),
    "a seal with h=": (
        lambda text: text.replace(b"ARC-Seal: i=2;", b"ARC-Seal: i=2; h=from;"),
        "2",
    ),
    "a signed seal": (lambda text: text.replace(b"h=from", b"h=arc-seal : from", 1), "ARC-Seal"),
    "an old algorithm": (lambda text: text.replace(b"rsa-sha256", b"rsa-sha1"), "rsa-sha1"),
    "an old seal": (lambda text: text.replace(b"rsa-sha256", b"rsa-sha1", 1), "rsa-sha1"),
    "nonsense": (lambda text: b"ARC-Seal: \xff\xfe;;=\r\n" + text, "not whole"),
    "results alone": (lambda text: b"ARC-Authentication-Results: i=1; x\r\n" + signed(), "whole"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_a_result(fault: str) -> None:
    change, said = FAULTS[fault]
    text = change(sealed(2))
    assert text != sealed(2)
    found = chain_of(text)
    assert found.result == "fail"
    assert found.why is not None
    assert said in worded(found.why, "en")
    assert not found.could_not_ask


def test_without_the_key_it_fails_and_says_why() -> None:
    lost = chain_of(sealed(1), lost=(KEY,))
    assert (lost.result, lost.could_not_ask) == ("fail", True)
    assert chain_of(sealed(1), {}).result == "fail"
    other = chain_of(sealed(1), zone_of({"s1": record(rsa_key(1024))}))
    assert (other.result, other.could_not_ask) == ("fail", False)


def test_a_chain_has_at_most_fifty_instances() -> None:
    fields = b"".join(
        b"ARC-Authentication-Results: i=%d; x\r\nARC-Message-Signature: i=%d\r\nARC-Seal: i=%d\r\n"
        % (n, n, n)
        for n in range(1, MOST_INSTANCES + 2)
    )
    found = chain_of(fields + signed())
    assert found.result == "fail"
    assert found.why is not None
    assert "more than 50" in worded(found.why, "en")
