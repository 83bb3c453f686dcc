"""DKIM keys (RFC 6376 §3.6.1, RFC 8301, RFC 8463)."""

import base64
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from mailwatch.mailauth.dkim.record import DkimKey, Revoked, parse_key, select_keys
from mailwatch.model import Cause, Phrase
from mailwatch.sources.dns.dkim import measure_dkim, measure_no_selector
from tests.sources.dns.dns_peer import Figures, MemoryLookup, run

AT = "s1._domainkey.example.com"
SPKI, PKCS1 = PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1


@cache
def key_of(bits: int, form: PublicFormat = SPKI) -> str:
    """A public RSA key in base64; any odd number of that size is one to whoever measures it."""
    key = rsa.RSAPublicNumbers(65537, (1 << (bits - 1)) | 1).public_key()
    return base64.b64encode(key.public_bytes(Encoding.DER, form)).decode()


ED25519 = base64.b64encode(
    ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
).decode()
EC = base64.b64encode(
    ec.derive_private_key(7, ec.SECP256R1()).public_key().public_bytes(Encoding.DER, SPKI)
).decode()
RSA = key_of(2048)


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        (f"v=DKIM1; k=rsa; p={RSA}", 2048),
        (f"p={RSA}", 2048),
        (f"k=rsa; t=s; p={key_of(1024)}", 1024),
        (f"v=DKIM1; p={key_of(512)};", 512),
        (f"v=DKIM1; p={key_of(4096)}", 4096),
        (f"v=DKIM1; p={key_of(2048, PKCS1)}", 2048),
        (f"v=DKIM1; p={key_of(1024, PKCS1)}", 1024),
        (f" v = DKIM1 ;\tk = RSA ; p = {RSA[:70]} {RSA[70:140]}\r\n {RSA[140:]} ; ", 2048),
        (f"v=DKIM1; h=sha1:sha256; s=tlsrpt:email; n=a note; zz=1; p={RSA}", 2048),
        (f"v=DKIM1; s=*; p={RSA}", 2048),
        (f"v=DKIM1; k=ed25519; p={ED25519}", 256),
    ],
)
def test_sound_keys_have_their_size(text: str, bits: int) -> None:
    key = parse_key(text)
    assert isinstance(key, DkimKey)
    assert key.bits == bits
    assert not key.testing


@pytest.mark.parametrize("flags", ["y", "y:s", "s : y", "Y"])
def test_a_key_under_test_says_so(flags: str) -> None:
    key = parse_key(f"v=DKIM1; t={flags}; p={RSA}")
    assert isinstance(key, DkimKey)
    assert key.testing


@pytest.mark.parametrize("text", ["v=DKIM1; p=", "p=", "v=DKIM1; p=;", "k=rsa; p= ; t=y"])
def test_an_empty_key_is_revoked(text: str) -> None:
    assert parse_key(text) == Revoked()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"k=rsa; v=DKIM1; p={RSA}", "dns.dkim_version"),
        (f"v=DKIM2; p={RSA}", "dns.dkim_version"),
        (f"v=dkim1; p={RSA}", "dns.dkim_version"),
        (f"v=DKIM1; p={RSA}; p={RSA}", "dns.tag_twice"),
        ("v=DKIM1; k=rsa", "dns.dkim_no_key"),
        (f"v=DKIM1; P={RSA}", "dns.dkim_no_key"),
        (f"v=DKIM1; k=rsa; p {RSA}", "dns.tag_malformed"),
        (f"v=DKIM1;; p={RSA}", "dns.tag_malformed"),
        (f"v=DKIM1; \xff=1; p={RSA}", "dns.tag_malformed"),
        (f"v=DKIM1; n=\x1b[31m; p={RSA}", "dns.tag_malformed"),
        ("", "dns.tag_malformed"),
        (f"v=DKIM1; k=dsa; p={RSA}", "dns.dkim_kind"),
        (f"v=DKIM1; s=tlsrpt; p={RSA}", "dns.dkim_service"),
        (f"v=DKIM1; h=sha1; p={RSA}", "dns.dkim_hash"),
        (f"v=DKIM1; p={RSA[:-3]}", "dns.dkim_not_base64"),
        ("v=DKIM1; p=***", "dns.dkim_not_base64"),
        (f"v=DKIM1; p={RSA[:-40]}", "dns.dkim_broken"),
        ("v=DKIM1; p=AAAA", "dns.dkim_broken"),
        (f"v=DKIM1; p={EC}", "dns.dkim_not_rsa"),
        (f"v=DKIM1; k=ed25519; p={ED25519[:20]}", "dns.dkim_ed25519_size"),
        (f"v=DKIM1; k=ed25519; p={RSA}", "dns.dkim_ed25519_size"),
    ],
)
def test_what_is_wrong_with_a_key_is_named(text: str, code: str) -> None:
    why = parse_key(text)
    assert isinstance(why, Phrase)
    assert why.code == code


@given(st.text(st.characters(max_codepoint=255), max_size=400))
def test_parsing_never_raises(text: str) -> None:
    for record in (text, f"v=DKIM1; p={text}", f"p={base64.b64encode(text.encode()).decode()}"):
        assert isinstance(parse_key(record), DkimKey | Revoked | Phrase)


def test_a_key_of_64_kilobytes_takes_bounded_work() -> None:
    assert isinstance(parse_key("v=DKIM1; p=" + "A" * 65_000), Phrase)
    assert isinstance(parse_key("a;" * 32_000), Phrase)


def measure(*values: str, lost: bool = False) -> Figures:
    zone = {(AT, "TXT"): values} if values else {}
    lookup = MemoryLookup(zone, [AT] if lost else [])  # type: ignore[arg-type]
    return run(measure_dkim("example.com", "s1", lookup))


@pytest.mark.parametrize(
    ("values", "word", "bits"),
    [
        ([f"v=DKIM1; p={RSA}"], "valid", 2048),
        ([f"v=DKIM1; p={key_of(512)}"], "valid", 512),
        ([f"v=DKIM1; t=y; p={RSA}"], "testing", 2048),
        (["v=DKIM1; p="], "revoked", None),
        (["v=DKIM1; p=AAAA"], "invalid", None),
        (["hello"], "invalid", None),
        ([f"v=DKIM1; p={RSA}", f"p={RSA}"], "multiple", None),
        ([f"v=DKIM1; p={RSA}", "v=spf1 -all", "v=DMARC1; p=none", "x=y"], "valid", 2048),
        (["v=spf1 -all", "hello"], "invalid", None),
        ([], "missing", None),
    ],
)
def test_the_key_of_a_selector(values: list[str], word: str, bits: int | None) -> None:
    figures = measure(*values)
    assert figures.value("dns.dkim_key") == word
    if bits is None:  # what cannot be used has no size
        assert figures.metrics == {"dns.dkim_key"}
    else:
        assert figures.value("dns.dkim_key_bits") == bits
    assert not figures.faults


def test_the_one_size_of_ed25519_is_not_to_be_judged() -> None:
    bits = measure(f"v=DKIM1; k=ed25519; p={ED25519}")["dns.dkim_key_bits"]
    assert bits.value == 256
    assert bits.cause is None
    assert bits.note == Phrase("dns.dkim_one_size")


def test_a_key_over_4096_bits_is_measured_and_noted() -> None:
    # RFC 8301 §3.2: receivers have to verify keys of 1024 to 4096 bits
    figures = measure(f"v=DKIM1; p={key_of(8192)}")
    assert figures.value("dns.dkim_key_bits") == 8192
    assert "not every receiver can verify it" in figures.said("dns.dkim_key_bits")
    assert "not every" not in measure(f"p={key_of(4096)}").said("dns.dkim_key_bits")


def test_a_key_that_could_not_be_asked_for_is_unknown() -> None:
    figures = measure(lost=True)
    for metric in ("dns.dkim_key", "dns.dkim_key_bits"):
        assert figures[metric].cause is Cause.COULD_NOT_ASK
        assert figures.faults[0].covers(metric, figures[metric].subject)


def test_evidence_is_short_and_inert() -> None:
    figures = measure(f"v=DKIM1; n=\x1b]0;x\x07\xe2\x80\xae; p={RSA}")
    said = figures.said("dns.dkim_key")
    assert "\\x1b" in said
    assert "\\u202e" in said
    assert "\x1b" not in said
    assert max(map(len, said.splitlines())) <= 200


@pytest.mark.parametrize(
    ("zone", "lost", "hint"),
    [
        ({}, [], True),
        ({(AT, "TXT"): ["x"]}, [], False),
        ({}, ["_domainkey.example.com"], False),
    ],
)
def test_without_a_selector_nothing_is_known(
    zone: dict[tuple[str, str], list[str]], lost: list[str], hint: bool
) -> None:
    lookup = MemoryLookup(zone, lost)  # type: ignore[arg-type]
    figures = run(measure_no_selector("example.com", lookup))
    key = figures["dns.dkim_key"]
    assert key.subject.pairs == (("domain", "example.com"),)
    assert (key.value, key.cause) == (None, Cause.NO_DATA)
    assert "--selector" in figures.said("dns.dkim_key")
    assert ("there can be no key" in figures.said("dns.dkim_key")) is hint
    assert not figures.faults


def test_unrelated_records_beside_a_key_are_left_out() -> None:
    assert select_keys((f"k=rsa; p={RSA}", "v=DMARC1; p=none")) == (f"k=rsa; p={RSA}",)
    assert select_keys(("hello", "world")) == ("hello",)
    assert select_keys(()) == ()
