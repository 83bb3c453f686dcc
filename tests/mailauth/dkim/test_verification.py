"""A DKIM signature: what counts, what does not, and the reason that is given."""

import base64
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mailwatch.mailauth.dkim.signature import parse_signature
from mailwatch.mailauth.dkim.verification import DkimResult
from mailwatch.mailauth.rawmessage import split_message
from mailwatch.words import worded
from tests.mailauth.dkim.signing import (
    ED25519,
    MESSAGE,
    NOON,
    record,
    rsa_key,
    signed,
    tagged,
    verified,
    zone_of,
)

if TYPE_CHECKING:
    from tests.sources.dns.dns_peer import Zone

RFC8463 = b"""DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
""".replace(b"\n", b"\r\n")
ED = "v=1; a=ed25519-sha256; d=example.com; s=ed"


def test_the_message_of_rfc_8463_verifies() -> None:
    key = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    keys: Zone = {("brisbane._domainkey.football.example.com", "TXT"): (key,)}
    assert [one.result for one in verified(RFC8463, keys)] == ["pass"]
    assert [one.result for one in verified(RFC8463.replace(b"game", b"cup"), keys)] == ["fail"]


def test_every_signature_is_verified_by_itself() -> None:
    text = tagged(ED, signed())
    assert [one.result for one in verified(text)] == ["pass", "pass"]
    assert [one.result for one in verified(text, zone_of({"ed": record(ED25519)}))] == [
        "pass",
        "permerror",
    ]


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (record(rsa_key(), "s=tlsrpt; "), "s=tlsrpt"),
        (record(rsa_key(), "h=sha1; "), "sha1"),
        (record(rsa_key(), "k=ed25519; "), "32"),
        (record(rsa_key()).partition("p=")[0] + "p=", "revoked"),
        ("p=bm90IGEga2V5", "key"),
        (record(ED25519), "ed25519"),
        (record(rsa_key(), "t=s; "), None),
    ],
)
def test_a_key_has_to_fit(key: str, reason: str | None) -> None:
    (found,) = verified(signed(), zone_of({"s1": key}))
    if reason is None:
        assert found.passed
        return
    assert found.result is DkimResult.PERMERROR
    assert found.why is not None
    assert reason in worded(found.why, "en").lower()


def test_a_key_under_1024_bits_does_not_count() -> None:
    short = RSAPublicNumbers(65537, (1 << 767) + 0x81).public_key()
    der = short.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    keys = zone_of({"s1": f"p={base64.b64encode(der).decode()}"})
    (found,) = verified(signed(), keys)
    assert found.result is DkimResult.PERMERROR
    assert found.why is not None
    assert "768 bits" in worded(found.why, "en")
    exact = rsa_key(1024)
    assert verified(signed(key=exact), zone_of({"s1": record(exact)}))[0].passed


def test_rsa_sha1_does_not_count() -> None:
    text = signed(signature_algorithm=b"rsa-sha1")
    (found,) = verified(text)
    assert found.result is DkimResult.PERMERROR
    assert found.why is not None
    assert "rsa-sha1 no longer counts" in worded(found.why, "en")


def test_what_dns_says_decides() -> None:
    name = "s1._domainkey.example.com"
    assert verified(signed(), {})[0].result is DkimResult.PERMERROR
    assert verified(signed(), lost=[name])[0].result is DkimResult.TEMPERROR
    two: Zone = {(name, "TXT"): (record(rsa_key()), record(rsa_key(), "n=x; "))}
    assert verified(signed(), two)[0].result is DkimResult.PERMERROR
    beside: Zone = {(name, "TXT"): (record(rsa_key()), "v=spf1 -all")}
    assert verified(signed(), beside)[0].passed


@pytest.mark.parametrize(
    ("tags", "moment", "result", "said"),
    [
        (f"{ED}; x={NOON - 1}", NOON, "fail", "expired"),
        (f"{ED}; x={NOON + 9}", NOON, "pass", "has expired since"),
        (f"{ED}; x={NOON + 99999}", NOON, "pass", None),
        (f"{ED}; t={NOON}; x={NOON}", NOON, "permerror", "x="),
        (f"{ED}; l=13", NOON, "fail", "header"),
        (f"{ED}; i=@mail.example.com", NOON, "pass", None),
        (f"{ED}; i=@example.net", NOON, "permerror", "i="),
        (f"{ED}; q=dns/foo", NOON, "permerror", "q="),
        (ED.replace("v=1; ", ""), NOON, "permerror", "v="),
        (ED.replace("v=1", "v=2"), NOON, "permerror", "v="),
        (ED.replace("; s=ed", ""), NOON, "permerror", "s="),
        (ED.replace("s=ed", "s=e d!"), NOON, "permerror", "s="),
        (ED.replace("ed25519-sha256", "rsa-md5"), NOON, "permerror", "rsa-md5"),
        (f"{ED}; d=example.com", NOON, "permerror", "d"),
        (f"{ED}; x=later", NOON, "permerror", "x"),
    ],
)
def test_tags(tags: str, moment: int, result: str, said: str | None) -> None:
    (found,) = verified(tagged(tags), moment=moment, now=NOON + 3600)
    if tags.endswith("l=13"):  # the hash was of all of the body
        assert found.result == "fail"
        return
    assert found.result == result
    if said is None:
        assert found.why is None
    else:
        assert found.why is not None
        assert said in worded(found.why, "en")


def test_a_subdomain_needs_a_key_that_allows_it() -> None:
    strict = zone_of({"ed": record(ED25519, "t=s; ")})
    text = tagged(f"{ED}; i=@mail.example.com")
    assert verified(text, strict)[0].result is DkimResult.PERMERROR
    assert verified(tagged(ED), strict)[0].passed


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"said": "simple"}, "the other canonicalization (relaxed) would have passed"),
        ({"end": "\n"}, "line endings changed: the header matches with LF"),
        ({"names": "from:date"}, "a signed header field was changed"),
    ],
)
def test_why_a_header_does_not_match(more: dict[str, Any], said: str) -> None:
    (found,) = verified(tagged(ED, **more))
    assert found.result is DkimResult.FAIL
    assert found.why is not None
    assert said in worded(found.why, "en")


def test_from_must_be_signed() -> None:
    (found,) = verified(tagged(ED, names="to:subject"))
    assert found.result is DkimResult.PERMERROR
    assert found.why is not None
    assert "From" in worded(found.why, "en")


def test_a_test_key_and_a_length_are_named_on_a_pass() -> None:
    (found,) = verified(signed(length=True), zone_of({"s1": record(rsa_key(), "t=y; ")}))
    assert found.passed
    assert found.why is not None
    said = worded(found.why, "en")
    assert "l=29" in said
    assert "t=y" in said


def test_names_and_numbers_are_bounded() -> None:
    # Given more names in h= than any signer writes, and a number of a thousand digits
    many = ":".join(["from", *["x"] * 600])
    field = f"DKIM-Signature: {ED}; h={many}; bh=AA==; b=AA==\r\n".encode()
    (first,) = split_message(field + MESSAGE).named("dkim-signature")
    assert parse_signature(first).wrong is not None
    long = f"DKIM-Signature: {ED}; h=from; bh=AA==; b=AA==; l={'9' * 1000}\r\n".encode()
    (second,) = split_message(long + MESSAGE).named("dkim-signature")
    assert parse_signature(second).wrong is not None
